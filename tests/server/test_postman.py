"""Letters that wait are sent, whatever happens on the way."""

import logging
from dataclasses import replace

import aiohttp
import pytest

from litereg import app
from litereg.app import Registry
from litereg.errors import CannotStart
from litereg.registry import mail
from litereg.registry.mail import Letter, outbox
from litereg.registry.users import queries as users
from litereg.server.postman import Postman
from litereg.server.runner import serving
from litereg.settings import Settings
from litereg.store import Command, Query
from tests.client import People
from tests.mailbox import Clock, open_mailbox

NOW = 1_700_000_000_000
WAITING = Query(int, "SELECT count(*) FROM mail WHERE due_at IS NOT NULL")
BREAK_ADDRESS = Command("UPDATE mail SET to_address = '<ann>'", scans="it is a test's")
GIVEN_UP = Query(str, "SELECT last_error FROM mail WHERE due_at IS NULL AND body IS NULL")


@pytest.fixture
async def mailbox():
    async with open_mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def mail_settings(settings, mailbox):
    return replace(settings, port=0, **mailbox.settings)


class Post:
    """A registry with ann in it, its postman, and the clock that the postman looks at."""

    def __init__(self, registry, settings):
        self.database = registry.database
        self.settings = settings
        self.clock = Clock(NOW)
        self.postman = Postman(settings, registry.database, outbox, self.clock)

    async def queue(self, label="laptop"):
        def work(tx):
            user = users.find_user(tx, "ann")
            mail.queue(
                tx, self.settings, Letter.NEW_API_KEY, user, self.clock(), api_key_label=label
            )

        await self.database.write(work)

    async def send(self, after_ms=0):
        self.clock.now += after_ms
        return await self.postman.send_due()

    async def waiting(self):
        return await self.database.read(lambda tx: tx.one(WAITING))

    async def given_up(self):
        return await self.database.read(lambda tx: tx.all(GIVEN_UP))


@pytest.fixture
async def post(people, registry, mail_settings):
    await people("ann")
    return Post(registry, mail_settings)


async def test_what_waits_is_sent_and_forgotten(post, mailbox, caplog):
    caplog.set_level(logging.INFO, "litereg")
    await post.queue("first")
    await post.queue("second")

    assert await post.send()

    assert ["first" in mailbox.text(0), "second" in mailbox.text(1)] == [True, True]
    assert await post.waiting() == 0
    assert not await post.send()
    assert "ann@example.org" not in caplog.text


async def test_a_server_that_is_down_gets_the_letter_when_it_is_up_again(post, mailbox, caplog):
    await post.queue()
    await mailbox.close()

    assert await post.send()
    assert await post.waiting() == 1
    assert not await post.send(outbox.PAUSES_MS[0] - 1)
    assert "will be tried again" in caplog.text
    await mailbox.open()
    assert await post.send(1)

    assert len(mailbox.letters) == 1
    assert await post.waiting() == 0


async def test_a_server_that_stays_down_is_left_in_peace_in_the_end(post, mailbox, caplog):
    await post.queue()
    await mailbox.close()

    for pause in (0, *outbox.PAUSES_MS[:-1]):
        assert await post.send(pause)

    assert await post.waiting() == 0
    assert len(await post.given_up()) == 1
    assert "is given up" in caplog.text
    await mailbox.open()
    assert not await post.send(outbox.PAUSES_MS[-1])
    assert mailbox.letters == []


async def test_one_refused_letter_does_not_keep_the_others(post, mailbox):
    mailbox.refusals.append("554 no such words here")
    await post.queue("first")
    await post.queue("second")

    await post.send()

    assert "second" in mailbox.text()
    assert len(mailbox.letters) == 1
    assert await post.given_up() == ["554 no such words here"]


async def test_a_letter_that_cannot_be_written_down_does_not_keep_the_others(post, mailbox, caplog):
    await post.queue("first")
    await post.database.write(lambda tx: tx.run(BREAK_ADDRESS))
    await post.queue("second")

    await post.send()

    assert "second" in mailbox.text()
    assert len(mailbox.letters) == 1
    assert await post.waiting() == 1
    assert "HeaderParseError" in caplog.text


async def test_a_letter_that_is_tried_again_is_the_same_letter(post, mailbox):
    mailbox.refusals.append("451 later")
    await post.queue()

    await post.send()
    await post.send(outbox.PAUSES_MS[0])
    (first,) = mailbox.letters

    assert first["Message-ID"].startswith(f"<{NOW}.")
    assert await post.waiting() == 0


async def test_letters_survive_a_restart(mail_settings, mailbox):
    registry = await Registry.open(mail_settings)
    value = {"username": "ann", "emailAddress": "ann@example.org", "password": "correct horse 9"}
    await People(registry).anonymous.mutate("createMe", value=value)
    await registry.close()

    registry = await Registry.open(mail_settings)
    try:
        await Postman(mail_settings, registry.database, outbox).send_due()
    finally:
        await registry.close()

    assert mailbox.letters[0]["Subject"] == "✓ Verify Your New Account"


async def test_a_running_server_sends_by_itself(mail_settings, mailbox):
    registry = await Registry.open(mail_settings)
    try:
        application = app.create_app(mail_settings, registry)
        async with serving(application, mail_settings) as url, aiohttp.ClientSession() as session:
            query = (
                'mutation { createMe(value: {username: "ann", emailAddress: "ann@example.org", '
                'password: "correct horse 9"}) }'
            )
            async with session.post(f"{url}/graphql", json={"query": query}) as response:
                assert (await response.json()) == {"data": {"createMe": None}}
            await mailbox.arrival()
    finally:
        await registry.close()

    assert mailbox.recipients == [["ann@example.org"]]


async def test_half_a_mail_server_is_no_start(registry):
    with pytest.raises(CannotStart, match="SMTP_INCOMPLETE"):
        app.create_app(Settings(smtp_server="127.0.0.1"), registry)
