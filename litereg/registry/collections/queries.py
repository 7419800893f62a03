"""Statements of the collections room; those about the packages in them are in `contents`."""

from __future__ import annotations

from litereg.access import VISIBLE, Door, Permission, Viewer, not_found, require
from litereg.registry import columns, names
from litereg.registry.collections.inputs import CollectionRef, CreateCollection, UpdateCollection
from litereg.registry.models import Collection
from litereg.registry.pages import MAX_COUNT, Page, read_page
from litereg.registry.search import index as search
from litereg.registry.search.words import fold
from litereg.store import Command, Query, Transaction

COLLECTION = Door(
    Query(
        Collection,
        f"""
        SELECT {columns.COLLECTION}
        FROM {columns.FROM_COLLECTION}
        WHERE o.slug_key = :collection_key
        """,
    ),
    absent=not_found("COLLECTION_NOT_FOUND"),
)

BY_ID = Query(
    Collection,
    f"""
    SELECT {columns.COLLECTION}
    FROM {columns.FROM_COLLECTION}
    WHERE o.id = :id
    """,
)

BY_IDS = Query(
    Collection,
    f"""
    SELECT {columns.COLLECTION}
    FROM {columns.FROM_COLLECTION}
    WHERE o.id IN ({{ids}})
    """,
)

NEWEST = Query(
    Collection,
    f"""
    SELECT {columns.COLLECTION}
    FROM collection AS o INDEXED BY collection_by_creation
    CROSS JOIN collection_access AS oa ON oa.collection_id = o.id AND oa.viewer_id = :viewer
    JOIN user AS ou ON ou.id = o.creator_id
    WHERE oa.permissions & {VISIBLE}
    ORDER BY o.created_at DESC, o.id DESC
    LIMIT :limit OFFSET :offset
    """,
    scans="it walks the index of newest collections until the page is full",
)

COUNT_VISIBLE = Query(
    int,
    f"""
    SELECT count(*)
    FROM (
        SELECT 1
        FROM collection_access
        WHERE viewer_id = :viewer AND permissions & {VISIBLE}
        LIMIT {MAX_COUNT}
    )
    """,
    scans="it counts what the viewer may open, at most MAX_COUNT of it",
)

GRANTED = Query(
    Collection,
    f"""
    SELECT {columns.COLLECTION}
    FROM collection_grant AS g
    JOIN {columns.FROM_COLLECTION} AND o.id = g.collection_id
    WHERE g.user_id = :viewer AND oa.permissions & {VISIBLE}
    ORDER BY o.slug_key
    LIMIT :limit OFFSET :offset
    """,
)

COUNT_GRANTED = Query(
    int,
    f"""
    SELECT count(*)
    FROM collection_grant AS g
    JOIN collection_access AS a ON a.collection_id = g.collection_id AND a.viewer_id = g.user_id
    WHERE g.user_id = :viewer AND a.permissions & {VISIBLE}
    """,
)

MADE_BY = Query(
    Collection,
    f"""
    SELECT {columns.COLLECTION}
    FROM {columns.FROM_COLLECTION}
    WHERE o.creator_id = :user_id AND oa.permissions & {VISIBLE}
    ORDER BY o.created_at DESC, o.id DESC
    LIMIT :limit OFFSET :offset
    """,
)

COUNT_MADE_BY = Query(
    int,
    f"""
    SELECT count(*)
    FROM collection AS o
    JOIN collection_access AS a ON a.collection_id = o.id AND a.viewer_id = :viewer
    WHERE o.creator_id = :user_id AND a.permissions & {VISIBLE}
    """,
)

SLUG_TAKEN = Query(int, "SELECT 1 FROM collection WHERE slug_key = :key")

INSERT = Query(
    int,
    """
    INSERT INTO collection(
        slug, slug_key, name, name_key, description, is_public, creator_id, created_at, updated_at
    )
    VALUES (
        :slug, :slug_key, :name, :name_key, :description, :is_public, :creator_id, :now, :now
    )
    RETURNING id
    """,
)

UPDATE = Command(
    """
    UPDATE collection
    SET slug = coalesce(:slug, slug),
        slug_key = coalesce(:slug_key, slug_key),
        name = coalesce(:name, name),
        name_key = coalesce(:name_key, name_key),
        description = coalesce(:description, description),
        is_public = coalesce(:is_public, is_public),
        updated_at = :now
    WHERE id = :id
    """
)

