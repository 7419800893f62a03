"""Send what waits in the outbox, in the background of the application.

The outbox says which letters are due and when to try one again; `litereg.server.smtp` hands them to
a mail server. What goes wrong here is logged and tried again: no request ever fails for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final, Generic, Protocol, TypeVar

from aiohttp import web

from litereg.server import smtp
from litereg.server.smtp import Letter, NotSent, Send
from litereg.settings import Settings
from litereg.store import Database, Transaction

L = TypeVar("L", bound=Letter)

# Asking whether anything is due reads one row of an index.
PAUSE_S: Final = 1.0

_log = logging.getLogger(__name__)


class Outbox(Protocol[L]):
    """Where letters wait. Its functions run in transactions."""

    def is_any_due(self, tx: Transaction, now: int) -> bool:
        """Return whether there is a letter to be sent at *now*."""

    def take(self, tx: Transaction, now: int) -> Sequence[L]:
        """Return letters to be sent now, and put each off until its next try."""

    def sent(self, tx: Transaction, letter: L) -> None:
        """Forget a letter that was sent."""

    def failed(self, tx: Transaction, letter: L, error: str, for_good: bool) -> bool:
        """Note why a letter was not sent; return whether that was the last try."""


class Postman(Generic[L]):
    """Carries letters from an outbox to the mail server, or into the log when there is none."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        outbox: Outbox[L],
        clock: Callable[[], int] | None = None,
        pause_s: float = PAUSE_S,
    ) -> None:
        """Set up. *clock* tells the time, Unix milliseconds.

        Raises:
            CannotStart: SMTP_INCOMPLETE.
        """
        smtp.require_complete(settings)
        self._settings = settings
        self._database = database
        self._outbox = outbox
        self._clock = clock or _now
        self._pause_s = pause_s

    async def working(self, app: web.Application) -> AsyncIterator[None]:
        """Work while *app* runs; for its `cleanup_ctx`."""
        task = asyncio.create_task(self._work(), name="litereg-postman")
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    async def send_due(self) -> bool:
        """Try to send what is due, up to a batch of it; return whether anything was."""
        now = self._clock()
        if not await self._database.read(self._outbox.is_any_due, now):
            return False
        letters = await self._database.write(self._outbox.take, now)
        if letters:
            await self._carry(list(letters))
        return True

    async def _work(self) -> None:
        while True:
            any_due = False
            try:
                any_due = await self.send_due()
            except Exception:
                _log.exception("letters could not be sent; they wait")
            if not any_due:
                await asyncio.sleep(self._pause_s)

    async def _carry(self, letters: list[L]) -> None:
        """Hand *letters* over one by one; those that no connection is found for have failed."""
        try:
            async with self._connected() as send:
                while letters:
                    await self._hand_over(send, letters.pop(0))
        except NotSent as error:
            for letter in letters:
                await self._failed(letter, error)

    async def _hand_over(self, send: Send, letter: L) -> None:
        try:
            await send(letter)
        except NotSent as error:
            await self._failed(letter, error)
        except Exception as error:
            # A letter that we cannot even write down must not keep those behind it.
            _log.exception("letter %d met a defect", letter.id)
            await self._failed(letter, NotSent(repr(error)))
        else:
            await self._database.write(self._outbox.sent, letter)
            _log.info("letter %d was sent", letter.id)

    async def _failed(self, letter: L, error: NotSent) -> None:
        given_up = await self._database.write(
            self._outbox.failed, letter, str(error), error.for_good
        )
        outcome = "is given up" if given_up else "will be tried again"
        _log.warning("letter %d was not sent and %s: %s", letter.id, outcome, error)

    def _connected(self) -> AbstractAsyncContextManager[Send]:
        return smtp.connected(self._settings) if self._settings.sends_mail else _into_the_log()


@asynccontextmanager
async def _into_the_log() -> AsyncIterator[Send]:
    """Yield what writes a letter into the log, for a registry without a mail server."""

    async def send(letter: Letter) -> None:
        text = " ".join(letter.body.split())
        _log.warning("no smtp_server is set; to %s would go: %s", letter.to_address, text)

    yield send


def _now() -> int:
    return time.time_ns() // 1_000_000
