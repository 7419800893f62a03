"""Many writes, one commit: what each of them is told, and what is then in the file."""

import asyncio
import logging
import sqlite3

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from litereg.errors import NotFound, Unavailable
from litereg.store import Command, Database, Query, writer
from litereg.store.connection import connect

MAKE = Command("CREATE TABLE tally(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT")
MAKE_CHILD = Command(
    """
    CREATE TABLE child(
        name TEXT NOT NULL REFERENCES tally(name) DEFERRABLE INITIALLY DEFERRED
    ) STRICT
    """
)
PUT = Command(
    """
    INSERT INTO tally(name, value) VALUES (:name, :value)
    ON CONFLICT(name) DO UPDATE SET value = excluded.value
    """
)
INSERT = Command("INSERT INTO tally(name, value) VALUES (:name, 0)")
DELETE = Command("DELETE FROM tally WHERE name = :name")
FORGET_ALL = Command("DELETE FROM tally", scans="a test table")
GET = Query(int, "SELECT value FROM tally WHERE name = :name")
ALL = Query(str, "SELECT name || '=' || value FROM tally ORDER BY name", scans="a test table")
ORPHAN = Command("INSERT INTO child(name) VALUES ('nobody')")


def raise_by(tx, name, step):
    """Add *step* to a tally and return what it was before."""
    before = tx.first(GET, name=name) or 0
    tx.run(PUT, name=name, value=before + step)
    return before


def raise_and_fail(tx, name, step):
    raise_by(tx, name, step)
    raise NotFound("GONE_WRONG")


def forget(tx, name):
    return tx.run(DELETE, name=name)


def insert(tx, name):
    """Fail when there is such a tally already."""
    tx.run(INSERT, name=name)


def leave_an_orphan(tx):
    """Succeed, and make the COMMIT fail."""
    tx.run(ORPHAN)


def half_read(tx):
    """Return a cursor that has more rows to give."""
    cursor = tx._connection.execute(ALL.sql)
    cursor.fetchone()
    return cursor


def contents(tx):
    return tx.all(ALL)


async def open_database(path):
    database = await Database.open(path, synchronous="OFF")
    await database.write(lambda tx: (tx.run(MAKE), tx.run(MAKE_CHILD)))
    return database


@pytest.fixture
async def database(tmp_path):
    database = await open_database(tmp_path / "test.db")
    yield database
    await database.close()


def expected(model, step):
    """Return what a step is told, and do it to the model, which is a dict."""
    kind, name = step[:2]
    if kind == "raise":
        before = model.get(name, 0)
        model[name] = before + step[2]
        return before
    if kind == "fail":
        return NotFound
    if kind == "forget":
        return int(model.pop(name, None) is not None)
    if name in model:
        return sqlite3.IntegrityError
    model[name] = 0
    return None


DO = {"raise": raise_by, "fail": raise_and_fail, "forget": forget, "insert": insert}
NAMES = st.sampled_from("abc")
STEPS = st.one_of(
    st.tuples(st.sampled_from(["raise", "fail"]), NAMES, st.integers(1, 9)),
    st.tuples(st.sampled_from(["forget", "insert"]), NAMES),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(STEPS, st.booleans()), max_size=30))
async def test_any_mix_of_writes_leaves_what_those_that_succeeded_did_one_after_another(
    database, steps
):
    await database.write(lambda tx: tx.run(FORGET_ALL))
    model = {}
    told = [expected(model, step) for step, _ in steps]

    outcomes = await asyncio.gather(
        *(database.write(DO[step[0]], *step[1:], heavy=heavy) for step, heavy in steps),
        return_exceptions=True,
    )

    assert [type(o) if isinstance(o, Exception) else o for o in outcomes] == told
    left = [f"{name}={value}" for name, value in sorted(model.items())]
    assert await database.read(contents) == left
    other_process = connect(database.path)
    assert [row[0] for row in other_process.execute(ALL.sql)] == left
    other_process.close()


async def test_a_commit_that_fails_fails_all_in_it_and_nothing_after_it(database):
    outcomes = await asyncio.gather(
        database.write(raise_by, "a", 1),
        database.write(leave_an_orphan),
        database.write(raise_by, "b", 1),
        return_exceptions=True,
    )

    assert [type(outcome) for outcome in outcomes] == [sqlite3.IntegrityError] * 3
    assert await database.read(contents) == []
    assert await database.write(raise_by, "a", 1) == 0
    assert await database.read(contents) == ["a=1"]


async def test_a_write_nobody_waits_for_any_more_is_not_done(database):
    cancelled = asyncio.create_task(database.write(raise_by, "a", 1))
    kept = asyncio.create_task(database.write(raise_by, "b", 1))
    await asyncio.sleep(0)
    cancelled.cancel()

    await kept

    assert await database.read(contents) == ["b=1"]


