"""All rows, in the order of the table. A new kind of promise is a new file, and a line here."""

from __future__ import annotations

from tests.trust import durability, endurance, hostility, processes
from tests.trust.table import Row

KINDS = (durability, processes, endurance, hostility)


def place(row: Row) -> tuple[str, int]:
    """Return where a row stands: by its letter, then by its number."""
    return row.id[0], int(row.id[1:])


ROWS: tuple[Row, ...] = tuple(sorted((row for kind in KINDS for row in kind.ROWS), key=place))
