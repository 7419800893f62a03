"""Find what is wrong with a database file, also what SQLite by itself does not see.

SQLite has no checksums: a bit that flipped in a package file leaves a file that is sound by its own
rules. So besides its structure and references the check looks at the SHA-256 of everything that is
stored by it, compares the search indexes with what they index, the schema with the one that the
migrations make, and what the registry claims about its rows with the rows.

It reads in one snapshot and takes no lock, so a server goes on beside it.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from litereg.store.connection import open_to_read, reading_uri
from litereg.store.content import digest
from litereg.store.migrate import known_migrations, schema_after
from litereg.store.statement import Query
from litereg.store.watch import Watch, unwatched

# What SQLite says of a broken definition quotes it, and may then be no text to Python.
UNREADABLE = (sqlite3.Error, UnicodeDecodeError)
MAX_FINDINGS = 100
# Whose tables are no business of the migrations: SQLite's own, and those of Litestream.
OTHERS = ("sqlite_", "_litestream_")
CREATE_INDEX = re.compile(r"CREATE VIRTUAL TABLE (\w+) USING fts5\b.*", re.DOTALL | re.IGNORECASE)


# Where something is wrong with a file that never was a registry's.
NO_REGISTRY = "file"
# What every SQLite database begins with, after the first write to it.
MAGIC = b"SQLite format 3\0"


class Finding(NamedTuple):
    """Something that is wrong.

    Attributes:
        place: where: structure, schema, references, search, content or registry; or `NO_REGISTRY`.
        what: what, in words.
    """

    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


class Claim(NamedTuple):
    """Something that holds for every row, though no constraint of the schema can say it.

    Attributes:
        words: what would be wrong, with `{id}` for the row.
        query: returns the ids of the rows for which it does not hold.
    """

    words: str
    query: Query[int]


def check(path: Path, claims: Sequence[Claim] = (), watch: Watch = unwatched) -> Iterator[Finding]:
    """Yield what is wrong with the file at *path*; nothing, when all is well.

    The *claims* are held against a file of the present schema only. *watch* counts bytes.

    Raises:
        CannotStart: there is no such file, or it may not be read.
    """
    with closing(open_to_read(path)) as raw:
        # A text in which a bit flipped may be none any more; that is for a finding, not for an end.
        raw.text_factory = _any_text
        if (what := _what_else(path, raw)) is not None:
            yield Finding(NO_REGISTRY, what)
            return
        try:
            raw.execute("BEGIN")
            yield from _structure(raw, "integrity_check")
            yield from _schema(raw)
            yield from _references(raw)
            yield from _claims(raw, claims)
        except UNREADABLE as error:
            yield Finding("structure", str(error))
        yield from _each(_contents, raw, watch)
        yield from _each(_search, raw, path)


def check_copy(path: Path, watch: Watch = unwatched) -> Iterator[Finding]:
    """Yield what is wrong with a copy that SQLite has just written row by row.

    Its indexes were made from its rows; what remains to be seen is whether the rows are what they
    were. *watch* counts bytes.
    """
    with closing(open_to_read(path)) as raw:
        yield from _each(_structure, raw, "quick_check")
        yield from _each(_contents, raw, watch)


def _any_text(text: bytes) -> str:
    return text.decode("utf-8", "replace")


def _what_else(path: Path, raw: sqlite3.Connection) -> str | None:
    """Return what the file is when it is no registry's; None when it is one, sound or not."""
    with path.open("rb") as file:
        if file.read(len(MAGIC)) not in (MAGIC, b""):
            return "it does not begin as a SQLite database does"
    try:
        if ("table", "_migration") not in _definitions(raw):
            return "it is a SQLite database, but not one of litereg's"
    except UNREADABLE:
        # It cannot be read; the checks say why.
        return None
    return None


def _each(look: Callable[..., Iterator[Finding]], *args: object) -> Iterator[Finding]:
    """Yield the findings of *look*; a file that it cannot read through is one, too."""
    try:
        yield from look(*args)
    except UNREADABLE as error:
        yield Finding(look.__name__.strip("_").removesuffix("s"), str(error))


def _structure(raw: sqlite3.Connection, pragma: str) -> Iterator[Finding]:
    for (line,) in raw.execute(f"PRAGMA {pragma}({MAX_FINDINGS})"):
        if line != "ok":
            yield Finding("structure", line)


