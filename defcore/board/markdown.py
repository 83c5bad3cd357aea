"""The pages of the board as Markdown, for a pull request or a wiki."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defcore.report.markdown import code, prose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defcore.board.notes import NotesView
    from defcore.board.view import CapabilityView, GuidelineView, TestView


def guideline_markdown(view: GuidelineView) -> str:
    """Return a readable guideline: what to do, then capability by capability with its tests."""
    parts = [
        *_head(view),
        *(f"> {prose(notice)}" for notice in view.notices),
        "## What to do",
        *(part for item in view.programs for part in (
            f"### {prose(item.name)}",
            f"{prose(item.description)} {prose(item.figure)} {prose(item.sections)}".strip(),
            "\n".join(f"    {line}" for line in item.command),
        )),
        "\n".join(f"- {item.term}: {code(item.value) if item.code else prose(item.value)}" for item in view.facts),
        "## Capabilities",
        prose(view.history),
    ]  # fmt: skip
    for group in view.groups:
        parts.append(f"### {prose(group.project)} ({prose(group.figure)})")
        parts += [part for item in group.capabilities for part in _capability(item)]
    if view.sections:
        parts.append("## Designated sections")
    for section in view.sections:
        parts.append(f"### {prose(section.project)} ({prose(section.standing)})")
        parts.append(prose(section.guidance))
        parts.append("\n".join(f"- {prose(name)} ({word}): {prose(text)}" for name, word, text in section.parts))
    parts += ["## Criteria", prose(view.cutoff)]
    parts.append("\n".join(f"- {prose(name)} ({weight}): {prose(text)}" for name, weight, text in view.criteria))
    return _joined(parts)


def notes_markdown(view: NotesView) -> str:
    """Return a page of sentences under headings."""
    parts = _head(view)
    for chapter in view.chapters:
        parts += [f"## {chapter.title}", prose(chapter.lead)]
        for part in chapter.parts:
            parts.append(f"### {prose(part.title)}" if part.title else "")
            for section in part.sections:
                parts.append(f"#### {section.title}" if section.title else "")
                parts.append("\n".join(f"- {prose(item)}" for item in section.items))
    return _joined(parts)


def _head(view: GuidelineView | NotesView) -> list[str]:
    return [
        f"# {prose(view.title)}",
        prose(view.subtitle),
    ]


def _capability(item: CapabilityView) -> Iterator[str]:
    yield f"#### {prose(item.name)}: {item.state}"
    yield prose(item.description)
    facts = (
        ("Component", item.components),
        ("History", item.history),
        ("Score", item.score),
        ("Strength", item.strength),
    )
    yield "\n".join(f"- {term}: {prose(value)}" for term, value in facts if value)
    yield "\n".join(_test(test) for test in item.tests)


def _test(test: TestView) -> str:
    link = f" ([API reference](<{test.link}>))" if test.link else ""
    says = f"{prose(test.says)}{link} " if test.says else ""
    more = " ".join(prose(text) for text in (test.needs, test.flag) if text)
    return f"- {says}{code(test.name)} {code(test.id)}{f' {more}' if more else ''}"


def _joined(parts: list[str]) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"
