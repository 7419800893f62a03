"""From any older schema to the present one, whole steps only, and never without a copy."""

import logging
import sqlite3

import pytest

from litereg.store import migrate as migrations
from litereg.store.connection import connect
from litereg.store.migrate import applied_migrations, known_migrations, migrate

NAMES = list(known_migrations())


@pytest.fixture
def path(tmp_path):
    return tmp_path / "litereg.db"


@pytest.fixture
def connection(path):
    connection = connect(path)
    yield connection
    connection.close()


def schema(connection):
    """Return everything that is defined in the database."""
    query = "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name"
    return connection.execute(query).fetchall()


def bring_to(connection, count):
    """Apply the first *count* migrations."""
    applied_migrations(connection)
    scripts = known_migrations()
    for name in NAMES[:count]:
        migrations._apply(connection, name, scripts[name])


def copies(path):
    return sorted(p.name for p in path.parent.glob("*.before-upgrade-from-*"))


def test_a_new_database_gets_every_migration_in_order(connection, path):
    assert migrate(connection, path) == NAMES

    assert applied_migrations(connection) == NAMES == sorted(NAMES)
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_migrating_again_changes_nothing(connection, path):
    migrate(connection, path)
    before = schema(connection)

    assert migrate(connection, path) == []
    assert schema(connection) == before


def test_of_a_new_database_no_copy_is_kept(connection, path):
    migrate(connection, path)
    migrate(connection, path)

    assert copies(path) == []


@pytest.mark.skipif(len(NAMES) < 2, reason="there is only one schema so far")
@pytest.mark.parametrize("count", range(1, len(NAMES)))
def test_an_older_database_is_brought_up_to_date_and_kept_as_it_was(
    connection, path, caplog, count
):
    bring_to(connection, count)
    connection.execute("INSERT INTO content(sha256, body) VALUES (zeroblob(32), x'01')")
    old = schema(connection)

    with caplog.at_level(logging.WARNING):
        assert migrate(connection, path) == NAMES[count:]

    (name,) = copies(path)
    assert name == f"litereg.db.before-upgrade-from-{NAMES[count - 1]}"
    kept = path.with_name(name)
    assert str(kept) in caplog.text
    assert kept.stat().st_mode & 0o777 == 0o600
    copy = sqlite3.connect(kept)
    assert schema(copy) == old
    assert copy.execute("SELECT body FROM content").fetchall() == [(b"\x01",)]
    copy.close()
    assert connection.execute("SELECT body FROM content").fetchall() == [(b"\x01",)]


def test_every_way_to_the_present_schema_ends_in_the_same_one(tmp_path):
    ends = []
    for count in range(len(NAMES)):
        path = tmp_path / f"{count}.db"
        connection = connect(path)
        bring_to(connection, count)
        migrate(connection, path)
        ends.append(schema(connection))
        connection.close()

    assert all(end == ends[0] for end in ends)


@pytest.mark.parametrize("count", range(len(NAMES)))
def test_a_migration_that_fails_at_its_end_did_nothing(connection, count):
    bring_to(connection, count)
    before = schema(connection)
    script = known_migrations()[NAMES[count]]

    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        migrations._apply(connection, NAMES[count], f"{script}\nDELETE FROM no_such_table;")

    assert schema(connection) == before
    assert applied_migrations(connection) == NAMES[:count]
    assert not connection.in_transaction


def test_files_that_are_no_migrations_are_passed_over():
    assert all(migrations.NAME.fullmatch(name) for name in NAMES)
    assert len({name[:4] for name in NAMES}) == len(NAMES)


def test_a_copy_of_an_earlier_attempt_does_not_stand_in_for_a_new_one(connection, path):
    bring_to(connection, 1)
    kept = path.with_name(f"{path.name}.before-upgrade-from-{NAMES[0]}")
    # What a kill in the middle of copying leaves, or an attempt a month ago.
    kept.write_bytes(b"")

    migrate(connection, path)

    assert copies(path) == [kept.name]
    assert kept.stat().st_size > 0
