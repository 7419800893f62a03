"""Groups of commands, and that of all commands, which imports each when it is used."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from litereg.cli.failures import failure
from litereg.errors import LiteregError

# Longer than the first sentence of any command: what is longer would be cut short.
WHOLE = 1000


class Group(click.Group):
    """A group that says the whole first sentence of each of its commands."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl([(name, of.get_short_help_str(WHOLE)) for name, of in found if of])


class LazyGroup(Group):
    """A group whose commands are named by where they are: `{"serve": "litereg.cli.serve:serve"}`.

    They are listed in the order given. What litereg refuses becomes an exit code.
    """

    def __init__(self, *args: Any, lazy: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return list(self._lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by name, imported now."""
        if cmd_name not in self._lazy:
            return None
        module, _, attribute = self._lazy[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what litereg refuses ends it with a sentence and an exit code."""
        try:
            return super().invoke(ctx)
        except LiteregError as error:
            raise failure(error) from error
