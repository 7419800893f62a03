"""Statements of the catalogs room."""

from __future__ import annotations

from typing import NamedTuple

from litereg.access import EVERYTHING, VISIBLE, Door, Permission, Viewer, not_found, require
from litereg.registry import columns, names
from litereg.registry.catalogs.inputs import CreateCatalog, UpdateCatalog
from litereg.registry.models import Catalog
from litereg.registry.pages import MAX_COUNT, Page, read_page
from litereg.registry.search import index as search
from litereg.registry.search.words import fold
from litereg.store import Command, Query, Transaction

FROM = """catalog AS c
JOIN catalog_access AS a ON a.catalog_id = c.id AND a.viewer_id = :viewer"""


class Personal(NamedTuple):
    """A user's own catalog, and whether it is shown under its slug, as it is at first."""

    id: int
    shows_its_slug: bool


CATALOG = Door(
    Query(
        Catalog,
        f"""
        SELECT {columns.CATALOG}
        FROM {FROM}
        WHERE c.slug_key = :catalog_key
        """,
    ),
    absent=not_found("CATALOG_NOT_FOUND"),
)

BY_ID = Query(
    Catalog,
    f"""
    SELECT {columns.CATALOG}
    FROM {FROM}
    WHERE c.id = :id
    """,
)

GRANTED = Query(
    Catalog,
    f"""
    SELECT {columns.CATALOG}
    FROM catalog_grant AS g
    JOIN {FROM} AND c.id = g.catalog_id
    WHERE g.user_id = :viewer AND a.permissions & {VISIBLE}
    ORDER BY c.slug_key
    """,
)

BY_IDS = Query(
    Catalog,
    f"""
    SELECT {columns.CATALOG}
    FROM {FROM}
    WHERE c.id IN ({{ids}})
    """,
)

NEWEST = Query(
    Catalog,
    f"""
    SELECT {columns.CATALOG}
    FROM catalog AS c INDEXED BY catalog_by_creation
    CROSS JOIN catalog_access AS a ON a.catalog_id = c.id AND a.viewer_id = :viewer
    WHERE a.permissions & {VISIBLE}
    ORDER BY c.created_at DESC, c.id DESC
    LIMIT :limit OFFSET :offset
    """,
    scans="it walks the index of newest catalogs until the page is full",
)

COUNT_VISIBLE = Query(
    int,
    f"""
    SELECT count(*)
    FROM (
        SELECT 1
        FROM catalog_access
        WHERE viewer_id = :viewer AND permissions & {VISIBLE}
        LIMIT {MAX_COUNT}
    )
    """,
    scans="it counts what the viewer may open, at most MAX_COUNT of it",
)

MADE_BY = Query(
    Catalog,
    f"""
    SELECT {columns.CATALOG}
    FROM {FROM}
    WHERE c.creator_id = :user_id AND c.is_unclaimed = 0 AND a.permissions & {VISIBLE}
    ORDER BY c.created_at DESC, c.id DESC
    LIMIT :limit OFFSET :offset
    """,
)

COUNT_MADE_BY = Query(
    int,
    f"""
    SELECT count(*)
    FROM {FROM}
    WHERE c.creator_id = :user_id AND c.is_unclaimed = 0 AND a.permissions & {VISIBLE}
    """,
)

SLUG_TAKEN = Query(int, "SELECT 1 FROM catalog WHERE slug_key = :key")

IS_PERSONAL = Query(bool, "SELECT personal_of IS NOT NULL FROM catalog WHERE id = :id")

PERSONAL = Query(
    Personal,
    """
    SELECT id, display_name = slug AS shows_its_slug
    FROM catalog
    WHERE personal_of = :user_id AND is_active = 1
    """,
)

INSERT = Query(
    int,
    """
    INSERT INTO catalog(
        slug, slug_key, display_name, display_name_key, description, website, is_public,
        is_unclaimed, creator_id, personal_of, created_at, updated_at
    )
    VALUES (
        :slug, :slug_key, :display_name, :display_name_key, :description, :website, :is_public,
        :is_unclaimed, :creator_id, :personal_of, :now, :now
    )
    RETURNING id
    """,
)

UPDATE = Command(
    """
    UPDATE catalog
    SET slug = coalesce(:slug, slug),
        slug_key = coalesce(:slug_key, slug_key),
        display_name = coalesce(:display_name, display_name),
        display_name_key = coalesce(:display_name_key, display_name_key),
        description = coalesce(:description, description),
        website = coalesce(:website, website),
        is_public = coalesce(:is_public, is_public),
        is_unclaimed = coalesce(:is_unclaimed, is_unclaimed),
        updated_at = :now
    WHERE id = :id
    """
)

# No name holds a slash, so what is disabled never stands in the way of a name.
DISABLE = Command(
    """
    UPDATE catalog
    SET slug = slug || :suffix, slug_key = slug_key || '/' || id, is_active = 0, updated_at = :now
    WHERE id = :id
    """
)

DISABLE_PACKAGES = Command(
    """
    UPDATE package
    SET slug = slug || :suffix, slug_key = slug_key || '/' || id, is_active = 0, updated_at = :now
    WHERE catalog_id = :id AND is_active = 1
    """
)

DISABLE_VERSIONS = Command(
    """
    UPDATE version
    SET is_active = 0
    WHERE package_id IN (SELECT id FROM package WHERE catalog_id = :id)
    """
)

GRANT = Command(
    """
    INSERT INTO catalog_grant(user_id, catalog_id, permissions)
    VALUES (:user_id, :catalog_id, :permissions)
    ON CONFLICT(user_id, catalog_id) DO UPDATE SET permissions = excluded.permissions
    """
)


