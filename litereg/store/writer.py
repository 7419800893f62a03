"""The one writer: many write functions, one COMMIT.

Write functions queue up. Those that wait are run in place one after another inside one transaction,
a savepoint each, and share one COMMIT, which runs on the connection's thread because it waits for
the disk. Nobody is answered before it returned. A function that fails is rolled back alone; a
COMMIT that fails fails all in it. Heavy functions run on the thread whole, in a group of their own;
one that turns out to be heavy in place is rolled back and run again there.
"""

from __future__ import annotations

import asyncio
import logging
import math
import sqlite3
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from litereg.errors import StorageFull, Unavailable
from litereg.store.connection import Connection
from litereg.store.dialect.sqlite import meaning
from litereg.store.transaction import Broken, Effort, OverBudget, Transaction

T = TypeVar("T")

MAX_GROUP = 64
# A group is closed when its functions have held the loop for this long.
MAX_HOLD_S = 0.008
BEGIN_TIMEOUT_S = 10.0
# How often SQLite is asked about, in its own steps; and about 20 ms of its work in place.
STEPS_A_CALL = 1_000
CALLS_IN_PLACE = 400
# The write-ahead log is copied back into the database after this many functions (about 10 MB).
CHECKPOINT_EVERY = 200

_log = logging.getLogger(__name__)


@dataclass(eq=False, slots=True)
class Job:
    """One write function on its way, and where its answer goes."""

    fn: Callable[..., Any]
    args: tuple[Any, ...]
    effort: Effort
    timeout_s: float
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
    """Owns the only connection that changes the database.

    Attributes:
        is_full: the last group met a full disk.
    """

    def __init__(self, connection: Connection, max_waiting: int) -> None:
        self._connection = connection
        self._max_waiting = max_waiting
        self._waiting: deque[Job] = deque()
        self._wake = asyncio.Event()
        self._closing = False
        self.is_full = False
        self._since_checkpoint = 0
        raw = connection.raw
        # Waiting for another process happens in `_begin`, where it does not hold the loop.
        raw.execute("PRAGMA busy_timeout=0")
        # Checkpoints run between groups, on the connection's thread; see `_copy_back`.
        raw.execute("PRAGMA wal_autocheckpoint=0")
        self._calls_left = self._deadline = math.inf
        raw.set_progress_handler(self._must_end, STEPS_A_CALL)
        self._task = asyncio.create_task(self._serve(), name="litereg-writer")

    @property
    def waiting(self) -> int:
        """How many functions wait for their turn."""
        return len(self._waiting)

    async def submit(
        self, fn: Callable[..., T], args: tuple[Any, ...], effort: Effort, timeout_s: float
    ) -> T:
        """Run *fn* in a transaction and return its result once it is on the disk.

        Raises:
            Unavailable: too many writes wait already, or the writer is closing.
        """
        if self._closing:
            raise Unavailable("SHUTTING_DOWN", "the server is stopping")
        if len(self._waiting) >= self._max_waiting:
            raise Unavailable("TOO_MANY_WRITES", "too many changes wait for the disk; try again")
        future = asyncio.get_running_loop().create_future()
        job = Job(fn, args, effort, timeout_s, future)
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
            self.is_full = isinstance(failure, StorageFull)
            # When the group could not even begin, the first in line learns why and leaves.
            for job in jobs or [self._waiting.popleft()]:
                job.fail(failure)
            if self._connection.raw.in_transaction:
                self._connection.raw.rollback()
            if not isinstance(error, (sqlite3.Error, Unavailable)):
                raise
            return
        self.is_full = any(isinstance(job.failure, StorageFull) for job in jobs)
        self._since_checkpoint += CHECKPOINT_EVERY if jobs and jobs[0].effort.heavy else len(jobs)
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
        if self._waiting[0].effort.heavy:
            job = self._waiting.popleft()
            if job.future.cancelled():
                return
            jobs.append(job)
            await self._connection.on_thread(self._attempt, job)
            self._keep_only_intact(jobs, job)
            return
        started = time.monotonic()
        while self._waiting and not self._waiting[0].effort.heavy and len(jobs) < MAX_GROUP:
            job = self._waiting.popleft()
            if job.future.cancelled():
                continue
            jobs.append(job)
            self._attempt(job, in_place=True)
            if not self._keep_only_intact(jobs, job) or time.monotonic() - started > MAX_HOLD_S:
                return

    def _attempt(self, job: Job, in_place: bool = False) -> None:
        """Run one function under a savepoint of its own."""
        raw = self._connection.raw
        raw.execute("SAVEPOINT job")
        if in_place:
            self._calls_left = CALLS_IN_PLACE
        else:
            self._deadline = time.monotonic() + job.timeout_s
        try:
            job.outcome = job.fn(Transaction(raw, in_place=in_place), *job.args)
        except BaseException as error:
            is_spent = isinstance(error, Broken) and self._calls_left < 0
            job.failure = OverBudget() if is_spent else _failure(error)
        # Not even a ROLLBACK would get through when there is no budget left.
        self._calls_left = self._deadline = math.inf
        if raw.in_transaction:
            if job.failure is not None:
                raw.execute("ROLLBACK TO job")
            raw.execute("RELEASE job")

    def _must_end(self) -> bool:
        """Return whether what runs has used up its budget; SQLite asks, and ends it."""
        self._calls_left -= 1
        return self._calls_left < 0 or time.monotonic() > self._deadline

    def _keep_only_intact(self, jobs: list[Job], job: Job) -> bool:
        """Return True while the transaction is open after *job*, and none of *jobs* runs again.

        A full disk, or an end in the middle of a change, makes SQLite roll the whole transaction
        back, neighbours included. They have done nothing wrong and can be run again: they go back
        to the head of the line, and only the one that failed is answered. So does, alone, a
        function that turned out to be too heavy to run in place.
        """
        is_open = self._connection.raw.in_transaction
        is_over = isinstance(job.failure, OverBudget)
        if is_open and not is_over:
            return True
        job.effort.heavy |= is_over
        again = [other for other in jobs if other is not job and not is_open] + [job] * is_over
        for other in reversed(again):
            other.outcome = other.failure = None
            self._waiting.appendleft(other)
        jobs[:] = [other for other in jobs if other not in again]
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
