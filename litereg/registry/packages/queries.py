"""Statements of the packages room."""

from __future__ import annotations

from litereg.access import VISIBLE, Door, Permission, Viewer, refusal, require
from litereg.errors import LiteregError, NotFound
from litereg.registry import columns, names
from litereg.registry.models import Package
from litereg.registry.packages.inputs import CreatePackage, PackageRef, UpdatePackage
from litereg.registry.pages import MAX_COUNT, Page, read_page
from litereg.registry.search.words import fold
from litereg.store import Command, Query, Transaction

CATALOG_PERMISSIONS = Query(
    int,
    """
    SELECT a.permissions
    FROM catalog AS c
    JOIN catalog_access AS a ON a.catalog_id = c.id AND a.viewer_id = :viewer
    WHERE c.slug_key = :catalog_key
    """,
)


def _absent(tx: Transaction, viewer: Viewer, catalog_key: str, package_key: str) -> LiteregError:
    """Say why there is no such package, without telling strangers what a catalog holds."""
    permissions = tx.first(CATALOG_PERMISSIONS, viewer=viewer.user_id, catalog_key=catalog_key)
    if permissions is None:
        return NotFound("CATALOG_NOT_FOUND")
    if not permissions & Permission.VIEW.satisfied_by:
        return refusal(viewer)
    return NotFound("PACKAGE_NOT_FOUND")


PACKAGE = Door(
    Query(
        Package,
        f"""
        SELECT {columns.PACKAGE}
        FROM {columns.FROM_PACKAGE}
        WHERE c.slug_key = :catalog_key AND p.slug_key = :package_key
        """,
    ),
    absent=_absent,
)

BY_ID = Query(
    Package,
    f"""
    SELECT {columns.PACKAGE}
    FROM {columns.FROM_PACKAGE}
    WHERE p.id = :id
    """,
)

BY_IDS = Query(
    Package,
    f"""
    SELECT {columns.ANY_PACKAGE}
    FROM {columns.FROM_ANY_PACKAGE}
    WHERE p.id IN ({{ids}})
    """,
)

IN_CATALOGS = Query(
    Package,
    f"""
    SELECT {columns.PACKAGE}
    FROM {columns.FROM_PACKAGE}
    WHERE p.catalog_id IN ({{ids}}) AND a.permissions & {VISIBLE}
    ORDER BY p.created_at DESC, p.id DESC
    """,
)

SOME_IN_CATALOG = Query(
    Package,
    f"""
    SELECT {columns.PACKAGE}
    FROM {columns.FROM_PACKAGE}
    WHERE p.catalog_id = :catalog_id AND a.permissions & {VISIBLE}
    ORDER BY p.created_at DESC, p.id DESC
    LIMIT :limit OFFSET :offset
    """,
)

GRANTED = Query(
    Package,
    f"""
    SELECT {columns.PACKAGE}
    FROM package_grant AS g
    JOIN {columns.FROM_PACKAGE}
    WHERE g.user_id = :viewer AND p.id = g.package_id AND a.permissions & {VISIBLE}
    ORDER BY p.created_at DESC, p.id DESC
    LIMIT :limit OFFSET :offset
    """,
)

COUNT_GRANTED = Query(
    int,
    f"""
    SELECT count(*)
    FROM package_grant AS g
    JOIN package_access AS a ON a.package_id = g.package_id AND a.viewer_id = g.user_id
    WHERE g.user_id = :viewer AND a.permissions & {VISIBLE}
    """,
)

MADE_BY = Query(
    Package,
    f"""
    SELECT {columns.PACKAGE}
    FROM {columns.FROM_PACKAGE}
    WHERE p.creator_id = :user_id AND c.is_unclaimed = 0 AND a.permissions & {VISIBLE}
    ORDER BY p.created_at DESC, p.id DESC
    LIMIT :limit OFFSET :offset
    """,
)

