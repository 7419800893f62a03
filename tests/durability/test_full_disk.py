"""Whatever room a disk has left: what becomes of upgrades, backups and exports on it."""

import asyncio
import json
import os
import re
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from litereg.app import Registry
from litereg.cli.archive import complete_with
from litereg.cli.claims import CLAIMS
from litereg.errors import CannotStart, LiteregError, StorageFull
from litereg.exported import SELECTION
from litereg.settings import Settings
from litereg.store import Database
from litereg.store.archive.export import export
from litereg.store.archive.load import load
from litereg.store.atomic import UNFINISHED
from litereg.store.backup import back_up, restore, side_file
from litereg.store.check import check
from litereg.store.connection import connect
from litereg.store.lock import ServerLock
from litereg.store.migrate import applied_migrations
from tests.cli.processes import litereg
from tests.dump import dump
from tests.durability.full_disk import mounted, why_not
from tests.upgrades.old_registries import NAMES, make_old_registry

pytestmark = [
    pytest.mark.durability,
    pytest.mark.skipif(why_not() is not None, reason=str(why_not())),
]

KIB = 1024
ID = re.compile(r'"id": "[^"]*"')
# The unit in which a tmpfs gives room.
PAGE = 4 * KIB
# The room for commands that are processes of their own: none, and enough to begin.
FEW_ROOMS = (0, 2 * PAGE)


@pytest.fixture
def disk(tmp_path):
    with mounted(tmp_path / "disk", "size=8m") as disk:
        yield disk


def leave(disk, room):
    """Take all but *room* bytes of the disk."""
    left = os.statvfs(disk)
    (disk / "filler").write_bytes(b"x" * (left.f_bavail * left.f_frsize - room))


def make_room(disk):
    (disk / "filler").unlink()


def clear(disk):
    for path in disk.iterdir():
        path.unlink()


def open_and_close(path):
    """Bring the registry at *path* up to date, as a server does before it listens."""

    async def both():
        await (await Registry.open(Settings(db=str(path), password_cost=4))).close()

    lock = ServerLock(path)
    lock.acquire()
    try:
        asyncio.run(both())
    finally:
        lock.release()


def whole_steps(path, old):
    """Return how many migrations a copy of the file has; it must be sound, and miss no row."""
    with closing(sqlite3.connect(path)) as raw, closing(sqlite3.connect(old)) as before:
        assert raw.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok"
        for table in ("user", "package", "version", "content", "api_key"):
            count = f"SELECT count(*) FROM {table}"
            assert raw.execute(count).fetchone() == before.execute(count).fetchone()
        applied = applied_migrations(raw)
    assert tuple(applied) == NAMES[: len(applied)]
    return len(applied)


def said_by(path):
    """Return what the registry says to everybody, without the ids that an upgrade draws."""
    return ID.sub("", json.dumps(dump(path)))


def refusals(disk, attempt, prepare, step=16 * PAGE):
    """Yield how *attempt* is refused, at every amount of room until there is enough of it.

    *prepare* makes, on the empty disk, what is attempted on; *step* is in bytes.
    """
    room = 0
    while True:
        clear(disk)
        prepare()
        leave(disk, room)
        try:
            attempt()
        except LiteregError as error:
            yield error
        else:
            return
        room += step
        assert room < 4 * KIB * KIB


@pytest.mark.parametrize("count", [1, len(NAMES) - 1])
def test_an_upgrade_without_room_leaves_the_old_file_and_works_once_there_is_some(
    disk, tmp_path, count, record_property
):
    old, elsewhere = tmp_path / "old.db", tmp_path / "elsewhere"
    make_old_registry(old, count)
    after = said_by(shutil.copyfile(old, tmp_path / "upgraded.db"))
    path, begun, seen = disk / "litereg.db", count, set()

    for refusal in refusals(disk, lambda: open_and_close(path), lambda: shutil.copy(old, path)):
        assert isinstance(refusal, CannotStart)
        assert str(disk) in refusal.message
        assert "no space" in refusal.message.lower()
        shutil.copytree(disk, elsewhere, ignore=shutil.ignore_patterns("filler"))
        begun = whole_steps(elsewhere / "litereg.db", old)
        kept = elsewhere / f"litereg.db.before-upgrade-from-{NAMES[count - 1]}"
        assert begun >= count
        assert begun == count or whole_steps(kept, old) == count
        assert not list(elsewhere.glob(f"*{UNFINISHED}"))
        shutil.rmtree(elsewhere)
        seen.add(begun)

        make_room(disk)
        open_and_close(path)
        assert list(check(path, CLAIMS)) == []

    assert count in seen
    assert said_by(path) == after
    record_property("figure", f"upgrade from {count}: refused after {sorted(seen)} whole steps")


