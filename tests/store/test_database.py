import asyncio

import pytest

from litereg.errors import CannotStart, LimitExceeded, NotFound, Unavailable
from litereg.store import Command, Database, Effort, Query

ADD = Command("INSERT INTO item(name) VALUES (:name)")
NAMES = Query(str, "SELECT name FROM item ORDER BY name", scans="a test table")
ENDLESS = Query(
    int,
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
)
LONG_ENOUGH = Query(
    int,
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 5000) "
    "SELECT count(*) FROM n",
)
LONG = Query(
    int,
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 300000) "
    "SELECT count(*) FROM n",
)


def add(tx, name):
    tx.run(ADD, name=name)
    return name


def names(tx):
    return tx.all(NAMES)


def fail_after_adding(tx, name):
    add(tx, name)
    raise NotFound("THING_NOT_FOUND")


@pytest.fixture
async def database(tmp_path):
    database = await Database.open(tmp_path / "test.db", read_timeout_s=60)
    make = Command("CREATE TABLE item(name TEXT PRIMARY KEY) STRICT")
    await database.write(lambda tx: tx.run(make))
    yield database
    await database.close()


async def test_what_was_written_is_read(database):
    assert await database.write(add, "a") == "a"

    assert await database.read(names) == ["a"]


async def test_a_failed_function_is_rolled_back_alone(database):
    outcomes = await asyncio.gather(
        database.write(add, "a"),
        database.write(fail_after_adding, "b"),
        database.write(add, "c"),
        return_exceptions=True,
    )

    assert outcomes[0] == "a"
    assert isinstance(outcomes[1], NotFound)
    assert outcomes[2] == "c"
    assert await database.read(names) == ["a", "c"]


async def test_a_constraint_that_fails_leaves_the_neighbours_alone(database):
    outcomes = await asyncio.gather(
        *(database.write(add, name) for name in ("a", "a", "b")), return_exceptions=True
    )

    assert [type(o).__name__ for o in outcomes] == ["str", "IntegrityError", "str"]
    assert await database.read(names) == ["a", "b"]


async def test_heavy_writes_and_light_ones_keep_their_order(database):
    await asyncio.gather(
        database.write(add, "a"),
        database.write(add, "b", heavy=True),
        database.write(lambda tx: add(tx, "c" if "b" in names(tx) else "too early")),
    )

    assert await database.read(names) == ["a", "b", "c"]


async def test_a_long_read_moves_to_a_thread_and_is_remembered(database):
    effort = Effort()

    count = await database.read(lambda tx: tx.one(LONG), effort=effort)

    assert count == 300_000
    assert effort.heavy


async def test_any_number_of_long_reads_leaves_the_short_ones_in_place(database):
    for _ in range(500):
        assert await database.read(lambda tx: tx.one(LONG_ENOUGH)) == 5_000

    effort = Effort()
    assert await database.read(names, effort=effort) == []
    assert not effort.heavy


async def test_a_short_read_stays_in_place(database):
    effort = Effort()

    await database.read(names, effort=effort)

    assert not effort.heavy


async def test_a_read_without_end_is_ended(tmp_path):
    database = await Database.open(tmp_path / "test.db", read_timeout_s=0.1)
    one = Query(int, "SELECT 1")

    with pytest.raises(LimitExceeded, match="EXECUTION_TIMEOUT"):
        await database.read(lambda tx: tx.one(ENDLESS))

    assert await database.read(lambda tx: tx.one(one)) == 1
    await database.close()


async def test_readers_cannot_write(database):
    with pytest.raises(Unavailable, match="STORAGE_FAILED"):
        await database.read(add, "a")

    assert await database.read(names) == []


async def test_a_full_disk_fails_one_write_and_spares_its_neighbours(database):
    def limit(tx):
        pages = tx.one(Query(int, "PRAGMA page_count"))
        tx.one(Query(int, f"PRAGMA max_page_count={pages + 2}"))

    await database.write(limit)

    outcomes = await asyncio.gather(
        database.write(add, "small"),
        database.write(add, "x" * 40_000),
        database.write(add, "after"),
        return_exceptions=True,
    )

    assert outcomes[0] == "small"
    assert type(outcomes[1]).__name__ == "StorageFull"
    assert outcomes[2] == "after"
    assert await database.read(names) == ["after", "small"]


async def test_closing_finishes_what_waits_and_leaves_no_log(tmp_path):
    database = await Database.open(tmp_path / "test.db")
    make = Command("CREATE TABLE item(name TEXT PRIMARY KEY) STRICT")
    await database.write(lambda tx: tx.run(make))
    writes = [asyncio.create_task(database.write(add, str(n))) for n in range(20)]
    await asyncio.sleep(0)

    await database.close()

    assert [task.result() for task in writes] == [str(n) for n in range(20)]
    assert not (tmp_path / "test.db-wal").exists()


async def test_the_file_is_its_owners_alone(tmp_path):
    database = await Database.open(tmp_path / "test.db")

    modes = {p.name: p.stat().st_mode & 0o777 for p in tmp_path.iterdir()}

    await database.close()
    assert set(modes.values()) == {0o600}
    assert "test.db-wal" in modes


def no_directory(tmp_path):
    return tmp_path / "missing" / "test.db"


def no_database(tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text("Dear reader, this is no database, however long it is.")
    return path


def a_directory(tmp_path):
    return tmp_path


def damaged(tmp_path):
    path = tmp_path / "damaged.db"
    path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 4096)
    return path


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (no_directory, "directory does not exist"),
        (no_database, "not a SQLite database"),
        (a_directory, "this is a directory"),
        (damaged, "damaged.db"),
    ],
)
async def test_what_cannot_be_served_is_refused_with_its_path(tmp_path, make, words):
    path = make(tmp_path)

    with pytest.raises(CannotStart, match=words) as refusal:
        await Database.open(path)

    assert str(path) in str(refusal.value)


async def test_a_newer_database_is_refused(tmp_path):
    path = tmp_path / "test.db"
    database = await Database.open(path)
    newer = Command("INSERT INTO _migration(name) VALUES ('9999_from_the_future')")
    await database.write(lambda tx: tx.run(newer))
    await database.close()

    with pytest.raises(CannotStart, match="newer litereg"):
        await Database.open(path)
