"""The frame around every page: one style, one way through the site, nothing from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from defcore import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defcore.registry.site.rows import Link

WAYS = (
    ("Products", "index.html", ("front", "product", "report")),
    ("Capabilities", "capabilities/index.html", ("capabilities", "capability")),
    ("Guidelines", "guidelines/index.html", ("guidelines", "guideline", "notes")),
    ("Compare", "compare/index.html", ("compare",)),
    ("Verify", "verify/index.html", ("verify",)),
    ("Data", "data/index.html", ("data",)),
)


@dataclass(frozen=True, slots=True)
class Frame:
    """``title`` is the registry's. ``full``: there is something to compare. ``ways`` lead through the site."""

    title: str
    full: bool
    ways: tuple[tuple[str, str, tuple[str, ...]], ...] = WAYS

    def page(self, name: str, view: Any, *, depth: int, links: Sequence[Link] = (), eyebrow: str = "") -> bytes:  # noqa: ANN401
        """Render a view. ``depth`` says how many folders below the root the page lies: every link is relative."""
        page = environment().get_template(f"{name}.html.j2")
        text = page.render(
            view=view,
            site=self.title,
            root="../" * depth,
            here=name,
            ways=self.ways,
            links=links,
            eyebrow=eyebrow,
            version=__version__,
            moment="",
        )
        return (text.rstrip() + "\n").encode()


@cache
def environment() -> Environment:
    """Return the template engine: every value is escaped, none is marked safe."""
    return Environment(
        # The board's pages are rendered in this frame: its own base template stands behind ours.
        loader=ChoiceLoader(
            [PackageLoader("defcore.registry.site"), PackageLoader("defcore.board"), PackageLoader("defcore.report")]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
