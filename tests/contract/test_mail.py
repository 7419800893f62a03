"""What a registry that sends mail asks for, and tells: real letters, a real mail server."""

import logging
from dataclasses import replace

import pytest

from litereg.app import Registry
from litereg.registry.administration import service as administration
from litereg.registry.email_links import queries as links
from litereg.registry.passwords import Bcrypt, hash_password
from litereg.store import Command, Query
from tests.client import ALL_SCOPES, PASSWORD, People
from tests.mailbox import open_mailbox, send_all

ANN = {"username": "ann", "emailAddress": "ann@example.org", "password": PASSWORD}
NEW_PASSWORD = "another horse 8"
AGE = Command("UPDATE email_link SET created_at = created_at - :ms", scans="it is a test's")
STORED = Query(
    bytes, "SELECT token_sha256 FROM email_link WHERE user_id IS NOT NULL", scans="it is a test's"
)
HOUR_MS = 60 * 60 * 1000


@pytest.fixture
async def mailbox():
    async with open_mailbox() as mailbox:
        yield mailbox


@pytest.fixture
async def settings(settings, mailbox):
    return replace(
        settings,
        base_url="https://data.example.org/registry/",
        registry_name="Rain",
        **mailbox.settings,
    )


class Journey:
    """Ann and a registry that sends her mail."""

    def __init__(self, registry, mailbox):
        self.registry = registry
        self.people = People(registry)
        self.anonymous = self.people.anonymous
        self.mailbox = mailbox

    async def sign_up(self, **changes):
        made = await self.anonymous.mutate("createMe", value=ANN | changes)
        await send_all(self.registry)
        return made

    async def verified(self):
        """Sign ann up, verify her address, and return her as a caller."""
        await self.sign_up()
        await self.verify(self.mailbox.token())
        return self.people.with_token((await self.login()).value)

    async def verify(self, token):
        return await self.anonymous.mutate("verifyEmailAddress", token=token)

    async def login(self, password=PASSWORD, username="ann"):
        return await self.anonymous.mutate("login", username=username, password=password)

    async def forget(self, address="ann@example.org"):
        forgotten = await self.anonymous.mutate("forgotMyPassword", emailAddress=address)
        await send_all(self.registry)
        return forgotten

    async def recover(self, token, password=NEW_PASSWORD):
        value = {"token": token, "newPassword": password}
        return await self.anonymous.mutate("recoverMyPassword", value=value)

    async def wait(self, ms):
        """Make all links that much older."""
        await self.registry.database.write(lambda tx: tx.run(AGE, ms=ms))


@pytest.fixture
def journey(registry, mailbox):
    return Journey(registry, mailbox)


async def test_an_address_is_verified_before_the_first_log_in(journey):
    made = await journey.sign_up()
    refused = await journey.login()
    verified = await journey.verify(journey.mailbox.token())
    let_in = await journey.login()

    assert made.value is None
    assert (refused.error.message, refused.error.code, refused.status) == (
        "EMAIL_ADDRESS_NOT_VERIFIED",
        "BAD_USER_INPUT",
        200,
    )
    assert verified.value is None
    assert let_in.value


async def test_the_letter_names_the_registry_and_the_link(journey):
    await journey.sign_up(firstName="Änn", lastName="Lee")

    (letter,) = journey.mailbox.letters
    text = journey.mailbox.text()
    token = journey.mailbox.token()
    link = f"https://data.example.org/registry/validate-email#token={token}"
    assert letter["Subject"] == "✓ Verify Your New Account"
    assert letter["From"] == "Rain <registry@example.org>"
    assert letter["To"] == "Änn Lee <ann@example.org>"
    assert f"\n\n{link}\n\n" in text
    assert f'<a href="{link}">' in journey.mailbox.html()
    assert "ann" in text
    assert "{{" not in text + journey.mailbox.html() + letter["Subject"]


@pytest.mark.parametrize("names", [{}, {"firstName": "Ann"}, {"lastName": "Lee"}])
async def test_half_a_name_is_no_name(journey, names):
    await journey.sign_up(**names)

    assert journey.mailbox.letters[0]["To"] == "ann@example.org"