async def test_a_write_is_finished_though_nobody_waits_any_more_once_it_has_begun(database):
    def cancel_others(tx):
        for other in others:
            other.cancel()

    others = [asyncio.create_task(database.write(raise_by, "a", 1))]
    last = asyncio.create_task(database.write(cancel_others))

    await last

    assert others[0].cancelled()
    assert await database.read(contents) == ["a=1"]


async def test_more_writes_than_may_wait_are_turned_away(database):
    outcomes = await asyncio.gather(
        *(database.write(raise_by, "a", 1) for _ in range(300)), return_exceptions=True
    )

    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert {outcome.reason for outcome in refused} == {"TOO_MANY_WRITES"}
    assert len(refused) == 300 - 256
    assert await database.read(contents) == ["a=256"]


async def test_a_closed_database_takes_no_writes(tmp_path):
    database = await open_database(tmp_path / "test.db")
    await database.close()

    with pytest.raises(Unavailable, match="SHUTTING_DOWN"):
        await database.write(raise_by, "a", 1)


async def test_a_write_waits_for_another_process_that_writes(database):
    other = connect(database.path)
    other.execute("BEGIN IMMEDIATE")
    waiting = asyncio.create_task(database.write(raise_by, "a", 1))
    for _ in range(5):
        await asyncio.sleep(0)
    assert not waiting.done()
    # Reading goes on meanwhile.
    assert await database.read(contents) == []

    other.execute("COMMIT")
    other.close()

    assert await waiting == 0


async def test_who_waited_too_long_for_another_process_is_told_and_the_next_may_try(
    database, monkeypatch
):
    monkeypatch.setattr(writer, "BEGIN_TIMEOUT_S", 0)
    other = connect(database.path)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(Unavailable, match="DATABASE_BUSY"):
        await database.write(raise_by, "a", 1)

    other.execute("ROLLBACK")
    other.close()
    assert await database.write(raise_by, "a", 1) == 0


async def test_a_group_is_closed_when_it_has_held_the_loop_long_enough(database, monkeypatch):
    monkeypatch.setattr(writer, "MAX_HOLD_S", -1)

    outcomes = await asyncio.gather(*(database.write(raise_by, "a", 1) for _ in range(5)))

    assert outcomes == [0, 1, 2, 3, 4]


async def test_a_group_takes_no_more_than_so_many(database, monkeypatch):
    monkeypatch.setattr(writer, "MAX_GROUP", 2)

    outcomes = await asyncio.gather(*(database.write(raise_by, "a", 1) for _ in range(5)))

    assert outcomes == [0, 1, 2, 3, 4]


async def test_the_log_is_copied_back_as_writes_go_on(database, monkeypatch):
    monkeypatch.setattr(writer, "CHECKPOINT_EVERY", 3)
    empty = database.path.stat().st_size

    for _ in range(30):
        await database.write(lambda tx: raise_by(tx, "x" * 4000, 1))
    await database.write(raise_by, "a", 1, heavy=True)

    assert database.path.stat().st_size > empty


async def test_a_log_that_cannot_be_copied_back_is_reported_and_writes_go_on(
    database, monkeypatch, caplog
):
    for name in "abc":
        await database.write(raise_by, name, 1)
    monkeypatch.setattr(writer, "CHECKPOINT_EVERY", 1)

    with caplog.at_level(logging.WARNING):
        # No checkpoint is made on a connection that is still reading.
        reading = await database.write(half_read)
        await database.write(raise_by, "a", 1)
        # Answers come before checkpoints: this one, after the checkpoint of the group before it.
        await database.write(raise_by, "a", 1)
        reading.close()

    assert caplog.text.count("could not be copied back") >= 2
    assert await database.read(contents) == ["a=3", "b=1", "c=1"]


async def test_a_function_that_ends_the_transaction_itself_spares_its_neighbours(database):
    def end_it(tx):
        tx.run(Command("ROLLBACK"))

    outcomes = await asyncio.gather(
        database.write(raise_by, "a", 1),
        database.write(end_it),
        database.write(raise_by, "b", 1),
        return_exceptions=True,
    )

    assert [outcomes[0], outcomes[2]] == [0, 0]
    assert await database.read(contents) == ["a=1", "b=1"]


async def test_a_writer_that_lost_its_connection_answers_those_that_wait(tmp_path):
    database = await Database.open(tmp_path / "test.db")

    def lose(tx):
        tx._connection.close()

    outcome = await asyncio.gather(
        asyncio.wait_for(database.write(lose), 2), return_exceptions=True
    )
    assert isinstance(outcome[0], Exception)
    assert not isinstance(outcome[0], TimeoutError)
    await database.close()


async def test_a_heavy_write_nobody_waits_for_is_not_done(tmp_path):
    database = await Database.open(tmp_path / "test.db")
    done = []
    first = asyncio.create_task(database.write(lambda tx: done.append(1)))
    heavy = asyncio.create_task(database.write(lambda tx: done.append(2), heavy=True))
    await asyncio.sleep(0)
    heavy.cancel()
    await first
    await database.write(lambda tx: done.append(3))
    await database.close()
    assert done == [1, 3]
