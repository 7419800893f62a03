"""One registry for a whole file, for tests that only read it or that are refused."""

from __future__ import annotations

import pytest_asyncio

from litereg.app import Registry
from litereg.settings import Settings
from tests.client import People


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_registry(tmp_path_factory):
    path = tmp_path_factory.mktemp("shared") / "litereg.db"
    registry = await Registry.open(Settings(db=str(path), password_cost=4))
    yield registry
    await registry.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_people(shared_registry):
    return People(shared_registry)
