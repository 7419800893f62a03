"""Make a new database of an archive, or nothing.

The database is made by the migrations up to the schema that the archive names, filled, and then
brought to the present one, so that an archive can be loaded by every later litereg.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import IO, Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import orjson

from litereg.errors import CannotStart, Conflict, Damaged, StorageFull
from litereg.store.archive.layout import (
    BODY,
    CONTENT,
    CONTENT_NAME,
    FORMAT,
    MANIFEST,
    README_NAME,
    SEQUENCE,
    TABLE_NAME,
    Table,
    content_entry,
    from_line,
    invalid,
    table_entry,
    tables_of,
)
from litereg.store.atomic import replacing
from litereg.store.check import Claim, check
from litereg.store.connection import connect, copy_log_back
from litereg.store.content import digest
from litereg.store.dialect.sqlite import meaning
from litereg.store.migrate import known_migrations, migrate, migrate_to
from litereg.store.watch import Watch, unwatched

MAX_LINE_BYTES = 4 * 1024 * 1024
MAX_MANIFEST_BYTES = 1024 * 1024
MAX_CONTENT_BYTES = 256 * 1024 * 1024
# As exports are written, and as zip programs pack them again.
COMPRESSIONS = (ZIP_STORED, ZIP_DEFLATED)


class Manifest(NamedTuple):
    """What an archive says of itself: see `layout.README`."""

    schema: str
    with_secrets: bool
    tables: dict[str, int]


def load(
    path: Path,
    database: Path,
    complete: Callable[[Path], None],
    claims: Sequence[Claim] = (),
    watch: Watch = unwatched,
) -> Manifest:
    """Make the new file *database* of the archive at *path*, checked; on failure there is none.

    *complete* is given the filled database of the present schema, to make what is derived. *watch*
    counts rows and files.

    Raises:
        CannotStart: there is no such archive, or *database* cannot be made.
        Conflict: FILE_EXISTS: there is a file at *database*.
        InvalidInput: ARCHIVE_INVALID: it is not as `litereg export` writes it.
        StorageFull: there is no room for the database.
    """
    if database.exists():
        raise Conflict("FILE_EXISTS", f"{database} is there already; name a new file with --db")
    try:
        with ZipFile(path) as archive, replacing(database) as unfinished:
            manifest = _manifest(archive)
            _fill(unfinished, archive, manifest, watch)
            _complete(unfinished, complete)
            if findings := list(check(unfinished, claims)):
                raise invalid(str(path), "; ".join(map(str, findings[:3])))
    except sqlite3.Error as error:
        known = meaning(error)
        if isinstance(known, StorageFull):
            known = StorageFull(str(database.parent))
        raise known or error from error
    except OSError as error:
        raise CannotStart("ARCHIVE_UNREADABLE", f"{path}: {error.strerror or error}") from error
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        # RuntimeError is how zipfile says that an entry is encrypted.
        raise invalid(str(path), str(error)) from error
    return manifest


def _complete(path: Path, complete: Callable[[Path], None]) -> None:
    """Let *complete* do its part, and leave the file without a log, which would stay behind."""
    try:
        complete(path)
        copy_log_back(path)
    finally:
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)


def _manifest(archive: ZipFile) -> Manifest:
    """Return the manifest, once it and the names in the archive agree."""
    entries = {entry.filename: entry for entry in archive.infolist()}
    if len(entries) != len(archive.infolist()):
        raise invalid("the archive", "a name stands in it twice")
    for entry in entries.values():
        # LZMA takes as much memory as the entry says, and each kind has errors of its own.
        if entry.compress_type not in COMPRESSIONS:
            raise invalid(entry.filename, "it is neither stored nor deflated")
    if MANIFEST not in entries:
        raise invalid(MANIFEST, "it is missing: this is no export of litereg's")
    manifest = _read_manifest(_read(archive, entries[MANIFEST], MAX_MANIFEST_BYTES))
    expected = {MANIFEST, README_NAME, *map(table_entry, manifest.tables)}
    contents = {name for name in entries if CONTENT_NAME.fullmatch(name)}
    if strange := sorted(entries.keys() - expected - contents):
        raise invalid(strange[0], "it is not listed in litereg.json")
    if missing := sorted(expected - entries.keys() - {README_NAME}):
        raise invalid(missing[0], "it is missing")
    if len(contents) != manifest.tables.get(CONTENT, 0):
        raise invalid("content", f"there are {len(contents)} files, and not as many rows")
    return manifest


def _read_manifest(text: bytes) -> Manifest:
    try:
        told = orjson.loads(text)
        if told["format"] != FORMAT:
            raise invalid(MANIFEST, f"format {told['format']} is not known to this litereg")
        manifest = Manifest(told["schema"], told["withSecrets"], told["tables"])
        if manifest.schema not in known_migrations():
            raise invalid(MANIFEST, f"written by a newer litereg: it has {manifest.schema}")
        rows = manifest.tables.items()
        if not all(TABLE_NAME.fullmatch(table_entry(t)) and type(n) is int for t, n in rows):
            raise ValueError("tables must be names and numbers of rows")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise invalid(MANIFEST, f"it cannot be read: {error}") from error
    return manifest


def _read(archive: ZipFile, entry: ZipInfo, limit: int) -> bytes:
    """Return the bytes of an entry, which says how many there are and cannot have more."""
    if entry.file_size > limit:
        raise invalid(entry.filename, f"it is longer than {limit} bytes")
    return archive.read(entry)


def _fill(path: Path, archive: ZipFile, manifest: Manifest, watch: Watch) -> None:
    """Make the empty file at *path* a database of the present schema with the archive's rows."""
    # Nothing of it is worth anything until all of it is there, and synced.
    with closing(connect(path, synchronous="OFF")) as raw:
        # A write-ahead log would hold all of it a second time.
        raw.execute("PRAGMA journal_mode=DELETE")
        migrate_to(raw, manifest.schema)
        tables = tables_of(raw)
        if unknown := sorted(manifest.tables.keys() - tables.keys()):
            raise invalid(MANIFEST, f"there is no table {unknown[0]}")
        raw.execute("PRAGMA foreign_keys=OFF")  # The check looks at them, whatever the order.
        raw.execute("BEGIN")
        counts = _Progress(manifest, watch)
        # What was given before goes last: filling the others changes it.
        for name in sorted(manifest.tables, key=lambda name: (name == SEQUENCE, name)):
            _fill_table(raw, archive, tables[name], manifest.tables[name], counts)
        raw.execute("COMMIT")
        migrate(raw, path)


