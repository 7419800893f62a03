"""Bring a database file to the schema that this version of litereg needs.

Migrations are numbered SQL files, forward only. Each carries BEGIN and COMMIT inside its text,
because `executescript` commits a transaction that is already open, and writes its own record in the
same transaction: a migration is there whole, with its record, or not at all.
"""

from __future__ import annotations

import logging
import re
import sqlite3
from importlib.resources import files
from pathlib import Path

from litereg.errors import CannotStart
from litereg.store.atomic import replacing

NAME = re.compile(r"\d{4}_[a-z0-9_]+")

_log = logging.getLogger(__name__)


def migrate(connection: sqlite3.Connection, path: Path) -> list[str]:
    """Apply what is missing to the open database at *path* and return the names applied.

    A copy of the file is kept beside it before the first change to a database that has content.

    Raises:
        CannotStart: the database was written by a newer litereg.
    """
    known = known_migrations()
    applied = applied_migrations(connection)
    newer = [name for name in applied if name not in known]
    if newer:
        raise CannotStart(
            "DATABASE_TOO_NEW",
            f"{path} was written by a newer litereg (it has {newer[-1]}); upgrade litereg",
        )
    missing = [name for name in known if name not in applied]
    if missing and applied:
        _keep_copy(connection, path, applied[-1])
    for name in missing:
        _apply(connection, name, known[name])
    return missing


def known_migrations() -> dict[str, str]:
    """Return the migrations that this version carries: name → SQL, in order."""
    folder = files("litereg.store") / "migrations"
    scripts = {Path(f.name).stem: f.read_text("utf-8") for f in folder.iterdir() if f.is_file()}
    return {name: scripts[name] for name in sorted(scripts) if NAME.fullmatch(name)}


def schema_after(count: int) -> sqlite3.Connection:
    """Return a database in memory that the first *count* migrations were applied to."""
    model = sqlite3.connect(":memory:", isolation_level=None)
    migrate_to(model, list(known_migrations())[count - 1] if count else "")
    return model


def migrate_to(connection: sqlite3.Connection, last: str) -> None:
    """Apply to an empty database the migrations up to the one called *last*."""
    applied_migrations(connection)
    for name, script in known_migrations().items():
        if name <= last:
            _apply(connection, name, script)


def applied_migrations(connection: sqlite3.Connection) -> list[str]:
    """Return the names of the migrations that the database already has, in order."""
    connection.execute(
        """
        CREATE TABLE IF NOT EXISTS _migration(
            name TEXT PRIMARY KEY,
            applied_at INTEGER NOT NULL DEFAULT (unixepoch())
        ) STRICT, WITHOUT ROWID
        """
    )
    return [row[0] for row in connection.execute("SELECT name FROM _migration ORDER BY name")]


def _keep_copy(connection: sqlite3.Connection, path: Path, last: str) -> None:
    copy = path.with_name(f"{path.name}.before-upgrade-from-{last}")
    with replacing(copy) as unfinished:
        connection.execute("VACUUM INTO ?", (str(unfinished),))
    _log.warning("upgrading %s; the file as it was is kept as %s", path, copy)


def _apply(connection: sqlite3.Connection, name: str, script: str) -> None:
    # NAME allows nothing that SQL could mistake for its own.
    record = f"INSERT INTO _migration(name) VALUES ('{name}');"
    try:
        connection.executescript(f"BEGIN IMMEDIATE;\n{script}\n{record}\nCOMMIT;")
    except sqlite3.Error:
        connection.rollback()
        raise
