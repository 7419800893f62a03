"""Who asks: credentials in, viewer out."""

from __future__ import annotations

import asyncio
import logging

from litereg.access import Credentials, Viewer
from litereg.errors import NotAuthenticated, Unavailable
from litereg.registry.api_keys import queries as api_keys
from litereg.registry.sessions import queries as sessions
from litereg.registry.tokens import digest, parse_key_token
from litereg.store import Database, Transaction

# A session's or key's last use is written down to the minute, not for each request.
STALE_MS = 60_000

_log = logging.getLogger(__name__)


def identify(tx: Transaction, credentials: Credentials, now: int) -> Viewer:
    """Return who holds *credentials* at *now* (Unix milliseconds).

    A Bearer token may be a session or an API key; both are looked up by their SHA-256.

    Raises:
        NotAuthenticated: they are unknown, expired, revoked, or their user is not active.
    """
    viewer = None
    if credentials.kind != "api_key":
        viewer = _by_session(tx, credentials.token, now)
    if viewer is None and credentials.kind != "session":
        viewer = _by_api_key(tx, credentials.token, now)
    if viewer is None:
        raise NotAuthenticated("API_KEY_NOT_FOUND")
    return viewer


class LastUses:
    """Writes down when sessions and keys were last used, beside the requests that use them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._writing: dict[bytes | str, asyncio.Task[None]] = {}

    def note(self, viewer: Viewer, now: int) -> None:
        """Have it written down that *viewer* was here at *now*, when that is due; nobody waits."""
        used = viewer.session or viewer.key_id
        if used is None or not viewer.is_stale or used in self._writing:
            return
        task = asyncio.create_task(self._write(viewer, now))
        self._writing[used] = task
        task.add_done_callback(lambda _: self._writing.pop(used))

    async def settle(self) -> None:
        """Wait for what is being written."""
        await asyncio.gather(*self._writing.values())

    async def _write(self, viewer: Viewer, now: int) -> None:
        try:
            if viewer.session is not None:
                await self._database.write(sessions.touch_session, viewer.session, now)
            elif viewer.key_id is not None:
                await self._database.write(api_keys.touch_key, viewer.key_id, now)
        except Unavailable as error:
            _log.warning("when a session or key was last used could not be written: %s", error)


def _by_session(tx: Transaction, token: str, now: int) -> Viewer | None:
    session = digest(token)
    found = sessions.find_session(tx, session, now)
    if found is None:
        return None
    stale = now - found.last_used_at > STALE_MS
    return Viewer(found.user_id, found.username, found.is_admin, session=session, is_stale=stale)


def _by_api_key(tx: Transaction, token: str, now: int) -> Viewer | None:
    parsed = parse_key_token(token)
    if parsed is None:
        return None
    key_id, secret = parsed
    found = api_keys.find_user(tx, key_id, digest(secret))
    if found is None:
        return None
    stale = found.last_used_at is None or now - found.last_used_at > STALE_MS
    return Viewer(found.user_id, found.username, found.is_admin, key_id=key_id, is_stale=stale)
