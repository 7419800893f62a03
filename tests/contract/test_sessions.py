"""One's sessions: what the list says of them, and who ends which."""

import time

import pytest

from litereg.registry.sessions import queries as sessions
from litereg.store import Command, Query
from tests.client import ALL_SCOPES, PASSWORD

EVERYTHING = "id createdAt lastUsed expiresAt current"
AGE = Command("UPDATE session SET expires_at = created_at", scans="it is a test's")
STORED = Query(bytes, "SELECT token_sha256 FROM session", scans="it is a test's")
OWNERS = Query(int, "SELECT user_id FROM session", scans="it is a test's")


async def log_in(people, name="ann"):
    """Return another session of somebody who is known already."""
    answer = await people.anonymous.mutate("login", username=name, password=PASSWORD)
    return people.with_token(answer.value)


async def listed(caller):
    return (await caller.query("mySessions", EVERYTHING)).value


async def ids(caller):
    return {session["id"] for session in await listed(caller)}


async def current(caller):
    """Return the id of the session that *caller* uses."""
    (found,) = [session["id"] for session in await listed(caller) if session["current"]]
    return found


async def key_of(people, ann):
    value = {"label": "k", "scopes": ALL_SCOPES}
    key = await ann.mutate("createAPIKey", "token", value=value)
    return people.with_token(key.value["token"], "api_key")


async def is_in(caller):
    return not (await caller.query("me", "username")).errors


async def test_one_sees_ones_own_sessions_and_which_of_them_one_uses(people):
    ann, bob = await people("ann"), await people("bob")
    elsewhere = await log_in(people)

    at_home, away, of_bob = await listed(ann), await listed(elsewhere), await listed(bob)

    assert [session["current"] for session in at_home] == [True, False]
    assert [session["current"] for session in away] == [True, False]
    assert at_home[0]["id"] == away[1]["id"]
    assert len(of_bob) == 1
    assert {one["id"] for one in of_bob} & {one["id"] for one in at_home} == set()
    first = at_home[0]
    assert first["createdAt"] <= first["lastUsed"] < first["expiresAt"]


async def test_a_session_that_has_ended_by_itself_is_not_listed(registry, people):
    ann = await people("ann")
    await registry.database.write(lambda tx: tx.run(AGE))
    again = await log_in(people)

    assert not await is_in(ann)
    assert len(await listed(again)) == 1


async def test_an_id_opens_nothing_and_holds_nothing_of_what_is_stored(registry, people):
    ann = await people("ann")
    (own,) = await listed(ann)
    stored = await registry.database.read(lambda tx: tx.all(STORED))

    assert not await is_in(people.with_token(own["id"]))
    assert not await is_in(people.with_token(own["id"], "api_key"))
    assert own["id"] not in ann.token
    assert all(own["id"][:8] not in digest.hex() for digest in stored)


async def test_one_session_is_ended_and_no_other(people):
    ann = await people("ann")
    lost, kept = await log_in(people), await log_in(people)

    ended = await ann.mutate("endSession", id=await current(lost), password=PASSWORD)

    assert ended.value is None
    assert [await is_in(one) for one in (ann, lost, kept)] == [True, False, True]
    assert len(await listed(ann)) == 2


async def test_ending_the_session_at_hand_logs_out(people):
    ann = await people("ann")

    await ann.mutate("endSession", id=await current(ann), password=PASSWORD)

    assert not await is_in(ann)


async def test_all_others_end_and_the_one_at_hand_and_keys_stay(people):
    ann, bob = await people("ann"), await people("bob")
    key = await key_of(people, ann)
    lost = [await log_in(people), await log_in(people)]

    ended = await ann.mutate("endOtherSessions", password=PASSWORD)

    assert ended.value is None
    assert [await is_in(one) for one in (ann, *lost, key, bob)] == [True, False, False, True, True]


async def test_nobody_ends_a_session_of_somebody_else(people):
    ann, bob = await people("ann"), await people("bob")
    of_ann = await current(ann)

    refused = await bob.mutate("endSession", id=of_ann, password=PASSWORD)
    await bob.mutate("endOtherSessions", password=PASSWORD)

    assert refused.error.message == f"SESSION_NOT_FOUND: {of_ann}"
    assert await is_in(ann)


@pytest.mark.parametrize("by_key", [False, True])
async def test_neither_a_session_nor_a_key_is_enough_to_end_one(people, by_key):
    ann = await people("ann")
    other = await log_in(people)
    thief = await key_of(people, ann) if by_key else other

    for attempt in (
        await thief.mutate("endSession", id=await current(ann), password="wrong horse 9"),
        await thief.mutate("endOtherSessions", password="wrong horse 9"),
    ):
        assert attempt.error.message == "WRONG_CREDENTIALS"
    assert await is_in(ann)
    assert await is_in(other)


async def test_a_key_sees_sessions_and_is_none(people):
    ann = await people("ann")
    key = await key_of(people, ann)

    assert [session["current"] for session in await listed(key)] == [False]


async def test_passwords_are_not_guessed_by_ending_sessions(people, settings):
    ann = await people("ann")

    for _ in range(settings.max_tries):
        await ann.mutate("endOtherSessions", password="wrong horse 9")
    refused = await ann.mutate("endOtherSessions", password=PASSWORD)

    assert refused.error.message.startswith("TOO_MANY_TRIES")


async def test_the_list_has_a_bound_and_the_session_at_hand_in_it(registry, people):
    ann = await people("ann")
    user_id = (await registry.database.read(lambda tx: tx.all(OWNERS)))[0]
    later = time.time_ns() // 1_000_000 + 60_000

    def flood(tx):
        for number in range(sessions.MAX_LISTED):
            sessions.insert_session(tx, number.to_bytes(32, "big"), user_id, later)

    await registry.database.write(flood)

    found = await listed(ann)
    assert len(found) == sessions.MAX_LISTED
    assert found[0]["current"] is True
