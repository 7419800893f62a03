"""Statements about which packages are in which collections."""

from __future__ import annotations

from typing import NamedTuple

from litereg.access import VISIBLE
from litereg.registry import columns, names
from litereg.registry.models import Collection, Package
from litereg.registry.pages import Page, read_page
from litereg.store import Command, Query, Transaction

NO_LIMIT = 2**31 - 1


class Item(NamedTuple):
    """A package and a collection that it is in."""

    collection_id: int
    package: Package


HOLDING = Query(
    Collection,
    f"""
    SELECT {columns.COLLECTION}
    FROM collection_package AS i
    JOIN {columns.FROM_COLLECTION} AND o.id = i.collection_id
    WHERE i.package_id = :package_id AND oa.permissions & {VISIBLE}
    ORDER BY o.created_at DESC, o.id DESC
    LIMIT :limit OFFSET :offset
    """,
)

COUNT_HOLDING = Query(
    int,
    f"""
    SELECT count(*)
    FROM collection_package AS i
    JOIN collection_access AS a ON a.collection_id = i.collection_id AND a.viewer_id = :viewer
    WHERE i.package_id = :package_id AND a.permissions & {VISIBLE}
    """,
)

PACKAGES = Query(
    Item,
    f"""
    SELECT i.collection_id AS collection_id, {columns.package("package_")}
    FROM collection_package AS i
    JOIN {columns.FROM_PACKAGE}
    WHERE i.collection_id IN ({{ids}}) AND p.id = i.package_id AND a.permissions & {VISIBLE}
    ORDER BY i.added_at, i.package_id
    LIMIT :limit OFFSET :offset
    """,
)

# Packages that are added in one moment, or while the clock is put back, keep their order.
ADD_PACKAGE = Command(
    """
    INSERT INTO collection_package(collection_id, package_id, added_by_id, added_at)
    SELECT
        :collection_id,
        :package_id,
        :user_id,
        CASE WHEN max(added_at) >= :now THEN max(added_at) + 1 ELSE :now END
    FROM collection_package
    WHERE collection_id = :collection_id
    ON CONFLICT(collection_id, package_id) DO UPDATE SET added_by_id = excluded.added_by_id
    """
)

REMOVE_PACKAGE = Command(
    """
    DELETE FROM collection_package
    WHERE collection_id = :collection_id
      AND package_id = (
          SELECT p.id
          FROM package AS p
          JOIN catalog AS c ON c.id = p.catalog_id
          WHERE c.slug_key = :catalog_key AND p.slug_key = :package_key
      )
    """
)


def page_holding(
    tx: Transaction, viewer_id: int, package_id: int, offset: int, limit: int
) -> Page[Collection]:
    """Return a page of those that hold a package and that the viewer may open, newest first."""
    return read_page(
        tx, HOLDING, COUNT_HOLDING, offset, limit, viewer=viewer_id, package_id=package_id
    )


def list_packages(
    tx: Transaction,
    viewer_id: int,
    collection_ids: list[int],
    offset: int = 0,
    limit: int = NO_LIMIT,
) -> list[Item]:
    """Return the packages of several collections that the viewer may open, as they were added."""
    return tx.all(PACKAGES, viewer=viewer_id, ids=collection_ids, offset=offset, limit=limit)


def add_package(
    tx: Transaction, collection_id: int, package_id: int, user_id: int, now: int
) -> None:
    """Put a package into a collection; one that is in it keeps its place."""
    tx.run(
        ADD_PACKAGE, collection_id=collection_id, package_id=package_id, user_id=user_id, now=now
    )


def remove_package(
    tx: Transaction, collection_id: int, catalog_slug: str, package_slug: str
) -> bool:
    """Take the package of that name out of a collection; return whether it was in it."""
    removed = tx.run(
        REMOVE_PACKAGE,
        collection_id=collection_id,
        catalog_key=names.key(catalog_slug),
        package_key=names.key(package_slug),
    )
    return removed > 0
