"""The command line: one file for each group of commands.

Nothing here but click is imported before a command is known, and nothing heavy before it runs, so
that `litereg --version` and shell completion answer at once.
"""

from __future__ import annotations

import click

from litereg import __version__
from litereg.cli.groups import LazyGroup

EPILOG = """\b
Completion in your shell, for bash (zsh and fish alike):
  eval "$(_LITEREG_COMPLETE=bash_source litereg)"
"""

COMMANDS = {
    "serve": "litereg.cli.serve:serve",
    "demo": "litereg.cli.demo:demo",
    "user": "litereg.cli.users:user",
    "key": "litereg.cli.keys:key",
    "package": "litereg.cli.package:package",
    "publish": "litereg.cli.publish:publish",
    "search": "litereg.cli.packages:search",
    "info": "litereg.cli.packages:info",
    "fetch": "litereg.cli.packages:fetch",
    "label": "litereg.cli.labels:label",
    "import": "litereg.cli.imports:import_files",
    "backup": "litereg.cli.backup:backup",
    "restore": "litereg.cli.backup:restore",
    "check": "litereg.cli.backup:check",
    "export": "litereg.cli.archive:export",
    "load": "litereg.cli.archive:load",
    "query": "litereg.cli.query:query",
    "schema": "litereg.cli.query:schema",
    "config": "litereg.cli.config:config",
}


@click.group(cls=LazyGroup, lazy=COMMANDS, epilog=EPILOG)
@click.version_option(__version__)
def litereg() -> None:
    """A private data-package registry in one process and one SQLite file.

    Try it with `litereg demo`; begin your own with `litereg serve`.
    """
