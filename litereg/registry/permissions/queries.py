"""Statements of the permissions room."""

from __future__ import annotations

from typing import NamedTuple

from litereg.access import Permission
from litereg.registry import columns
from litereg.registry.models import User
from litereg.store import Command, Query, Transaction

MANAGE = Permission.MANAGE.value


class Grant(NamedTuple):
    """What one user was granted on one thing.

    Attributes:
        subject_id: the catalog, package or collection.
        package_permissions: of a catalog: what counts on each package besides.
    """

    subject_id: int
    permissions: int
    package_permissions: int
    user: User


def _grants(noun: str, package_permissions: str = "0") -> str:
    return f"""
    SELECT g.{noun}_id AS subject_id, g.permissions AS permissions,
        {package_permissions} AS package_permissions,
        {columns.user("user_")}
    FROM {noun}_grant AS g
    JOIN user AS u ON u.id = g.user_id
    WHERE g.{noun}_id IN ({{ids}}) AND u.status <> 'DISABLED'
    ORDER BY u.username_key
    """


ON_CATALOGS = Query(Grant, _grants("catalog", "g.package_permissions"))

ON_PACKAGES = Query(Grant, _grants("package"))

ON_COLLECTIONS = Query(Grant, _grants("collection"))

# What one user holds in their own row.
HELD_ON_CATALOG = Query(
    int,
    """
    SELECT permissions | package_permissions
    FROM catalog_grant
    WHERE user_id = :user_id AND catalog_id = :id
    """,
)

HELD_ON_PACKAGE = Query(
    int, "SELECT permissions FROM package_grant WHERE user_id = :user_id AND package_id = :id"
)

HELD_ON_COLLECTION = Query(
    int,
    "SELECT permissions FROM collection_grant WHERE user_id = :user_id AND collection_id = :id",
)

SET_ON_CATALOG = Command(
    """
    INSERT INTO catalog_grant(user_id, catalog_id, permissions, package_permissions)
    VALUES (:user_id, :catalog_id, :permissions, :package_permissions)
    ON CONFLICT(user_id, catalog_id) DO UPDATE
    SET permissions = excluded.permissions, package_permissions = excluded.package_permissions
    """
)

REVOKE_ON_CATALOG = Command(
    "DELETE FROM catalog_grant WHERE user_id = :user_id AND catalog_id = :id"
)

REVOKE_ON_PACKAGE = Command(
    "DELETE FROM package_grant WHERE user_id = :user_id AND package_id = :id"
)

REVOKE_ON_COLLECTION = Command(
    "DELETE FROM collection_grant WHERE user_id = :user_id AND collection_id = :id"
)

CATALOG_MANAGER = Query(
    int,
    f"""
    SELECT u.id
    FROM catalog AS c
    JOIN catalog_grant AS g ON g.catalog_id = c.id
    JOIN user AS u ON u.id = g.user_id
    WHERE c.id = :id
      AND g.permissions & {MANAGE}
      AND u.status <> 'DISABLED'
      AND coalesce(c.personal_of, u.id) = u.id
    LIMIT 1
    """,
)

COLLECTION_MANAGER = Query(
    int,
    f"""
    SELECT u.id
    FROM collection_grant AS g
    JOIN user AS u ON u.id = g.user_id
    WHERE g.collection_id = :id AND g.permissions & {MANAGE} AND u.status <> 'DISABLED'
    LIMIT 1
    """,
)


def list_on_catalogs(tx: Transaction, catalog_ids: list[int]) -> list[Grant]:
    """Return what everybody was granted on several catalogs, by username."""
    return tx.all(ON_CATALOGS, ids=catalog_ids)


def list_on_package(tx: Transaction, package_id: int) -> list[Grant]:
    """Return what everybody was granted on a package itself, by username."""
    return tx.all(ON_PACKAGES, ids=[package_id])


def list_on_collection(tx: Transaction, collection_id: int) -> list[Grant]:
    """Return what everybody was granted on a collection, by username."""
    return tx.all(ON_COLLECTIONS, ids=[collection_id])


def held_on_catalog(tx: Transaction, catalog_id: int, user_id: int) -> int:
    """Return what a user was granted on a catalog or on its packages (a sum)."""
    return tx.first(HELD_ON_CATALOG, id=catalog_id, user_id=user_id) or 0


def held_on_package(tx: Transaction, package_id: int, user_id: int) -> int:
    """Return what a user was granted on a package itself (a sum)."""
    return tx.first(HELD_ON_PACKAGE, id=package_id, user_id=user_id) or 0


def held_on_collection(tx: Transaction, collection_id: int, user_id: int) -> int:
    """Return what a user was granted on a collection (a sum)."""
    return tx.first(HELD_ON_COLLECTION, id=collection_id, user_id=user_id) or 0


def set_on_catalog(
    tx: Transaction, catalog_id: int, user_id: int, permissions: int, package_permissions: int
) -> None:
    """Give a user exactly these permissions (sums) on a catalog and on its packages."""
    tx.run(
        SET_ON_CATALOG,
        catalog_id=catalog_id,
        user_id=user_id,
        permissions=permissions,
        package_permissions=package_permissions,
    )


def revoke_on_catalog(tx: Transaction, catalog_id: int, user_id: int) -> None:
    """Take away what a user was granted on a catalog."""
    tx.run(REVOKE_ON_CATALOG, id=catalog_id, user_id=user_id)


def revoke_on_package(tx: Transaction, package_id: int, user_id: int) -> None:
    """Take away what a user was granted on a package."""
    tx.run(REVOKE_ON_PACKAGE, id=package_id, user_id=user_id)


def revoke_on_collection(tx: Transaction, collection_id: int, user_id: int) -> None:
    """Take away what a user was granted on a collection."""
    tx.run(REVOKE_ON_COLLECTION, id=collection_id, user_id=user_id)


def has_catalog_manager(tx: Transaction, catalog_id: int) -> bool:
    """Return whether somebody manages a catalog; of a user's own, whether the user does."""
    return tx.first(CATALOG_MANAGER, id=catalog_id) is not None


def has_collection_manager(tx: Transaction, collection_id: int) -> bool:
    """Return whether somebody manages a collection."""
    return tx.first(COLLECTION_MANAGER, id=collection_id) is not None
