"""The README's tables, made from the code: `python -m tests.readme` writes them again."""

from __future__ import annotations

import re
from pathlib import Path

import click

from litereg import settings

README = Path(__file__).resolve().parent.parent / "README.md"


def settings_table() -> str:
    rows = ["| setting | default | what it is |", "|---|---|---|"]
    for row in settings.table():
        default = "on" if row.default is True else "off" if row.default is False else row.default
        rows.append(
            f"| `{row.name}` | {f'`{default}`' if default != '' else ''} | {row.metadata['help']} |"
        )
    return "\n".join(rows)


def commands_table() -> str:
    from litereg.cli import litereg

    rows = ["| command | what it does |", "|---|---|"]
    for path, command in _commands(litereg, "litereg"):
        rows.append(f"| `{path}` | {command.get_short_help_str(200)} |")
    return "\n".join(rows)


def _commands(group: click.Group, path: str):
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from _commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def with_tables(text: str) -> str:
    """Return *text* with what stands between its markers made anew."""
    for name, table in (("settings", settings_table()), ("commands", commands_table())):
        text = with_part(text, name, table)
    return text


def with_part(text: str, name: str, part: str) -> str:
    """Return *text* with *part* between the markers of *name*."""
    pattern = rf"(<!-- {name}: .*?-->\n).*?(<!-- /{name} -->)"
    return re.sub(pattern, lambda m: f"{m[1]}\n{part}\n\n{m[2]}", text, flags=re.DOTALL)


if __name__ == "__main__":
    README.write_text(with_tables(README.read_text("utf-8")), "utf-8")
