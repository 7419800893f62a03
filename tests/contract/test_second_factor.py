"""Logging in with a second factor: what it asks for, which codes count, and what it keeps out."""

import asyncio
import sqlite3
from contextlib import closing

import pytest

from litereg.registry import tickets
from litereg.registry.administration import service as administration
from litereg.registry.tickets import Claim, Purpose
from litereg.settings import Settings
from tests.client import PASSWORD
from tests.contract.second_factors import (
    MINUTE,
    STEP,
    finish,
    is_in,
    key_of,
    log_in,
    opened,
    refusal,
    set_up,
    state,
    ticket_of,
)

WRONG = "wrong horse 9"
OTHER = "another horse 8"


@pytest.fixture
async def ann(clock, people):
    return await people("ann")


@pytest.fixture
async def app(ann, clock):
    return await set_up(ann, clock)


async def test_without_one_a_log_in_is_what_it_always_was(ann, anonymous):
    for kind in (anonymous.query, anonymous.mutate):
        assert (await kind("login", username="ann", password=PASSWORD)).value
    assert await state(ann) == {
        "isOn": False,
        "since": None,
        "recoveryCodesLeft": 0,
        "isRequired": False,
    }


async def test_then_a_log_in_takes_both(app, people):
    first = await people.anonymous.mutate("login", username="ann@example.org", password=PASSWORD)
    by_query = await people.anonymous.query("login", username="ann", password=PASSWORD)

    second = await finish(people.anonymous, first.error.extensions["ticket"], app.code())

    assert refusal(first) == refusal(by_query) == ("ONE_TIME_CODE_REQUIRED", "UNAUTHENTICATED")
    assert first.status == 200
    assert first.data in (None, {"login": None})
    assert set(first.error.extensions) == {"code", "ticket"}
    assert (await people.with_token(second.value).query("me", "username")).value == {
        "username": "ann"
    }


async def test_a_wrong_password_is_told_nothing_of_it(app, anonymous):
    refused = await anonymous.mutate("login", username="ann", password=WRONG)

    assert refusal(refused) == ("WRONG_CREDENTIALS", "UNAUTHENTICATED")
    assert set(refused.error.extensions) == {"code"}


async def test_a_ticket_is_no_session_and_no_key(app, people):
    ticket = await ticket_of(people.anonymous)

    for kind in ("bearer", "session", "api_key"):
        assert not await is_in(people.with_token(ticket, kind))


async def test_each_code_counts_once_and_none_from_before_it(app, anonymous, clock):
    current, before, after = app.code(), app.code(-1), app.code(1)

    taken = await log_in(anonymous, current)
    again = await log_in(anonymous, current)
    older = await log_in(anonymous, before)
    newer = await log_in(anonymous, after)
    newer_again = await log_in(anonymous, after)

    assert taken.value
    assert newer.value
    for refused in (again, older, newer_again):
        assert refusal(refused) == ("WRONG_ONE_TIME_CODE", "UNAUTHENTICATED")


async def test_the_code_that_confirmed_the_app_does_not_log_in(ann, clock, anonymous):
    app = await set_up(ann, clock)
    clock.wait(-2 * STEP)

    assert refusal(await log_in(anonymous, app.code())) == (
        "WRONG_ONE_TIME_CODE",
        "UNAUTHENTICATED",
    )
    assert (await log_in(anonymous, app.code(1))).value


@pytest.mark.parametrize("steps", [-2, 2, 100])
async def test_codes_of_other_times_do_not_count(app, anonymous, steps):
    assert refusal(await log_in(anonymous, app.code(steps)))[0] == "WRONG_ONE_TIME_CODE"


@pytest.mark.parametrize("code", ["", "x", "12345", "1234567", "é" * 6, "a" * 100_000, "\ud800"])
async def test_what_is_no_code_is_a_wrong_one(app, anonymous, code):
    result = await log_in(anonymous, code)

    assert refusal(result)[0] in ("WRONG_ONE_TIME_CODE", "BAD_REQUEST")


