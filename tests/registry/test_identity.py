"""Who a token stands for as time goes by; the clock is an argument."""

import pytest

from litereg.access import Credentials
from litereg.errors import NotAuthenticated
from litereg.registry import accounts, identity
from litereg.registry.api_keys import service as api_keys
from litereg.registry.sessions import queries as sessions
from litereg.registry.tokens import digest
from litereg.registry.users.inputs import CreateUser
from litereg.store import Database

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
START = 1_600_000_000_000


@pytest.fixture
async def database(tmp_path):
    database = await Database.open(tmp_path / "litereg.db")
    yield database
    await database.close()


@pytest.fixture
async def ann(database):
    """The id of a user."""
    value = CreateUser(username="ann", email_address="ann@example.org", password="")
    return await database.write(accounts.create, value, None, START)


@pytest.fixture
async def session(database, ann):
    """A session that began at START."""
    await database.write(sessions.insert_session, digest("a token"), ann, START)
    return Credentials("a token", "bearer")


@pytest.fixture
async def key(database, ann):
    made = await database.write(api_keys.add_key, ann, "laptop", b"y" * 32, START)
    return Credentials(made.token, "api_key")


async def viewer(database, credentials, now):
    """Return the viewer at *now*, and note the use as the engine does."""
    found = await database.read(identity.identify, credentials, now)
    await note(database, found, now)
    return found


async def note(database, found, now):
    last_uses = identity.LastUses(database)
    last_uses.note(found, now)
    await last_uses.settle()


async def test_a_session_lasts_a_day_from_its_last_use(database, ann, session):
    assert (await viewer(database, session, START)).user_id == ann
    assert (await viewer(database, session, START + 20 * HOUR)).user_id == ann
    assert (await viewer(database, session, START + 43 * HOUR)).user_id == ann

    with pytest.raises(NotAuthenticated):
        await viewer(database, session, START + 67 * HOUR)


async def test_a_session_ends_after_thirty_days_however_often_it_is_used(database, session):
    for half_day in range(1, 60):
        await viewer(database, session, START + half_day * 12 * HOUR)

    with pytest.raises(NotAuthenticated, match="API_KEY_NOT_FOUND"):
        await viewer(database, session, START + 30 * DAY)


async def test_a_session_that_ended_is_not_revived_by_a_late_note_of_its_use(database, session):
    used = await database.read(identity.identify, session, START + 23 * HOUR)

    await note(database, used, START + 25 * HOUR)

    with pytest.raises(NotAuthenticated):
        await viewer(database, session, START + 26 * HOUR)


async def test_a_new_session_sweeps_those_that_ended(database, ann, session):
    await database.write(sessions.insert_session, digest("another"), ann, START + 2 * DAY)

    with pytest.raises(NotAuthenticated):
        await viewer(database, session, START)


async def test_a_key_has_no_end(database, ann, key):
    assert (await viewer(database, key, START + 3650 * DAY)).user_id == ann


@pytest.mark.parametrize("kind", ["session", "key"])
async def test_use_is_written_down_to_the_minute(database, ann, session, key, kind):
    credentials = {"session": session, "key": key}[kind]
    first = await viewer(database, credentials, START + 5 * MINUTE)

    soon = await database.read(identity.identify, credentials, START + 6 * MINUTE)
    late = await database.read(identity.identify, credentials, START + 6 * MINUTE + 1)

    assert [first.is_stale, soon.is_stale, late.is_stale] == [True, False, True]


async def test_a_new_session_needs_no_note_of_its_use(database, session):
    assert not (await viewer(database, session, START)).is_stale


async def test_a_cookie_holds_no_key(database, key):
    with pytest.raises(NotAuthenticated):
        await viewer(database, Credentials(key.token, "session"), START)


async def test_the_key_header_holds_no_session(database, session):
    with pytest.raises(NotAuthenticated):
        await viewer(database, Credentials(session.token, "api_key"), START)
