"""Statements of the managers room."""

from __future__ import annotations

from typing import NamedTuple

from litereg.access import Right
from litereg.store import Command, Query, Transaction


class Found(NamedTuple):
    """A user that somebody named."""

    id: int
    username: str


USER = Query(
    Found,
    """
    SELECT u.id AS id, u.username AS username
    FROM user AS u
    WHERE u.username_key = :key AND u.status <> 'DISABLED'
    """,
)

MANAGERS = Query(
    str,
    """
    SELECT u.username
    FROM user_right AS r
    JOIN user AS u ON u.id = r.user_id
    WHERE r.name = :right AND u.status <> 'DISABLED'
    ORDER BY u.username_key
    """,
)

GRANT = Command(
    """
    INSERT INTO user_right(user_id, name, granted_at, granted_by)
    VALUES (:user_id, :right, :now, :granted_by)
    ON CONFLICT(user_id, name) DO NOTHING
    """
)

REVOKE = Command("DELETE FROM user_right WHERE user_id = :user_id AND name = :right")

MANAGE_LABELS = Right.MANAGE_LABELS.value


def find_user(tx: Transaction, username: str) -> Found | None:
    """Return a user by name."""
    return tx.first(USER, key=username.lower())


def list_managers(tx: Transaction) -> list[str]:
    """Return the names of those who may change labels because they were allowed to."""
    return tx.all(MANAGERS, right=MANAGE_LABELS)


def grant(tx: Transaction, user_id: int, granted_by: int, now: int) -> None:
    """Allow a user to change labels."""
    tx.run(GRANT, user_id=user_id, right=MANAGE_LABELS, granted_by=granted_by, now=now)


def revoke(tx: Transaction, user_id: int) -> None:
    """Do not allow a user to change labels any more."""
    tx.run(REVOKE, user_id=user_id, right=MANAGE_LABELS)