async def test_a_recovery_code_takes_its_place_once(app, ann, anonymous):
    typed = app.codes[0].upper().replace("-", " ")

    taken = await log_in(anonymous, typed)
    again = await log_in(anonymous, app.codes[0])

    assert taken.value
    assert refusal(again)[0] == "WRONG_ONE_TIME_CODE"
    assert (await log_in(anonymous, app.codes[1])).value


async def test_how_many_recovery_codes_are_left_is_told(app, people):
    token = (await log_in(people.anonymous, app.codes[3])).value

    assert (await state(people.with_token(token)))["recoveryCodesLeft"] == 9


async def test_a_recovery_code_of_somebody_else_is_none(app, people, clock):
    bob = await people("bob")
    bobs = await set_up(bob, clock)

    refused = await log_in(people.anonymous, bobs.codes[0])
    crossed = await finish(people.anonymous, await ticket_of(people.anonymous, "bob"), app.code())

    assert refusal(refused)[0] == refusal(crossed)[0] == "WRONG_ONE_TIME_CODE"
    assert (await state(bob))["recoveryCodesLeft"] == 10


async def test_wrong_codes_run_out_and_a_restart_forgives_nothing(settings, clock):
    async with opened(settings) as people:
        app = await set_up(await people("ann"), clock)
        ticket = await ticket_of(people.anonymous)
        tries = [await finish(people.anonymous, ticket, app.wrong()) for _ in range(10)]
        refused = await finish(people.anonymous, ticket, app.code())
    async with opened(settings) as people:
        still = await log_in(people.anonymous, app.code())

    assert {refusal(result)[0] for result in tries} == {"WRONG_ONE_TIME_CODE"}
    assert refusal(refused) == refusal(still) == ("TOO_MANY_TRIES", "LIMIT_EXCEEDED")
    # One try comes back in six minutes.
    assert refused.error.extensions["retryAfterSeconds"] == 360


async def test_tries_come_back_with_time(app, anonymous, clock):
    ticket = await ticket_of(anonymous)
    for _ in range(10):
        await finish(anonymous, ticket, app.wrong())
    clock.wait(6 * MINUTE)

    assert (await log_in(anonymous, app.code())).value


async def test_wrong_codes_of_one_keep_nobody_else_waiting(app, people, clock):
    bobs = await set_up(await people("bob"), clock)
    ticket = await ticket_of(people.anonymous)
    for _ in range(11):
        await finish(people.anonymous, ticket, app.wrong())

    assert (await log_in(people.anonymous, bobs.code(), "bob")).value


async def test_many_codes_in_one_document_are_one_try(app, anonymous):
    ticket = await ticket_of(anonymous)
    codes = [app.wrong(), app.code()]
    text = " ".join(
        f'a{n}: finishLogin(ticket: "{ticket}", oneTimeCode: "{code}")'
        for n, code in enumerate(codes)
    )

    answer = await anonymous.send(f"mutation {{ {text} }}")

    assert {error.message.split(":")[0] for error in answer.errors} <= {
        "WRONG_ONE_TIME_CODE",
        "TOO_MANY_PASSWORDS",
    }
    assert answer.data is None
    assert (await log_in(anonymous, app.code())).value


async def test_logging_in_rightly_any_number_of_times_uses_nothing_up(app, anonymous, clock):
    for _ in range(15):
        assert (await log_in(anonymous, app.code())).value
        clock.wait(STEP)


async def test_the_right_password_alone_is_no_wrong_try(app, anonymous):
    for _ in range(15):
        assert await ticket_of(anonymous)


async def test_a_ticket_is_good_for_ten_minutes(app, anonymous, clock):
    ticket = await ticket_of(anonymous)

    clock.wait(10 * MINUTE - 1)
    in_time = await finish(anonymous, ticket, app.code())
    clock.wait(STEP)
    too_late = await finish(anonymous, ticket, app.code())

    assert in_time.value
    assert refusal(too_late) == ("TOKEN_NOT_VALID", "BAD_USER_INPUT")