@pytest.mark.parametrize("first", ["A\r\nBcc: eve@example.org", "A\nSubject: x", 'A" <eve@x.yz>,'])
async def test_a_name_adds_no_header_and_no_recipient(journey, first):
    await journey.sign_up(firstName=first, lastName="Lee")

    (letter,) = journey.mailbox.letters
    assert journey.mailbox.recipients == [["ann@example.org"]]
    assert [to.addr_spec for to in letter["To"].addresses] == ["ann@example.org"]
    assert letter["Bcc"] is None
    assert letter.get_all("Subject") == ["✓ Verify Your New Account"]


async def test_whoever_is_suspended_is_told_why(journey):
    ann = await journey.verified()
    await journey.sign_up(username="bob", emailAddress="bob@example.org")

    message = "The invoice is open.\n\nBcc: eve@example.org"
    suspended = await ann.mutate(
        "adminSetUserStatus", username="bob", status="SUSPENDED", message=message
    )
    await send_all(journey.registry)

    assert suspended.errors == []
    letter = journey.mailbox.letters[-1]
    assert letter["Subject"] == "Your account is suspended"
    assert journey.mailbox.recipients[-1] == ["bob@example.org"]
    assert "The invoice is open. Bcc: eve@example.org" in journey.mailbox.text()
    count = len(journey.mailbox.letters)
    await ann.mutate("adminSetUserStatus", username="bob", status="ACTIVE", message="Sorry.")
    await send_all(journey.registry)
    assert len(journey.mailbox.letters) == count


async def test_verifying_twice_by_the_same_token_is_fine(journey):
    await journey.sign_up()
    token = journey.mailbox.token()

    first = await journey.verify(token)
    await journey.wait(100 * HOUR_MS)
    again = await journey.verify(token)

    assert first.value is None
    assert again.value is None


async def test_the_link_works_for_four_hours(journey):
    await journey.sign_up()
    token = journey.mailbox.token()

    await journey.wait(4 * HOUR_MS + 1)
    refused = await journey.verify(token)
    still_out = await journey.login()
    await journey.wait(-HOUR_MS)
    verified = await journey.verify(token)

    assert (refused.error.message, refused.error.code) == ("TOKEN_IS_TOO_OLD", "BAD_USER_INPUT")
    assert still_out.error.message == "EMAIL_ADDRESS_NOT_VERIFIED"
    assert verified.value is None


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "é\u0000"])
async def test_a_token_that_was_never_made_is_not_valid(journey, token):
    await journey.sign_up()

    for refused in (await journey.verify(token), await journey.recover(token)):
        assert (refused.error.message, refused.error.code) == ("TOKEN_NOT_VALID", "BAD_USER_INPUT")


async def test_a_wrong_password_does_not_learn_that_the_address_is_not_verified(journey):
    await journey.sign_up()

    refused = await journey.login("wrong horse 9")

    assert refused.error.message == "WRONG_CREDENTIALS"


async def test_only_the_digests_of_tokens_are_stored(journey, settings, caplog):
    caplog.set_level(logging.INFO, "litereg")
    await journey.sign_up()
    await journey.forget()
    tokens = [journey.mailbox.token(0), journey.mailbox.token(1)]

    stored = await journey.registry.database.read(lambda tx: tx.all(STORED))

    assert len(stored) == 2
    assert all(len(digest) == 32 for digest in stored)
    assert not any(token.encode() in stored for token in tokens)
    assert not any(token in caplog.text for token in tokens)


async def test_an_address_that_was_taken_gets_no_second_letter(journey):
    await journey.sign_up()

    again = await journey.sign_up(username="bob")

    assert again.error.message == "EMAIL_ADDRESS_NOT_AVAILABLE"
    assert len(journey.mailbox.letters) == 1


async def test_a_new_key_is_told_to_its_owner(journey):
    ann = await journey.verified()
    key = {"label": "läptop {{token}}", "scopes": ALL_SCOPES}

    made = (await ann.mutate("createAPIKey", "secret token", value=key)).value
    await send_all(journey.registry)

    letter = journey.mailbox.letters[-1]
    text = journey.mailbox.text() + journey.mailbox.html()
    assert letter["Subject"] == "⚠ New API Key Created"
    assert journey.mailbox.recipients[-1] == ["ann@example.org"]
    assert "läptop" in text
    assert "{{" not in text
    assert made["secret"] not in text
    assert made["token"] not in text


