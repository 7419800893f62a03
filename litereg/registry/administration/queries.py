"""Statements of the administration room."""

from __future__ import annotations

from litereg.registry.models import AdminStatus
from litereg.store import Command, Query, Transaction

STATUS = Query(
    AdminStatus,
    """
    SELECT
        (SELECT count(*) FROM user WHERE status = 'ACTIVE') AS active_users,
        (SELECT count(*) FROM user WHERE status = 'SUSPENDED') AS suspended_users,
        (SELECT count(*) FROM user WHERE status = 'ACTIVE' AND is_admin = 1) AS administrators,
        (SELECT count(*) FROM catalog WHERE is_active = 1) AS catalogs,
        (SELECT count(*) FROM package WHERE is_active = 1) AS packages,
        (SELECT count(*) FROM version WHERE is_active = 1) AS versions,
        (SELECT count(*) FROM collection WHERE is_active = 1) AS collections,
        (SELECT count(*) FROM mail WHERE due_at IS NOT NULL) AS waiting_letters,
        (SELECT count(*) FROM mail WHERE due_at IS NULL) AS failed_letters
    """,
    scans="it counts everything, for administrators who ask for it",
)

SET_STATUS = Command("UPDATE user SET status = :status, updated_at = :now WHERE id = :id")

DELETE_LINKS = Command("DELETE FROM login_link WHERE user_id = :user_id")


def set_status(tx: Transaction, user_id: int, status: str, now: int) -> None:
    """Suspend an account or make it active again."""
    tx.run(SET_STATUS, id=user_id, status=status, now=now)


def delete_links(tx: Transaction, user_id: int) -> None:
    """Make a user's unused log-in links worthless."""
    tx.run(DELETE_LINKS, user_id=user_id)


def get_status(tx: Transaction) -> AdminStatus:
    """Count what is there."""
    return tx.one(STATUS)