# No name holds a slash, so what is disabled never stands in the way of a name.
DISABLE = Command(
    """
    UPDATE collection
    SET slug = slug || :suffix, slug_key = slug_key || '/' || id, is_active = 0, updated_at = :now
    WHERE id = :id
    """
)

GRANT = Command(
    """
    INSERT INTO collection_grant(user_id, collection_id, permissions)
    VALUES (:user_id, :collection_id, :permissions)
    ON CONFLICT(user_id, collection_id) DO UPDATE SET permissions = excluded.permissions
    """
)


def require_collection(
    tx: Transaction, viewer: Viewer, ref: CollectionRef, needed: Permission
) -> Collection:
    """Return the collection that *ref* names, if the viewer has the permission *needed* on it."""
    key = names.key(ref.collection_slug)
    return require(tx, viewer, COLLECTION, needed, collection_key=key)


def get_collection(tx: Transaction, viewer_id: int, collection_id: int) -> Collection:
    """Return an active collection by id, as the viewer sees it."""
    return tx.one(BY_ID, viewer=viewer_id, id=collection_id)


def collections_by_id(tx: Transaction, viewer_id: int, ids: list[int]) -> dict[int, Collection]:
    """Return active collections by id in one statement, as the viewer sees them."""
    return {found.id: found for found in tx.all(BY_IDS, viewer=viewer_id, ids=ids)}


def list_visible(tx: Transaction, viewer_id: int) -> list[Collection]:
    """Return the collections that the viewer may open, newest first, at most MAX_COUNT."""
    return tx.all(NEWEST, viewer=viewer_id, offset=0, limit=MAX_COUNT)


def page_newest(tx: Transaction, viewer_id: int, offset: int, limit: int) -> Page[Collection]:
    """Return a page of the collections that the viewer may open, newest first."""
    return read_page(tx, NEWEST, COUNT_VISIBLE, offset, limit, viewer=viewer_id)


def page_granted(tx: Transaction, user_id: int, offset: int, limit: int) -> Page[Collection]:
    """Return a page of those on which a user has a row and that the user may open, by name."""
    return read_page(tx, GRANTED, COUNT_GRANTED, offset, limit, viewer=user_id)


def page_made_by(
    tx: Transaction, viewer_id: int, user_id: int, offset: int, limit: int
) -> Page[Collection]:
    """Return a page of those that a user made and the viewer may open, newest first."""
    return read_page(tx, MADE_BY, COUNT_MADE_BY, offset, limit, viewer=viewer_id, user_id=user_id)


def is_slug_taken(tx: Transaction, slug: str) -> bool:
    """Return whether a collection answers to *slug*."""
    return tx.first(SLUG_TAKEN, key=names.key(slug)) is not None


def insert_collection(tx: Transaction, value: CreateCollection, creator_id: int, now: int) -> int:
    """Store a collection and return its id."""
    collection_id = tx.one(
        INSERT,
        slug=value.collection_slug,
        slug_key=names.key(value.collection_slug),
        name=value.name,
        name_key=fold(value.name),
        description=value.description or None,
        is_public=value.is_public or False,
        creator_id=creator_id,
        now=now,
    )
    search.index_collection(tx, collection_id)
    return collection_id


def update_collection(
    tx: Transaction, collection_id: int, value: UpdateCollection, now: int
) -> None:
    """Apply what *value* holds; None and empty texts stay as they are."""
    slug = value.new_collection_slug or None
    tx.run(
        UPDATE,
        id=collection_id,
        slug=slug,
        slug_key=slug and names.key(slug),
        name=value.name or None,
        name_key=fold(value.name) if value.name else None,
        description=value.description or None,
        is_public=value.is_public,
        now=now,
    )
    search.index_collection(tx, collection_id)


def disable_collection(tx: Transaction, collection_id: int, suffix: str, now: int) -> None:
    """Disable a collection; its name gets *suffix* and is free again."""
    search.forget_collection(tx, collection_id)
    tx.run(DISABLE, id=collection_id, suffix=suffix, now=now)


def grant(tx: Transaction, collection_id: int, user_id: int, permissions: int) -> None:
    """Give a user exactly *permissions* (a sum) on a collection."""
    tx.run(GRANT, collection_id=collection_id, user_id=user_id, permissions=permissions)
