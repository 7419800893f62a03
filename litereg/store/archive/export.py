"""Write a database as an archive, in one snapshot, a row at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import orjson

from litereg.errors import CannotStart, Conflict, Damaged
from litereg.store.archive.layout import (
    BODY,
    CONTENT,
    FORMAT,
    MANIFEST,
    README,
    README_NAME,
    Selection,
    Table,
    as_line,
    content_entry,
    table_entry,
    tables_of,
)
from litereg.store.atomic import replacing
from litereg.store.connection import open_to_read
from litereg.store.content import verified
from litereg.store.dialect.sqlite import meaning
from litereg.store.migrate import known_migrations
from litereg.store.watch import Watch, unwatched

# The same in every entry, so that the same rows give the same bytes: zip's first day.
EPOCH = (1980, 1, 1, 0, 0, 0)
OWNER_ONLY = 0o100600 << 16
UNIX = 3


class Exported(NamedTuple):
    """What an export holds.

    Attributes:
        path: its file.
        rows: table → how many rows.
        contents: how many package files and images.
    """

    path: Path
    rows: dict[str, int]
    contents: int


def export(
    database: Path,
    path: Path,
    selection: Selection,
    *,
    with_secrets: bool = False,
    watch: Watch = unwatched,
) -> Exported:
    """Write the registry in *database*, as of now, to the new file *path*.

    A server goes on beside it. *watch* counts rows and files. Memory is needed for the largest
    piece of content, and for the name of each.

    Raises:
        CannotStart: there is no such database, it is of another schema, or *path* cannot be made.
        Conflict: FILE_EXISTS: there is a file at *path*.
        Damaged: the database is not sound.
        StorageFull: there is no room for the archive.
    """
    if path.exists():
        raise Conflict("FILE_EXISTS", f"{path} is there already; choose another name")
    with closing(open_to_read(database)) as raw, replacing(path) as unfinished:
        try:
            raw.execute("BEGIN")
            _require_present_schema(raw, database)
            tables = _chosen(raw, selection, with_secrets)
            rows = {name: _count(raw, name) for name in tables}
            with ZipFile(unfinished, "w") as archive:
                _write(archive, README_NAME, README.encode())
                _write(archive, MANIFEST, _manifest(rows, with_secrets))
                _write_all(archive, raw, tables, rows, watch)
        except sqlite3.Error as error:
            raise meaning(error) or Damaged("DATABASE_DAMAGED", f"{database}: {error}") from error
    return Exported(path, rows, rows[CONTENT])


def _require_present_schema(raw: sqlite3.Connection, database: Path) -> None:
    query = "SELECT count(*) FROM sqlite_schema WHERE name = '_migration'"
    if not raw.execute(query).fetchone()[0]:
        raise CannotStart("DATABASE_UNUSABLE", f"{database}: this is no database of litereg's")
    applied = [row[0] for row in raw.execute("SELECT name FROM _migration ORDER BY name")]
    if applied != list(known_migrations()):
        raise CannotStart(
            "DATABASE_OF_ANOTHER_VERSION",
            f"{database}: it is of another version of litereg; `litereg serve` brings it up to "
            "date, or says that litereg is too old",
        )


def _chosen(raw: sqlite3.Connection, selection: Selection, with_secrets: bool) -> dict[str, Table]:
    """Return the tables that the archive is to have, each with the columns it is to have."""
    chosen = {}
    for name, table in tables_of(raw).items():
        if name in selection.derived_tables:
            continue
        if name in selection.secret_tables and not with_secrets:
            continue
        secret = frozenset() if with_secrets else selection.secret_columns.get(name, frozenset())
        columns = {column: kind for column, kind in table.columns.items() if column not in secret}
        if name == CONTENT:
            del columns[BODY]
        chosen[name] = table._replace(columns=columns)
    return chosen


def _count(raw: sqlite3.Connection, name: str) -> int:
    count: int = raw.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
    return count


def _manifest(rows: dict[str, int], with_secrets: bool) -> bytes:
    manifest = {
        "format": FORMAT,
        "schema": list(known_migrations())[-1],
        "withSecrets": with_secrets,
        "tables": rows,
    }
    return orjson.dumps(manifest, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _write_all(
    archive: ZipFile,
    raw: sqlite3.Connection,
    tables: dict[str, Table],
    rows: dict[str, int],
    watch: Watch,
) -> None:
    done, whole = 0, sum(rows.values()) + rows[CONTENT]
    for name, table in tables.items():
        # How long it will be is not known; without 64 bits for that, 2 GiB would be the end.
        with archive.open(_entry(table_entry(name)), "w", force_zip64=True) as lines:
            for row in _rows(raw, table):
                lines.write(as_line(row))
                done += 1
                watch(done, whole)
    for sha256, body in raw.execute("SELECT sha256, body FROM content ORDER BY id"):
        _write(archive, content_entry(sha256), verified(sha256, body))
        done += 1
        watch(done, whole)


def _rows(raw: sqlite3.Connection, table: Table) -> Iterator[dict[str, Any]]:
    columns = list(table.columns)
    query = f"SELECT {', '.join(columns)} FROM {table.name} ORDER BY {', '.join(table.key)}"
    for values in raw.execute(query):
        yield dict(zip(columns, values, strict=True))


def _write(archive: ZipFile, name: str, content: bytes) -> None:
    archive.writestr(_entry(name), content, ZIP_DEFLATED)


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, EPOCH)
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = UNIX
    entry.external_attr = OWNER_ONLY
    return entry
