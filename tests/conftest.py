"""A real registry for each test: real SQLite, the real schema, requests as clients make them."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import sys

import graphql
import pytest
from hypothesis import settings as hypothesis_settings

from litereg.app import Registry
from litereg.gql import documents
from litereg.settings import Settings
from tests.client import People
from tests.filled import fill

# Bytecode is kept whatever the environment says: tests start many processes, and each of them would
# compile litereg and its libraries again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# How long an example takes says more about the machine than about litereg.
hypothesis_settings.register_profile("litereg", deadline=None)
hypothesis_settings.load_profile("litereg")


def pytest_xdist_auto_num_workers(config):
    """Share everything fast among the cores; run all else in this process, one after the other.

    What is slow drives browsers, loads machines or measures, and for a file or two it would take
    longer to start workers than to do without. None leaves it to pytest-xdist, which counts cores.
    """
    is_everything = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    is_fast = config.option.markexpr.startswith("not browser ")
    return None if is_everything and is_fast else 0


def pytest_collection_finish():
    """Spare the garbage collector the thousands of tests, which stay to the end."""
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def validated_once():
    """Let graphql-core look at a valid document once; each engine would have it do so again.

    Whether a document is valid for a schema never changes. What is not is looked at each time.
    """
    known = set()

    def validate(schema, document, rules, max_errors, hide_suggestions):
        text = document.loc.source.body
        key = (schema, text, tuple(rules), max_errors, hide_suggestions)
        if key in known:
            return []
        errors = graphql.validate(schema, document, rules, max_errors, hide_suggestions)
        if not errors:
            known.add(key)
        return errors

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(documents, "validate", validate)
        yield


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
