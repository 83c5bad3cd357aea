"""A comparison as one HTML file that needs nothing else: no script, no request, styles and pictures inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from defcore import __version__
from defcore.compare import picture

if TYPE_CHECKING:
    from defcore.compare.view import View


def render(view: View, *, version: str = __version__) -> str:
    """Return the HTML document. Every value is escaped by the template engine; none is marked safe."""
    page = _environment().get_template("compare.html.j2").render(view=view, picture=picture, version=version)
    return page.rstrip() + "\n"


def _environment() -> Environment:
    # Signs and styles are those of the report: whoever knows one page can read the other.
    loaders = ChoiceLoader([PackageLoader("defcore.compare"), PackageLoader("defcore.report")])
    return Environment(loader=loaders, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
