"""The public side of a registry: facts of admitted reports, the model that all pages are made from, pages and data.

``facts`` are what is kept of one report; ``model.build`` makes a ``Site`` of them; ``pages.pages`` gives every page of
it, each made only when it is asked for: a server asks for one, ``render`` for those that changed.
"""
