"""One registry for a whole file, for tests that only read it or that are refused."""

from __future__ import annotations

import pytest
import pytest_asyncio

from litereg.app import Registry
from litereg.settings import Settings
from tests.client import People
from tests.contract.second_factors import Clock


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_registry(tmp_path_factory):
    path = tmp_path_factory.mktemp("shared") / "litereg.db"
    # Everybody tries everything that takes a password.
    settings = Settings(db=str(path), password_cost=4, max_tries=1_000)
    registry = await Registry.open(settings)
    yield registry
    await registry.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_people(shared_registry):
    return People(shared_registry)


@pytest.fixture
def clock(monkeypatch):
    """The time of every registry, which stands still unless a test lets it go on."""
    return Clock(monkeypatch)
