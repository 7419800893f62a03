"""Read CSV with the columns name, version and type, as the labels API's clients write and list it.

The columns are in that order and others may follow. A header may be there. What the listing client
prints is taken back too: its title, its dashed rules, and `(all versions)` for a whole package.
Names and types stay as they are written, apart from white space around them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import BinaryIO

from litereg.labels.imports.entries import (
    NO_VERSION,
    Entry,
    Found,
    UnreadableFile,
    checked,
    skipped,
)
from litereg.labels.imports.readers.lines import numbered_lines
from litereg.labels.imports.type_table import TypeTable

# What the listing client prints around its rows.
TITLE = re.compile(r"Packages in label '.*':\s*")
RULE = re.compile(r"\s*-{3,}\s*")
ALL_VERSIONS = "(all versions)"

HEADER = ("name", "package_name", "blocked_package_name")

TOO_FEW = "a row has at least three columns: name, version, type"


def read(file: BinaryIO, table: TypeTable) -> Iterator[Found]:
    """Yield the rows as entries.

    Raises:
        UnreadableFile: it is not CSV, for instance because a quote is not closed.
    """
    # Furniture becomes an empty line, so that the parser's count of lines stays right.
    lines = ("\n" if is_furniture(line) else line for _, line in numbered_lines(file))
    parser = csv.reader(lines, skipinitialspace=True, strict=True)
    line = 1
    try:
        for row in parser:
            cells = [cell.strip() for cell in row]
            if any(cells) and not is_header(cells):
                yield _entry(cells, line)
            line = parser.line_num + 1
    except csv.Error as error:
        raise UnreadableFile(f"line {line} is not CSV: {error}") from error


def is_furniture(line: str) -> bool:
    """Return whether *line* is a title or a rule."""
    return bool(RULE.fullmatch(line) or TITLE.fullmatch(line))


def is_header(cells: list[str]) -> bool:
    """Return whether the row names columns; a package may be called `name`, with a version."""
    first, second = (cell.lower() for cell in [*cells, ""][:2])
    return first in HEADER and second.endswith("version")


def _entry(cells: list[str], line: int) -> Found:
    if len(cells) < 3:
        return skipped(line, ", ".join(cells), TOO_FEW)
    name, version, type_ = cells[:3]
    if not version:
        return skipped(line, ", ".join(cells[:3]), NO_VERSION)
    return checked(Entry(type_, name, "" if version == ALL_VERSIONS else version, line))
