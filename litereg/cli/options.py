"""Options that several commands share."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, get_type_hints

import click
from click.core import ParameterSource

from litereg.cli.callers import Caller, Remote
from litereg.settings import Settings, load, table

Decorated = Callable[..., Any]

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
db_option = click.option(
    "--db", metavar="FILE", help="The database file (else LITEREG_DB, litereg.toml, litereg.db)."
)


def settings_options(command: Decorated) -> Decorated:
    """Give *command* a flag for each setting; it gets `flags`, None where one was not given.

    Secrets have none: whoever is logged in to the machine can read command lines.
    """
    types = get_type_hints(Settings)
    rows = [row for row in table() if not row.metadata["is_secret"]]
    names = [row.name for row in rows]

    @functools.wraps(command)
    def wrapped(**kwargs: Any) -> Any:
        flags = {name: kwargs.pop(name) for name in names}
        return command(flags=flags, **kwargs)

    decorated: Decorated = wrapped
    for row in reversed(rows):
        flag = row.name.replace("_", "-")
        switch = f"--{flag}/--no-{flag}" if types[row.name] is bool else f"--{flag}"
        text = f"{row.metadata['help']}  [default: {_shown(row.default)}]"
        option = click.option(switch, row.name, type=types[row.name], default=None, help=text)
        decorated = option(decorated)
    return decorated


def _shown(default: object) -> str:
    if isinstance(default, bool):
        return "on" if default else "off"
    return str(default) or "none"


@dataclass(frozen=True, slots=True)
class Target:
    """The registry that a command talks to, and as whom.

    Attributes:
        db: a database file, or None for the one of the settings; unused when there is a *url*.
        username: who to be in that file, or None for nobody.
        url: the address of a registry, or None for a file.
        key: an API key for that address, or None for nobody.
    """

    db: str | None
    username: str | None
    url: str | None
    key: str | None

    @contextmanager
    def caller(self) -> Iterator[Caller]:
        """Open the registry inside the block."""
        if self.url:
            yield Remote(self.url, self.key)
            return
        from litereg.cli.local import LocalRegistry

        with LocalRegistry.open(load({"db": self.db})) as registry:
            yield registry.caller(self.username)


def target_options(command: Decorated) -> Decorated:
    """Give *command* the options that say which registry it talks to; it gets `target`."""

    @db_option
    @click.option("--as", "username", metavar="USER", help="Who to be in the database file.")
    @click.option(
        "--url", metavar="URL", envvar="LITEREG_URL", help="The address of a registry, not a file."
    )
    @click.option("--key", metavar="KEY", envvar="LITEREG_KEY", help="An API key for that address.")
    @click.pass_context
    @functools.wraps(command)
    def wrapped(ctx: click.Context, /, **kwargs: Any) -> Any:
        names = ("db", "username", "url", "key")
        target = Target(**{name: kwargs.pop(name) for name in names})
        return command(target=_settled(ctx, target), **kwargs)

    return wrapped


def _settled(ctx: click.Context, target: Target) -> Target:
    """Return *target* without what its user cannot have meant.

    Raises:
        UsageError: a file and an address were both named, or a key without an address.
    """

    def typed(name: str) -> bool:
        return ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE

    local = typed("db") or typed("username")
    if local and (typed("url") or typed("key")):
        raise click.UsageError("--db and --as are for a file, --url and --key for an address.")
    if typed("key") and not target.url:
        raise click.UsageError("--key needs the address of a registry: --url or LITEREG_URL.")
    # An address in the environment stands back for a file on the command line.
    return Target(target.db, target.username, None, None) if local else target
