import sqlite3

import pytest

from tests.durability.writes import ADD_PIECE, RAISE_TALLY, TABLES, pieces, read_back


@pytest.fixture
def path(tmp_path):
    """A database with the writes a and b."""
    path = tmp_path / "some.db"
    connection = sqlite3.connect(path)
    for table in TABLES:
        connection.execute(table)
    for name in ("a", "b"):
        rows = [{"name": name, "part": n, "body": body} for n, body in enumerate(pieces(name))]
        connection.executemany(ADD_PIECE, rows)
        connection.execute(RAISE_TALLY)
    connection.commit()
    connection.close()
    return path


def spoil(path, statement):
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_whole_writes_are_found(path):
    contents = read_back(path)

    assert contents.whole == {"a", "b"}
    assert contents.torn == set()
    assert contents.damage is None


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM piece WHERE name = 'a' AND part = 0",
        "DELETE FROM piece WHERE name = 'a' AND part = 1",
        "UPDATE piece SET body = x'00' WHERE name = 'a' AND part = 0",
    ],
)
def test_a_write_with_missing_or_altered_rows_is_torn(path, statement):
    spoil(path, statement)

    contents = read_back(path)

    assert contents.whole == {"b"}
    assert contents.torn == {"a"}


def test_a_lost_update_is_seen(path):
    spoil(path, "UPDATE tally SET writes = 1")

    assert read_back(path).torn == {"a tally of 1 for 2 writes"}


def test_a_damaged_file_is_seen(path):
    content = bytearray(path.read_bytes())
    content[4096:8192] = b"\xff" * 4096
    path.write_bytes(content)

    assert read_back(path).damage is not None


def test_a_database_that_is_not_there_holds_nothing(tmp_path):
    contents = read_back(tmp_path / "absent.db")

    assert contents.whole == contents.torn == set()
    assert contents.damage is None
