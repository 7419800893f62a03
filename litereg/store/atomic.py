"""Write a file so that its name always stands for a whole one: the old, the new, never a half."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from litereg.errors import CannotStart, StorageFull

UNFINISHED = ".unfinished"
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield an empty file beside *path*, which takes its place when the block has succeeded.

    Only its owner may read it. It and its name are on the disk when this returns. When the block
    fails it is removed; only a kill leaves it, under a name that ends in `.unfinished`.

    Raises:
        CannotStart: there is no such folder, or nothing can be written there.
        StorageFull: there is no room for what the block writes.
    """
    try:
        # Made by mkstemp with mode 0600, whatever the umask.
        descriptor, name = tempfile.mkstemp(UNFINISHED, f"{path.name}.", path.parent)
    except OSError as error:
        reason = (
            error.strerror if path.parent.is_dir() else "the folder does not exist; make it first"
        )
        raise CannotStart("CANNOT_WRITE", f"{path}: {reason}") from error
    os.close(descriptor)
    unfinished = Path(name)
    try:
        yield unfinished
        sync(unfinished)
        unfinished.replace(path)
    except OSError as error:
        if error.errno in NO_ROOM:
            raise StorageFull(str(path.parent)) from error
        raise
    finally:
        unfinished.unlink(missing_ok=True)
    sync(path.parent)


def sync(path: Path) -> None:
    """Wait until what is in a file is on the disk; of a folder, the names in it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
