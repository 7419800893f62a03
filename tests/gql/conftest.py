from __future__ import annotations

from types import SimpleNamespace

import pytest

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


@pytest.fixture
async def database(tmp_path):
    database = await Database.open(tmp_path / "toy.db", read_timeout_s=0.3)
    await database.write(lambda tx: tx.run(toy.MAKE_TABLE))
    yield database
    await database.close()


@pytest.fixture
async def engine(toy_schema, database):
    """The engine, and in `answered` who was answered."""
    answered = []

    def after_answer(viewer, now):
        answered.append((viewer.username, now))

    settings = Settings(max_tokens=400, max_tokens_anonymous=100)
    engine = Engine(toy_schema, database, settings, toy.identify, after_answer)

    async def ask(query, token=None, *, heavy=False, operation=None, read_only=False, **variables):
        request = Request(query, operation, variables or None, read_only)
        credentials = Credentials(token, "bearer") if token else None
        return await engine.answer(request, credentials, "id-7", heavy)

    toy.held.clear()
    toy.done.clear()
    yield SimpleNamespace(ask=ask, answered=answered, engine=engine)
    engine.close()
