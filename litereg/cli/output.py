"""What commands print: tables for people, JSON for programs, a bar for those who wait."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

GAP = "  "
UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def clean(text: object) -> str:
    """Return *text* as one line without control characters.

    Much of what is printed was written by strangers; a terminal would obey what they hid in it.
    """
    return "".join(c if c.isprintable() else " " for c in str(text))


def print_json(value: Any) -> None:
    """Print *value* as JSON, for programs and for people.

    Letters of all languages are left as they are; what JSON does not escape by itself and a
    terminal would obey, or no text can hold, is escaped too.
    """
    text = json.dumps(value, indent=2, ensure_ascii=False)
    click.echo(UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def print_table(
    header: Sequence[str], rows: Sequence[Sequence[object]], empty: str = "Nothing found."
) -> None:
    """Print *rows* in aligned columns; without any row nothing, but a note that says *empty*."""
    if not rows:
        note(empty)
        return
    cells = [list(header), *([clean(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo(GAP.join(padded).rstrip())


def print_facts(facts: Sequence[tuple[str, object]]) -> None:
    """Print name and value pairs, a line each, the values aligned; empty values are left out."""
    shown = [(name, clean(value)) for name, value in facts if value not in (None, "")]
    width = max((len(name) for name, _ in shown), default=0)
    for name, value in shown:
        click.echo(f"{name.ljust(width)}{GAP}{value}")


def note(text: str) -> None:
    """Tell a person something that is not the result: on standard error, out of a pipe's way."""
    click.echo(text, err=True)


@contextmanager
def progress(length: int, label: str) -> Iterator[Callable[[int], None]]:
    """Show a bar of *length* steps inside the block; it yields what moves the bar on.

    Where standard error is no terminal nothing is shown.
    """
    if not sys.stderr.isatty():
        yield lambda steps: None
        return
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield bar.update


@contextmanager
def watching(label: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar inside the block for work that says how much of it is done, and of how much."""
    with progress(100, label) as advance:
        shown = 0

        def watch(done: int, whole: int) -> None:
            nonlocal shown
            percent = min(100, 100 * done // max(1, whole))
            advance(percent - shown)
            shown = percent

        yield watch
