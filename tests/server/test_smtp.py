"""How letters travel: their form, and the connection to the mail server."""

import email
from email.policy import default
from types import SimpleNamespace

import pytest

from litereg.errors import CannotStart
from litereg.server import smtp
from litereg.server.smtp import NotSent
from litereg.settings import Settings
from tests.mailbox import TOKEN, open_mailbox, part

SETTINGS = Settings(smtp_server="127.0.0.1", smtp_from_address="registry@example.org")
LINK = "https://example.org/validate-email#token=abc-DEF_" + "x" * 60
LETTER = {
    "id": 7,
    "to_address": "ann@example.org",
    "to_name": "",
    "subject": "✓ Verify",
    "body": f"Hello ann,\n\nopen this:\n\n{LINK}\n",
    "created_at": 1_700_000_000_123,
}


def letter(**changes):
    return SimpleNamespace(**LETTER | changes)


def parsed(source):
    return email.message_from_bytes(source, policy=default)


@pytest.fixture
async def mailbox():
    async with open_mailbox() as mailbox:
        yield mailbox


async def send(mailbox, *letters, **changes):
    settings = Settings(**{**mailbox.settings, **changes})
    async with smtp.connected(settings) as send:
        for each in letters:
            await send(each)


def test_a_letter_says_who_it_is_from_and_that_a_machine_wrote_it():
    message = parsed(smtp.encoded(SETTINGS, letter()))

    assert message["From"] == "litereg <registry@example.org>"
    assert message["To"] == "ann@example.org"
    assert message["Subject"] == "✓ Verify"
    assert message["Date"].datetime.timestamp() == 1_700_000_000
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == "<1700000000123.7.litereg@example.org>"


def test_a_link_stays_in_one_piece():
    source = smtp.encoded(SETTINGS, letter()).decode()

    assert TOKEN.search(source)[1] == LINK.partition("=")[2]
    assert source.isascii()


@pytest.mark.parametrize("name", ["Ann Lee", 'Ann "A" Lee', "Änn Łee 雨", "Lee, Ann <x@y.example>"])
def test_a_name_with_any_letter_stays_a_name(name):
    message = parsed(smtp.encoded(SETTINGS, letter(to_name=name)))

    (to,) = message["To"].addresses
    assert (to.display_name, to.addr_spec) == (name, "ann@example.org")


def test_any_text_arrives_as_it_was_written():
    body = "Hällo 雨,\n\n" + "🌧" * 900 + "\n\n.\n\n..dots\n"

    message = parsed(smtp.encoded(SETTINGS, letter(body=body)))

    assert part(message, "plain") == body


def test_html_shows_links_as_links_and_everything_else_as_text():
    page = smtp.as_html(
        'Hello <b>ann</b> & "co",\n\nhttps://x.example/#a=1&b\n\nsee https://y.example\n'
    )

    assert "<p>Hello &lt;b&gt;ann&lt;/b&gt; &amp; &quot;co&quot;,</p>" in page
    assert '<p><a href="https://x.example/#a=1&amp;b">https://x.example/#a=1&amp;b</a></p>' in page
    assert "<p>see https://y.example</p>" in page


async def test_a_letter_arrives_as_text_and_as_html(mailbox):
    await send(mailbox, letter(to_name="Ann Lee"), letter(subject="second"))

    first, second = mailbox.letters
    assert first["To"] == "Ann Lee <ann@example.org>"
    assert mailbox.recipients == [["ann@example.org"]] * 2
    assert mailbox.text(0) == LETTER["body"]
    assert f'href="{LINK}"' in mailbox.html(0)
    assert second["Subject"] == "second"


async def test_user_and_password_are_used(mailbox):
    await send(mailbox, letter(), smtp_user="registry", smtp_password="s3cret")

    assert mailbox.logins == [("registry", "s3cret")]


