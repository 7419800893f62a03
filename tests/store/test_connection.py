import sqlite3

import pytest

from litereg.errors import CannotStart
from litereg.store.connection import connect, require_usable
from litereg.store.database import prepare


def test_every_connection_keeps_what_it_acknowledged(tmp_path):
    raw = connect(tmp_path / "test.db")

    settings = {
        name: raw.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "mmap_size")
    }
    raw.close()

    full = 2
    assert settings == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "mmap_size": 0,
    }


def test_a_file_that_is_no_database_is_not_opened(tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text("Dear reader, this is no database, however long it is." * 100)

    with pytest.raises(sqlite3.DatabaseError):
        connect(path)


def test_an_empty_file_becomes_a_database(tmp_path):
    path = tmp_path / "test.db"
    path.touch(mode=0o600)

    prepare(path)

    assert path.read_bytes().startswith(b"SQLite format 3\x00")


def test_a_name_that_no_file_can_have_is_refused(tmp_path):
    with pytest.raises(CannotStart, match="File name too long"):
        require_usable(tmp_path / ("x" * 300))


def test_an_old_sqlite_is_refused_with_the_version_that_is_needed(tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 0))

    with pytest.raises(CannotStart, match=r"at least 3\.37\.0 is needed"):
        require_usable(tmp_path / "test.db")
    assert not (tmp_path / "test.db").exists()


def test_a_damaged_database_is_refused_with_the_way_out(tmp_path):
    path = tmp_path / "test.db"
    prepare(path)
    content = bytearray(path.read_bytes())
    content[8192:12288] = b"\xa5" * 4096
    path.write_bytes(content)

    with pytest.raises(CannotStart, match=r"test\.db") as refusal:
        prepare(path)

    assert refusal.value.reason in ("DATABASE_DAMAGED", "DATABASE_UNUSABLE")


def test_a_database_whose_tables_are_not_where_it_says_is_refused(tmp_path):
    path = tmp_path / "test.db"
    prepare(path)
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA writable_schema=ON")
    raw.execute("UPDATE sqlite_schema SET rootpage = 1 WHERE name = 'content'")
    raw.commit()
    raw.close()

    with pytest.raises(CannotStart, match=f"{path}: ") as refusal:
        prepare(path)

    assert refusal.value.reason in ("DATABASE_DAMAGED", "DATABASE_UNUSABLE")