COUNT_MADE_BY = Query(
    int,
    f"""
    SELECT count(*)
    FROM package AS p
    JOIN catalog AS c ON c.id = p.catalog_id
    JOIN package_access AS a ON a.package_id = p.id AND a.viewer_id = :viewer
    WHERE p.creator_id = :user_id AND c.is_unclaimed = 0 AND a.permissions & {VISIBLE}
    """,
)

NEWEST = Query(
    Package,
    f"""
    SELECT {columns.PACKAGE}
    FROM {columns.FROM_PACKAGE}
    WHERE p.id IN (
        SELECT q.id
        FROM package AS q INDEXED BY package_by_creation
        CROSS JOIN package_access AS qa ON qa.package_id = q.id AND qa.viewer_id = :viewer
        WHERE qa.permissions & {VISIBLE}
        ORDER BY q.created_at DESC, q.id DESC
        LIMIT :limit OFFSET :offset
    )
    ORDER BY p.created_at DESC, p.id DESC
    """,
    scans="it walks the index of newest packages until the page is full",
)

COUNT_VISIBLE = Query(
    int,
    f"""
    SELECT count(*)
    FROM (
        SELECT 1
        FROM package_access
        WHERE viewer_id = :viewer AND permissions & {VISIBLE}
        LIMIT {MAX_COUNT}
    )
    """,
    scans="it counts what the viewer may open, at most MAX_COUNT of it",
)

SLUG_TAKEN = Query(int, "SELECT 1 FROM package WHERE catalog_id = :catalog_id AND slug_key = :key")

INSERT = Query(
    int,
    """
    INSERT INTO package(
        catalog_id, slug, slug_key, display_name, display_name_key, description, creator_id,
        created_at, updated_at
    )
    VALUES (
        :catalog_id, :slug, :slug_key, :display_name, :display_name_key, :description, :creator_id,
        :now, :now
    )
    RETURNING id
    """,
)

UPDATE = Command(
    """
    UPDATE package
    SET catalog_id = :catalog_id,
        slug = coalesce(:slug, slug),
        slug_key = coalesce(:slug_key, slug_key),
        display_name = coalesce(:display_name, display_name),
        display_name_key = coalesce(:display_name_key, display_name_key),
        description = coalesce(:description, description),
        is_public = coalesce(:is_public, is_public),
        updated_at = :now
    WHERE id = :id
    """
)

SET_LATEST = Command(
    """
    UPDATE package
    SET latest_version_id = (
            SELECT id
            FROM version
            WHERE package_id = :id AND is_active = 1
            ORDER BY major DESC, minor DESC, patch DESC
            LIMIT 1
        ),
        updated_at = :now
    WHERE id = :id
    """
)

COUNT_FETCH = Command("UPDATE package SET fetched_count = fetched_count + 1 WHERE id = :id")

# No name holds a slash, so what is disabled never stands in the way of a name.
DISABLE = Command(
    """
    UPDATE package
    SET slug = slug || :suffix, slug_key = slug_key || '/' || id, is_active = 0, updated_at = :now
    WHERE id = :id
    """
)

DISABLE_VERSIONS = Command("UPDATE version SET is_active = 0 WHERE package_id = :id")

GRANT = Command(
    """
    INSERT INTO package_grant(user_id, package_id, permissions)
    VALUES (:user_id, :package_id, :permissions)
    ON CONFLICT(user_id, package_id) DO UPDATE SET permissions = excluded.permissions
    """
)


def require_package(
    tx: Transaction, viewer: Viewer, ref: PackageRef, needed: Permission
) -> Package:
    """Return the package that *ref* names, if the viewer has the permission *needed* on it."""
    return require(
        tx,
        viewer,
        PACKAGE,
        needed,
        catalog_key=names.key(ref.catalog_slug),
        package_key=names.key(ref.package_slug),
    )


def get_package(tx: Transaction, viewer_id: int, package_id: int) -> Package:
    """Return an active package by id, as the viewer sees it."""
    return tx.one(BY_ID, viewer=viewer_id, id=package_id)


def packages_by_id(tx: Transaction, viewer_id: int, ids: list[int]) -> dict[int, Package]:
    """Return packages by id in one statement; for callers who hold something of each already."""
    return {package.id: package for package in tx.all(BY_IDS, viewer=viewer_id, ids=ids)}


