import sqlite3

import pytest

from litereg.store import Command, Database, Query


@pytest.fixture
async def database(tmp_path):
    database = await Database.open(tmp_path / "test.db")
    yield database
    await database.close()


async def test_many_rows_are_changed_by_one_command(database):
    insert = Command("INSERT INTO viewer(id) VALUES (:id)")

    count = await database.write(
        lambda tx: (tx.run_many(insert, [{"id": 100}, {"id": 101}]), tx.statements)
    )

    assert count == (2, 1)


async def test_many_rows_of_which_one_is_refused_are_all_refused(database):
    insert = Command("INSERT INTO viewer(id) VALUES (:id)")
    count = Query(int, "SELECT count(*) FROM viewer", scans="a test counts")

    with pytest.raises(Exception, match="UNIQUE"):
        await database.write(lambda tx: tx.run_many(insert, [{"id": 100}, {"id": 100}]))

    assert await database.read(lambda tx: tx.one(count)) == 1


async def test_one_row_that_must_be_there_and_is_not_is_a_defect(database):
    absent = Query(int, "SELECT id FROM viewer WHERE id = :id")

    with pytest.raises(LookupError, match="SELECT id FROM viewer"):
        await database.read(lambda tx: tx.one(absent, id=7))
    assert await database.read(lambda tx: tx.first(absent, id=7)) is None


@pytest.mark.parametrize("method", ["all", "first", "one"])
async def test_a_statement_that_cannot_run_is_a_defect(database, method):
    wrong = Query(int, "SELECT weight FROM viewer WHERE id = 1")

    with pytest.raises(Exception, match="no such column"):
        await database.read(lambda tx: getattr(tx, method)(wrong))


async def test_a_list_is_one_parameter(database):
    insert = Command("INSERT INTO viewer(id) VALUES (:id)")
    some = Query(int, "SELECT id FROM viewer WHERE id IN ({ids}) ORDER BY id")
    await database.write(lambda tx: tx.run_many(insert, [{"id": n} for n in range(5, 9)]))

    assert await database.read(lambda tx: tx.all(some, ids=[8, 6, 99])) == [6, 8]
    assert await database.read(lambda tx: tx.all(some, ids=[])) == []


async def test_a_read_that_ends_its_own_transaction_gets_no_further(database):
    def end_and_go_on(tx):
        tx.run(Command("ROLLBACK"))
        tx.run(Command("ROLLBACK"))

    with pytest.raises(sqlite3.OperationalError, match="no transaction is active"):
        await database.read(end_and_go_on)


async def test_a_long_read_of_which_nobody_keeps_the_effort_is_answered_too(database):
    long = Query(
        int,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100000) "
        "SELECT count(*) FROM n",
    )

    assert await database.read(lambda tx: tx.one(long)) == 100_000


async def test_what_is_done_in_a_rehearsal_is_taken_back_and_the_rest_stays(database):
    insert = Command("INSERT INTO viewer(id) VALUES (:id)")
    some = Query(int, "SELECT id FROM viewer WHERE id IN ({ids}) ORDER BY id")

    def rehearse_between(tx):
        tx.run(insert, id=100)
        with tx.undone():
            tx.run(insert, id=101)
            seen = tx.all(some, ids=[100, 101, 102])
        tx.run(insert, id=102)
        return seen

    assert await database.write(rehearse_between) == [100, 101]
    assert await database.read(lambda tx: tx.all(some, ids=[100, 101, 102])) == [100, 102]


async def test_a_rehearsal_that_fails_is_taken_back_too(database):
    insert = Command("INSERT INTO viewer(id) VALUES (:id)")
    some = Query(int, "SELECT id FROM viewer WHERE id IN ({ids}) ORDER BY id")

    def go_on_after_a_failure(tx):
        with pytest.raises(ValueError), tx.undone():
            tx.run(insert, id=100)
            raise ValueError

    await database.write(go_on_after_a_failure)

    assert await database.read(lambda tx: tx.all(some, ids=[100])) == []
