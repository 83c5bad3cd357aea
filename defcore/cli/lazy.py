"""A group whose commands live in modules of their own, each imported when it is called."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Mapping


class LazyGroup(click.Group):
    """Imports a command's module when that command is called.

    ``table`` maps a command's name to ``MODULE:NAME`` and its line of help, in the order in which they are listed.
    """

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - what click.Group takes
        table: Mapping[str, tuple[str, str]],
        **words: Any,  # noqa: ANN401
    ) -> None:
        """Take the table, and what click's own group takes."""
        super().__init__(*args, **words)
        self._table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in the order of the table."""
        del ctx
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command."""
        del ctx
        if cmd_name not in self._table:
            return None
        module, _, name = self._table[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of commands without importing any of them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self._table.items()])
