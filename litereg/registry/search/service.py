"""Search packages, catalogs and collections, and complete what somebody begins to type."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from litereg.access import Viewer
from litereg.registry import package_file
from litereg.registry.catalogs import queries as catalogs
from litereg.registry.collections import queries as collections
from litereg.registry.models import Catalog, Collection, Package, User
from litereg.registry.packages import queries as packages
from litereg.registry.pages import Page, bounds, page
from litereg.registry.search import index, queries
from litereg.registry.search.query_language import parse_query
from litereg.registry.search.words import fold
from litereg.registry.users import queries as users
from litereg.registry.versions import queries as versions
from litereg.store import Database, Transaction

T = TypeVar("T")
# Returns what the viewer of an id may open of several ids.
ById = Callable[[Transaction, int, list[int]], dict[int, T]]

MAX_SUGGESTIONS = 100
# Files whose words are made again in one write when the rules of words have changed.
REBUILD_CHUNK = 50


class Suggestions(NamedTuple):
    """What could be meant by a beginning."""

    catalogs: list[Catalog]
    packages: list[Package]
    collections: list[Collection]
    users: list[User]


def search_packages(
    tx: Transaction, viewer: Viewer, text: str, offset: int, limit: int
) -> Page[Package]:
    """Return a page of the packages that *text* finds, the best first; all when it is blank."""
    offset, limit = bounds(offset, limit)
    asked = parse_query(text)
    if asked.match is None:
        newest = packages.list_newest(tx, viewer.user_id, offset, limit + 1)
        return page(newest, limit, lambda: packages.count_visible(tx, viewer.user_id))
    hits = queries.find(tx, queries.PACKAGES, viewer.user_id, asked, offset, limit)
    return _page_of(tx, viewer, hits, packages.packages_by_id)


def search_catalogs(
    tx: Transaction, viewer: Viewer, text: str, offset: int, limit: int
) -> Page[Catalog]:
    """Return a page of the catalogs that *text* finds, the best first; all when it is blank."""
    offset, limit = bounds(offset, limit)
    asked = parse_query(text)
    if asked.match is None:
        newest = catalogs.list_newest(tx, viewer.user_id, offset, limit + 1)
        return page(newest, limit, lambda: catalogs.count_visible(tx, viewer.user_id))
    hits = queries.find(tx, queries.CATALOGS, viewer.user_id, asked, offset, limit)
    return _page_of(tx, viewer, hits, catalogs.catalogs_by_id)


def search_collections(
    tx: Transaction, viewer: Viewer, text: str, offset: int, limit: int
) -> Page[Collection]:
    """Return a page of the collections that *text* finds, the best first; all when it is blank."""
    offset, limit = bounds(offset, limit)
    asked = parse_query(text)
    if asked.match is None:
        return collections.page_newest(tx, viewer.user_id, offset, limit)
    hits = queries.find(tx, queries.COLLECTIONS, viewer.user_id, asked, offset, limit)
    return _page_of(tx, viewer, hits, collections.collections_by_id)


def complete(tx: Transaction, viewer: Viewer, starts_with: str) -> Suggestions:
    """Return what the viewer may open and whose display name or slug begins with *starts_with*.

    Who is in the registry is told to those only who are in it themselves.
    """
    text = fold(starts_with.strip()[:256])
    if not text:
        return Suggestions([], [], [], [])
    me = viewer.user_id
    catalog_ids = queries.catalogs_beginning(tx, me, text, MAX_SUGGESTIONS)
    package_ids = queries.packages_beginning(tx, me, text, MAX_SUGGESTIONS)
    collection_ids = queries.collections_beginning(tx, me, text, MAX_SUGGESTIONS)
    user_ids = queries.users_beginning(tx, text, MAX_SUGGESTIONS) if viewer.is_known else []
    return Suggestions(
        _in_order(catalogs.catalogs_by_id(tx, me, catalog_ids), catalog_ids),
        _in_order(packages.packages_by_id(tx, me, package_ids), package_ids),
        _in_order(collections.collections_by_id(tx, me, collection_ids), collection_ids),
        _in_order(users.users_by_id(tx, user_ids), user_ids),
    )


def _page_of(tx: Transaction, viewer: Viewer, hits: queries.Hits, by_id: ById[T]) -> Page[T]:
    found = by_id(tx, viewer.user_id, hits.ids) if hits.ids else {}
    return Page(_in_order(found, hits.ids), hits.has_more, lambda: hits.total)


def _in_order(found: dict[int, T], ids: list[int]) -> list[T]:
    return [found[id_] for id_ in ids]


async def ensure_current(database: Database) -> None:
    """Make the index again if it was made by other rules of words than those in force."""
    if await database.read(index.is_current):
        return
    ids = await database.write(index.begin_again, heavy=True)
    for start in range(0, len(ids), REBUILD_CHUNK):
        chunk = ids[start : start + REBUILD_CHUNK]
        texts = await database.read(_file_texts, chunk)
        await database.write(_store_texts, texts, heavy=True)
    await database.write(index.finish)


def _file_texts(tx: Transaction, package_ids: list[int]) -> dict[int, str]:
    texts = {}
    for package_id in package_ids:
        latest = versions.latest_file(tx, package_id)
        if latest is not None:
            file = package_file.reopen(latest.text, latest.format)
            texts[package_id] = index.file_text(file)
    return texts


def _store_texts(tx: Transaction, texts: dict[int, str]) -> None:
    for package_id, text in texts.items():
        index.index_file(tx, package_id, text)
