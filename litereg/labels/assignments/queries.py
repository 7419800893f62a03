"""Statements of the assignments room."""

from __future__ import annotations

from collections.abc import Sequence

from litereg.labels.history import queries as history
from litereg.labels.public_packages.queries import LAST_DATA_ID
from litereg.store import Command, Transaction

LABEL_PACKAGE = Command(
    f"""
    INSERT INTO package_label(label_id, is_data, package_id, assigned_at, assigned_by)
    VALUES (
        :label_id,
        CASE WHEN :package_id <= {LAST_DATA_ID} THEN 1 ELSE 0 END,
        :package_id,
        :now,
        :user_id
    )
    """
)

LABEL_VERSION = Command(
    f"""
    INSERT INTO version_label(label_id, is_data, version_id, assigned_at, assigned_by)
    VALUES (
        :label_id,
        CASE WHEN :version_id <= {LAST_DATA_ID} THEN 1 ELSE 0 END,
        :version_id,
        :now,
        :user_id
    )
    """
)

UNLABEL_PACKAGE = Command(
    """
    DELETE FROM package_label
    WHERE package_id = :package_id AND label_id IN ({list:label_ids})
    """
)

UNLABEL_VERSIONS = Command(
    """
    DELETE FROM version_label
    WHERE version_id IN ({list:version_ids}) AND label_id IN ({list:label_ids})
    """
)


def label_package(tx: Transaction, label_id: int, package_id: int, user_id: int, now: int) -> None:
    """Put a label on a package that has none."""
    tx.run(LABEL_PACKAGE, label_id=label_id, package_id=package_id, user_id=user_id, now=now)
    history.note_package_assigned(tx, label_id, package_id, user_id, now)


def label_versions(
    tx: Transaction, label_id: int, version_ids: Sequence[int], user_id: int, now: int
) -> None:
    """Put a label on versions that have none."""
    tx.run_many(
        LABEL_VERSION,
        [
            {"label_id": label_id, "version_id": version_id, "user_id": user_id, "now": now}
            for version_id in version_ids
        ],
    )
    history.note_versions_assigned(tx, label_id, version_ids, user_id, now)


def unlabel_package(
    tx: Transaction, label_ids: Sequence[int], package_id: int, user_id: int, now: int
) -> None:
    """Take those of these labels off a package that are on it."""
    history.note_package_removed(tx, label_ids, package_id, user_id, now)
    tx.run(UNLABEL_PACKAGE, label_ids=list(label_ids), package_id=package_id)


def unlabel_versions(
    tx: Transaction, label_ids: Sequence[int], version_ids: Sequence[int], user_id: int, now: int
) -> None:
    """Take those of these labels off versions that are on them."""
    history.note_versions_removed(tx, label_ids, version_ids, user_id, now)
    tx.run(UNLABEL_VERSIONS, label_ids=list(label_ids), version_ids=list(version_ids))
