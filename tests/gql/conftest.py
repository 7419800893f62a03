from __future__ import annotations

from types import SimpleNamespace

import pytest
import pytest_asyncio

from litereg.access import Credentials
from litereg.gql.documents import Documents
from litereg.gql.engine import Engine, Request
from litereg.settings import Settings
from litereg.store import Database
from tests.gql import toy


@pytest.fixture(scope="session")
def toy_schema():
    return toy.make_schema()


@pytest.fixture
def documents(toy_schema):
    return Documents(toy_schema, Settings())


async def open_database(folder):
    database = await Database.open(folder / "toy.db", read_timeout_s=0.3)
    await database.write(lambda tx: tx.run(toy.MAKE_TABLE))
    return database


def make_engine(schema, database):
    """Return an engine, how to ask it, and in `answered` who was answered."""
    answered = []

    def after_answer(viewer, now):
        answered.append((viewer.username, now))

    settings = Settings(max_tokens=400, max_tokens_anonymous=100)
    engine = Engine(schema, database, settings, toy.identify, after_answer)

    async def ask(query, token=None, *, heavy=False, operation=None, read_only=False, **variables):
        request = Request(query, operation, variables or None, read_only)
        credentials = Credentials(token, "bearer") if token else None
        return await engine.answer(request, credentials, "id-7", heavy)

    return SimpleNamespace(ask=ask, answered=answered, engine=engine)


@pytest.fixture
async def engine(toy_schema, tmp_path):
    """An engine of its own for each test."""
    database = await open_database(tmp_path)
    made = make_engine(toy_schema, database)
    toy.held.clear()
    toy.done.clear()
    yield made
    made.engine.close()
    await database.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_engine(toy_schema, tmp_path_factory):
    """One engine for a whole file, for tests that only ask."""
    database = await open_database(tmp_path_factory.mktemp("shared"))
    made = make_engine(toy_schema, database)
    yield made
    made.engine.close()
    await database.close()