@pytest.mark.parametrize("room", FEW_ROOMS)
def test_a_server_that_finds_no_room_to_upgrade_says_so_in_a_sentence(disk, tmp_path, room):
    make_old_registry(disk / "litereg.db", 3)
    leave(disk, room)

    done = litereg("serve", "--port", "0", "--db", disk / "litereg.db", cwd=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert str(disk / "litereg.db") in done.stderr
    assert "no space" in done.stderr.lower()


def copies(filled, disk):
    """Return how each kind of copy is made on the disk, by name."""
    path = disk / "copy"
    return {
        "backup": lambda: back_up(filled, path),
        "export": lambda: export(filled, path, SELECTION),
    }


@pytest.mark.parametrize(("kind", "step"), [("backup", 4 * PAGE), ("export", PAGE)])
def test_a_copy_without_room_leaves_nothing_and_says_so(disk, filled_database, kind, step):
    make = copies(filled_database, disk)[kind]
    count = 0

    for refusal in refusals(disk, make, lambda: None, step):
        count += 1
        assert isinstance(refusal, StorageFull)
        assert str(disk) in refusal.message
        assert [path.name for path in disk.iterdir()] == ["filler"]

    assert count > 3
    copy = disk / "copy"
    if kind == "backup":
        assert list(check(copy, CLAIMS)) == []
        assert side_file(copy).exists()


def test_a_load_without_room_leaves_nothing(disk, tmp_path, filled_database):
    archive = tmp_path / "export.zip"
    export(filled_database, archive, SELECTION)
    path = disk / "litereg.db"
    complete = complete_with(Settings())

    for refusal in refusals(disk, lambda: load(archive, path, complete, CLAIMS), lambda: None):
        assert "no space" in refusal.message.lower()
        assert str(disk) in refusal.message
        assert [p.name for p in disk.iterdir()] == ["filler"]

    # It is whole by itself: nothing of it is in a log that stayed behind.
    assert [p.name for p in disk.iterdir() if p != path] == ["filler"]
    assert list(check(path, CLAIMS)) == []


def test_a_restore_without_room_leaves_what_was_there(disk, tmp_path, filled_database):
    backup, crashed = tmp_path / "backup.db", tmp_path / "crashed"
    back_up(filled_database, backup)
    leave_a_log(crashed / "litereg.db", filled_database)
    path = disk / "litereg.db"

    def put_there():
        shutil.copytree(crashed, disk, dirs_exist_ok=True)

    for refusal in refusals(disk, lambda: restore(backup, path, "then", CLAIMS), put_there):
        assert "no space" in refusal.message.lower()
        assert str(disk) in refusal.message
        left = {p.name for p in disk.iterdir()} - {"filler", "litereg.db.lock"}
        assert left == {"litereg.db", "litereg.db-wal"}
        assert collection_name(path) == CHANGED

    assert list(check(path, CLAIMS)) == []
    assert collection_name(path) != CHANGED
    assert collection_name(path.with_name("litereg.db.before-restore-then")) == CHANGED


CHANGED = "only in the log"


def leave_a_log(path, filled):
    """Copy a registry to *path* as a crash leaves it: with changes that are in its log alone."""
    path.parent.mkdir()
    working = shutil.copyfile(filled, path.with_name("working.db"))
    with closing(connect(working)) as raw:
        raw.execute("PRAGMA wal_autocheckpoint=0")
        raw.execute("UPDATE collection SET name = ?", (CHANGED,))
        # There is more of it than the file has place for.
        raw.execute("UPDATE package SET description = ?", ("x" * 40_000,))
        for suffix in ("", "-wal"):
            shutil.copyfile(f"{working}{suffix}", f"{path}{suffix}")
    for file in path.parent.glob("working.db*"):
        file.unlink()


def collection_name(path):
    """Return what a copy of the registry at *path*, log included, calls its first collection."""
    with tempfile.TemporaryDirectory() as folder:
        for file in path.parent.glob(f"{path.name}*"):
            if file.name in (path.name, f"{path.name}-wal"):
                shutil.copy(file, folder)
        with closing(sqlite3.connect(Path(folder) / path.name)) as raw:
            return raw.execute("SELECT name FROM collection ORDER BY id").fetchone()[0]


@pytest.mark.parametrize("command", ["backup", "export"])
@pytest.mark.parametrize("room", FEW_ROOMS)
def test_a_command_that_copies_without_room_fails_in_a_sentence(
    disk, tmp_path, filled_database, command, room
):
    leave(disk, room)

    done = litereg(command, disk / "copy", "--db", filled_database, cwd=tmp_path)

    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert f"no space is left for {disk}" in done.stderr
    assert [path.name for path in disk.iterdir()] == ["filler"]


def test_a_file_whose_log_finds_no_room_is_refused_and_nothing_stays_open(disk, new_database):
    path = shutil.copyfile(new_database, disk / "litereg.db")
    leave(disk, 0)

    with pytest.raises(CannotStart, match="no space is left") as refusal:
        asyncio.run(Database.open(path, is_prepared=True))

    assert refusal.value.reason == "STORAGE_FULL"
    # Nothing that is open keeps the disk: the fixture takes it away.
