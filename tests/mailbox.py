"""A real mail server on loopback, for tests: it keeps what it is given."""

from __future__ import annotations

import asyncio
import email
import re
from contextlib import asynccontextmanager
from email.policy import default

from aiosmtpd.smtp import SMTP, AuthResult

from litereg.registry.mail import outbox
from litereg.server.postman import Postman

# How DataPM's own tests find the token.
TOKEN = re.compile(r"#token=([a-zA-z0-9-]+)")


class Mailbox:
    """What a mail server was given, and how it answers.

    Attributes:
        letters: the messages, parsed.
        sources: the same as they came, bytes.
        recipients: to whom each went.
        refusals: answers to the next messages, instead of taking them.
        refused_addresses: address → answer.
        logins: (user, password) of each log-in.
    """

    def __init__(self):
        self.letters = []
        self.sources = []
        self.recipients = []
        self.refusals = []
        self.refused_addresses = {}
        self.logins = []
        self.port = 0
        self._server = None
        self._arrived = asyncio.Event()

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address in self.refused_addresses:
            return self.refused_addresses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.refusals:
            return self.refusals.pop(0)
        self.sources.append(envelope.original_content)
        self.letters.append(email.message_from_bytes(envelope.content, policy=default))
        self.recipients.append(envelope.rcpt_tos)
        self._arrived.set()
        return "250 taken"

    def authenticate(self, server, session, envelope, mechanism, auth_data):
        self.logins.append((auth_data.login.decode(), auth_data.password.decode()))
        return AuthResult(success=True)

    async def open(self):
        """Listen, on the same port as the last time."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self):
        self._server.close()
        await self._server.wait_closed()

    def _protocol(self):
        return SMTP(
            self,
            hostname="mail.example.org",
            authenticator=self.authenticate,
            auth_require_tls=False,
        )

    @property
    def settings(self):
        """The settings that make a registry send its mail here."""
        return {
            "smtp_server": "127.0.0.1",
            "smtp_port": self.port,
            "smtp_from_address": "registry@example.org",
        }

    async def arrival(self, count=1):
        """Wait until so many letters have arrived, since the beginning."""
        async with asyncio.timeout(30):
            while len(self.letters) < count:
                self._arrived.clear()
                await self._arrived.wait()

    def text(self, index=-1):
        return part(self.letters[index], "plain")

    def html(self, index=-1):
        return part(self.letters[index], "html")

    def token(self, index=-1):
        return TOKEN.search(self.text(index))[1]


def part(message, kind):
    """Return the text of a message that is "plain" or "html", its lines as Python ends them."""
    return message.get_body((kind,)).get_content().replace("\r\n", "\n")


@asynccontextmanager
async def open_mailbox():
    mailbox = Mailbox()
    await mailbox.open()
    try:
        yield mailbox
    finally:
        await mailbox.close()


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now


async def send_all(registry, now=None):
    """Send what waits in a registry, as its server does in the background.

    Where a server runs, it may have taken a letter and still be sending it: wait for its arrival.
    """
    postman = Postman(registry.settings, registry.database, outbox, now and Clock(now))
    while await postman.send_due():
        pass
