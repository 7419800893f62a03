"""Statements of the administration room."""

from __future__ import annotations

from litereg.store import Command, Transaction

SET_STATUS = Command("UPDATE user SET status = :status, updated_at = :now WHERE id = :id")

DELETE_LINKS = Command("DELETE FROM login_link WHERE user_id = :user_id")


def set_status(tx: Transaction, user_id: int, status: str, now: int) -> None:
    """Suspend an account or make it active again."""
    tx.run(SET_STATUS, id=user_id, status=status, now=now)


def delete_links(tx: Transaction, user_id: int) -> None:
    """Make a user's unused log-in links worthless."""
    tx.run(DELETE_LINKS, user_id=user_id)
