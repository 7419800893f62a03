"""Statements of the e-mail links room. Tokens are known by their SHA-256 only."""

from __future__ import annotations

from typing import NamedTuple

from litereg.store import Command, Query, Transaction

VERIFY = "VERIFY"
RECOVER = "RECOVER"
HOUR_MS = 60 * 60 * 1000
# How long a link works after it was made.
VERIFY_LASTS_MS = 4 * HOUR_MS
RECOVER_LASTS_MS = HOUR_MS
# Links to a new password are kept longer than they work, to be able to say that they are too old.
RECOVER_KEPT_MS = 24 * HOUR_MS


class Link(NamedTuple):
    """A link that somebody was sent, and the state of their account.

    `email_address` is the address that they get when they open it, if it is for a new one.
    """

    user_id: int
    created_at: int
    used_at: int | None
    is_email_verified: bool
    email_address: str | None


INSERT = Command(
    """
    INSERT INTO email_link(token_sha256, user_id, purpose, created_at, email_address)
    VALUES (:token, :user_id, :purpose, :now, :email_address)
    """
)

FIND = Query(
    Link,
    """
    SELECT l.user_id AS user_id, l.created_at AS created_at, l.used_at AS used_at,
           u.is_email_verified AS is_email_verified, l.email_address AS email_address
    FROM email_link AS l
    JOIN user AS u ON u.id = l.user_id
    WHERE l.token_sha256 = :token AND l.purpose = :purpose AND u.status <> 'DISABLED'
    """,
)

COUNT_SINCE = Query(
    int,
    """
    SELECT count(*)
    FROM email_link
    WHERE user_id = :user_id AND purpose = :purpose AND created_at > :since
    """,
)

USE_ALL = Command(
    """
    UPDATE email_link
    SET used_at = :now
    WHERE user_id = :user_id AND used_at IS NULL
      AND (purpose = 'RECOVER' OR email_address IS NOT NULL)
    """
)

FORGET_OLD = Command("DELETE FROM email_link WHERE purpose = :purpose AND created_at < :before")


def insert_verify_link(
    tx: Transaction, token: bytes, user_id: int, now: int, email_address: str | None = None
) -> None:
    """Store a link that verifies the address of a new account, or *email_address*, a new one."""
    tx.run(
        INSERT,
        token=token,
        user_id=user_id,
        purpose=VERIFY,
        now=now,
        email_address=email_address,
    )


def find_verify_link(tx: Transaction, token: bytes) -> Link | None:
    """Return the link to verify an address that has this token."""
    return tx.first(FIND, token=token, purpose=VERIFY)


def insert_recover_link(tx: Transaction, token: bytes, user_id: int | None, now: int) -> None:
    """Store a link to a new password, and forget those that are long too old.

    One for nobody opens nothing.
    """
    tx.run(FORGET_OLD, purpose=RECOVER, before=now - RECOVER_KEPT_MS)
    tx.run(INSERT, token=token, user_id=user_id, purpose=RECOVER, now=now, email_address=None)


def find_recover_link(tx: Transaction, token: bytes) -> Link | None:
    """Return the link to a new password that has this token."""
    return tx.first(FIND, token=token, purpose=RECOVER)


def count_recover_links(tx: Transaction, user_id: int, since: int) -> int:
    """Return how many links to a new password a user was sent after *since*."""
    return tx.one(COUNT_SINCE, user_id=user_id, purpose=RECOVER, since=since)


def use_links(tx: Transaction, user_id: int, now: int) -> None:
    """Make all links to a new password or a new address that a user was sent worthless."""
    tx.run(USE_ALL, user_id=user_id, now=now)
