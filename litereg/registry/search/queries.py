"""Find things by words.

One statement finds, ranks, checks and pages: the hits of the match expression that the viewer may
open, at most CANDIDATES of them, the newest kept; and those whose name begins with what was typed.
Ranking costs time for each hit, whatever the page, which is why their number is bounded.
"""

from __future__ import annotations

from typing import NamedTuple

from litereg.access import VISIBLE
from litereg.registry.pages import MAX_COUNT
from litereg.registry.search.query_language import Query as Asked
from litereg.store import Query, Transaction

CANDIDATES = 5_000
# A word in a name counts as much as this many in a readme; a name that begins with the query, too.
NAME_WEIGHT = 8.0


class Hit(NamedTuple):
    """Something found.

    Attributes:
        id: of the package, catalog or collection.
        total: how many were found in all; exact while it is below CANDIDATES.
        score: how well it matches; the lower, the better.
    """

    id: int
    total: int
    score: float


class Hits(NamedTuple):
    """A page of what was found: ids in their order, and how many there are in all."""

    ids: list[int]
    has_more: bool
    total: int


class Statements(NamedTuple):
    """The statements that search one kind of thing."""

    find: Query[Hit]
    total: Query[int]


def statements(noun: str) -> Statements:
    """Return the statements for *noun*: the table of that name, its index and its access view."""
    visible = f"""
        JOIN {noun}_access AS a ON a.{noun}_id = t.id AND a.viewer_id = :viewer
            AND a.permissions & {VISIBLE}"""
    by_words = f"""
        FROM {noun}_search
        CROSS JOIN {noun} AS t ON t.id = {noun}_search.rowid{visible}
        WHERE {noun}_search MATCH :match"""
    by_slug = f"""
        FROM {noun} AS t{visible}
        WHERE t.slug_key >= :slug_first AND t.slug_key < :slug_end"""
    begins = "t.slug_key >= :slug_first AND t.slug_key < :slug_end"
    find = f"""
    WITH hit AS MATERIALIZED (
        SELECT t.id AS id, t.created_at AS created_at,
            CASE WHEN :ranked THEN bm25({noun}_search, {NAME_WEIGHT}, 1.0) ELSE 0.0 END
                - CASE WHEN {begins} THEN {NAME_WEIGHT} ELSE 0.0 END AS score{by_words}
        ORDER BY {noun}_search.rowid DESC
        LIMIT :candidates
    ), slug_hit AS MATERIALIZED (
        SELECT t.id AS id, t.created_at AS created_at, -{NAME_WEIGHT} AS score{by_slug}
            AND t.id NOT IN (SELECT id FROM hit)
        ORDER BY t.slug_key
        LIMIT :candidates
    )
    SELECT id, (SELECT count(*) FROM hit) + (SELECT count(*) FROM slug_hit) AS total, score
    FROM (
        SELECT id, created_at, score FROM hit
        UNION ALL
        SELECT id, created_at, score FROM slug_hit
    )
    ORDER BY score, created_at DESC, id DESC
    LIMIT :limit OFFSET :offset
    """
    count = f"""
    SELECT count(*)
    FROM (
        SELECT id FROM (SELECT t.id AS id{by_words} LIMIT {MAX_COUNT})
        UNION
        SELECT id FROM (SELECT t.id AS id{by_slug} LIMIT {MAX_COUNT})
        LIMIT {MAX_COUNT}
    )
    """
    why = "it reads what the full-text index found, at most CANDIDATES of it"
    return Statements(Query(Hit, find, scans=why), Query(int, count, scans=why))


PACKAGES = statements("package")
CATALOGS = statements("catalog")
COLLECTIONS = statements("collection")
FIND_PACKAGES = PACKAGES.find
COUNT_PACKAGES = PACKAGES.total
FIND_CATALOGS = CATALOGS.find
COUNT_CATALOGS = CATALOGS.total
FIND_COLLECTIONS = COLLECTIONS.find
COUNT_COLLECTIONS = COLLECTIONS.total

