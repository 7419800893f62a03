"""Fetch only the columns that somebody is going to read.

Rows are wide, so that a list costs one statement whatever is selected of it; but SQLite takes its
time to hand over each column of each row. Whoever knows what will be read sets a transaction's
projection, and its statements leave out the rest.
"""

from __future__ import annotations

from typing import Any, TypeVar

from litereg.store.rows import Wanted
from litereg.store.statement import Query

T = TypeVar("T")


class Projection:
    """What is read of which rows, and the statements that fetch just that, each made once."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self._narrowed: dict[Query[Any], Query[Any]] = {}

    def narrow(self, query: Query[T]) -> Query[T]:
        """Return *query* without the columns that are not read."""
        narrowed = self._narrowed.get(query)
        if narrowed is None:
            narrowed = self._narrowed[query] = query.narrowed(self.wanted)
        return narrowed