def list_in_catalogs(tx: Transaction, viewer_id: int, catalog_ids: list[int]) -> list[Package]:
    """Return the packages of several catalogs that the viewer may open, newest first."""
    return tx.all(IN_CATALOGS, viewer=viewer_id, ids=catalog_ids)


def some_in_catalog(
    tx: Transaction, viewer_id: int, catalog_id: int, offset: int, limit: int
) -> list[Package]:
    """Return some of the packages of one catalog that the viewer may open, newest first."""
    return tx.all(
        SOME_IN_CATALOG, viewer=viewer_id, catalog_id=catalog_id, offset=offset, limit=limit
    )


def page_granted(tx: Transaction, user_id: int, offset: int, limit: int) -> Page[Package]:
    """Return a page of those on which a user has a row and that the user may open, newest first."""
    return read_page(tx, GRANTED, COUNT_GRANTED, offset, limit, viewer=user_id)


def page_made_by(
    tx: Transaction, viewer_id: int, user_id: int, offset: int, limit: int
) -> Page[Package]:
    """Return a page of those that a user made and the viewer may open, newest first."""
    return read_page(tx, MADE_BY, COUNT_MADE_BY, offset, limit, viewer=viewer_id, user_id=user_id)


def list_newest(tx: Transaction, viewer_id: int, offset: int, limit: int) -> list[Package]:
    """Return some of the packages that the viewer may open, newest first."""
    return tx.all(NEWEST, viewer=viewer_id, offset=offset, limit=limit)


def count_visible(tx: Transaction, viewer_id: int) -> int:
    """Return how many packages the viewer may open, at most MAX_COUNT."""
    return tx.one(COUNT_VISIBLE, viewer=viewer_id)


def is_slug_taken(tx: Transaction, catalog_id: int, slug: str) -> bool:
    """Return whether a package of the catalog answers to *slug*."""
    return tx.first(SLUG_TAKEN, catalog_id=catalog_id, key=names.key(slug)) is not None


def insert_package(
    tx: Transaction, catalog_id: int, value: CreatePackage, creator_id: int, now: int
) -> int:
    """Store a package and return its id."""
    return tx.one(
        INSERT,
        catalog_id=catalog_id,
        slug=value.package_slug,
        slug_key=names.key(value.package_slug),
        display_name=value.display_name,
        display_name_key=fold(value.display_name),
        description=value.description or None,
        creator_id=creator_id,
        now=now,
    )


def update_package(
    tx: Transaction, package_id: int, catalog_id: int, value: UpdatePackage, now: int
) -> None:
    """Apply what *value* holds, in the catalog *catalog_id*."""
    slug = value.new_package_slug or None
    tx.run(
        UPDATE,
        id=package_id,
        catalog_id=catalog_id,
        slug=slug,
        slug_key=slug and names.key(slug),
        display_name=value.display_name or None,
        display_name_key=fold(value.display_name) if value.display_name else None,
        description=value.description or None,
        is_public=value.is_public,
        now=now,
    )


def refresh_latest(tx: Transaction, package_id: int, now: int) -> None:
    """Work out a package's latest version again; it counts as a change of the package."""
    tx.run(SET_LATEST, id=package_id, now=now)


def count_fetch(tx: Transaction, package_id: int) -> None:
    """Note that a client fetched a version; that is no change of the package."""
    tx.run(COUNT_FETCH, id=package_id)


def disable_package(tx: Transaction, package_id: int, suffix: str, now: int) -> None:
    """Disable a package and its versions; its name gets *suffix* and is free again."""
    tx.run(DISABLE_VERSIONS, id=package_id)
    tx.run(DISABLE, id=package_id, suffix=suffix, now=now)


def grant(tx: Transaction, package_id: int, user_id: int, permissions: int) -> None:
    """Give a user exactly *permissions* (a sum) on a package."""
    tx.run(GRANT, package_id=package_id, user_id=user_id, permissions=permissions)