PACKAGES_BEGINNING = Query(
    int,
    f"""
    SELECT p.id
    FROM package AS p
    JOIN package_access AS a ON a.package_id = p.id AND a.viewer_id = :viewer
    WHERE a.permissions & {VISIBLE}
      AND (
          (p.display_name_key >= :first AND p.display_name_key < :end)
          OR (p.slug_key >= :first AND p.slug_key < :end)
      )
    ORDER BY p.display_name_key, p.id
    LIMIT :limit
    """,
)

CATALOGS_BEGINNING = Query(
    int,
    f"""
    SELECT c.id
    FROM catalog AS c
    JOIN catalog_access AS a ON a.catalog_id = c.id AND a.viewer_id = :viewer
    WHERE a.permissions & {VISIBLE}
      AND c.id IN (
          SELECT id FROM catalog WHERE display_name_key >= :first AND display_name_key < :end
          UNION ALL
          SELECT id FROM catalog WHERE slug_key >= :first AND slug_key < :end
      )
    ORDER BY c.display_name_key, c.id
    LIMIT :limit
    """,
)


COLLECTIONS_BEGINNING = Query(
    int,
    f"""
    SELECT o.id
    FROM collection AS o
    JOIN collection_access AS a ON a.collection_id = o.id AND a.viewer_id = :viewer
    WHERE a.permissions & {VISIBLE}
      AND (
          (o.name_key >= :first AND o.name_key < :end)
          OR (o.slug_key >= :first AND o.slug_key < :end)
      )
    ORDER BY o.name_key, o.id
    LIMIT :limit
    """,
)

USERS_BEGINNING = Query(
    int,
    """
    SELECT id
    FROM user
    WHERE username_key >= :first AND username_key < :end AND status <> 'DISABLED'
    ORDER BY username_key
    LIMIT :limit
    """,
)


def find(
    tx: Transaction, kind: Statements, viewer_id: int, asked: Asked, offset: int, limit: int
) -> Hits:
    """Return a page of the things of *kind* that match and that the viewer may open.

    The best come first, among equals the newest. Beyond CANDIDATES hits the order is by age alone.
    """
    first, end = asked.slug_range
    params = {"viewer": viewer_id, "match": asked.match, "slug_first": first, "slug_end": end}
    is_deep = offset + limit >= CANDIDATES
    found = tx.all(
        kind.find,
        **params,
        ranked=asked.ranked and not is_deep,
        candidates=offset + limit + 1 if is_deep else CANDIDATES,
        limit=limit + 1,
        offset=offset,
    )
    total = found[0].total if found else 0
    if total >= CANDIDATES or (offset and not found):
        total = tx.one(kind.total, **params)
    return Hits([hit.id for hit in found[:limit]], len(found) > limit, total)


def packages_beginning(tx: Transaction, viewer_id: int, text: str, limit: int) -> list[int]:
    """Return the packages whose display name or slug begins with *text*, by display name."""
    first, end = _range(text)
    return tx.all(PACKAGES_BEGINNING, viewer=viewer_id, first=first, end=end, limit=limit)


def catalogs_beginning(tx: Transaction, viewer_id: int, text: str, limit: int) -> list[int]:
    """Return the catalogs whose display name or slug begins with *text*, by display name."""
    first, end = _range(text)
    return tx.all(CATALOGS_BEGINNING, viewer=viewer_id, first=first, end=end, limit=limit)


def collections_beginning(tx: Transaction, viewer_id: int, text: str, limit: int) -> list[int]:
    """Return the collections whose name or slug begins with *text*, by name."""
    first, end = _range(text)
    return tx.all(COLLECTIONS_BEGINNING, viewer=viewer_id, first=first, end=end, limit=limit)


def users_beginning(tx: Transaction, text: str, limit: int) -> list[int]:
    """Return the users whose username begins with *text*, by username."""
    first, end = _range(text)
    return tx.all(USERS_BEGINNING, first=first, end=end, limit=limit)


def _range(text: str) -> tuple[str, str]:
    """Return the first text that begins with *text*, and the first one after all of them."""
    return text, text + "\U0010ffff"