class _Progress:
    """Counts rows and files for a watch."""

    def __init__(self, manifest: Manifest, watch: Watch) -> None:
        self._done = 0
        self._whole = sum(manifest.tables.values()) + manifest.tables.get(CONTENT, 0)
        self._watch = watch

    def step(self) -> None:
        """Count one."""
        self._done += 1
        self._watch(self._done, self._whole)


def _fill_table(
    raw: sqlite3.Connection, archive: ZipFile, table: Table, count: int, progress: _Progress
) -> None:
    """Put the archive's rows in the place of those that the migrations made."""
    place = table_entry(table.name)
    raw.execute(f"DELETE FROM {table.name}")
    try:
        with archive.open(place) as lines:
            columns, rows = _rows(lines, table, place)
            if table.name == CONTENT:
                columns, rows = (*columns, BODY), _with_bodies(rows, columns, archive, progress)
            marks = ", ".join("?" * len(columns))
            command = f"INSERT INTO {table.name}({', '.join(columns)}) VALUES ({marks})"
            raw.executemany(command, _counted(rows, progress))
    except (sqlite3.Error, OverflowError, UnicodeError) as error:
        known = meaning(error) if isinstance(error, sqlite3.Error) else None
        raise known or invalid(place, str(error)) from error
    found = raw.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0]
    if found != count:
        raise invalid(place, f"there are {found} rows, and litereg.json says {count}")


def _rows(
    lines: IO[bytes], table: Table, place: str
) -> tuple[tuple[str, ...], Iterator[list[Any]]]:
    """Return the columns that the first line has, and the values of all lines."""
    first = lines.readline(MAX_LINE_BYTES + 1)
    columns = _columns(first, table, place)

    def rows() -> Iterator[list[Any]]:
        line = first
        while line:
            if len(line) > MAX_LINE_BYTES:
                raise invalid(place, f"a line is longer than {MAX_LINE_BYTES} bytes")
            yield from_line(line, table, columns)
            line = lines.readline(MAX_LINE_BYTES + 1)

    return columns, rows()


def _columns(first: bytes, table: Table, place: str) -> tuple[str, ...]:
    if not first:
        return tuple(name for name in table.columns if name != BODY)
    try:
        row = orjson.loads(first)
        if not isinstance(row, dict):
            raise ValueError("it is something else")
    except ValueError as error:
        raise invalid(place, f"the first line is no JSON object: {error}") from error
    columns = tuple(row)
    if strange := [name for name in columns if name not in table.columns or name == BODY]:
        raise invalid(place, f"there is no column {strange[0]}")
    return columns


def _with_bodies(
    rows: Iterator[list[Any]], columns: tuple[str, ...], archive: ZipFile, progress: _Progress
) -> Iterator[list[Any]]:
    """Add to each row of content its bytes."""
    place = columns.index("sha256") if "sha256" in columns else None
    for row in rows:
        sha256 = row[place] if place is not None else None
        if not isinstance(sha256, bytes):
            raise invalid(table_entry(CONTENT), "a row has no SHA-256")
        try:
            entry = archive.getinfo(content_entry(sha256))
        except KeyError:
            raise invalid(content_entry(sha256), "it is missing") from None
        body = _read(archive, entry, MAX_CONTENT_BYTES)
        if digest(body) != sha256:
            raise Damaged("ARCHIVE_DAMAGED", f"{entry.filename} has another SHA-256")
        progress.step()
        yield [*row, body]


def _counted(rows: Iterator[list[Any]], progress: _Progress) -> Iterator[list[Any]]:
    for row in rows:
        progress.step()
        yield row
