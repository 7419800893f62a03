"""One open transaction, as the rooms' queries see it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from litereg.store.dialect.sqlite import meaning
from litereg.store.projection import Projection
from litereg.store.statement import Command, Query, each

T = TypeVar("T")


class Broken(BaseException):
    """The transaction is over: nothing more may be done in it.

    SQLite was told to stop, or it rolled everything back (a full disk does that). No `Exception`,
    so that nobody on the way takes it for one failed field and goes on outside any transaction.

    Attributes:
        error: what SQLite said.
    """

    def __init__(self, error: sqlite3.Error) -> None:
        super().__init__(str(error))
        self.error = error


class OverBudget(BaseException):
    """What runs in place takes too long for that; nothing is wrong, and nothing was changed.

    The function has to run again, whole, on a thread. No `Exception`, for the same reason.
    """


@dataclass(slots=True)
class Effort:
    """What is known of how long a function takes; kept with the operation that it serves.

    Attributes:
        heavy: it used up its budget in place, so it goes to a thread at once, until it turns out
            to be short there.
        held: its last run held the event loop for too long.
        long: its last run on a thread took so long that it shares one with its like.
    """

    heavy: bool = False
    held: bool = False
    long: bool = False

    def note(self, held: bool) -> None:
        """Note how a run went: heavy is what holds the loop for too long twice in a row.

        Once is nobody's fault: the garbage of everybody is collected in the middle of somebody.
        """
        self.heavy = self.heavy or (held and self.held)
        self.held = held


class Transaction:
    """Runs statements inside a transaction that somebody else begins and ends.

    Every method raises `Broken` when the transaction is over, and an error of
    `litereg.errors` for what SQLite refuses for a reason that a client can understand.

    Attributes:
        statements: how many statements have run through this object so far.
        in_place: it runs on the event loop; a function that takes long may raise `OverBudget`.
        projection: what of the rows is going to be read; None for all of it.
    """

    __slots__ = ("_connection", "in_place", "projection", "statements")

    def __init__(self, connection: sqlite3.Connection, *, in_place: bool = False) -> None:
        self._connection = connection
        self.statements = 0
        self.in_place = in_place
        self.projection: Projection | None = None

    def all(self, query: Query[T], **params: Any) -> list[T]:
        """Return every row of *query*, in its order."""
        self.statements += 1
        if self.projection is not None:
            query = self.projection.narrow(query)
        make = query.make
        try:
            return [make(row) for row in self._connection.execute(query.sql, each(params))]
        except sqlite3.Error as error:
            raise self._meaning(error) from error

    def first(self, query: Query[T], **params: Any) -> T | None:
        """Return the first row of *query*, or None when there is none."""
        self.statements += 1
        if self.projection is not None:
            query = self.projection.narrow(query)
        try:
            row = self._connection.execute(query.sql, each(params)).fetchone()
        except sqlite3.Error as error:
            raise self._meaning(error) from error
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
        try:
            return self._connection.execute(command.sql, each(params)).rowcount
        except sqlite3.Error as error:
            raise self._meaning(error) from error

    def run_many(self, command: Command, rows: Iterable[Mapping[str, Any]]) -> int:
        """Run *command* once for each of *rows* and return the number of rows changed."""
        self.statements += 1
        try:
            return self._connection.executemany(command.sql, rows).rowcount
        except sqlite3.Error as error:
            raise self._meaning(error) from error

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Take back at the end of the block whatever is changed inside it: a rehearsal."""
        self._connection.execute("SAVEPOINT rehearsal")
        try:
            yield
        finally:
            # A full disk has rolled everything back by itself.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK TO rehearsal")
                self._connection.execute("RELEASE rehearsal")

    def _meaning(self, error: sqlite3.Error) -> BaseException:
        interrupted = getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT
        if interrupted or not self._connection.in_transaction:
            return Broken(error)
        return meaning(error) or error
