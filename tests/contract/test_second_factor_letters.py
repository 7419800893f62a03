"""What is mailed about a second factor, and what a letter cannot do about it."""

from dataclasses import replace

import pytest

from tests.client import PASSWORD
from tests.contract.second_factors import STEP, log_in, refusal, set_up, ticket_of
from tests.mailbox import open_mailbox, send_all

OTHER = "another horse 8"
ANN = {"username": "ann", "emailAddress": "ann@example.org", "password": PASSWORD}


@pytest.fixture
async def mailbox():
    async with open_mailbox() as mailbox:
        yield mailbox


@pytest.fixture
async def settings(settings, mailbox):
    return replace(settings, registry_name="Rain", **mailbox.settings)


@pytest.fixture
async def ann(registry, people, mailbox, clock):
    anonymous = people.anonymous
    await anonymous.mutate("createMe", value=ANN)
    await send_all(registry)
    await anonymous.mutate("verifyEmailAddress", token=mailbox.token())
    login = await anonymous.mutate("login", username="ann", password=PASSWORD)
    return people.with_token(login.value)


@pytest.fixture
async def app(ann, clock):
    return await set_up(ann, clock)


async def subjects(registry, mailbox):
    await send_all(registry)
    return [str(letter["Subject"]) for letter in mailbox.letters[1:]]


async def test_its_user_is_told_when_it_is_turned_on_and_off(ann, app, registry, mailbox):
    on = await subjects(registry, mailbox)
    await ann.mutate("endSecondFactor", password=PASSWORD, oneTimeCode=app.code())
    both = await subjects(registry, mailbox)

    assert on == ["Your account has a second factor"]
    assert both == [*on, "Your account has no second factor any more"]
    assert mailbox.recipients[-1] == ["ann@example.org"]
    assert "Rain" in mailbox.text()


async def test_its_user_is_told_when_a_recovery_code_was_used(app, anonymous, registry, mailbox):
    await log_in(anonymous, app.codes[0])

    assert (await subjects(registry, mailbox))[1:] == ["A recovery code was used"]
    assert "left: 9." in mailbox.text()


async def test_nobody_is_told_of_what_was_refused(ann, app, anonymous, registry, mailbox):
    await log_in(anonymous, app.wrong())
    await ann.mutate("endSecondFactor", password="wrong horse 9", oneTimeCode=app.codes[0])

    assert (await subjects(registry, mailbox))[1:] == []


async def test_no_code_and_no_secret_is_in_a_letter(app, anonymous, registry, mailbox):
    await log_in(anonymous, app.codes[0])
    await send_all(registry)

    text = b"".join(mailbox.sources).decode()
    for secret in (app.secret, *app.codes):
        assert secret not in text


async def test_a_new_password_by_letter_does_not_get_past_it(
    app, anonymous, registry, mailbox, clock
):
    ticket = await ticket_of(anonymous)
    await anonymous.mutate("forgotMyPassword", emailAddress="ann@example.org")
    await send_all(registry)
    value = {"token": mailbox.token(), "newPassword": OTHER}
    recovered = await anonymous.mutate("recoverMyPassword", value=value)

    login = await anonymous.mutate("login", username="ann", password=OTHER)
    old_ticket = await anonymous.mutate("finishLogin", ticket=ticket, oneTimeCode=app.code())

    assert recovered.value is None
    assert refusal(login)[0] == "ONE_TIME_CODE_REQUIRED"
    assert refusal(old_ticket)[0] == "TOKEN_NOT_VALID"
    clock.wait(STEP)
    assert (await log_in(anonymous, app.code(), password=OTHER)).value
