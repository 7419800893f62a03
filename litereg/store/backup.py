"""Copy a registry's file while it is served, and put a copy back in its place.

Copying the file with `cp` beside a server loses what is still in the write-ahead log, and the copy
looks sound. A backup is made by SQLite itself, in one snapshot that holds nobody up; it is read
through again before it gets its name, and its SHA-256 goes into a file beside it, in the form that
`sha256sum --check` reads.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from litereg.errors import CannotStart, Conflict, Damaged, StorageFull
from litereg.store.atomic import replacing, sync
from litereg.store.check import Claim, Finding, check, check_copy
from litereg.store.connection import copy_log_back, open_to_read
from litereg.store.dialect.sqlite import meaning
from litereg.store.lock import ServerLock
from litereg.store.watch import Watch, unwatched

# Steps of SQLite between two looks at how large the copy is.
STEPS_A_LOOK = 100_000


class Backup(NamedTuple):
    """A backup that was made.

    Attributes:
        path: its file.
        sha256: the SHA-256 of the file, in hexadecimal.
        size: the file's length in bytes.
    """

    path: Path
    sha256: str
    size: int


def side_file(path: Path) -> Path:
    """Return where the SHA-256 of the backup at *path* is kept."""
    return path.with_name(path.name + ".sha256")


def back_up(database: Path, path: Path, watch: Watch = unwatched) -> Backup:
    """Copy the registry in *database*, as of now, to the new file *path* and check the copy.

    *watch* sees the copying as the first half of the work, the check as the second.

    Raises:
        CannotStart: there is no such database, or *path* cannot be written.
        Conflict: FILE_EXISTS: there is a file at *path*.
        Damaged: the database cannot be read through, or the copy is not sound.
        StorageFull: there is no room for the copy.
    """
    if path.exists():
        raise Conflict("FILE_EXISTS", f"{path} is there already; choose another name")
    with replacing(path) as copy:
        _copy(database, copy, lambda done, whole: watch(done, 2 * whole))
        check = check_copy(copy, lambda done, whole: watch(whole + done, 2 * whole))
        _require_sound(database, list(check))
        with copy.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        # First, so that there is no backup without it when there is no room for either.
        with replacing(side_file(path)) as note:
            note.write_text(f"{sha256}  {path.name}\n")
    return Backup(path, sha256, path.stat().st_size)


def _copy(database: Path, copy: Path, watch: Watch) -> None:
    """Write the rows of *database* to the empty file *copy*, in one snapshot."""
    with closing(open_to_read(database)) as raw:
        try:
            pages = raw.execute("PRAGMA page_count").fetchone()[0]
            whole = pages * raw.execute("PRAGMA page_size").fetchone()[0]
            raw.set_progress_handler(
                lambda: watch(min(copy.stat().st_size, whole), whole), STEPS_A_LOOK
            )
            # VACUUM only reads the database, and yet it is refused to those who may only read.
            raw.execute("PRAGMA query_only=OFF")
            raw.execute("VACUUM INTO ?", (str(copy),))
        except sqlite3.Error as error:
            known = meaning(error)
            if isinstance(known, StorageFull):
                known = StorageFull(str(copy.parent))
            raise known or Damaged("DATABASE_DAMAGED", f"{database}: {error}") from error


def restore(
    backup: Path,
    database: Path,
    stamp: str,
    claims: Sequence[Claim] = (),
    watch: Watch = unwatched,
) -> Path | None:
    """Put a checked copy of *backup* in the place of *database*.

    Returns where the file that was there is kept: beside it, with *stamp* in its name; None when
    there was none. *watch* counts bytes checked.

    Raises:
        CannotStart: there is no such backup, or a server has the database (DATABASE_IN_USE).
        Damaged: the backup is not what was backed up, or not sound.
    """
    _require_unchanged(backup)
    if not database.parent.is_dir():
        raise CannotStart("DATABASE_UNUSABLE", f"{database}: the directory does not exist")
    lock = ServerLock(database)
    lock.acquire()
    try:
        with replacing(database) as copy:
            shutil.copyfile(backup, copy)
            # The copy is what is checked: it is what will be served.
            _require_sound(backup, list(check(copy, claims, watch)))
            return _set_aside(database, stamp)
    finally:
        lock.release()


def _require_unchanged(backup: Path) -> None:
    """Hold *backup* against the SHA-256 that was noted when it was made, if that is there.

    Raises:
        CannotStart: there is no such file.
        Damaged: it has another SHA-256.
    """
    try:
        with backup.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        noted = side_file(backup).read_text("ascii").split()[0]
    except FileNotFoundError as error:
        if Path(error.filename) == backup:
            raise CannotStart("BACKUP_NOT_FOUND", f"{backup}: there is no such file") from None
        return
    except OSError as error:
        raise CannotStart("BACKUP_UNREADABLE", f"{error.filename}: {error.strerror}") from error
    except (IndexError, UnicodeDecodeError):
        noted = "none"
    if sha256 != noted:
        raise Damaged(
            "BACKUP_DAMAGED", f"{backup}: its SHA-256 is not the one in {side_file(backup).name}"
        )


def _require_sound(path: Path, findings: list[Finding]) -> None:
    if findings:
        more = f"; and {len(findings) - 3} more" if len(findings) > 3 else ""
        said = "; ".join(map(str, findings[:3]))
        raise Damaged("DATABASE_DAMAGED", f"{path}: {said}{more}")


def _set_aside(database: Path, stamp: str) -> Path | None:
    """Give what is in *database* a second name, under which it is whole by itself."""
    if not database.exists():
        return None
    aside = database.with_name(f"{database.name}.before-restore-{stamp}")
    log, log_aside = (path.with_name(path.name + "-wal") for path in (database, aside))
    if log.exists():
        with replacing(log_aside) as copy:
            shutil.copyfile(log, copy)
    try:
        # What a crash has left in the log goes into the file.
        copy_log_back(database)
        log_aside.unlink(missing_ok=True)
    except sqlite3.Error:
        # It is broken, which may be why it is replaced, or there is no room. Its log, of which
        # there is a copy, is not the new file's.
        for suffix in ("-wal", "-shm"):
            database.with_name(database.name + suffix).unlink(missing_ok=True)
    # A second name, not another one: whatever happens now, there is a file under the first.
    try:
        aside.hardlink_to(database)
    except OSError:  # Not every file system has hard links.
        with replacing(aside) as copy:
            shutil.copyfile(database, copy)
    sync(database.parent)
    return aside
