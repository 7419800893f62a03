"""Read package URLs, one a line; a line may be empty, or a comment that begins with `#`.

A package URL without a version stands for the package as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from litereg.labels.imports.entries import Found
from litereg.labels.imports.readers.lines import numbered_lines
from litereg.labels.imports.type_table import TypeTable


def read(file: BinaryIO, table: TypeTable) -> Iterator[Found]:
    """Yield each package URL as an entry."""
    for number, line in numbered_lines(file):
        text = line.strip()
        if text and not text.startswith("#"):
            # A package URL has no white space, so what follows some is a remark.
            yield table.purl(text.split(maxsplit=1)[0], number)
