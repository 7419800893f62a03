"""The process whose power is cut: many tasks that write through litereg's store.

`python -m tests.durability.writer FILE SYNCHRONOUS LABEL TASKS WRITES_PER_TASK` prints one JSON
object: `acknowledged` maps the name of a write to the CLOCK_MONOTONIC nanoseconds at which the
store had answered it, `refused` counts the writes that raised on purpose and must leave no trace.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

from litereg.errors import Conflict
from litereg.store import Command, Database, Transaction
from tests.durability.writes import ADD_PIECE, RAISE_TALLY, TABLES, pieces

ADD = Command(ADD_PIECE)
RAISE = Command(RAISE_TALLY)


def make_tables(tx: Transaction) -> None:
    for table in TABLES:
        tx.run(Command(table))


def add(tx: Transaction, name: str) -> None:
    tx.run_many(
        ADD, [{"name": name, "part": part, "body": body} for part, body in enumerate(pieces(name))]
    )
    tx.run(RAISE)


def add_then_fail(tx: Transaction, name: str) -> None:
    add(tx, name)
    raise Conflict("REFUSED_ON_PURPOSE")


async def write_all(
    path: str, synchronous: str, label: str, tasks: int, writes: int
) -> dict[str, object]:
    """Write from *tasks* tasks at once, and return what each was told."""
    acknowledged: dict[str, int] = {}
    refused = 0

    async def write_some(task: int) -> None:
        nonlocal refused
        for number in range(writes):
            name = f"{label}-{task}-{number}"
            try:
                await database.write(
                    add_then_fail if number % 9 == 4 else add, name, heavy=number % 40 == 7
                )
                acknowledged[name] = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
            except Conflict:
                refused += 1

    database = await Database.open(path, synchronous=synchronous)
    try:
        await database.write(make_tables)
        await asyncio.gather(*(write_some(task) for task in range(tasks)))
    finally:
        await database.close()
    return {"acknowledged": acknowledged, "refused": refused}


if __name__ == "__main__":
    path, synchronous, label, tasks, writes = sys.argv[1:]
    told = asyncio.run(write_all(path, synchronous, label, int(tasks), int(writes)))
    sys.stdout.write(json.dumps(told))
