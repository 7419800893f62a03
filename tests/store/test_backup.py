"""Copies of a database in use, and the way back."""

import hashlib
import shutil
import sqlite3

import pytest

from litereg.errors import CannotStart, Conflict, Damaged
from litereg.registry.claims import CLAIMS
from litereg.store.backup import back_up, restore, side_file
from litereg.store.check import check
from litereg.store.connection import connect
from litereg.store.lock import ServerLock


@pytest.fixture
def database(tmp_path, filled_database):
    path = tmp_path / "litereg.db"
    shutil.copyfile(filled_database, path)
    return path


@pytest.fixture
def backup(tmp_path, database):
    return back_up(database, tmp_path / "backup.db").path


def rows(path, table="user"):
    connection = sqlite3.connect(path)
    try:
        return connection.execute(f"SELECT * FROM {table}").fetchall()
    finally:
        connection.close()


def rename_everybody(path):
    connection = connect(path)
    connection.execute("UPDATE user SET first_name = 'changed'")
    connection.close()


def test_a_backup_holds_what_is_still_in_the_write_ahead_log(database, tmp_path):
    writer = connect(database)
    writer.execute("PRAGMA wal_autocheckpoint=0")
    writer.execute("UPDATE user SET first_name = 'in the log'")

    made = back_up(database, tmp_path / "backup.db")

    assert rows(made.path) == rows(database)
    assert rows(made.path)[0].count("in the log") == 1
    writer.close()


def test_a_backup_is_one_sound_file_with_its_checksum_beside_it(database, tmp_path):
    made = back_up(database, tmp_path / "backup.db")

    assert list(check(made.path, CLAIMS)) == []
    assert made.sha256 == hashlib.sha256(made.path.read_bytes()).hexdigest()
    assert side_file(made.path).read_text() == f"{made.sha256}  backup.db\n"
    assert made.path.stat().st_mode & 0o777 == 0o600
    names = {"litereg.db", "backup.db", "backup.db.sha256"}
    assert {path.name for path in tmp_path.iterdir()} == names


def test_a_file_that_is_there_is_not_overwritten(database, tmp_path):
    (tmp_path / "backup.db").write_text("dear")

    with pytest.raises(Conflict, match="is there already"):
        back_up(database, tmp_path / "backup.db")

    assert (tmp_path / "backup.db").read_text() == "dear"


def test_of_damaged_content_no_backup_is_made(database, tmp_path):
    connection = connect(database)
    connection.execute("UPDATE content SET body = x'00' WHERE id = 1")
    connection.close()

    with pytest.raises(Damaged, match="content: the bytes of"):
        back_up(database, tmp_path / "backup.db")

    assert [path.name for path in tmp_path.iterdir()] == ["litereg.db"]


def test_of_a_file_that_sqlite_cannot_read_no_backup_is_made(database, tmp_path):
    content = bytearray(database.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    database.write_bytes(content)

    with pytest.raises(Damaged, match=r"litereg\.db: "):
        back_up(database, tmp_path / "backup.db")

    assert [path.name for path in tmp_path.iterdir()] == ["litereg.db"]


def test_a_restored_registry_is_as_it_was_and_the_other_is_kept(database, backup):
    before = rows(database)
    rename_everybody(database)
    changed = rows(database)

    aside = restore(backup, database, "then", CLAIMS)

    assert rows(database) == before
    assert aside.name == "litereg.db.before-restore-then"
    assert rows(aside) == changed
    assert database.stat().st_mode & 0o777 == 0o600


def test_what_a_crash_left_in_the_log_is_kept_too(database, backup, tmp_path):
    writer = connect(database)
    writer.execute("PRAGMA wal_autocheckpoint=0")
    writer.execute("UPDATE user SET first_name = 'in the log'")
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for file in tmp_path.glob("litereg.db*"):
        shutil.copyfile(file, crashed / file.name)
    writer.close()
    assert (crashed / "litereg.db-wal").stat().st_size > 0

    aside = restore(backup, crashed / "litereg.db", "then", CLAIMS)

    assert "in the log" in rows(aside)[0]
    assert "in the log" not in rows(crashed / "litereg.db")[0]
    assert not (crashed / "litereg.db-wal").exists()


def test_a_registry_can_be_restored_where_there_is_none(backup, database, tmp_path):
    assert restore(backup, tmp_path / "new.db", "then", CLAIMS) is None

    assert rows(tmp_path / "new.db") == rows(database)


def test_a_broken_file_can_be_replaced_and_is_kept_for_study(database, backup):
    broken = b"SQLite format 3\0" + b"\xff" * 5000
    database.write_bytes(broken)
    database.with_name("litereg.db-wal").write_bytes(b"half a log")

    aside = restore(backup, database, "then", CLAIMS)

    assert list(check(database, CLAIMS)) == []
    assert aside.read_bytes() == broken
    assert aside.with_name(aside.name + "-wal").read_bytes() == b"half a log"


def flip_a_bit(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut_short(path):
    path.write_bytes(path.read_bytes()[:-4096])


@pytest.mark.parametrize("spoil", [flip_a_bit, cut_short])
def test_a_backup_that_has_changed_is_refused(database, backup, spoil):
    before = database.read_bytes()
    spoil(backup)

    with pytest.raises(Damaged, match="its SHA-256 is not the one in"):
        restore(backup, database, "then", CLAIMS)

    assert database.read_bytes() == before


def test_a_backup_without_its_checksum_is_checked_all_the_same(database, backup):
    side_file(backup).unlink()
    connection = sqlite3.connect(backup)
    connection.execute("UPDATE content SET body = x'00' WHERE id = 1")
    connection.commit()
    connection.close()
    before = database.read_bytes()

    with pytest.raises(Damaged, match="content: the bytes of"):
        restore(backup, database, "then", CLAIMS)

    assert database.read_bytes() == before


def test_a_checksum_that_cannot_be_read_vouches_for_nothing(database, backup):
    side_file(backup).write_bytes(b"\xff\xfe")

    with pytest.raises(Damaged, match="its SHA-256 is not the one in"):
        restore(backup, database, "then", CLAIMS)


def test_what_a_server_has_is_not_replaced(database, backup):
    lock = ServerLock(database)
    lock.acquire()
    before = database.read_bytes()

    with pytest.raises(CannotStart) as refusal:
        restore(backup, database, "then", CLAIMS)

    assert refusal.value.reason == "DATABASE_IN_USE"
    assert database.read_bytes() == before
    lock.release()


def test_after_a_refusal_the_lock_is_free_and_nothing_is_left(database, backup, tmp_path):
    side_file(backup).unlink()
    cut_short(backup)

    with pytest.raises(Damaged):
        restore(backup, database, "then", CLAIMS)

    ServerLock(database).acquire()
    assert not list(tmp_path.glob("*.unfinished"))
    assert not list(tmp_path.glob("*before-restore*"))


@pytest.mark.parametrize("name", ["absent.db", "folder"])
def test_a_backup_that_is_not_there_is_named(database, tmp_path, name):
    (tmp_path / "folder").mkdir()

    with pytest.raises(CannotStart, match=name):
        restore(tmp_path / name, database, "then", CLAIMS)
