"""What the Python peers read: the statements in `sql/`, run in place on one connection.

In place, because a thread for each short read costs every one of them more than the read. A row is
a dict with the names that the schema uses.
"""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
SQL = {path.stem: path.read_text() for path in (FOLDER / "sql").glob("*.sql")}
SCHEMA = (FOLDER / "schema.graphql").read_text()

Row = dict[str, Any]


class Rows:
    """Reads a registry's file.

    Attributes:
        url: the registry's address, as its answers name it.
    """

    def __init__(self, database: str, url: str) -> None:
        self.url = url
        self._raw = sqlite3.connect(
            f"file:{database}?mode=ro", uri=True, check_same_thread=False, isolation_level=None
        )
        self._raw.execute("PRAGMA cache_size=-16384")

    def all(self, statement: str, **params: Any) -> list[Row]:
        """Return all rows of one of the statements."""
        found = self._raw.execute(SQL[statement], params)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found]

    def first(self, statement: str, **params: Any) -> Row | None:
        """Return the first row of one of the statements, if it has any."""
        rows = self.all(statement, **params)
        return rows[0] if rows else None

    def by_id(self, statement: str, ids: list[int]) -> list[Row]:
        """Return the rows of these ids, in their order."""
        rows = {row["id"]: row for row in self.all(statement, ids=json.dumps(ids))}
        return [rows[id_] for id_ in ids]

    def search(self, query: str, offset: int, limit: int) -> Row:
        """Return a page of search; *query* is plain words."""
        match = " ".join(f'"={word}"' for word in query.lower().split())
        found = self.all("search", match=match, offset=offset, limit=limit + 1)
        count = found[0]["total"] if found else 0
        return {"packages": found[:limit], "hasMore": len(found) > limit, "count": count}

    def packages_of(self, catalog_ids: list[int]) -> list[list[Row]]:
        """Return the packages of each of these catalogs."""
        inside: dict[int, list[Row]] = {id_: [] for id_ in catalog_ids}
        for package in self.all("packages_of_catalogs", ids=json.dumps(catalog_ids)):
            inside[package["catalogId"]].append(package)
        return [inside[id_] for id_ in catalog_ids]

    def package_name(self, package: Row) -> Row:
        """Return a package's full name."""
        return {
            "registryURL": self.url,
            "catalogSlug": package["catalogSlug"],
            "packageSlug": package["packageSlug"],
        }

    def catalog_name(self, catalog: Row) -> Row:
        """Return a catalog's full name."""
        return {"registryURL": self.url, "catalogSlug": catalog["catalogSlug"]}


def date_text(milliseconds: int) -> str:
    """Return a time as clients see it."""
    moment = datetime.fromtimestamp(milliseconds // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03d}Z"
