"""A real registry for each test: real SQLite, the real schema, requests as clients make them."""

from __future__ import annotations

import asyncio
import shutil

import pytest
from hypothesis import settings as hypothesis_settings

from litereg.app import Registry
from litereg.settings import Settings
from tests.client import People
from tests.filled import fill

# How long an example takes says more about the machine than about litereg.
hypothesis_settings.register_profile("litereg", deadline=None)
hypothesis_settings.load_profile("litereg")


@pytest.fixture(scope="session")
def new_database(tmp_path_factory):
    """An empty registry's file, to be copied: making one anew takes longer than most tests."""
    path = tmp_path_factory.mktemp("new") / "litereg.db"

    async def make():
        await (await Registry.open(Settings(db=str(path)))).close()

    asyncio.run(make())
    return path


@pytest.fixture(scope="session")
def filled_database(tmp_path_factory):
    """The file of a registry with something of every kind in it, to be copied."""
    path = tmp_path_factory.mktemp("filled") / "litereg.db"
    fill(path)
    return path


@pytest.fixture
def settings(tmp_path, new_database):
    path = tmp_path / "litereg.db"
    shutil.copyfile(new_database, path)
    path.chmod(0o600)
    return Settings(db=str(path), password_cost=4)


@pytest.fixture
async def registry(settings):
    registry = await Registry.open(settings)
    yield registry
    await registry.close()


@pytest.fixture
def people(registry):
    """Callers by name: `await people("ann")` signs ann up the first time."""
    return People(registry)


@pytest.fixture
def anonymous(people):
    return people.anonymous
