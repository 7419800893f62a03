"""Open SQLite connections, each with a thread of its own to wait on.

The same connection is called in place where SQLite does not wait, and through its thread where it
does (COMMIT, checkpoints, heavy work). Never both at once: whoever owns the connection awaits the
thread before touching it again.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from litereg.errors import CannotStart
from litereg.store.dialect.sqlite import OLDEST_SQLITE, PRAGMAS, READING_PRAGMAS

T = TypeVar("T")


class Connection:
    """A SQLite connection and the thread that may wait for it.

    Attributes:
        raw: the connection, for calls in place.
    """

    def __init__(self, raw: sqlite3.Connection, threaded: aiosqlite.Connection) -> None:
        self.raw = raw
        self._threaded = threaded

    @classmethod
    async def open(cls, path: Path, synchronous: str) -> Connection:
        """Open *path*, which must exist, with litereg's settings."""
        raw = connect(path, synchronous)
        threaded = aiosqlite.Connection(lambda: raw, iter_chunk_size=64)
        await threaded
        return cls(raw, threaded)

    async def on_thread(self, fn: Callable[..., T], *args: Any) -> T:
        """Run *fn* on the connection's thread and wait for it without holding the loop."""
        # aiosqlite's own methods are all made of this one; it has no public name for it.
        execute: Callable[..., Awaitable[T]] = self._threaded._execute
        return await execute(fn, *args)

    async def close(self) -> None:
        """Close the connection and end its thread."""
        await self._threaded.close()


def connect(path: Path, synchronous: str = "FULL") -> sqlite3.Connection:
    """Return a plain connection to the file at *path*, in autocommit mode."""
    raw = sqlite3.connect(
        path, isolation_level=None, check_same_thread=False, cached_statements=512
    )
    try:
        for pragma in (*PRAGMAS, f"synchronous={synchronous}"):
            raw.execute(f"PRAGMA {pragma}")
    except UnicodeDecodeError as error:
        # What SQLite says of a broken definition quotes it, and may then be no text to Python.
        raw.close()
        raise sqlite3.DatabaseError("a definition in it is no text any more") from error
    except sqlite3.Error:
        raw.close()
        raise
    return raw


def copy_log_back(path: Path) -> None:
    """Make the file at *path* whole by itself, without its write-ahead log.

    Closing a connection does that as well, and says nothing when it cannot.

    Raises:
        sqlite3.Error: it cannot be done: there is no room, or the file is broken.
    """
    with closing(connect(path)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def open_to_read(path: Path) -> sqlite3.Connection:
    """Return a connection that looks at the file at *path* as it is: it never makes one.

    Raises:
        CannotStart: there is no such file, or it may not be read.
    """
    raw = None
    try:
        path.open("rb").close()
        raw = sqlite3.connect(reading_uri(path), uri=True, isolation_level=None)
        for pragma in (*READING_PRAGMAS, "query_only=ON"):
            raw.execute(f"PRAGMA {pragma}")
    except (OSError, sqlite3.Error) as error:
        if raw is not None:
            raw.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise CannotStart("DATABASE_UNUSABLE", f"{path}: {reason}") from error
    return raw


def reading_uri(path: Path) -> str:
    """Return how SQLite is to open the file at *path* for somebody who only looks at it.

    Even for that SQLite wants to make files beside one that was served. On a disk where nobody can
    write, nobody changes the file either.
    """
    log = path.with_name(path.name + "-wal")
    if os.access(path.parent, os.W_OK) or (log.exists() and log.stat().st_size):
        return f"{path.absolute().as_uri()}?mode=rw"
    return f"{path.absolute().as_uri()}?immutable=1"


def require_usable(path: Path) -> None:
    """Make the file at *path* when there is none, and check that it can be served.

    The file is readable by its owner only, which SQLite passes on to the files beside it.

    Raises:
        CannotStart: no such directory, no database, read-only; with path and reason.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        wanted = ".".join(map(str, OLDEST_SQLITE))
        raise CannotStart(
            "SQLITE_TOO_OLD", f"SQLite is {sqlite3.sqlite_version}, at least {wanted} is needed"
        )
    if not path.parent.is_dir():
        raise CannotStart("DATABASE_UNUSABLE", f"{path}: the directory does not exist")
    try:
        _create_or_probe(path)
    except OSError as error:
        raise CannotStart("DATABASE_UNUSABLE", f"{path}: {error.strerror}") from error
    with path.open("rb") as file:
        start = file.read(16)
    if start not in (b"", b"SQLite format 3\x00"):
        raise CannotStart("DATABASE_UNUSABLE", f"{path}: this file is not a SQLite database")


def _create_or_probe(path: Path) -> None:
    if path.is_dir():
        raise CannotStart("DATABASE_UNUSABLE", f"{path}: this is a directory, not a file")
    existed = path.exists()
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    if not os.access(path.parent, os.W_OK):
        raise CannotStart("DATABASE_UNUSABLE", f"{path.parent}: the directory cannot be written")
    if not existed:
        directory = os.open(path.parent, os.O_RDONLY)
        os.fsync(directory)
        os.close(directory)
