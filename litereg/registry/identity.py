"""Who asks: credentials in, viewer out."""

from __future__ import annotations

from litereg.access import Credentials, Viewer
from litereg.errors import NotAuthenticated
from litereg.registry.api_keys import queries as api_keys
from litereg.registry.api_keys import service as api_key_service
from litereg.registry.sessions import queries as sessions
from litereg.registry.sessions import service as session_service
from litereg.store import Database, Transaction

# A session's or key's last use is written down to the minute, not for each request.
STALE_MS = 60_000


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


async def touch(database: Database, viewer: Viewer, now: int) -> None:
    """Write down that a viewer's session or key was used, when that is due."""
    if not viewer.is_stale:
        return
    if viewer.session is not None:
        await database.write(session_service.touch, viewer.session, now)
    elif viewer.key_id is not None:
        await database.write(api_key_service.touch, viewer.key_id, now)


def _by_session(tx: Transaction, token: str, now: int) -> Viewer | None:
    session = session_service.digest(token)
    found = sessions.find_session(tx, session, now)
    if found is None:
        return None
    stale = now - found.last_used_at > STALE_MS
    return Viewer(found.user_id, found.username, found.is_admin, session=session, is_stale=stale)


def _by_api_key(tx: Transaction, token: str, now: int) -> Viewer | None:
    parsed = api_key_service.parse_token(token)
    if parsed is None:
        return None
    key_id, secret = parsed
    found = api_keys.find_user(tx, key_id, session_service.digest(secret))
    if found is None:
        return None
    stale = found.last_used_at is None or now - found.last_used_at > STALE_MS
    return Viewer(found.user_id, found.username, found.is_admin, key_id=key_id, is_stale=stale)
