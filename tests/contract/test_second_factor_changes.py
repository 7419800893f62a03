"""Setting up a second factor, moving it to another app, and turning it off."""

import re
import sqlite3
from contextlib import closing

import pytest

from tests.client import PASSWORD
from tests.contract.second_factors import (
    MINUTE,
    STEP,
    App,
    is_in,
    key_of,
    log_in,
    refusal,
    set_up,
    state,
    ticket_of,
)

WRONG = "wrong horse 9"
ROWS = ("second_factor", "pending_second_factor", "recovery_code")


@pytest.fixture
async def ann(clock, people):
    return await people("ann")


@pytest.fixture
async def app(ann, clock):
    return await set_up(ann, clock)


async def test_an_app_is_set_up_by_the_password_and_confirmed_by_a_code(ann, clock, people):
    elsewhere = people.with_token(
        (await people.anonymous.mutate("login", username="ann", password=PASSWORD)).value
    )
    key = await key_of(people, ann)

    begun = (await ann.mutate("beginSecondFactor", "secret address", password=PASSWORD)).value
    before = await state(ann)
    app = App(clock, begun["secret"], [])
    confirmed = await ann.mutate(
        "confirmSecondFactor", "recoveryCodes session", oneTimeCode=app.code()
    )

    assert before["isOn"] is False
    assert re.fullmatch("[A-Z2-7]{32}", begun["secret"])
    assert begun["address"] == f"otpauth://totp/litereg:ann?secret={begun['secret']}&issuer=litereg"
    codes = confirmed.value["recoveryCodes"]
    assert len(set(codes)) == 10
    assert confirmed.value["session"] is None
    assert await state(ann) == {
        "isOn": True,
        "since": "2023-11-14T22:13:30.000Z",
        "recoveryCodesLeft": 10,
        "isRequired": False,
    }
    # Whatever a password alone began has ended.
    assert [await is_in(caller) for caller in (ann, elsewhere, key)] == [True, False, True]


async def test_setting_up_takes_the_password_or_a_ticket_and_not_both(ann):
    for given in ({}, {"password": PASSWORD, "ticket": "x"}):
        refused = await ann.mutate("beginSecondFactor", "secret", **given)
        assert refusal(refused) == ("PASSWORD_OR_TICKET_REQUIRED", "GRAPHQL_VALIDATION_FAILED")
    wrong = await ann.mutate("beginSecondFactor", "secret", password=WRONG)
    assert refusal(wrong) == ("WRONG_CREDENTIALS", "UNAUTHENTICATED")


async def test_a_ticket_to_log_in_sets_nothing_up(app, anonymous):
    ticket = await ticket_of(anonymous)

    begun = await anonymous.mutate("beginSecondFactor", "secret", ticket=ticket)
    confirmed = await anonymous.mutate(
        "confirmSecondFactor", "session", ticket=ticket, oneTimeCode=app.code()
    )

    assert refusal(begun)[0] == refusal(confirmed)[0] == "TOKEN_NOT_VALID"


async def test_nothing_is_confirmed_that_was_not_begun_within_an_hour(ann, clock):
    early = await ann.mutate("confirmSecondFactor", "session", oneTimeCode="123456")
    begun = await ann.mutate("beginSecondFactor", "secret", password=PASSWORD)
    app = App(clock, begun.value["secret"], [])
    wrong = await ann.mutate("confirmSecondFactor", "session", oneTimeCode=app.wrong())
    clock.wait(60 * MINUTE)
    late = await ann.mutate("confirmSecondFactor", "session", oneTimeCode=app.code())

    assert refusal(early) == refusal(late) == ("SECOND_FACTOR_NOT_BEGUN", "BAD_USER_INPUT")
    assert refusal(wrong)[0] == "WRONG_ONE_TIME_CODE"
    assert (await state(ann))["isOn"] is False


async def test_only_the_secret_that_was_shown_last_counts(ann, clock):
    first = (await ann.mutate("beginSecondFactor", "secret", password=PASSWORD)).value["secret"]
    second = (await ann.mutate("beginSecondFactor", "secret", password=PASSWORD)).value["secret"]

    assert first != second
    code = App(clock, first, []).code()
    refused = await ann.mutate("confirmSecondFactor", "session", oneTimeCode=code)
    assert refusal(refused)[0] == "WRONG_ONE_TIME_CODE"


