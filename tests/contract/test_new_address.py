"""A new e-mail address counts once it is shown to be one's own, where mail is sent."""

import pytest

from litereg.registry.users import service as users
from tests.client import ALL_SCOPES, PASSWORD
from tests.contract.test_mail import HOUR_MS, NEW_PASSWORD, Journey, mailbox, settings
from tests.mailbox import send_all

OLD = "ann@example.org"
NEW = "ann@elsewhere.example"

# The fixtures of a registry that sends mail.
__all__ = ["mailbox", "settings"]


class Move(Journey):
    """Ann, who wants another address, and a registry that sends her mail."""

    async def ask(self, ann, address=NEW):
        """Let *ann* ask for *address*; return the answer, once all letters have arrived."""
        answer = await ann.mutate("updateMe", "emailAddress", value={"emailAddress": address})
        await send_all(self.registry)
        return answer

    async def open(self, token, password=PASSWORD):
        values = {"token": token, "password": password}
        answer = await self.anonymous.mutate("verifyEmailAddress", **values)
        await send_all(self.registry)
        return answer

    def to(self, address):
        """Return the numbers of the letters that went to *address*."""
        return [n for n, to in enumerate(self.mailbox.recipients) if to == [address]]

    def link(self, address=NEW):
        """Return the token of the last link that went to *address*."""
        return self.mailbox.token(self.to(address)[-1])


@pytest.fixture
def move(registry, mailbox):
    return Move(registry, mailbox)


async def address_of(caller):
    return (await caller.query("me", "emailAddress")).value["emailAddress"]


async def test_the_old_address_stays_until_the_new_one_is_verified(move):
    ann = await move.verified()

    asked = await move.ask(ann)
    early = await move.login(username=NEW)
    by_old = await move.login(username=OLD)
    opened = await move.open(move.link())

    assert asked.value == {"emailAddress": OLD}
    assert early.error.message == "WRONG_CREDENTIALS"
    assert by_old.value
    assert opened.value is None
    assert await address_of(ann) == NEW
    assert (await move.login(username=NEW)).value
    assert (await move.login(username=OLD)).error.message == "WRONG_CREDENTIALS"


@pytest.mark.parametrize(
    ("password", "reason"),
    [(None, "PASSWORD_REQUIRED"), ("", "PASSWORD_REQUIRED"), (NEW_PASSWORD, "WRONG_CREDENTIALS")],
)
async def test_a_new_address_takes_the_password_and_a_wrong_one_leaves_the_link(
    move, password, reason
):
    ann = await move.verified()
    await move.ask(ann)
    told = len(move.to(OLD))

    refused = await move.open(move.link(), password)

    assert refused.error.message.startswith(reason)
    assert await address_of(ann) == OLD
    assert len(move.to(OLD)) == told
    assert (await move.open(move.link())).errors == []
    assert await address_of(ann) == NEW


async def test_a_stolen_session_does_not_become_the_account(move):
    thief = await move.verified()

    await move.ask(thief)
    opened = await move.verify(move.link())
    letters = len(move.to(NEW))
    await move.forget(NEW)

    assert opened.error.message.startswith("PASSWORD_REQUIRED")
    assert len(move.to(NEW)) == letters
    assert (await move.login(username=OLD)).value


async def test_passwords_are_not_guessed_by_a_link(move, registry):
    ann = await move.verified()
    await move.ask(ann)
    tries = registry.settings.max_tries

    wrong = [await move.open(move.link(), NEW_PASSWORD) for _ in range(tries)]
    late = await move.open(move.link())

    assert {answer.error.message for answer in wrong} == {"WRONG_CREDENTIALS"}
    assert late.error.message.startswith("TOO_MANY_TRIES")
    assert late.error.extensions["retryAfterSeconds"] > 0
    assert (await move.login()).error.message.startswith("TOO_MANY_TRIES")
    assert await address_of(ann) == OLD


async def test_the_password_of_somebody_else_opens_nothing(move):
    ann = await move.verified()
    await move.sign_up(username="bob", emailAddress="bob@example.org", password=NEW_PASSWORD)
    await move.open(move.link("bob@example.org"))
    bob = move.people.with_token((await move.login(NEW_PASSWORD, "bob")).value)
    await move.ask(ann)

    values = {"token": move.link(), "password": NEW_PASSWORD}
    refused = await bob.mutate("verifyEmailAddress", **values)

    assert refused.error.message == "WRONG_CREDENTIALS"
    assert await address_of(ann) == OLD


async def test_a_link_that_has_worked_asks_for_nothing_more(move):
    ann = await move.verified()
    await move.ask(ann)
    await move.open(move.link())

    assert (await move.open(move.link(), None)).errors == []


async def test_the_rest_of_the_profile_is_changed_at_once(move):
    ann = await move.verified()

    value = {"emailAddress": NEW, "location": "Ghent"}
    changed = await ann.mutate("updateMe", "emailAddress location", value=value)

    assert changed.value == {"emailAddress": OLD, "location": "Ghent"}