def require_catalog(tx: Transaction, viewer: Viewer, slug: str, needed: Permission) -> Catalog:
    """Return the catalog *slug*, if the viewer has the permission *needed* on it."""
    return require(tx, viewer, CATALOG, needed, catalog_key=names.key(slug))


def get_catalog(tx: Transaction, viewer_id: int, catalog_id: int) -> Catalog:
    """Return an active catalog by id, as the viewer sees it."""
    return tx.one(BY_ID, viewer=viewer_id, id=catalog_id)


def catalogs_by_id(tx: Transaction, viewer_id: int, ids: list[int]) -> dict[int, Catalog]:
    """Return active catalogs by id in one statement, as the viewer sees them."""
    return {catalog.id: catalog for catalog in tx.all(BY_IDS, viewer=viewer_id, ids=ids)}


def list_newest(tx: Transaction, viewer_id: int, offset: int, limit: int) -> list[Catalog]:
    """Return some of the catalogs that the viewer may open, newest first."""
    return tx.all(NEWEST, viewer=viewer_id, offset=offset, limit=limit)


def count_visible(tx: Transaction, viewer_id: int) -> int:
    """Return how many catalogs the viewer may open, at most MAX_COUNT."""
    return tx.one(COUNT_VISIBLE, viewer=viewer_id)


def page_made_by(
    tx: Transaction, viewer_id: int, user_id: int, offset: int, limit: int
) -> Page[Catalog]:
    """Return a page of those that a user made and the viewer may open, newest first."""
    return read_page(tx, MADE_BY, COUNT_MADE_BY, offset, limit, viewer=viewer_id, user_id=user_id)


def list_granted(tx: Transaction, user_id: int) -> list[Catalog]:
    """Return the catalogs on which a user has a row and that the user may open, by name."""
    return tx.all(GRANTED, viewer=user_id)


def is_slug_taken(tx: Transaction, slug: str) -> bool:
    """Return whether a catalog answers to *slug*."""
    return tx.first(SLUG_TAKEN, key=names.key(slug)) is not None


def is_personal(tx: Transaction, catalog_id: int) -> bool:
    """Return whether a catalog is some user's own."""
    return bool(tx.one(IS_PERSONAL, id=catalog_id))


def insert_catalog(tx: Transaction, value: CreateCatalog, creator_id: int, now: int) -> int:
    """Store a catalog and return its id."""
    return _insert(
        tx,
        slug=value.slug,
        display_name=value.display_name,
        description=value.description or None,
        website=value.website or "",
        is_public=value.is_public,
        is_unclaimed=value.unclaimed or False,
        creator_id=creator_id,
        personal_of=None,
        now=now,
    )


def insert_personal_catalog(tx: Transaction, user_id: int, username: str, now: int) -> None:
    """Store the private catalog that every user has."""
    catalog_id = _insert(
        tx,
        slug=username,
        display_name=username,
        description=None,
        website="",
        is_public=False,
        is_unclaimed=False,
        creator_id=user_id,
        personal_of=user_id,
        now=now,
    )
    grant(tx, catalog_id, user_id, EVERYTHING)


def _insert(tx: Transaction, *, slug: str, display_name: str, **values: object) -> int:
    catalog_id = tx.one(
        INSERT,
        slug=slug,
        slug_key=names.key(slug),
        display_name=display_name,
        display_name_key=fold(display_name),
        **values,
    )
    search.index_catalog(tx, catalog_id)
    return catalog_id


def update_catalog(tx: Transaction, catalog_id: int, value: UpdateCatalog, now: int) -> None:
    """Apply what *value* holds; None and empty texts stay as they are."""
    tx.run(
        UPDATE,
        id=catalog_id,
        slug=value.new_slug or None,
        slug_key=names.key(value.new_slug) if value.new_slug else None,
        display_name=value.display_name or None,
        display_name_key=fold(value.display_name) if value.display_name else None,
        description=value.description or None,
        website=value.website or None,
        is_public=value.is_public,
        is_unclaimed=value.unclaimed,
        now=now,
    )
    search.index_catalog(tx, catalog_id)


def rename_personal_catalog(tx: Transaction, user_id: int, username: str, now: int) -> None:
    """Give a user's own catalog the user's new name; one shown under another name keeps that."""
    catalog = tx.first(PERSONAL, user_id=user_id)
    if catalog is not None:
        shown = username if catalog.shows_its_slug else None
        change = UpdateCatalog(new_slug=username, display_name=shown)
        update_catalog(tx, catalog.id, change, now)


def disable_personal_catalog(tx: Transaction, user_id: int, suffix: str, now: int) -> None:
    """Disable a user's own catalog."""
    catalog = tx.first(PERSONAL, user_id=user_id)
    if catalog is not None:
        disable_catalog(tx, catalog.id, suffix, now)


def disable_catalog(tx: Transaction, catalog_id: int, suffix: str, now: int) -> None:
    """Disable a catalog, its packages and their versions; names get *suffix* and are free again."""
    search.forget_catalog(tx, catalog_id)
    tx.run(DISABLE_VERSIONS, id=catalog_id)
    tx.run(DISABLE_PACKAGES, id=catalog_id, suffix=suffix, now=now)
    tx.run(DISABLE, id=catalog_id, suffix=suffix, now=now)


def grant(tx: Transaction, catalog_id: int, user_id: int, permissions: int) -> None:
    """Give a user exactly *permissions* (a sum) on a catalog."""
    tx.run(GRANT, catalog_id=catalog_id, user_id=user_id, permissions=permissions)