@pytest.mark.parametrize("change", ["", "x", "é", "cut", "swapped", "of another registry"])
async def test_no_other_ticket_is_good(app, anonymous, clock, change, tmp_path):
    ticket = await ticket_of(anonymous)
    if change == "cut":
        bad = ticket[:-4]
    elif change == "swapped":
        bad = ticket[:-1] + ("A" if ticket[-1] != "A" else "E")
    elif change == "of another registry":
        async with opened(Settings(db=str(tmp_path / "other.db"), password_cost=4)) as others:
            await set_up(await others("ann"), clock)
            bad = await ticket_of(others.anonymous)
    else:
        bad = change

    refused = await finish(anonymous, bad, app.code())

    assert refusal(refused) == ("TOKEN_NOT_VALID", "BAD_USER_INPUT")


@pytest.mark.parametrize("size", [32, 20])
async def test_whoever_has_the_file_cannot_make_a_ticket(app, anonymous, settings, clock, size):
    with closing(sqlite3.connect(settings.db)) as database:
        user_id, password_hash = database.execute("SELECT id, password_hash FROM user").fetchone()
        keys = [row[0] for row in database.execute("SELECT secret FROM cursor_secret")]
        keys += [row[0] for row in database.execute("SELECT secret FROM second_factor")]
    key = next(key for key in keys if len(key) == size)
    claim = Claim(user_id, clock.now + MINUTE)
    forged = tickets.write(key, Purpose.FINISH_LOG_IN, claim, password_hash)

    refused = await finish(anonymous, forged, app.code())

    assert refusal(refused) == ("TOKEN_NOT_VALID", "BAD_USER_INPUT")


async def test_a_new_password_makes_tickets_worthless(app, ann, anonymous):
    ticket = await ticket_of(anonymous)
    value = {"oldPassword": PASSWORD, "newPassword": OTHER}
    assert not (await ann.mutate("updateMyPassword", value=value)).errors

    refused = await finish(anonymous, ticket, app.code())

    assert refusal(refused)[0] == "TOKEN_NOT_VALID"
    assert (await log_in(anonymous, app.code(), password=OTHER)).value


async def test_another_hash_of_the_same_password_does_not(settings, clock):
    async with opened(settings) as people:
        app = await set_up(await people("ann"), clock)
    async with opened(settings, password_cost=5) as people:
        logged_in = await log_in(people.anonymous, app.code())
    with closing(sqlite3.connect(settings.db)) as database:
        stored = database.execute("SELECT password_hash FROM user").fetchone()[0]

    assert logged_in.value
    assert stored.startswith("$2b$05$")


async def test_whoever_is_suspended_between_the_steps_stays_out(app, registry, anonymous, clock):
    ticket = await ticket_of(anonymous)
    await registry.database.write(administration.suspend, "ann", clock.now)

    refused = await finish(anonymous, ticket, app.code())

    assert refusal(refused) == ("ACCOUNT_SUSPENDED", "UNAUTHENTICATED")


async def test_a_ticket_is_worthless_once_the_second_factor_is_off(app, ann, anonymous):
    ticket = await ticket_of(anonymous)
    await ann.mutate("endSecondFactor", password=PASSWORD, oneTimeCode=app.code())

    refused = await finish(anonymous, ticket, app.code(1))

    assert refusal(refused)[0] == "TOKEN_NOT_VALID"


async def test_keys_and_links_of_the_shell_are_asked_for_no_code(app, ann, people, registry, clock):
    key = await key_of(people, ann)
    token = await registry.database.write(administration.make_link, "ann", b"l" * 32, clock.now)

    linked = await people.anonymous.mutate("useLoginLink", token=token)

    assert await is_in(key)
    assert await is_in(people.with_token(linked.value))


async def test_of_recovery_codes_only_digests_are_stored_and_of_tickets_nothing(
    app, anonymous, settings
):
    ticket = await ticket_of(anonymous)
    with closing(sqlite3.connect(settings.db)) as database:
        dump = "\n".join(database.iterdump()).lower()

    assert "recovery_code" in dump
    for code in app.codes:
        assert code not in dump
        assert code.replace("-", "") not in dump
    assert ticket.lower() not in dump


async def test_two_at_once_with_one_code_are_one_log_in(app, anonymous):
    held = [await ticket_of(anonymous) for _ in range(4)]
    code = app.code()

    answers = await asyncio.gather(*(finish(anonymous, ticket, code) for ticket in held))

    assert sorted(bool(answer.errors) for answer in answers) == [False, True, True, True]