async def test_the_old_address_is_told_before_and_after(move):
    ann = await move.verified()
    before = len(move.to(OLD))

    await move.ask(ann)
    await move.open(move.link())

    asked, changed = move.to(OLD)[before:]
    assert move.mailbox.letters[asked]["Subject"] == "Your e-mail address is about to change"
    assert move.mailbox.letters[changed]["Subject"] == "Your e-mail address has changed"
    for number in (asked, changed):
        text = move.mailbox.text(number)
        assert NEW in text
        assert "{{" not in text
        assert "token=" not in text
    (link,) = move.to(NEW)
    assert move.mailbox.letters[link]["Subject"] == "✓ Verify Your New Address"
    assert OLD not in move.mailbox.text(link)


async def test_a_link_to_a_new_address_works_for_four_hours_and_may_be_opened_twice(move):
    ann = await move.verified()
    await move.ask(ann)
    token = move.link()

    await move.wait(4 * HOUR_MS + 1)
    late = await move.open(token)
    await move.wait(-HOUR_MS)
    first, again = await move.open(token), await move.open(token)

    assert late.error.message == "TOKEN_IS_TOO_OLD"
    assert (first.errors, again.errors) == ([], [])
    assert await address_of(ann) == NEW
    assert len(move.to(NEW)) == 1


async def test_only_the_last_address_that_was_asked_for_counts(move):
    ann = await move.verified()
    await move.ask(ann, "first@example.org")
    await move.ask(ann)

    lost = await move.open(move.link("first@example.org"))
    won = await move.open(move.link())

    assert lost.error.message == "TOKEN_NOT_VALID"
    assert won.errors == []
    assert await address_of(ann) == NEW


async def test_a_link_that_was_used_does_not_bring_an_address_back(move):
    ann = await move.verified()
    await move.ask(ann, "first@example.org")
    first = move.link("first@example.org")
    await move.open(first)
    await move.ask(ann)
    await move.open(move.link())

    again = await move.open(first)

    assert again.error.message == "TOKEN_NOT_VALID"
    assert await address_of(ann) == NEW


@pytest.mark.parametrize("how", ["changed", "recovered"])
async def test_a_new_password_ends_what_was_asked_for(move, how):
    ann = await move.verified()
    await move.ask(ann)
    if how == "changed":
        value = {"oldPassword": PASSWORD, "newPassword": NEW_PASSWORD}
        await ann.mutate("updateMyPassword", value=value)
    else:
        await move.forget()
        await move.recover(move.mailbox.token())

    refused = await move.open(move.link())

    assert refused.error.message == "TOKEN_NOT_VALID"
    assert (await move.login(NEW_PASSWORD, OLD)).value


async def test_an_address_that_somebody_took_meanwhile_is_theirs(move):
    ann = await move.verified()
    await move.ask(ann)
    await move.sign_up(username="bob", emailAddress=NEW)
    of_bob, of_ann = move.link(), move.mailbox.token(move.to(NEW)[0])

    refused = await move.open(of_ann)

    assert refused.error.message == "EMAIL_ADDRESS_NOT_AVAILABLE"
    assert await address_of(ann) == OLD
    assert (await move.open(of_bob)).errors == []


async def test_an_address_that_is_taken_is_not_written_to(move):
    ann = await move.verified()
    await move.sign_up(username="bob", emailAddress=NEW)

    refused = await move.ask(ann)

    assert refused.error.message == "EMAIL_ADDRESS_NOT_AVAILABLE"
    assert len(move.to(NEW)) == 1


async def test_the_same_address_in_other_case_is_nothing_new(move):
    ann = await move.verified()
    count = len(move.mailbox.letters)

    changed = await move.ask(ann, "Ann@Example.org")

    assert changed.value == {"emailAddress": "Ann@Example.org"}
    assert len(move.mailbox.letters) == count


async def test_nobody_is_flooded_with_links(move):
    ann = await move.verified()
    key = {"label": "k", "scopes": ALL_SCOPES}
    token = (await ann.mutate("createAPIKey", "token", value=key)).value["token"]
    program = move.people.with_token(token, "api_key")

    answers = [
        await move.ask(program, f"ann-{n}@example.org") for n in range(users.MAX_NEW_ADDRESSES + 1)
    ]

    assert [bool(answer.errors) for answer in answers] == [False] * users.MAX_NEW_ADDRESSES + [True]
    error = answers[-1].error
    assert error.message.startswith("TOO_MANY_TRIES")
    assert error.extensions["retryAfterSeconds"] > 0
    assert move.to(f"ann-{users.MAX_NEW_ADDRESSES}@example.org") == []


async def test_a_closed_account_takes_no_address(move):
    await move.verified()
    await move.sign_up(username="bob", emailAddress="bob@example.org")
    await move.open(move.link("bob@example.org"))
    bob = move.people.with_token((await move.login(username="bob")).value)
    await move.ask(bob)
    await bob.mutate("deleteMe")

    assert (await move.open(move.link())).error.message == "TOKEN_NOT_VALID"
