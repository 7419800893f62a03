"""Callers of the labels API, for the tests of this folder and of tests/contract/labels."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from litereg.app import Registry
from tests.client import Caller
from tests.labels.api import LabelsClient
from tests.labels.worlds import make_data_packages


@pytest.fixture
async def labels(people):
    """The administrator, who may change labels."""
    return LabelsClient(await people("ann"))


@pytest.fixture
async def reader(people, labels):
    """Somebody who may only read labels."""
    return LabelsClient(await people("bob"))


@pytest.fixture
async def serve_with(settings, registry):
    """Return a function that serves the same file under other settings, to the same callers."""
    opened = []

    async def serve(client, **changes):
        other = await Registry.open(replace(settings, **changes))
        opened.append(other)
        return LabelsClient(Caller(other, client.caller.name, client.caller.token))

    yield serve
    for other in opened:
        await other.close()


@pytest.fixture(scope="session")
def original(tmp_path_factory):
    """Return the file of a registry with nothing but the data packages of `worlds`."""
    path = tmp_path_factory.mktemp("labels") / "original.db"
    asyncio.run(make_data_packages(path))
    return path