async def test_without_a_user_nobody_logs_in(mailbox):
    await send(mailbox, letter(), smtp_password="unused")

    assert mailbox.logins == []
    assert len(mailbox.letters) == 1


async def test_a_letter_waits_rather_than_go_to_another_machine_without_tls(mailbox, monkeypatch):
    monkeypatch.setattr(smtp, "is_loopback", lambda host: False)

    with pytest.raises(NotSent) as failure:
        await send(mailbox, letter())
    assert mailbox.letters == []
    await send(mailbox, letter(), smtp_require_tls=False)

    assert not failure.value.for_good
    assert len(mailbox.letters) == 1


async def test_no_connection_says_so(mailbox):
    await mailbox.close()

    with pytest.raises(NotSent, match=r"\d+") as failure:
        await send(mailbox, letter())

    assert not failure.value.for_good


@pytest.mark.parametrize(
    ("answer", "for_good"), [("451 try later", False), ("554 we do not like it", True)]
)
async def test_a_refused_letter_leaves_the_next_one_alone(mailbox, answer, for_good):
    mailbox.refusals.append(answer)
    async with smtp.connected(Settings(**mailbox.settings)) as send:
        with pytest.raises(NotSent, match=answer) as failure:
            await send(letter())
        await send(letter())

    assert failure.value.for_good is for_good
    assert len(mailbox.letters) == 1


@pytest.mark.parametrize(
    ("answer", "for_good"), [("450 mailbox busy", False), ("550 no such user", True)]
)
async def test_a_refused_address_is_told_by_its_code(mailbox, answer, for_good):
    mailbox.refused_addresses["ann@example.org"] = answer

    with pytest.raises(NotSent, match=answer) as failure:
        await send(mailbox, letter())

    assert failure.value.for_good is for_good


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1"])
def test_this_machine_is_this_machine(host):
    assert smtp.is_loopback(host)


@pytest.mark.parametrize("host", ["mail.example.org", "10.0.0.1", "127.0.0.1.example.org", ""])
def test_other_machines_are_not(host):
    assert not smtp.is_loopback(host)


@pytest.mark.parametrize(
    ("changes", "tls"),
    [
        ({"smtp_server": "mail.example.org"}, (False, True)),
        ({"smtp_server": "mail.example.org", "smtp_require_tls": False}, (False, None)),
        (
            {"smtp_server": "mail.example.org", "smtp_user": "me", "smtp_require_tls": False},
            (False, True),
        ),
        ({"smtp_server": "mail.example.org", "smtp_secure": True}, (True, False)),
        ({"smtp_server": "localhost", "smtp_user": "me"}, (False, False)),
        ({"smtp_server": "localhost", "smtp_secure": True}, (True, False)),
    ],
)
def test_a_password_goes_to_other_machines_over_tls_only(changes, tls):
    assert smtp.tls_options(Settings(**changes)) == tls


@pytest.mark.parametrize(
    ("hostname", "said"),
    [("example.org", "example.org"), ("127.0.0.1", "[127.0.0.1]"), ("::1", "[IPv6:::1]")],
)
def test_a_client_that_has_no_name_greets_with_its_address(hostname, said):
    assert smtp.greeting_name(hostname) == said


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"smtp_from_address": "registry"},
        {"smtp_from_address": "registry@"},
        {"smtp_from_address": "<registry@example.org>"},
        {"smtp_from_address": "a@b.example, c@d.example"},
        {"smtp_from_address": "a@b.example\r\nBcc: c@d.example"},
        {"smtp_from_address": "a@b.example", "smtp_from_name": "a\r\nBcc: c@d.example"},
    ],
)
def test_a_mail_server_without_a_sender_is_no_start(changes):
    with pytest.raises(CannotStart, match="SMTP_INCOMPLETE"):
        smtp.require_complete(Settings(smtp_server="mail.example.org", **changes))


def test_without_a_mail_server_nothing_else_has_to_be_set():
    smtp.require_complete(Settings())
    smtp.require_complete(SETTINGS)
