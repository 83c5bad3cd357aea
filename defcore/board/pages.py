"""The pages of the board as HTML that needs nothing else, in the report's own style."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from defcore import __version__
from defcore.board.notes import diff_view

if TYPE_CHECKING:
    from defcore.board.notes import NotesView
    from defcore.board.view import GuidelineView
    from defcore.guideline.diff import Diff


def guideline_page(view: GuidelineView, moment: str = "") -> str:
    """Return a readable guideline. ``moment`` says when it was made; without it the page says nothing of that."""
    return _page("guideline.html.j2", view, "Guideline: what a product must do", moment)


def notes_page(view: NotesView, moment: str = "") -> str:
    """Return a page of sentences under headings."""
    return _page("notes.html.j2", view, "For those who govern the guideline", moment)


def diff_page(diff: Diff, moment: str = "") -> str:
    """Return a diff for the meeting."""
    return notes_page(diff_view(diff), moment)


def _page(template: str, view: GuidelineView | NotesView, eyebrow: str, moment: str) -> str:
    page = _environment().get_template(template)
    return page.render(view=view, eyebrow=eyebrow, version=__version__, moment=moment).rstrip() + "\n"


def _environment() -> Environment:
    return Environment(
        # The style of the report is taken from where it lies, so that both stay one.
        loader=ChoiceLoader([PackageLoader("defcore.board"), PackageLoader("defcore.report")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
