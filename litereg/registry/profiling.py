"""Profile tabular data: which types its columns hold, how many of each, and how far they reach.

`profile_rows` takes values as JSON has them, `profile_text_rows` takes the cells of a text file
(CSV, TSV) and first finds out what they stand for. Both read the rows once, keep a bounded amount
per column whatever the number of rows, and answer with the part of a package file that is computed:
properties with `types` as package files from v0.9.0 on have them, nested ones as from v0.31.5 on.

Reading files, naming the schema, and writing whole package files are the callers' work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from litereg.errors import InvalidInput
from litereg.registry.cells import value_of
from litereg.registry.column_types import Cell, Column, cell_of


def profile_rows(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], *, sample_size: int = 3
) -> dict[str, Any]:
    """Return the profile of *rows*, whose cells are JSON values, under the titles *columns*.

    The answer has `recordCount`, `properties` (by column title: `title` and `types`) and `samples`
    (at most *sample_size* records, spread evenly over the rows, the first one among them).

    Strings that are ISO 8601 dates or date-times count as such when all strings of the column are.
    A column of whole numbers is `integer`; with one fraction in it, all are `number`. NaN and the
    infinities, which JSON has not, count as null. A row that is too short ends in nulls.

    Raises:
        InvalidInput: a title occurs twice, or a row has more cells than there are columns.
        TypeError: a cell is no JSON value.
    """
    return _profile(columns, rows, cell_of, sample_size)


def profile_text_rows(
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    null_words: frozenset[str] = frozenset({""}),
    sample_size: int = 3,
) -> dict[str, Any]:
    """Return the profile of *rows*, whose cells are text, under the titles *columns*.

    As `profile_rows`, but cells are read first: numbers, `true` and `false`, dates and date-times,
    and *null_words*, which stand for no value. A column whose cells are not all of one kind is a
    column of strings. Rows without any cell (blank lines) are passed over.

    Raises:
        InvalidInput: a title occurs twice, or a row has more cells than there are columns.
    """

    def read(cell: str) -> Cell:
        return (None, None) if cell in null_words else (value_of(cell), cell)

    return _profile(columns, (row for row in rows if row), read, sample_size)


def _profile(
    titles: Sequence[str],
    rows: Iterable[Sequence[Any]],
    read: Callable[[Any], Cell],
    sample_size: int,
) -> dict[str, Any]:
    if len(set(titles)) < len(titles):
        twice = next(title for title in titles if titles.count(title) > 1)
        raise InvalidInput("INVALID_DATA", f"two columns are named {twice!r}")
    columns = [Column() for _ in titles]
    samples = _Samples(sample_size)
    count = 0
    for count, row in enumerate(rows, 1):
        if len(row) > len(titles):
            raise InvalidInput(
                "INVALID_DATA", f"row {count} has {len(row)} cells for {len(titles)} columns"
            )
        cells = [read(cell) for cell in row]
        cells += [(None, None)] * (len(titles) - len(cells))
        for column, cell in zip(columns, cells, strict=True):
            column.add(*cell)
        samples.add(cells)
    return {
        "recordCount": count,
        "properties": {
            title: {"title": title, "types": column.types()}
            for title, column in zip(titles, columns, strict=True)
        },
        "samples": [
            {
                title: column.settled(*cell)
                for title, column, cell in zip(titles, columns, cells, strict=True)
            }
            for cells in samples.chosen()
        ],
    }


class _Samples:
    """A few rows, evenly spread over however many there will be.

    Every *stride*-th row is kept; when there are too many of them, every second one goes and the
    stride doubles. Nothing is random: the same rows always give the same samples.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._stride = 1
        self._seen = 0
        self._kept: list[list[Cell]] = []

    def add(self, cells: list[Cell]) -> None:
        if self._seen % self._stride == 0:
            self._kept.append(cells)
        self._seen += 1
        if len(self._kept) > 16 * self._size:
            self._kept = self._kept[::2]
            self._stride *= 2

    def chosen(self) -> list[list[Cell]]:
        """Return at most *size* of the rows, in their order."""
        size = min(self._size, len(self._kept))
        return [self._kept[place * len(self._kept) // size] for place in range(size)]
