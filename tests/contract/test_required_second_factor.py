"""A registry that asks everybody for a second factor (`second_factor = "required"`)."""

from dataclasses import replace

import pytest

from litereg.registry.administration import service as administration
from litereg.settings import REQUIRED
from tests.client import PASSWORD
from tests.contract.second_factors import (
    MINUTE,
    STEP,
    App,
    is_in,
    key_of,
    log_in,
    opened,
    refusal,
    set_up,
    state,
)

ANN = {"username": "ann", "emailAddress": "ann@example.org", "password": PASSWORD}


@pytest.fixture
def settings(settings, clock):
    return replace(settings, second_factor=REQUIRED)


async def sign_up(people, **changes):
    return await people.anonymous.mutate("createMe", value=ANN | changes)


async def first_step(people, name="ann"):
    """Return the answer to the right password."""
    return await people.anonymous.mutate("login", username=name, password=PASSWORD)


async def enrol(people, clock, name="ann"):
    """Set an app up by the ticket of the first step; return the app and who is logged in."""
    ticket = (await first_step(people, name)).error.extensions["ticket"]
    anonymous = people.anonymous
    begun = await anonymous.mutate("beginSecondFactor", "secret", ticket=ticket)
    app = App(clock, begun.value["secret"], [])
    confirmed = await anonymous.mutate(
        "confirmSecondFactor", "recoveryCodes session", ticket=ticket, oneTimeCode=app.code()
    )
    app.codes = confirmed.value["recoveryCodes"]
    clock.wait(2 * STEP)
    return app, people.with_token(confirmed.value["session"])


async def test_signing_up_gives_an_account_and_no_session(people):
    made = await sign_up(people)

    assert made.value is None
    assert (await people.anonymous.query("user", "username", username="ann")).value


async def test_the_password_alone_gets_a_ticket_to_set_one_up(people):
    await sign_up(people)

    refused = await first_step(people)

    assert refusal(refused) == ("SECOND_FACTOR_REQUIRED", "UNAUTHENTICATED")
    assert set(refused.error.extensions) == {"code", "ticket"}
    ticket = refused.error.extensions["ticket"]
    for kind in ("bearer", "session", "api_key"):
        assert not await is_in(people.with_token(ticket, kind))


async def test_whoever_sets_one_up_is_logged_in(people, clock):
    await sign_up(people)

    app, ann = await enrol(people, clock)

    assert await is_in(ann)
    told = await state(ann)
    assert (told["isOn"], told["isRequired"], told["recoveryCodesLeft"]) == (True, True, 10)
    assert refusal(await first_step(people))[0] == "ONE_TIME_CODE_REQUIRED"
    assert (await log_in(people.anonymous, app.code())).value
    assert (await log_in(people.anonymous, app.codes[0])).value


async def test_the_ticket_does_not_finish_a_log_in(people):
    await sign_up(people)
    ticket = (await first_step(people)).error.extensions["ticket"]

    refused = await people.anonymous.mutate("finishLogin", ticket=ticket, oneTimeCode="123456")

    assert refusal(refused)[0] == "TOKEN_NOT_VALID"


async def test_the_ticket_of_somebody_who_has_one_by_now_replaces_nothing(people, clock):
    await sign_up(people)
    ticket = (await first_step(people)).error.extensions["ticket"]
    app, _ = await enrol(people, clock)

    begun = await people.anonymous.mutate("beginSecondFactor", "secret", ticket=ticket)
    confirmed = await people.anonymous.mutate(
        "confirmSecondFactor", "session", ticket=ticket, oneTimeCode=app.code()
    )

    assert refusal(begun) == refusal(confirmed)
    assert refusal(begun) == ("SECOND_FACTOR_IS_ON", "GRAPHQL_VALIDATION_FAILED")


async def test_the_ticket_is_good_for_ten_minutes(people, clock):
    await sign_up(people)
    ticket = (await first_step(people)).error.extensions["ticket"]
    clock.wait(10 * MINUTE)

    refused = await people.anonymous.mutate("beginSecondFactor", "secret", ticket=ticket)

    assert refusal(refused)[0] == "TOKEN_NOT_VALID"


async def test_a_wrong_code_confirms_nothing(people, clock):
    await sign_up(people)
    ticket = (await first_step(people)).error.extensions["ticket"]
    begun = await people.anonymous.mutate("beginSecondFactor", "secret", ticket=ticket)
    wrong = App(clock, begun.value["secret"], []).wrong()

    refused = await people.anonymous.mutate(
        "confirmSecondFactor", "session", ticket=ticket, oneTimeCode=wrong
    )

    assert refusal(refused)[0] == "WRONG_ONE_TIME_CODE"
    assert refusal(await first_step(people))[0] == "SECOND_FACTOR_REQUIRED"


async def test_it_cannot_be_turned_off(people, clock):
    await sign_up(people)
    app, ann = await enrol(people, clock)

    refused = await ann.mutate("endSecondFactor", password=PASSWORD, oneTimeCode=app.code())

    assert refusal(refused) == ("SECOND_FACTOR_REQUIRED", "FORBIDDEN")
    assert (await state(ann))["isOn"] is True


async def test_whoever_has_lost_the_app_sets_up_another_by_a_recovery_code(people, clock):
    await sign_up(people)
    app, _ = await enrol(people, clock)
    ann = people.with_token((await log_in(people.anonymous, app.codes[0])).value)

    begun = await ann.mutate(
        "beginSecondFactor", "secret", password=PASSWORD, oneTimeCode=app.codes[1]
    )
    other = App(clock, begun.value["secret"], [])
    await ann.mutate("confirmSecondFactor", "session", oneTimeCode=other.code())
    clock.wait(2 * STEP)

    assert (await log_in(people.anonymous, other.code())).value


async def test_sessions_from_before_it_was_asked_for_count_no_longer(settings, clock):
    async with opened(settings, second_factor="optional") as people:
        ann, bob, eve = await people("ann"), await people("bob"), await people("eve")
        key = await key_of(people, ann)
        await set_up(bob, clock)
        write = people._registry.database.write
        link = await write(administration.make_link, "eve", b"l" * 32, clock.now)
        linked = (await people.anonymous.mutate("useLoginLink", token=link)).value

    async with opened(settings) as people:
        known = {
            "by a password": await is_in(people.with_token(ann.token)),
            "by a password, and then by a code": await is_in(people.with_token(bob.token)),
            "by a password, beside a link": await is_in(people.with_token(eve.token)),
            "by a link": await is_in(people.with_token(linked)),
            "a key": await is_in(people.with_token(key.token, "api_key")),
        }

    assert known == {
        "by a password": False,
        "by a password, and then by a code": True,
        "by a password, beside a link": False,
        "by a link": True,
        "a key": True,
    }


async def test_whoever_came_by_a_link_of_the_shell_stays_and_can_set_one_up(settings, clock):
    async with opened(settings) as people:
        await sign_up(people)
        link = await people._registry.database.write(
            administration.make_link, "ann", b"l" * 32, clock.now
        )
        ann = people.with_token((await people.anonymous.mutate("useLoginLink", token=link)).value)
        app = await set_up(ann, clock)

        assert await is_in(ann)
        assert (await log_in(people.anonymous, app.code())).value


async def test_nothing_changes_for_whoever_has_one(settings, clock):
    async with opened(settings, second_factor="optional") as people:
        app = await set_up(await people("ann"), clock)
    async with opened(settings) as people:
        assert (await log_in(people.anonymous, app.code())).value
