"""The lock that keeps a second server off the same database file.

SQLite itself would bear two servers, but their caches and counters would disagree. The lock lies in
a file of its own beside the database (locking the database file would undo SQLite's own locks when
it is closed) and dies with the process that holds it, however that process ends.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from litereg.errors import CannotStart


class ServerLock:
    """An exclusive lock on a database file, held from `acquire` to `release`."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(database.name + ".lock")
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock at once.

        Raises:
            CannotStart: another process holds it; the message names its process id. Or its file
                cannot be made.
        """
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise CannotStart("CANNOT_WRITE", f"{self._path}: {error.strerror}") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 32).decode("ascii", "replace").strip() or "unknown"
            os.close(descriptor)
            raise CannotStart(
                "DATABASE_IN_USE",
                f"{self._path.with_suffix('')} is already served by the process {holder}; "
                "stop it, or serve another file with --db",
            ) from None
        os.ftruncate(descriptor, 0)
        # On a full disk the lock holds without a name on it.
        with suppress(OSError):
            os.write(descriptor, f"{os.getpid()}\n".encode())
        self._descriptor = descriptor

    def release(self) -> None:
        """Give the lock back; the file stays, because removing it would race with a newcomer."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
