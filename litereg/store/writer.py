"""The one writer: many write functions, one COMMIT.

Write functions queue up. Those that wait are run in place one after another inside one transaction,
a savepoint each, and share one COMMIT, which runs on the connection's thread because it waits for
the disk. Nobody is answered before it returned. A function that fails is rolled back alone; a
COMMIT that fails fails all in it. Heavy functions run on the thread whole, in a group of their own.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from litereg.errors import Unavailable
from litereg.store.connection import Connection
from litereg.store.dialect.sqlite import meaning
from litereg.store.transaction import Broken, Transaction

T = TypeVar("T")

MAX_GROUP = 64
# A group is closed when its functions have held the loop for this long.
MAX_HOLD_S = 0.008
BEGIN_TIMEOUT_S = 10.0
# The write-ahead log is copied back into the database after this many functions (about 10 MB).
CHECKPOINT_EVERY = 200

_log = logging.getLogger(__name__)


@dataclass(eq=False, slots=True)
class Job:
    """One write function on its way, and where its answer goes."""

    fn: Callable[..., Any]
    args: tuple[Any, ...]
    heavy: bool
    future: asyncio.Future[Any]
    outcome: Any = None
    failure: BaseException | None = None

    def answer(self) -> None:
        """Hand the outcome over, unless nobody waits any more."""
        if self.future.done():
            return
        if self.failure is not None:
            self.future.set_exception(self.failure)
        else:
            self.future.set_result(self.outcome)

    def fail(self, error: BaseException) -> None:
        """Answer with *error*."""
        self.failure = error
        self.answer()


class Writer:
    """Owns the only connection that changes the database."""

    def __init__(self, connection: Connection, max_waiting: int) -> None:
        self._connection = connection
        self._max_waiting = max_waiting
        self._waiting: deque[Job] = deque()
        self._wake = asyncio.Event()
        self._closing = False
        self._since_checkpoint = 0
        raw = connection.raw
        # Waiting for another process happens in `_begin`, where it does not hold the loop.
        raw.execute("PRAGMA busy_timeout=0")
        # Checkpoints run between groups, on the connection's thread; see `_copy_back`.
        raw.execute("PRAGMA wal_autocheckpoint=0")
        self._task = asyncio.create_task(self._serve(), name="litereg-writer")

    @property
    def waiting(self) -> int:
        """How many functions wait for their turn."""
        return len(self._waiting)

    async def submit(self, fn: Callable[..., T], args: tuple[Any, ...], heavy: bool) -> T:
        """Run *fn* in a transaction and return its result once it is on the disk.

        Raises:
            Unavailable: too many writes wait already, or the writer is closing.
        """
        if self._closing:
            raise Unavailable("SHUTTING_DOWN", "the server is stopping")
        if len(self._waiting) >= self._max_waiting:
            raise Unavailable("TOO_MANY_WRITES", "too many changes wait for the disk; try again")
        job = Job(fn, args, heavy, asyncio.get_running_loop().create_future())
        self._waiting.append(job)
        self._wake.set()
        return await job.future  # type: ignore[no-any-return]

    async def close(self) -> None:
        """Finish what waits, then end."""
        self._closing = True
        self._wake.set()
        await self._task
        await self._copy_back("TRUNCATE")
        await self._connection.close()

    async def _serve(self) -> None:
        while self._waiting or not self._closing:
            if not self._waiting:
                self._wake.clear()
                await self._wake.wait()
                continue
            try:
                await self._group()
            except Exception:
                _log.exception("the writer met a defect; the group was rolled back")
            if self._since_checkpoint >= CHECKPOINT_EVERY:
                await self._copy_back("PASSIVE")

    async def _group(self) -> None:
        """Run and commit one group of the functions that wait."""
        jobs: list[Job] = []
        try:
            await self._begin()
            await self._run_waiting(jobs)
            await self._connection.on_thread(self._connection.raw.commit)
        except BaseException as error:
            failure = _failure(error)
            # When the group could not even begin, the first in line learns why and leaves.
            for job in jobs or [self._waiting.popleft()]:
                job.fail(failure)
            if self._connection.raw.in_transaction:
                self._connection.raw.rollback()
            if not isinstance(error, (sqlite3.Error, Unavailable)):
                raise
            return
        self._since_checkpoint += CHECKPOINT_EVERY if jobs and jobs[0].heavy else len(jobs)
        for job in jobs:
            job.answer()

    async def _begin(self) -> None:
        """Take the write lock, waiting without holding the loop while another process has it."""
        deadline = time.monotonic() + BEGIN_TIMEOUT_S
        pause_s = 0.001
        while True:
            try:
                self._connection.raw.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                busy = (error.sqlite_errorcode & 0xFF) == sqlite3.SQLITE_BUSY
                if not busy or time.monotonic() > deadline:
                    raise
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, 0.05)

    async def _run_waiting(self, jobs: list[Job]) -> None:
        """Run waiting functions into the open transaction; *jobs* receives those in it."""
        if self._waiting[0].heavy:
            job = self._waiting.popleft()
            if job.future.cancelled():
                return
            jobs.append(job)
            await self._connection.on_thread(self._attempt, job)
            self._keep_only_intact(jobs, job)
            return
        started = time.monotonic()
        while self._waiting and not self._waiting[0].heavy and len(jobs) < MAX_GROUP:
            job = self._waiting.popleft()
            if job.future.cancelled():
                continue
            jobs.append(job)
            self._attempt(job)
            if not self._keep_only_intact(jobs, job) or time.monotonic() - started > MAX_HOLD_S:
                return

    def _attempt(self, job: Job) -> None:
        """Run one function under a savepoint of its own."""
        raw = self._connection.raw
        raw.execute("SAVEPOINT job")
        try:
            job.outcome = job.fn(Transaction(raw), *job.args)
        except BaseException as error:
            job.failure = _failure(error)
            if raw.in_transaction:
                raw.execute("ROLLBACK TO job")
        if raw.in_transaction:
            raw.execute("RELEASE job")

    def _keep_only_intact(self, jobs: list[Job], job: Job) -> bool:
        """Return True while the transaction is open after *job*.

        A full disk makes SQLite roll the whole transaction back, neighbours included. They have
        done nothing wrong and can be run again: they go back to the head of the line, and only the
        one that failed is answered.
        """
        if self._connection.raw.in_transaction:
            return True
        for other in reversed(jobs):
            if other is not job:
                other.outcome = other.failure = None
                self._waiting.appendleft(other)
        jobs[:] = [job]
        return False

    async def _copy_back(self, mode: str) -> None:
        """Copy the write-ahead log back into the database.

        On the writer's own connection and never beside a commit: SQLite before 3.51.3 can lose what
        one connection commits while another one's checkpoint lets the log begin again.
        """

        def checkpoint() -> None:
            self._connection.raw.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()

        self._since_checkpoint = 0
        try:
            await self._connection.on_thread(checkpoint)
        except sqlite3.Error as error:
            _log.warning("the write-ahead log could not be copied back: %s", error)


def _failure(error: BaseException) -> BaseException:
    """Return what to tell whoever waits for a function that ended with *error*."""
    if isinstance(error, Broken):
        error = error.error
    return (meaning(error) if isinstance(error, sqlite3.Error) else None) or error