def _schema(raw: sqlite3.Connection) -> Iterator[Finding]:
    found = _definitions(raw)
    applied = [row[0] for row in raw.execute("SELECT name FROM _migration ORDER BY name")]
    known = list(known_migrations())
    if newer := [name for name in applied if name not in known]:
        yield Finding("schema", f"written by a newer litereg: it has {newer[-1]}")
        return
    if applied != known[: len(applied)]:
        yield Finding("schema", "migrations are missing between others")
        return
    with closing(schema_after(len(applied))) as model:
        expected = _definitions(model)
    for kind, name in sorted(expected.keys() | found.keys()):
        if found.get((kind, name)) != expected.get((kind, name)):
            yield Finding("schema", f"the {kind} {name} is not as litereg makes it")


def _definitions(raw: sqlite3.Connection) -> dict[tuple[str, str], str | None]:
    """Return what is defined in the database, apart from what others keep there for themselves."""
    rows = raw.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema")
    return {
        (str(kind), str(name)): sql
        for kind, name, table, sql in rows
        if not _is_of_others(str(kind), str(name), str(table))
    }


def _is_of_others(kind: str, name: str, table: str) -> bool:
    """Return whether a definition is of no business here: not what is done to a table of ours."""
    if kind not in ("table", "index"):
        return False
    return table.startswith(OTHERS) or name.startswith("sqlite_autoindex_")


def _references(raw: sqlite3.Connection) -> Iterator[Finding]:
    for table, row, parent, _ in raw.execute("PRAGMA foreign_key_check").fetchmany(MAX_FINDINGS):
        yield Finding("references", f"row {row} of {table} refers to a missing row of {parent}")


def _claims(raw: sqlite3.Connection, claims: Sequence[Claim]) -> Iterator[Finding]:
    applied = raw.execute("SELECT count(*) FROM _migration").fetchone()[0]
    if applied != len(known_migrations()):
        return
    for claim in claims:
        for (row,) in raw.execute(claim.query.sql).fetchmany(MAX_FINDINGS):
            yield Finding("registry", claim.words.format(id=row))


def _contents(raw: sqlite3.Connection, watch: Watch) -> Iterator[Finding]:
    whole = raw.execute("SELECT coalesce(sum(length(body)), 0) FROM content").fetchone()[0]
    done = 0
    for row, sha256, body in raw.execute("SELECT id, sha256, body FROM content ORDER BY id"):
        if not isinstance(body, bytes) or digest(body) != sha256:
            known_as = sha256.hex() if isinstance(sha256, bytes) else "what has no hash"
            yield Finding("content", f"the bytes of {known_as} (row {row}) have changed")
        done += len(body or b"")
        watch(done, whole)


def _search(raw: sqlite3.Connection, path: Path) -> Iterator[Finding]:
    """Compare each full-text index with the texts in it, in a copy that is thrown away.

    The comparison is an INSERT in FTS5's tongue. In the file itself it would take the lock that
    writers wait for, and could not be had where nothing may be written.
    """
    for (sql,) in raw.execute("SELECT sql FROM sqlite_schema WHERE type = 'table'").fetchall():
        if found := CREATE_INDEX.fullmatch(sql or ""):
            # A private database of no name, which SQLite keeps on the disk and removes.
            with closing(sqlite3.connect("", uri=True, isolation_level=None)) as copy:
                copy.execute("ATTACH ? AS live", (reading_uri(path),))
                yield from _compare(copy, found[1], sql)


def _compare(copy: sqlite3.Connection, name: str, sql: str) -> Iterator[Finding]:
    copy.execute(sql)
    copy.execute("BEGIN")
    parts = copy.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table'").fetchall()
    for (part,) in parts:
        if part != name:
            copy.execute(f"DELETE FROM main.{part}")
            copy.execute(f"INSERT INTO main.{part} SELECT * FROM live.{part}")
    copy.execute("COMMIT")
    try:
        copy.execute(f"INSERT INTO {name}({name}) VALUES ('integrity-check')")
    except sqlite3.DatabaseError:
        yield Finding("search", f"the index {name} and the texts in it differ")