async def test_a_key_that_was_refused_is_told_to_nobody(journey):
    ann = await journey.verified()

    refused = await ann.mutate("createAPIKey", "id", value={"label": "x", "scopes": []})
    await send_all(journey.registry)

    assert refused.error.message == "ALL_SCOPES_REQUIRED"
    assert len(journey.mailbox.letters) == 1


async def test_a_forgotten_password_is_set_anew_and_every_session_ends(journey):
    ann = await journey.verified()

    forgotten = await journey.forget("ANN@example.org")
    recovered = await journey.recover(journey.mailbox.token())

    assert forgotten.value is None
    assert recovered.value is None
    assert (await ann.query("me", "username")).status == 401
    assert (await journey.login()).error.message == "WRONG_CREDENTIALS"
    assert (await journey.login(NEW_PASSWORD)).value
    link = "https://data.example.org/registry/forgot-password#token="
    assert link in journey.mailbox.text()


async def test_a_new_password_verifies_the_address_too(journey):
    await journey.sign_up()
    await journey.wait(5 * HOUR_MS)

    await journey.forget()
    await journey.recover(journey.mailbox.token())

    assert (await journey.login(NEW_PASSWORD)).value


async def test_a_link_to_a_new_password_works_once(journey):
    await journey.verified()
    await journey.forget()
    token = journey.mailbox.token()
    await journey.recover(token)

    refused = await journey.recover(token, "third horse 7")

    assert (refused.error.message, refused.error.code) == (
        "TOKEN_NO_LONGER_VALID",
        "BAD_USER_INPUT",
    )
    assert (await journey.login(NEW_PASSWORD)).value


async def test_a_link_to_a_new_password_works_for_an_hour(journey):
    await journey.verified()
    await journey.forget()

    await journey.wait(HOUR_MS + 1)
    refused = await journey.recover(journey.mailbox.token())

    assert refused.error.message == "TOKEN_NO_LONGER_VALID"
    assert (await journey.login()).value


async def test_using_one_link_ends_the_others(journey):
    await journey.verified()
    await journey.forget()
    await journey.forget()
    first, second = journey.mailbox.token(1), journey.mailbox.token(2)

    await journey.recover(second)

    assert (await journey.recover(first)).error.message == "TOKEN_NO_LONGER_VALID"


async def test_a_password_that_is_no_good_leaves_the_link_as_it_is(journey):
    await journey.verified()
    await journey.forget()

    refused = await journey.recover(journey.mailbox.token(), "short")

    assert refused.status == 400
    assert refused.error.message.endswith("PASSWORD_TOO_SHORT")
    assert (await journey.recover(journey.mailbox.token())).value is None


@pytest.mark.parametrize(
    "change",
    [
        ("updateMe", "username", {"emailAddress": "ann@elsewhere.example"}),
        ("updateMyPassword", "", {"oldPassword": PASSWORD, "newPassword": NEW_PASSWORD}),
    ],
)
async def test_a_new_address_or_password_ends_links_that_are_on_their_way(journey, change):
    ann = await journey.verified()
    await journey.forget()
    field, selection, value = change

    changed = await ann.mutate(field, selection, value=value)

    assert not changed.errors
    refused = await journey.recover(journey.mailbox.token(), "third horse 7")
    assert refused.error.message == "TOKEN_NO_LONGER_VALID"


async def test_a_closed_account_opens_to_no_link(journey):
    ann = await journey.verified()
    verify = journey.mailbox.token()
    await journey.forget()
    recover = journey.mailbox.token()
    await journey.sign_up(username="bob", emailAddress="bob@example.org")
    await ann.mutate("setAsAdmin", username="bob", isAdmin=True)

    await ann.mutate("disableMe", "username")

    assert (await journey.recover(recover)).error.message == "TOKEN_NOT_VALID"
    assert (await journey.verify(verify)).error.message == "TOKEN_NOT_VALID"


async def test_forgetting_says_nothing_of_who_is_known(journey):
    await journey.verified()
    known = await journey.forget()
    letters = len(journey.mailbox.letters)

    unknown = await journey.forget("nobody@example.org")

    assert unknown.body == known.body == {"data": {"forgotMyPassword": None}}
    assert len(journey.mailbox.letters) == letters


