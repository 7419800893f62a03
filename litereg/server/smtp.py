"""Hand letters to a mail server.

Which letters, and when to try again, is for `litereg.server.postman`. A password is never sent over
a connection that others could read: without TLS only to this very machine. Letters go the same way
unless the settings say otherwise.
"""

from __future__ import annotations

import ipaddress
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from typing import TYPE_CHECKING, Final, Protocol

from litereg.errors import CannotStart
from litereg.settings import Settings

if TYPE_CHECKING:
    import aiosmtplib

TIMEOUT_S: Final = 20.0
# Mail servers may cut or refuse lines longer than this.
MAX_LINE: Final = 998


class Letter(Protocol):
    """What is sent. Its texts are single lines where they end in headers."""

    @property
    def id(self) -> int:
        """A number that no other waiting letter has."""

    @property
    def to_address(self) -> str:
        """The address it goes to: ASCII."""

    @property
    def to_name(self) -> str:
        """Whose address it is, or ""."""

    @property
    def subject(self) -> str:
        """What it is about."""

    @property
    def body(self) -> str:
        """Its text; a paragraph that is nothing but an address is a link."""

    @property
    def created_at(self) -> int:
        """When it was written, Unix milliseconds."""


Send = Callable[[Letter], Awaitable[None]]


class NotSent(Exception):
    """A letter, or all of them, could not be handed over.

    Attributes:
        for_good: trying again will not help.
    """

    def __init__(self, reason: str, *, for_good: bool = False) -> None:
        super().__init__(reason)
        self.for_good = for_good


def require_complete(settings: Settings) -> None:
    """Raise unless the settings name either no mail server or all that sending takes.

    Raises:
        CannotStart: SMTP_INCOMPLETE.
    """
    if not settings.sends_mail:
        return
    try:
        _sender(settings)
    except (ValueError, IndexError, MessageError) as error:
        name, address = settings.smtp_from_name, settings.smtp_from_address
        raise CannotStart(
            "SMTP_INCOMPLETE",
            f"smtp_server is set, but no mail can come from smtp_from_address {address!r} with "
            f"smtp_from_name {name!r}",
        ) from error


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[Send]:
    """Connect to the mail server and yield what hands one letter to it.

    Raises:
        NotSent: there is no connection, or no log-in; or, from what is yielded, not this letter.
    """
    # A registry without mail does without the library.
    import aiosmtplib

    use_tls, start_tls = tls_options(settings)
    client = aiosmtplib.SMTP(
        hostname=settings.smtp_server,
        port=settings.smtp_port,
        username=settings.smtp_user or None,
        password=settings.smtp_password if settings.smtp_user else None,
        # Otherwise it would ask the name service, and wait for it.
        local_hostname=greeting_name(settings.hostname),
        timeout=TIMEOUT_S,
        use_tls=use_tls,
        start_tls=start_tls,
    )

    async def send(letter: Letter) -> None:
        try:
            await client.sendmail(
                settings.smtp_from_address, [letter.to_address], encoded(settings, letter)
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _refused(error.recipients[0]) from error
        except aiosmtplib.SMTPDataError as error:
            raise _refused(error) from error
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise NotSent(str(error)) from error

    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(client)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise NotSent(str(error)) from error
        yield send


def encoded(settings: Settings, letter: Letter) -> bytes:
    """Return *letter* as it travels: plain text, and the same as HTML."""
    message = EmailMessage(policy=SMTP)
    sender = _sender(settings)
    message["From"] = sender
    message["To"] = Address(letter.to_name, addr_spec=letter.to_address)
    message["Subject"] = letter.subject
    message["Date"] = datetime.fromtimestamp(letter.created_at / 1000, UTC)
    # The same at each try, so that a letter that arrives twice can be told from two.
    message["Message-ID"] = f"<{letter.created_at}.{letter.id}.litereg@{sender.domain}>"
    # Absence notes are not for us.
    message["Auto-Submitted"] = "auto-generated"
    page = as_html(letter.body)
    message.set_content(letter.body, cte=_transfer_encoding(letter.body))
    message.add_alternative(page, subtype="html", cte=_transfer_encoding(page))
    return message.as_bytes()


def as_html(body: str) -> str:
    """Return a text as a page: its paragraphs, and a link for each that is an address."""
    paragraphs = (f"<p>{_paragraph(part)}</p>\n" for part in body.strip().split("\n\n"))
    return (
        '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"></head>\n'
        f"<body>\n{''.join(paragraphs)}</body>\n</html>\n"
    )


def _sender(settings: Settings) -> Address:
    name = settings.smtp_from_name or settings.registry_name
    return Address(name, addr_spec=settings.smtp_from_address)


def _paragraph(text: str) -> str:
    shown = escape(text)
    is_link = text.startswith(("http://", "https://")) and " " not in text
    return f'<a href="{shown}">{shown}</a>' if is_link else shown


def _transfer_encoding(text: str) -> str:
    """Return the encoding that leaves most readable as it is: links stay in one piece."""
    is_plain = text.isascii() and all(len(line) <= MAX_LINE for line in text.splitlines())
    return "7bit" if is_plain else "quoted-printable"


def _refused(error: aiosmtplib.SMTPResponseException) -> NotSent:
    """Return what a refusal of one letter means; the codes from 500 on will not change."""
    return NotSent(f"{error.code} {error.message}", for_good=error.code >= 500)


def tls_options(settings: Settings) -> tuple[bool, bool | None]:
    """Return whether to speak TLS from the start, and whether to begin it later.

    Later, None means: where the server offers it.
    """
    if settings.smtp_secure:
        return True, False
    # A mail server on this machine often has a certificate that nobody signed.
    if is_loopback(settings.smtp_server):
        return False, False
    return False, True if settings.smtp_require_tls or settings.smtp_user else None


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine; only of names that cannot be anything else."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def greeting_name(hostname: str) -> str:
    """Return the name of a host as mail clients give theirs: addresses stand in brackets."""
    try:
        address = ipaddress.ip_address(hostname)
    except ValueError:
        return hostname
    return f"[IPv6:{address}]" if address.version == 6 else f"[{address}]"
