"""One open transaction, as the rooms' queries see it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from litereg.store.statement import Command, Query, each

T = TypeVar("T")


class Transaction:
    """Runs statements inside a transaction that somebody else begins and ends.

    Attributes:
        statements: how many statements have run through this object so far.
    """

    __slots__ = ("_connection", "statements")

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.statements = 0

    def all(self, query: Query[T], **params: Any) -> list[T]:
        """Return every row of *query*, in its order."""
        self.statements += 1
        make = query.make
        return [make(row) for row in self._connection.execute(query.sql, each(params))]

    def first(self, query: Query[T], **params: Any) -> T | None:
        """Return the first row of *query*, or None when there is none."""
        self.statements += 1
        row = self._connection.execute(query.sql, each(params)).fetchone()
        return None if row is None else query.make(row)

    def one(self, query: Query[T], **params: Any) -> T:
        """Return the one row that *query* must have.

        Raises:
            LookupError: there is no row; a defect of the caller, never of the input.
        """
        row = self.first(query, **params)
        if row is None:
            raise LookupError(query.sql)
        return row

    def run(self, command: Command, **params: Any) -> int:
        """Run *command* and return the number of rows it changed."""
        self.statements += 1
        return self._connection.execute(command.sql, each(params)).rowcount

    def run_many(self, command: Command, rows: Iterable[Mapping[str, Any]]) -> int:
        """Run *command* once for each of *rows* and return the number of rows changed."""
        self.statements += 1
        return self._connection.executemany(command.sql, rows).rowcount
