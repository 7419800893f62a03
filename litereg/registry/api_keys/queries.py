"""Statements of the API keys room."""

from __future__ import annotations

from typing import NamedTuple

from litereg.registry.models import ApiKey
from litereg.store import Command, Query, Transaction


class KeyUser(NamedTuple):
    """Whose key it is, and when it was last used."""

    user_id: int
    username: str
    is_admin: bool
    last_used_at: int | None


BY_SECRET = Query(
    KeyUser,
    """
    SELECT u.id AS user_id, u.username AS username, u.is_admin AS is_admin,
           k.last_used_at AS last_used_at
    FROM api_key AS k
    JOIN user AS u ON u.id = k.user_id
    WHERE k.id = :id AND k.secret_sha256 = :secret AND u.status = 'ACTIVE'
    """,
)

LIST = Query(
    ApiKey,
    """
    SELECT id, label, scopes, created_at, last_used_at
    FROM api_key
    WHERE user_id = :user_id
    ORDER BY created_at DESC, id
    """,
)

FIND = Query(
    ApiKey,
    """
    SELECT id, label, scopes, created_at, last_used_at
    FROM api_key
    WHERE id = :id AND user_id = :user_id
    """,
)

HAS_LABEL = Query(int, "SELECT 1 FROM api_key WHERE user_id = :user_id AND label = :label")

INSERT = Command(
    """
    INSERT INTO api_key(id, user_id, label, secret_sha256, scopes, created_at)
    VALUES (:id, :user_id, :label, :secret, :scopes, :now)
    """
)

DELETE = Command("DELETE FROM api_key WHERE id = :id")

DELETE_OF_USER = Command("DELETE FROM api_key WHERE user_id = :user_id")

TOUCH = Command("UPDATE api_key SET last_used_at = :now WHERE id = :id")


def find_user(tx: Transaction, key_id: str, secret_sha256: bytes) -> KeyUser | None:
    """Return whose key this is, when the secret is right and the user active."""
    return tx.first(BY_SECRET, id=key_id, secret=secret_sha256)


def list_keys(tx: Transaction, user_id: int) -> list[ApiKey]:
    """Return a user's keys, newest first."""
    return tx.all(LIST, user_id=user_id)


def find_key(tx: Transaction, user_id: int, key_id: str) -> ApiKey | None:
    """Return one of a user's keys."""
    return tx.first(FIND, user_id=user_id, id=key_id)


def has_label(tx: Transaction, user_id: int, label: str) -> bool:
    """Return whether a user has a key of that label."""
    return tx.first(HAS_LABEL, user_id=user_id, label=label) is not None


def insert_key(
    tx: Transaction,
    key_id: str,
    user_id: int,
    label: str,
    secret_sha256: bytes,
    scopes: int,
    now: int,
) -> None:
    """Store a key."""
    tx.run(
        INSERT,
        id=key_id,
        user_id=user_id,
        label=label,
        secret=secret_sha256,
        scopes=scopes,
        now=now,
    )


def delete_key(tx: Transaction, key_id: str) -> None:
    """Remove a key for good."""
    tx.run(DELETE, id=key_id)


def delete_keys(tx: Transaction, user_id: int) -> None:
    """Remove all keys of a user."""
    tx.run(DELETE_OF_USER, user_id=user_id)


def touch_key(tx: Transaction, key_id: str, now: int) -> None:
    """Note when a key was used."""
    tx.run(TOUCH, id=key_id, now=now)
