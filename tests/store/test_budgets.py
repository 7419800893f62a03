"""What runs in place is short; what turns out to be long runs again on a thread, and ends there."""

import asyncio
import math
import threading

import pytest

from litereg.errors import LimitExceeded, Unavailable
from litereg.store import Command, Database, Effort, OverBudget, Query

MAKE = Command("CREATE TABLE tally(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT")
ADD = Command("INSERT INTO tally(name, value) VALUES (:name, :value)")
ALL = Query(str, "SELECT name FROM tally ORDER BY name", scans="a test table")
COUNT_TO = """
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT :most)
    SELECT count(*) FROM n
"""
COUNT = Query(int, COUNT_TO)
FILL = Command(
    """
    INSERT INTO tally(name, value)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT :most)
    SELECT 'filled ' || i, i FROM n
    """
)
LONG = 200_000
ENDLESS = -1


@pytest.fixture
async def database(tmp_path):
    database = await Database.open(tmp_path / "test.db", read_timeout_s=1.0)
    await database.write(lambda tx: tx.run(MAKE))
    yield database
    await database.close()


def add(tx, name):
    tx.run(ADD, name=name, value=1)
    return tx.in_place, threading.current_thread() is threading.main_thread()


def add_and_count(tx, name, most):
    tx.run(ADD, name=name, value=1)
    return tx.one(COUNT, most=most), tx.in_place


def fill(tx, most):
    return tx.run(FILL, most=most), tx.in_place


def fuss(tx):
    """Notice only after a change that it takes too long for the event loop."""
    add(tx, "fuss")
    if tx.in_place:
        raise OverBudget
    return tx.in_place


async def all_names(database):
    """Return what is there, however long that takes: reads have a deadline, such writes none."""
    return await database.write(lambda tx: tx.all(ALL), heavy=True)


async def test_a_write_runs_in_place_and_a_heavy_one_on_the_thread(database):
    assert await database.write(add, "a") == (True, True)
    assert await database.write(add, "b", heavy=True) == (False, False)


@pytest.mark.parametrize(
    ("write", "answer", "left"),
    [
        ((add_and_count, "long", LONG), (LONG, False), "long"),
        ((fuss,), False, "fuss"),
    ],
)
async def test_a_write_that_is_too_long_for_the_loop_runs_again_and_its_neighbours_do_not_notice(
    database, write, answer, left
):
    effort = Effort()

    outcomes = await asyncio.gather(
        database.write(add, "a"),
        database.write(*write, effort=effort),
        database.write(add, "b"),
    )

    assert outcomes == [(True, True), answer, (True, True)]
    assert effort.heavy
    assert await all_names(database) == ["a", "b", left]


async def test_a_change_that_is_ended_in_its_middle_runs_again_with_its_neighbours(database):
    # SQLite rolls the whole transaction back when it ends a statement that changes something.
    outcomes = await asyncio.gather(
        database.write(add, "a"), database.write(fill, LONG), database.write(add, "b")
    )

    assert outcomes == [(True, True), (LONG, False), (True, True)]
    names = await all_names(database)
    assert len(names) == LONG + 2
    assert names[:2] == ["a", "b"]


async def test_what_is_known_to_be_heavy_goes_to_the_thread_at_once(database):
    effort = Effort(heavy=True)

    assert await database.write(add, "a", effort=effort) == (False, False)


async def test_a_write_without_end_is_ended_and_leaves_nothing(database):
    with pytest.raises(LimitExceeded, match="EXECUTION_TIMEOUT"):
        await database.write(add_and_count, "a", ENDLESS, timeout_s=0.1)
    with pytest.raises(LimitExceeded, match="EXECUTION_TIMEOUT"):
        await database.write(add_and_count, "b", ENDLESS, heavy=True, timeout_s=0.1)

    assert await database.write(add, "c") == (True, True)
    assert await all_names(database) == ["c"]


async def test_a_deadline_is_not_that_of_the_next_write(database):
    await database.write(add, "a", heavy=True, timeout_s=0.0)

    assert await database.write(add_and_count, "b", LONG, heavy=True, timeout_s=math.inf)


async def test_who_waits_too_long_for_a_thread_to_read_is_told_to_come_again(database):
    ends = asyncio.gather(
        *(database.read(lambda tx: tx.one(COUNT, most=ENDLESS)) for _ in range(6)),
        return_exceptions=True,
    )

    kinds = [type(end) for end in await ends]

    assert set(kinds) == {LimitExceeded, Unavailable}
    assert kinds.count(LimitExceeded) >= 2


def count(tx, most):
    return tx.one(COUNT, most=most), tx.in_place


async def test_a_read_that_turns_out_to_be_short_on_a_thread_runs_in_place_the_next_time(database):
    effort = Effort()

    assert await database.read(count, LONG, effort=effort) == (LONG, False)
    assert effort.heavy
    # Nobody knows yet that this one is short.
    assert await database.read(count, 2, effort=effort) == (2, False)
    assert not effort.heavy
    assert await database.read(count, 2, effort=effort) == (2, True)
