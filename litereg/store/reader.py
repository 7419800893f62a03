"""Run read functions: in place within a budget, on a thread beyond it.

A short read costs less than handing it to a thread, so it runs on the event loop's own connection.
A progress handler counts SQLite's steps; a function that uses up its budget is interrupted and run
again, whole, on a reader thread, where only the clock ends it.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from litereg.errors import Unavailable
from litereg.store.connection import Connection
from litereg.store.dialect.sqlite import meaning
from litereg.store.transaction import Broken, Effort, OverBudget, Transaction

T = TypeVar("T")

STEPS_A_CALL = 1_000
# About 2 ms of SQLite's work; counted in its own steps, so that it is the same on every machine.
CALLS_IN_PLACE = 40
# For a thread; whoever is told to come again is better off than at the end of a long line.
MAX_WAIT_S = 0.5
# What takes less on a thread, and no more steps than in place, runs in place the next time.
SHORT_S = 0.01
# What takes as long as this on a thread, in processor time, is long: only one such read runs at a
# time. Each thread that is busy takes a share of the interpreter from the event loop, and a long
# answer takes memory.
LONG_S = 0.05
MAX_LONG_WAIT_S = 2.0


class InPlaceReader:
    """Reads on the event loop's own connection, each within the step budget."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._calls_left = 0
        connection.raw.set_progress_handler(self._spend, STEPS_A_CALL)

    def run(self, fn: Callable[..., T], args: tuple[Any, ...]) -> T:
        """Run *fn* in one snapshot.

        Raises:
            OverBudget: it wants more steps than may run in place, or says so itself.
        """
        self._calls_left = CALLS_IN_PLACE
        try:
            return in_snapshot(self._connection.raw, fn, args, in_place=True)
        except Broken as broken:
            if self._calls_left < 0:
                raise OverBudget from broken
            raise meaning(broken.error) or broken.error from broken

    def _spend(self) -> bool:
        self._calls_left -= 1
        return self._calls_left < 0

    async def close(self) -> None:
        """Close the connection."""
        await self._connection.close()


class ThreadReaders:
    """A few connections whose threads take the reads that are too long to run in place."""

    def __init__(self, connections: list[Connection], timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._all = connections
        self._free: asyncio.Queue[Connection] = asyncio.Queue()
        self._long = asyncio.Lock()
        for connection in connections:
            self._free.put_nowait(connection)

    async def run(self, fn: Callable[..., T], args: tuple[Any, ...], effort: Effort) -> T:
        """Run *fn* in one snapshot on a thread, and note how long it took.

        Raises:
            LimitExceeded: it took longer than the time a request has.
            Unavailable: no thread was free soon.
        """
        if not effort.long:
            return await self._run_when_free(fn, args, effort)
        await self._soon(self._long.acquire(), MAX_LONG_WAIT_S)
        try:
            return await self._run_when_free(fn, args, effort)
        finally:
            self._long.release()

    async def _run_when_free(
        self, fn: Callable[..., T], args: tuple[Any, ...], effort: Effort
    ) -> T:
        connection = await self._soon(self._free.get(), MAX_WAIT_S)
        try:
            return await connection.on_thread(self._run, connection.raw, fn, args, effort)
        finally:
            self._free.put_nowait(connection)

    async def _soon(self, waiting: Awaitable[T], seconds: float) -> T:
        try:
            async with asyncio.timeout(min(self._timeout_s, seconds)):
                return await waiting
        except TimeoutError:
            raise Unavailable(
                "TOO_MANY_READS", "too much is being read at once; try again"
            ) from None

    def _run(
        self, raw: sqlite3.Connection, fn: Callable[..., T], args: tuple[Any, ...], effort: Effort
    ) -> T:
        calls = 0
        deadline = time.monotonic() + self._timeout_s

        def must_end() -> bool:
            nonlocal calls
            calls += 1
            return time.monotonic() > deadline

        raw.set_progress_handler(must_end, STEPS_A_CALL)
        started = time.thread_time()
        try:
            return in_snapshot(raw, fn, args)
        except Broken as broken:
            raise meaning(broken.error) or broken.error from broken
        finally:
            took_s = time.thread_time() - started
            effort.long = took_s > LONG_S
            # The same document searches for a rare word and for one that everybody has.
            effort.heavy = calls > CALLS_IN_PLACE or took_s > SHORT_S

    async def close(self) -> None:
        """Close all connections."""
        for connection in self._all:
            await connection.close()


def in_snapshot(
    raw: sqlite3.Connection,
    fn: Callable[..., T],
    args: tuple[Any, ...],
    in_place: bool = False,
) -> T:
    """Run *fn* between BEGIN and the end of the transaction, so that it sees one state."""
    raw.execute("BEGIN")
    try:
        return fn(Transaction(raw, in_place=in_place), *args)
    finally:
        # Not execute("ROLLBACK"): SQLite counts the steps of a cached statement over all its runs,
        # so a budget that is used up would one day interrupt the rollback itself.
        raw.rollback()
