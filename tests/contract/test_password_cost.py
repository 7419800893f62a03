"""A change of `password_cost` reaches each password at its user's next log-in."""

import asyncio
import sqlite3
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from litereg.app import Registry
from litereg.registry import passwords
from litereg.registry.passwords import Bcrypt
from tests.client import PASSWORD, Caller, People

WRONG = "wrong horse 1"


@asynccontextmanager
async def opened(settings, cost):
    registry = await Registry.open(replace(settings, password_cost=cost))
    yield registry
    await registry.close()


@pytest.fixture
async def session(settings):
    """The session of ann, whose password was hashed at cost 4."""
    async with opened(settings, 4) as registry:
        return (await People(registry)("ann")).token


def stored(settings):
    with sqlite3.connect(settings.db) as database:
        return database.execute("SELECT password_hash, updated_at FROM user").fetchone()


@pytest.mark.parametrize(("before", "after"), [(4, 5), (5, 4)])
async def test_the_right_password_is_hashed_at_the_new_cost(settings, before, after):
    async with opened(settings, before) as registry:
        session = (await People(registry)("ann")).token
    old_hash, old_time = stored(settings)

    async with opened(settings, after) as registry:
        logged_in = await Caller(registry).query("login", username="ann", password=PASSWORD)
        me = await Caller(registry, "", session).query("me", "username")

    new_hash, new_time = stored(settings)
    assert logged_in.value
    assert me.value == {"username": "ann"}
    assert [passwords.scheme_of(one) for one in (old_hash, new_hash)] == [
        Bcrypt(before),
        Bcrypt(after),
    ]
    assert passwords.matches(PASSWORD, new_hash)
    assert new_time == old_time


async def test_it_is_hashed_once(settings, session):
    async with opened(settings, 5) as registry:
        await Caller(registry).mutate("login", username="ann", password=PASSWORD)
        once = stored(settings)
        again = await Caller(registry).mutate("login", username="ann", password=PASSWORD)

    assert again.value
    assert stored(settings) == once


async def test_a_wrong_password_hashes_nothing(settings, session, monkeypatch):
    before = stored(settings)
    monkeypatch.delattr(passwords, "hash_password")

    async with opened(settings, 5) as registry:
        refused = await Caller(registry).query("login", username="ann", password=WRONG)

    assert refused.error.message == "WRONG_CREDENTIALS"
    assert stored(settings) == before


async def test_who_may_not_come_in_keeps_the_old_hash(settings, session):
    before = stored(settings)[0]
    with sqlite3.connect(settings.db) as database:
        database.execute("UPDATE user SET status = 'SUSPENDED'")

    async with opened(settings, 5) as registry:
        refused = await Caller(registry).query("login", username="ann", password=PASSWORD)

    assert refused.error.message == "ACCOUNT_SUSPENDED"
    assert stored(settings)[0] == before


async def test_two_who_log_in_at_once_both_come_in(settings, session):
    async with opened(settings, 5) as registry:
        calls = (Caller(registry).query("login", username="ann", password=PASSWORD) for _ in "ab")
        both = await asyncio.gather(*calls)

    assert len({result.value for result in both}) == 2
    assert passwords.scheme_of(stored(settings)[0]) == Bcrypt(5)
