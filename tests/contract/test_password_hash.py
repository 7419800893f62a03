"""A change of `password_hash` reaches each password at its user's next log-in."""

import asyncio
import sqlite3
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from litereg.app import Registry
from litereg.registry import passwords
from litereg.registry.passwords import Bcrypt, Scrypt
from litereg.settings import BCRYPT, SCRYPT
from tests.client import PASSWORD, Caller, People

WRONG = "wrong horse 1"
MADE_BY = {BCRYPT: Bcrypt(4), SCRYPT: Scrypt()}
each_word = pytest.mark.parametrize("word", [BCRYPT, SCRYPT])


@asynccontextmanager
async def opened(settings, word):
    registry = await Registry.open(replace(settings, password_hash=word))
    yield registry
    await registry.close()


def stored(settings):
    with sqlite3.connect(settings.db) as database:
        return database.execute("SELECT password_hash FROM user").fetchone()[0]


def spoil(settings, text):
    with sqlite3.connect(settings.db) as database:
        database.execute("UPDATE user SET password_hash = ?", (text,))


async def log_in(registry, password=PASSWORD, name="ann"):
    return await Caller(registry).mutate("login", username=name, password=password)


@pytest.fixture
def checked(monkeypatch):
    """The hashes that passwords were compared with."""
    seen = []
    matches = passwords.matches

    def matches_and_tell(password, stored):
        seen.append(stored)
        return matches(password, stored)

    monkeypatch.setattr(passwords, "matches", matches_and_tell)
    return seen


@pytest.mark.parametrize(("before", "after"), [(BCRYPT, SCRYPT), (SCRYPT, BCRYPT)])
async def test_the_hash_follows_the_setting_at_the_next_log_in(settings, before, after):
    async with opened(settings, before) as registry:
        session = (await People(registry)("ann")).token
    old = stored(settings)

    async with opened(settings, after) as registry:
        wrong = await log_in(registry, WRONG)
        untouched = stored(settings)
        logged_in = await log_in(registry)
        me = await Caller(registry, "", session).query("me", "username")
        new = stored(settings)
        again = await log_in(registry)

    assert wrong.error.message == "WRONG_CREDENTIALS"
    assert untouched == old
    assert logged_in.value
    assert again.value
    assert me.value == {"username": "ann"}
    assert [passwords.scheme_of(one) for one in (old, new)] == [MADE_BY[before], MADE_BY[after]]
    assert stored(settings) == new


@each_word
async def test_a_new_password_is_hashed_by_what_is_set(settings, word):
    other = BCRYPT if word == SCRYPT else SCRYPT
    async with opened(settings, other) as registry:
        ann = (await People(registry)("ann")).token

    async with opened(settings, word) as registry:
        value = {"oldPassword": PASSWORD, "newPassword": "another horse 8"}
        changed = await Caller(registry, "", ann).mutate("updateMyPassword", value=value)
        logged_in = await log_in(registry, "another horse 8")

    assert changed.errors == []
    assert logged_in.value
    assert passwords.scheme_of(stored(settings)) == MADE_BY[word]


@each_word
async def test_somebody_unknown_costs_what_a_wrong_password_does(settings, word, checked):
    async with opened(settings, word) as registry:
        await People(registry)("ann")
        checked.clear()
        known = await log_in(registry, WRONG)
        unknown = await log_in(registry, WRONG, "nobody")

    assert known.error == unknown.error
    assert [passwords.scheme_of(one) for one in checked] == [MADE_BY[word]] * 2


@pytest.mark.parametrize("damaged", ["", "$2b$04$", "$scrypt$ln=99,r=8,p=1$AAAA$AAAA", "\u00e9"])
async def test_a_damaged_hash_is_a_wrong_password_and_no_defect(settings, damaged, caplog):
    async with opened(settings, BCRYPT) as registry:
        await People(registry)("ann")
        spoil(settings, damaged)

        refused = await log_in(registry)

    assert (refused.error.message, refused.error.code) == ("WRONG_CREDENTIALS", "UNAUTHENTICATED")
    assert "Traceback" not in caplog.text
    assert all(record.exc_info is None for record in caplog.records)


async def test_many_who_log_in_at_once_take_the_memory_of_one(settings, monkeypatch):
    running, most = 0, 0
    hashed = Scrypt._key

    def counted(scheme, password, salt):
        nonlocal running, most
        running += 1
        most = max(most, running)
        try:
            return hashed(Scrypt(ln=10), password, salt)
        finally:
            running -= 1

    monkeypatch.setattr(Scrypt, "_key", counted)
    async with opened(settings, SCRYPT) as registry:
        await People(registry)("ann")

        all_of_them = await asyncio.gather(*(log_in(registry) for _ in range(8)))

    assert all(answer.value for answer in all_of_them)
    assert most == 1
