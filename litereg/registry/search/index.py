"""Keep the search index: what each package, catalog and collection is found by.

Written in the transaction that changes the thing itself, so that search never shows what is no
longer so. Finding is in `litereg.registry.search.queries`.
"""

from __future__ import annotations

from typing import NamedTuple

from litereg.registry.package_file import PackageFile
from litereg.registry.search.words import edition, index_text
from litereg.store import Command, Query, Transaction


class Names(NamedTuple):
    """What a thing is called."""

    id: int
    slug: str
    display_name: str
    description: str | None

    def as_index_text(self) -> str:
        """Return the words of the names."""
        return index_text([self.display_name, self.slug, self.description or ""])


PACKAGE_NAMES = Query(
    Names, "SELECT id, slug, display_name, description FROM package WHERE id = :id"
)

CATALOG_NAMES = Query(
    Names, "SELECT id, slug, display_name, description FROM catalog WHERE id = :id"
)

COLLECTION_NAMES = Query(
    Names, "SELECT id, slug, name AS display_name, description FROM collection WHERE id = :id"
)

ALL_PACKAGES = Query(
    Names,
    "SELECT id, slug, display_name, description FROM package WHERE is_active = 1",
    scans="the whole index is made again",
)

ALL_CATALOGS = Query(
    Names,
    "SELECT id, slug, display_name, description FROM catalog WHERE is_active = 1",
    scans="the whole index is made again",
)

ALL_COLLECTIONS = Query(
    Names,
    """
    SELECT id, slug, name AS display_name, description
    FROM collection
    WHERE is_active = 1
    """,
    scans="the whole index is made again",
)

PACKAGE_WORDS = Query(str, "SELECT name FROM package_search WHERE rowid = :id")

UPDATE_PACKAGE_NAME = Command("UPDATE package_search SET name = :name WHERE rowid = :id")

INSERT_PACKAGE = Command("INSERT INTO package_search(rowid, name, text) VALUES (:id, :name, :text)")

# Most new versions say the same in other numbers, and to write the same words again is a lot of
# work for the index: it takes all of them out and in.
UPDATE_PACKAGE_TEXT = Command(
    "UPDATE package_search SET text = :text WHERE rowid = :id AND text <> :text"
)

FORGET_PACKAGE = Command("DELETE FROM package_search WHERE rowid = :id")

FORGET_PACKAGES_OF_CATALOG = Command(
    """
    DELETE FROM package_search
    WHERE rowid IN (SELECT id FROM package WHERE catalog_id = :id AND is_active = 1)
    """
)

UPDATE_CATALOG = Command("UPDATE catalog_search SET name = :name WHERE rowid = :id")

INSERT_CATALOG = Command("INSERT INTO catalog_search(rowid, name, text) VALUES (:id, :name, '')")

FORGET_CATALOG = Command("DELETE FROM catalog_search WHERE rowid = :id")

UPDATE_COLLECTION = Command("UPDATE collection_search SET name = :name WHERE rowid = :id")

INSERT_COLLECTION = Command(
    "INSERT INTO collection_search(rowid, name, text) VALUES (:id, :name, '')"
)

FORGET_COLLECTION = Command("DELETE FROM collection_search WHERE rowid = :id")

EDITION = Query(str, "SELECT edition FROM search_edition", scans="it has one row")

FORGET_EDITION = Command("DELETE FROM search_edition", scans="it has one row")

SET_EDITION = Command("INSERT INTO search_edition(edition) VALUES (:edition)")

FORGET_ALL_PACKAGES = Command("DELETE FROM package_search", scans="the index is made again")

FORGET_ALL_CATALOGS = Command("DELETE FROM catalog_search", scans="the index is made again")

FORGET_ALL_COLLECTIONS = Command("DELETE FROM collection_search", scans="the index is made again")


def index_package(tx: Transaction, package_id: int) -> None:
    """Bring the words of a package's names up to date."""
    name = tx.one(PACKAGE_NAMES, id=package_id).as_index_text()
    indexed = tx.first(PACKAGE_WORDS, id=package_id)
    if indexed is None:
        tx.run(INSERT_PACKAGE, id=package_id, name=name, text=index_text([]))
    elif indexed != name:
        tx.run(UPDATE_PACKAGE_NAME, id=package_id, name=name)


def index_file(tx: Transaction, package_id: int, text: str) -> None:
    """Store the words of a package's latest file, made by `file_text`."""
    tx.run(UPDATE_PACKAGE_TEXT, id=package_id, text=text)


def file_text(file: PackageFile | None) -> str:
    """Return the words that *file* lends its package. Slow for long readmes: not in a write."""
    if file is None:
        return index_text([])
    return index_text([file.readme or "", *file.schema_titles(), *file.property_names()])


def forget_package(tx: Transaction, package_id: int) -> None:
    """Take a package out of the index."""
    tx.run(FORGET_PACKAGE, id=package_id)


def index_catalog(tx: Transaction, catalog_id: int) -> None:
    """Bring the words of a catalog's names up to date."""
    name = tx.one(CATALOG_NAMES, id=catalog_id).as_index_text()
    if not tx.run(UPDATE_CATALOG, id=catalog_id, name=name):
        tx.run(INSERT_CATALOG, id=catalog_id, name=name)


def forget_catalog(tx: Transaction, catalog_id: int) -> None:
    """Take a catalog and its packages out of the index."""
    tx.run(FORGET_PACKAGES_OF_CATALOG, id=catalog_id)
    tx.run(FORGET_CATALOG, id=catalog_id)


def index_collection(tx: Transaction, collection_id: int) -> None:
    """Bring the words of a collection's names up to date."""
    name = tx.one(COLLECTION_NAMES, id=collection_id).as_index_text()
    if not tx.run(UPDATE_COLLECTION, id=collection_id, name=name):
        tx.run(INSERT_COLLECTION, id=collection_id, name=name)


def forget_collection(tx: Transaction, collection_id: int) -> None:
    """Take a collection out of the index."""
    tx.run(FORGET_COLLECTION, id=collection_id)


def is_current(tx: Transaction) -> bool:
    """Return whether the index was made by the rules in force."""
    return tx.first(EDITION) == edition()


def begin_again(tx: Transaction) -> list[int]:
    """Empty the index, fill it with names, and return the packages whose files are still missing.

    Until `finish` it is not current, so that whoever is interrupted begins once more.

    Another release of the stemmer or of Unicode makes other words of the same texts; what was
    written by the old rules would silently not be found any more.
    """
    tx.run(FORGET_ALL_PACKAGES)
    tx.run(FORGET_ALL_CATALOGS)
    tx.run(FORGET_ALL_COLLECTIONS)
    tx.run(FORGET_EDITION)
    for catalog in tx.all(ALL_CATALOGS):
        tx.run(INSERT_CATALOG, id=catalog.id, name=catalog.as_index_text())
    for collection in tx.all(ALL_COLLECTIONS):
        tx.run(INSERT_COLLECTION, id=collection.id, name=collection.as_index_text())
    packages = tx.all(ALL_PACKAGES)
    empty = index_text([])
    for package in packages:
        tx.run(INSERT_PACKAGE, id=package.id, name=package.as_index_text(), text=empty)
    return [package.id for package in packages]


def finish(tx: Transaction) -> None:
    """Note that the index has all there is, by the rules in force."""
    tx.run(SET_EDITION, edition=edition())
