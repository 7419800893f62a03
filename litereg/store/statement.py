"""SQL statements as values: static text, named parameters, and the shape of the rows.

The text may hold slots in braces for what differs between database engines (see
`litereg.store.dialect`). Statements are module constants of `queries.py`, so that a test can find
and prepare every one of them.
"""

from __future__ import annotations

from copy import copy
from functools import cached_property
from typing import Any, Generic, TypeVar

import orjson

from litereg.store import rows
from litereg.store.dialect import SQLITE

T = TypeVar("T")


class Command:
    """A statement that changes rows and returns none.

    Attributes:
        sql: the text with its slots filled for SQLite.
        scans: why this statement may read a whole table, or None when it must not.
    """

    def __init__(self, sql: str, *, scans: str | None = None) -> None:
        self.sql = sql.format_map(SQLITE.slots)
        self.scans = scans


class Query(Command, Generic[T]):
    """A statement whose rows are made into *shape*: a row type, or a scalar for one column."""

    def __init__(self, shape: type[T], sql: str, *, scans: str | None = None) -> None:
        super().__init__(sql, scans=scans)
        self.shape = shape
        self._wanted = rows.EVERYTHING

    @cached_property
    def make(self) -> rows.Make:
        """The function from a result row to the shape."""
        return rows.maker(self.shape, self._wanted)

    def narrowed(self, wanted: rows.Wanted) -> Query[T]:
        """Return the same query without the columns that nobody reads.

        SQLite makes one statement of the two, works out nothing that is left out, and keeps the
        order of the rows.
        """
        if self.shape in rows.SCALARS:
            return self
        names = rows.column_names(self.shape, wanted)
        if names == rows.column_names(self.shape):
            return self
        narrowed = copy(self)
        narrowed.__dict__.pop("make", None)
        narrowed.sql = f"SELECT {', '.join(names)} FROM (\n{self.sql}\n)"
        narrowed._wanted = wanted
        return narrowed

    def check(self, names: list[str]) -> None:
        """Complain unless the statement's columns, called *names*, fill the shape in order."""
        if self.shape in rows.SCALARS:
            return
        expected = rows.column_names(self.shape)
        if names != expected:
            wrong = [f"{n} for {e}" for n, e in zip(names, expected, strict=False) if n != e]
            raise TypeError(
                f"{self.shape.__name__} takes {len(expected)} columns, the statement has "
                f"{len(names)}; out of place: {', '.join(wrong[:5]) or 'none'}"
            )


def each(params: dict[str, Any]) -> dict[str, Any]:
    """Return *params* with lists turned into what the slots for lists of SQLite read."""
    for name, value in params.items():
        if isinstance(value, list):
            params[name] = orjson.dumps(value).decode()
    return params
