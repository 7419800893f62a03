"""The database of a registry: one SQLite file, many readers, one writer."""

from __future__ import annotations

import asyncio
import math
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from litereg.errors import CannotStart, StorageFull
from litereg.store.connection import Connection, connect, require_usable
from litereg.store.dialect.sqlite import meaning
from litereg.store.migrate import migrate
from litereg.store.reader import InPlaceReader, ThreadReaders
from litereg.store.transaction import Effort, OverBudget
from litereg.store.writer import Writer

T = TypeVar("T")

READER_THREADS = 2
# What many reads come back to, the connection in place keeps. Long reads pass by what they read,
# and what a write misses, the system has.
IN_PLACE_CACHE_KIB = 16384


class Database:
    """Reads and writes a registry's file.

    Functions given to `read` and `write` are synchronous, take a `Transaction` first, have no side
    effects outside it, and may be run more than once.
    """

    def __init__(
        self, path: Path, in_place: InPlaceReader, threads: ThreadReaders, writer: Writer
    ) -> None:
        self.path = path
        self._in_place = in_place
        self._threads = threads
        self._writer = writer

    @classmethod
    async def open(
        cls,
        path: Path | str,
        *,
        synchronous: str = "FULL",
        read_timeout_s: float = 10.0,
        max_waiting_writes: int = 256,
        is_prepared: bool = False,
    ) -> Database:
        """Open or make the file at *path*, checked and migrated to the present schema.

        *synchronous* is SQLite's setting; anything below FULL loses acknowledged writes when the
        power fails, and exists so that a test can show it. With *is_prepared*, `prepare` was
        called just before.

        Raises:
            CannotStart: the file cannot be served; with path and reason.
        """
        path = Path(path)
        if not is_prepared:
            await asyncio.to_thread(prepare, path)
        *readers, writing = await _open(path, synchronous, 1 + READER_THREADS + 1)
        for reader in readers:
            reader.raw.execute("PRAGMA query_only=ON")
        writer = Writer(writing, max_waiting_writes)
        in_place, *threads = readers
        in_place.raw.execute(f"PRAGMA cache_size=-{IN_PLACE_CACHE_KIB}")
        return cls(path, InPlaceReader(in_place), ThreadReaders(threads, read_timeout_s), writer)

    async def read(self, fn: Callable[..., T], *args: Any, effort: Effort | None = None) -> T:
        """Return `fn(tx, *args)`, run in one snapshot of what is committed."""
        try:
            return self.read_in_place(fn, *args, effort=effort)
        except OverBudget:
            return await self._threads.run(fn, args, effort or Effort())

    def read_in_place(self, fn: Callable[..., T], *args: Any, effort: Effort | None = None) -> T:
        """Do the same without waiting for anything.

        Raises:
            OverBudget: it takes too many steps, or did so once; `read` takes it to a thread.
        """
        if effort is not None and effort.heavy:
            raise OverBudget
        try:
            return self._in_place.run(fn, args)
        except OverBudget:
            if effort is not None:
                effort.heavy = True
            raise

    async def write(
        self,
        fn: Callable[..., T],
        *args: Any,
        heavy: bool = False,
        effort: Effort | None = None,
        timeout_s: float = math.inf,
    ) -> T:
        """Return `fn(tx, *args)` once what it changed is on the disk.

        When *fn* raises, nothing of it was changed. *heavy* functions (past a few milliseconds)
        run on the writer's thread; so does, whole and again, whatever turns out to be heavy, which
        *effort* is told. There it is ended after *timeout_s*.
        """
        if heavy or effort is None:
            effort = Effort(heavy)
        return await self._writer.submit(fn, args, effort, timeout_s)

    @property
    def is_full(self) -> bool:
        """Whether the last changes found no space; the next that find some make it False."""
        return self._writer.is_full

    def measure(self) -> dict[str, float]:
        """Return how many writes wait, and how many bytes the file and its log have."""
        log = self.path.with_name(self.path.name + "-wal")
        return {
            "writes_waiting": self._writer.waiting,
            "database_bytes": self.path.stat().st_size,
            "log_bytes": log.stat().st_size if log.exists() else 0,
        }

    async def close(self) -> None:
        """Finish the writes that wait, copy the write-ahead log back and close the file."""
        await self._in_place.close()
        await self._threads.close()
        await self._writer.close()


def prepare(path: Path) -> None:
    """Make *path* a healthy database of the present schema, or say why it cannot be one.

    Raises:
        CannotStart: with path and reason.
    """
    require_usable(path)
    try:
        raw = connect(path)
        try:
            problem = raw.execute("PRAGMA quick_check(1)").fetchone()[0]
            if problem != "ok":
                raise CannotStart(
                    "DATABASE_DAMAGED", f"{path}: {problem}; restore it from a backup"
                )
            migrate(raw, path)
        finally:
            raw.close()
    except StorageFull as error:
        raise no_room(path) from error
    except sqlite3.Error as error:
        raise _unusable(path, error) from error


def no_room(path: Path) -> CannotStart:
    """Return how the file at *path* is refused when it cannot be opened for want of space."""
    return CannotStart(
        "STORAGE_FULL", f"{path}: no space is left on the disk; make some, and start again"
    )


async def _open(path: Path, synchronous: str, count: int) -> list[Connection]:
    """Open *count* connections, or none."""
    opened: list[Connection] = []
    try:
        while len(opened) < count:
            opened.append(await Connection.open(path, synchronous))
    except sqlite3.Error as error:
        for connection in opened:
            await connection.close()
        raise _unusable(path, error) from error
    return opened


def _unusable(path: Path, error: sqlite3.Error) -> CannotStart:
    if isinstance(meaning(error), StorageFull):
        return no_room(path)
    return CannotStart("DATABASE_UNUSABLE", f"{path}: {error}")
