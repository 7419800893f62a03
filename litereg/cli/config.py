"""`litereg config …`: the settings in force, and what programs around litereg are to be told."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from litereg.cli.deployment import litestream, nginx, systemd
from litereg.cli.groups import Group
from litereg.cli.options import json_option, settings_options
from litereg.cli.output import print_json, print_table
from litereg.settings import Source, sources


@click.group(cls=Group)
def config() -> None:
    """Show what is set and by what, and print configurations for other programs."""


for command in (systemd, nginx, litestream):
    config.add_command(command)


@config.command()
@json_option
@settings_options
def show(flags: dict[str, Any], as_json: bool) -> None:
    """Print each setting, its value and where the value came from.

    Flags beat LITEREG_* variables beat litereg.toml in this folder beat the defaults; flags given
    here count as they would for `litereg serve`.
    """
    found = sources(flags)
    if as_json:
        print_json([_as_json(source) for source in found])
        return
    rows = [(source.name, source.shown, source.origin) for source in found]
    print_table(("SETTING", "VALUE", "FROM"), rows)


def _as_json(source: Source) -> dict[str, Any]:
    """Return *source* without what nobody may see."""
    return asdict(source) | ({"value": source.shown} if source.is_secret else {})
