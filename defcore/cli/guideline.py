"""``defcore guideline``: the group; each command lives in a module of its own and is imported when it is called."""

from __future__ import annotations

import click

from defcore.cli.lazy import LazyGroup

COMMANDS = {
    "list": ("defcore.cli.guideline_read:list_", "The guidelines known by their ids, or those of a folder."),
    "import": ("defcore.cli.guideline_import:import_", "Keep published guidelines, to be known by their ids."),
    "show": ("defcore.cli.guideline_read:show", "What a guideline asks for, in figures."),
    "convert": ("defcore.cli.guideline_read:convert", "Write a guideline of any schema as schema 2.0."),
    "lint": ("defcore.cli.guideline_lint:lint", "Check guidelines, or their history, against the rules."),
    "diff": ("defcore.cli.guideline_diff:diff", "What changes from one guideline to another."),
    "impact": ("defcore.cli.guideline_impact:impact", "Whom a draft would hurt or help, by stored results."),
    "criteria": ("defcore.cli.guideline_criteria:criteria", "Scores, cutoff and worksheets."),
    "render": ("defcore.cli.guideline_render:render", "A readable guideline, or the pack for a review meeting."),
    "schema": ("defcore.cli.guideline_schema:schema", "The JSON Schema of guideline files."),
    "new": ("defcore.cli.guideline_lifecycle:new", "Begin a draft from the previous guideline."),
    "propose": ("defcore.cli.guideline_lifecycle:propose", "Make a capability advisory in a draft."),
    "promote": ("defcore.cli.guideline_lifecycle:promote", "Make an advisory capability required."),
    "demote": ("defcore.cli.guideline_lifecycle:demote", "Make a required capability advisory again."),
    "deprecate": ("defcore.cli.guideline_lifecycle:deprecate", "Announce that a capability will go."),
    "remove": ("defcore.cli.guideline_lifecycle:remove", "Remove a deprecated capability."),
    "flag": ("defcore.cli.guideline_lifecycle:flag", "Excuse a test from must-pass."),
    "unflag": ("defcore.cli.guideline_lifecycle:unflag", "Lift a flag of a draft."),
    "approve": ("defcore.cli.guideline_lifecycle:approve", "Make a draft the approved guideline."),
    "supersede": ("defcore.cli.guideline_lifecycle:supersede", "Let a newer approved guideline take over."),
}


@click.group(cls=LazyGroup, table=COMMANDS)
def guideline() -> None:
    """Read, check, compare and govern guidelines."""