@pytest.mark.parametrize("address", ["ann", "ann@example.org\r\nBcc: eve@example.org"])
async def test_what_is_no_address_is_told_from_what_is_unknown(journey, address):
    await journey.verified()

    refused = await journey.forget(address)

    assert refused.error.message == "INVALID_FORMAT"
    assert len(journey.mailbox.letters) == 1


async def test_an_unknown_address_costs_as_many_statements_as_a_known_one(journey, monkeypatch):
    """Two statements more or less can be measured from far away."""
    await journey.verified()

    counts = [await statements_of_forgetting(journey, name) for name in ("ann", "nobody")]

    assert counts[0] == counts[1]


async def statements_of_forgetting(journey, name):
    from litereg.access import ANONYMOUS
    from litereg.gql.context import Context, Memory, Suspended
    from litereg.registry.email_links import service

    def work(tx):
        memory = Memory(1_700_000_000_000, b"s" * 32)
        ctx = Context(tx, ANONYMOUS, journey.registry.settings, memory, memory.now)
        try:
            service.forgot_my_password(ctx, f"{name}@example.org")
        except Suspended as suspended:
            memory.done[suspended.key] = suspended.work.run(tx)
            ctx = Context(tx, ANONYMOUS, journey.registry.settings, memory, memory.now)
            service.forgot_my_password(ctx, f"{name}@example.org")
        counted = tx.statements
        raise Counted(counted)

    try:
        await journey.registry.database.write(work)
    except Counted as counted:
        return counted.args[0]


class Counted(Exception):
    """Ends a transaction whose statements were counted."""


async def test_nobody_is_flooded_with_letters(journey):
    await journey.verified()

    for _ in range(10):
        assert (await journey.forget()).value is None

    assert len(journey.mailbox.letters) == 1 + 3
    await journey.wait(HOUR_MS)
    await journey.forget()
    assert len(journey.mailbox.letters) == 1 + 4


async def test_who_is_kept_out_gets_no_link(journey):
    await journey.verified()
    await journey.registry.database.write(administration.suspend, "ann", 0)

    await journey.forget()

    assert len(journey.mailbox.letters) == 1


async def test_a_password_from_the_administrator_opens_the_account_and_ends_links(journey):
    await journey.sign_up()
    await journey.forget()

    password_hash = hash_password(NEW_PASSWORD, Bcrypt(4))
    await journey.registry.database.write(
        administration.set_password, "ann", password_hash, 1_700_000_000_000
    )

    assert (await journey.login(NEW_PASSWORD)).value
    refused = await journey.recover(journey.mailbox.token())
    assert refused.error.message == "TOKEN_NO_LONGER_VALID"


async def test_links_that_are_long_too_old_are_forgotten(journey):
    await journey.verified()
    await journey.forget()
    await journey.wait(links.RECOVER_KEPT_MS)

    await journey.forget("nobody@example.org")

    refused = await journey.recover(journey.mailbox.token())
    assert refused.error.message == "TOKEN_NOT_VALID"


async def test_a_mail_server_that_is_down_fails_no_request(journey):
    await journey.mailbox.close()

    made = await journey.sign_up()
    forgotten = await journey.forget()

    assert made.value is None
    assert forgotten.value is None
    await journey.mailbox.open()


async def test_accounts_made_before_mail_was_set_up_stay_open(settings, mailbox):
    registry = await Registry.open(replace(settings, smtp_server=""))
    await People(registry)("ann")
    await registry.close()

    registry = await Registry.open(settings)
    try:
        journey = Journey(registry, mailbox)
        assert (await journey.login()).value
    finally:
        await registry.close()


class TestWithoutAMailServer:
    @pytest.fixture
    def settings(self, settings):
        return replace(settings, smtp_server="")

    async def test_nothing_waits_to_be_verified(self, journey):
        made = await journey.sign_up()

        assert (await journey.people.with_token(made.value).query("me", "username")).value
        assert (await journey.login()).value

    async def test_the_link_to_a_new_password_is_in_the_log(self, journey, caplog):
        await journey.sign_up()

        await journey.forget()
        token = caplog.text.partition("/forgot-password#token=")[2].split()[0]

        assert "ann@example.org" in caplog.text
        assert (await journey.recover(token)).value is None
        assert (await journey.login(NEW_PASSWORD)).value

    async def test_nobody_else_is_in_the_log(self, journey, caplog):
        await journey.forget("nobody@example.org")

        assert caplog.text == ""
