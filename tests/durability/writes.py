"""The writes of the power-cut rig, known from their names alone.

A write adds several rows and raises a tally, so that a write torn in two, a lost update and altered
bytes can each be told from a write that is there whole. Writer and checker both start from here.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

TABLES = (
    "CREATE TABLE IF NOT EXISTS piece"
    "(name TEXT, part INTEGER, body BLOB NOT NULL, PRIMARY KEY(name, part)) STRICT",
    "CREATE TABLE IF NOT EXISTS tally"
    "(id INTEGER PRIMARY KEY CHECK (id = 1), writes INTEGER NOT NULL) STRICT",
    "INSERT INTO tally VALUES (1, 0) ON CONFLICT DO NOTHING",
)
ADD_PIECE = "INSERT INTO piece(name, part, body) VALUES (:name, :part, :body)"
RAISE_TALLY = "UPDATE tally SET writes = writes + 1 WHERE id = 1"


def pieces(name: str) -> list[bytes]:
    """Return the rows of the write called *name*: two to four, of some bytes to some pages."""
    random = Random(name)
    return [
        f"{name}.{part} ".encode() * random.randint(3, 500) for part in range(random.randint(2, 4))
    ]


@dataclass(slots=True)
class Contents:
    """What a database that was opened after a power cut holds.

    Attributes:
        damage: why the file is not a sound database, or None.
        whole: the names of the writes that are there with every row.
        torn: the writes of which some rows are there, or wrong ones; and a tally that is off.
    """

    damage: str | None = None
    whole: set[str] = field(default_factory=set)
    torn: set[str] = field(default_factory=set)


def read_back(path: Path) -> Contents:
    """Open *path* with plain SQLite, which recovers it, and say what is there."""
    contents = Contents()
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        # Nothing that happens to this copy matters afterwards.
        connection.execute("PRAGMA synchronous=OFF")
        verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if verdict != "ok":
            contents.damage = verdict
        elif connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'tally'").fetchone():
            _compare(connection, contents)
    except sqlite3.DatabaseError as error:
        contents.damage = str(error)
    finally:
        connection.close()
    return contents


def _compare(connection: sqlite3.Connection, contents: Contents) -> None:
    found: dict[str, list[bytes]] = {}
    for name, body in connection.execute("SELECT name, body FROM piece ORDER BY name, part"):
        found.setdefault(name, []).append(body)
    for name, bodies in found.items():
        (contents.whole if bodies == pieces(name) else contents.torn).add(name)
    [writes] = connection.execute("SELECT writes FROM tally").fetchone() or [0]
    if writes != len(found):
        contents.torn.add(f"a tally of {writes} for {len(found)} writes")