async def test_another_app_takes_the_place_of_the_one_there_is(app, ann, anonymous, clock):
    without = await ann.mutate("beginSecondFactor", "secret", password=PASSWORD)
    begun = await ann.mutate(
        "beginSecondFactor", "secret", password=PASSWORD, oneTimeCode=app.codes[0]
    )
    other = App(clock, begun.value["secret"], [])
    meanwhile = await log_in(anonymous, app.code())
    confirmed = await ann.mutate("confirmSecondFactor", "recoveryCodes", oneTimeCode=other.code())
    clock.wait(2 * STEP)

    assert refusal(without) == ("ONE_TIME_CODE_REQUIRED", "UNAUTHENTICATED")
    assert meanwhile.value
    assert refusal(await log_in(anonymous, app.code()))[0] == "WRONG_ONE_TIME_CODE"
    assert refusal(await log_in(anonymous, app.codes[1]))[0] == "WRONG_ONE_TIME_CODE"
    assert (await log_in(anonymous, other.code())).value
    assert (await log_in(anonymous, confirmed.value["recoveryCodes"][0])).value


async def test_it_is_turned_off_by_password_and_code(app, ann, people):
    elsewhere = people.with_token((await log_in(people.anonymous, app.code())).value)

    ended = await ann.mutate("endSecondFactor", password=PASSWORD, oneTimeCode=app.code(1))

    assert ended.value is None
    assert (await state(ann))["isOn"] is False
    assert [await is_in(ann), await is_in(elsewhere)] == [True, False]
    assert (await people.anonymous.mutate("login", username="ann", password=PASSWORD)).value


async def test_whoever_has_lost_the_app_turns_it_off_by_a_recovery_code(app, ann):
    ended = await ann.mutate("endSecondFactor", password=PASSWORD, oneTimeCode=app.codes[9])

    assert ended.value is None
    assert (await state(ann))["recoveryCodesLeft"] == 0


@pytest.mark.parametrize("by_key", [False, True])
async def test_neither_session_nor_key_nor_one_of_the_two_turns_it_off(app, ann, people, by_key):
    thief = await key_of(people, ann) if by_key else ann
    for field in ("endSecondFactor", "newRecoveryCodes"):
        no_password = await thief.mutate(field, password=WRONG, oneTimeCode=app.code())
        no_code = await thief.mutate(field, password=PASSWORD, oneTimeCode=app.wrong())

        assert refusal(no_password)[0] == "WRONG_CREDENTIALS"
        assert refusal(no_code)[0] == "WRONG_ONE_TIME_CODE"
    assert await state(ann) | {"since": 0} == {
        "isOn": True,
        "since": 0,
        "recoveryCodesLeft": 10,
        "isRequired": False,
    }


async def test_neither_is_guessed_by_turning_it_off(app, ann):
    for _ in range(10):
        await ann.mutate("endSecondFactor", password=PASSWORD, oneTimeCode=app.wrong())

    refused = await ann.mutate("endSecondFactor", password=PASSWORD, oneTimeCode=app.code())

    assert refusal(refused)[0] == "TOO_MANY_TRIES"


async def test_a_refused_code_is_not_used_up(app, ann, anonymous):
    refused = await ann.mutate("newRecoveryCodes", password=WRONG, oneTimeCode=app.code())

    assert refusal(refused)[0] == "WRONG_CREDENTIALS"
    assert (await log_in(anonymous, app.code())).value


async def test_new_recovery_codes_take_the_place_of_the_old_ones(app, ann, anonymous):
    new = (await ann.mutate("newRecoveryCodes", password=PASSWORD, oneTimeCode=app.codes[0])).value

    assert len(set(new) | set(app.codes)) == 20
    assert refusal(await log_in(anonymous, app.codes[1]))[0] == "WRONG_ONE_TIME_CODE"
    assert (await log_in(anonymous, new[0])).value


async def test_a_closed_account_leaves_nothing_of_it(app, ann, people, settings):
    value = {"username": "bob", "emailAddress": "bob@example.org", "password": PASSWORD}
    await people.anonymous.mutate("createMe", value=value)
    await ann.mutate("setAsAdmin", username="bob", isAdmin=True)
    await ann.mutate("beginSecondFactor", "secret", password=PASSWORD, oneTimeCode=app.code())

    assert not (await ann.mutate("deleteMe")).errors

    assert counted(settings.db) == dict.fromkeys(ROWS, 0)


def counted(path):
    with closing(sqlite3.connect(path)) as database:
        return {
            name: database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ROWS
        }


async def test_nobody_else_learns_who_has_one(app, people):
    bob = await people("bob")

    assert (await state(bob))["isOn"] is False
    types = bob._registry.engine.schema.type_map
    telling = {
        f"{type_.name}.{name}"
        for type_ in types.values()
        for name, field in getattr(type_, "fields", {}).items()
        if "SecondFactor" in str(field.type)
    }
    assert telling == {
        "Query.mySecondFactor",
        "Mutation.beginSecondFactor",
        "Mutation.confirmSecondFactor",
    }
    assert refusal(await people.anonymous.query("mySecondFactor", "isOn"))[0] == "NOT_AUTHENTICATED"
