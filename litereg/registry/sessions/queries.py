"""Statements of the sessions room."""

from __future__ import annotations

from typing import NamedTuple

from litereg.registry.models import Session
from litereg.store import Command, Query, Transaction

DAY_MS = 24 * 60 * 60 * 1000
IDLE_MS = DAY_MS
LONGEST_MS = 30 * DAY_MS
# A script that logs in each time it runs must not make a list without end.
MAX_LISTED = 200


class SessionUser(NamedTuple):
    """Whose session it is, and when it was last used."""

    user_id: int
    username: str
    is_admin: bool
    last_used_at: int


FIND = Query(
    SessionUser,
    """
    SELECT u.id AS user_id, u.username AS username, u.is_admin AS is_admin,
           s.last_used_at AS last_used_at
    FROM session AS s
    JOIN user AS u ON u.id = s.user_id
    WHERE s.token_sha256 = :session AND s.expires_at > :now AND u.status = 'ACTIVE'
    """,
)

LIST = Query(
    Session,
    """
    SELECT token_sha256, created_at, last_used_at, expires_at
    FROM session
    WHERE user_id = :user_id AND expires_at > :now
    ORDER BY token_sha256 IS :current DESC, last_used_at DESC, token_sha256
    LIMIT :limit
    """,
)

INSERT = Command(
    """
    INSERT INTO session(token_sha256, user_id, created_at, last_used_at, expires_at, by_link)
    VALUES (:session, :user_id, :now, :now, :expires_at, :by_link)
    """
)

DELETE_EXPIRED = Command(
    """
    DELETE FROM session
    WHERE user_id = :user_id AND expires_at <= :now
    """
)

TOUCH = Command(
    """
    UPDATE session
    SET last_used_at = :now, expires_at = min(:expires_at, created_at + :longest)
    WHERE token_sha256 = :session AND expires_at > :now
    """
)

DELETE = Command("DELETE FROM session WHERE token_sha256 = :session")

DELETE_OF_USER = Command("DELETE FROM session WHERE user_id = :user_id")

DELETE_OTHERS = Command(
    """
    DELETE FROM session
    WHERE user_id = :user_id AND token_sha256 IS NOT :session
    """
)

# Turning a second factor on ends the other sessions, so whoever has one has no such session.
_WITH_ONE_FACTOR = """session
    WHERE by_link = 0 AND user_id NOT IN (SELECT user_id FROM second_factor)"""

ANY_WITH_ONE_FACTOR = Query(
    int, f"SELECT 1 FROM {_WITH_ONE_FACTOR} LIMIT 1", scans="once, at the start"
)

DELETE_WITH_ONE_FACTOR = Command(f"DELETE FROM {_WITH_ONE_FACTOR}", scans="once, at the start")

INSERT_LINK = Command(
    """
    INSERT INTO login_link(token_sha256, user_id, expires_at)
    VALUES (:token, :user_id, :expires_at)
    """
)

FIND_LINK = Query(
    int,
    """
    SELECT l.user_id
    FROM login_link AS l
    JOIN user AS u ON u.id = l.user_id
    WHERE l.token_sha256 = :token AND l.expires_at > :now AND u.status = 'ACTIVE'
    """,
)

DELETE_LINK = Command("DELETE FROM login_link WHERE token_sha256 = :token")


def find_session(tx: Transaction, session: bytes, now: int) -> SessionUser | None:
    """Return whose living session has the digest *session*, if any."""
    return tx.first(FIND, session=session, now=now)


def list_sessions(tx: Transaction, user_id: int, current: bytes | None, now: int) -> list[Session]:
    """Return a user's living sessions, *current* first, then the last used, MAX_LISTED at most."""
    return tx.all(LIST, user_id=user_id, current=current, now=now, limit=MAX_LISTED)


def insert_session(
    tx: Transaction, session: bytes, user_id: int, now: int, *, by_link: bool = False
) -> None:
    """Store a session, and forget those of the same user that have ended."""
    tx.run(DELETE_EXPIRED, user_id=user_id, now=now)
    tx.run(
        INSERT,
        session=session,
        user_id=user_id,
        now=now,
        expires_at=now + IDLE_MS,
        by_link=by_link,
    )


def touch_session(tx: Transaction, session: bytes, now: int) -> None:
    """Note that a session was used at *now*, which makes it last longer."""
    tx.run(TOUCH, session=session, now=now, expires_at=now + IDLE_MS, longest=LONGEST_MS)


def delete_session(tx: Transaction, session: bytes) -> None:
    """End one session."""
    tx.run(DELETE, session=session)


def delete_sessions(tx: Transaction, user_id: int) -> None:
    """End all sessions of a user."""
    tx.run(DELETE_OF_USER, user_id=user_id)


def delete_other_sessions(tx: Transaction, user_id: int, session: bytes | None) -> None:
    """End all sessions of a user but *session*."""
    tx.run(DELETE_OTHERS, user_id=user_id, session=session)


def has_one_factor_sessions(tx: Transaction) -> bool:
    """Return whether there is a session that neither a second factor nor a link has begun."""
    return tx.first(ANY_WITH_ONE_FACTOR) is not None


def delete_one_factor_sessions(tx: Transaction) -> None:
    """End all sessions that neither a second factor nor a link has begun."""
    tx.run(DELETE_WITH_ONE_FACTOR)


def insert_link(tx: Transaction, token: bytes, user_id: int, expires_at: int) -> None:
    """Store a one-time log-in link by the digest of its token."""
    tx.run(INSERT_LINK, token=token, user_id=user_id, expires_at=expires_at)


def take_link(tx: Transaction, token: bytes, now: int) -> int | None:
    """Return the user of a living one-time link and use the link up."""
    user_id = tx.first(FIND_LINK, token=token, now=now)
    tx.run(DELETE_LINK, token=token)
    return user_id
