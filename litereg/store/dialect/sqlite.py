"""SQLite's words for what differs between engines."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from litereg.errors import LimitExceeded, LiteregError, StorageFull, Unavailable

# What SQLite is asked of each connection. busy_timeout comes first: switching to WAL takes a lock,
# and without a timeout a second process that starts at the same moment fails at once with
# "database is locked".
PRAGMAS = (
    "busy_timeout=10000",
    "journal_mode=WAL",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "mmap_size=0",
    "temp_store=MEMORY",
    "cache_size=-4096",
    # Without a limit the write-ahead log keeps the size of its largest moment for ever.
    "journal_size_limit=33554432",
)

# What it is asked where a file is only looked at: nothing that would change the file.
READING_PRAGMAS = ("busy_timeout=10000", "trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0")

# SQLITE_IOERR_SHMSIZE: the index of the write-ahead log lies on the disk, and could not grow there.
NO_ROOM_FOR_INDEX = 4874

# STRICT tables came with 3.37.
OLDEST_SQLITE = (3, 37, 0)


class TextSlot:
    """A slot with a word after its colon: `{list:names}` puts `names` where the text says `%s`."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __format__(self, word: str) -> str:
        return self._text.replace("%s", word)


class RowsSlot:
    """`{rows:wanted type name}`: the rows of the list parameter *wanted* as a table.

    Each row is a list of as many texts or numbers as columns are named; `place` counts them from 0.
    """

    def __format__(self, words: str) -> str:
        parameter, *columns = words.split()
        values = ", ".join(
            f"json_extract(value, '$[{index}]') AS {column}" for index, column in enumerate(columns)
        )
        return f"(SELECT key AS place, {values} FROM json_each(:{parameter}))"


@dataclass(frozen=True, slots=True)
class Dialect:
    """One engine's way of saying what the common SQL cannot.

    Attributes:
        name: the engine.
        slots: slot name → the engine's text, or what makes it of the words after the colon.
    """

    name: str
    slots: Mapping[str, str | TextSlot | RowsSlot]


SQLITE = Dialect(
    name="sqlite",
    slots=MappingProxyType(
        {
            # The values of a list parameter named ids.
            "ids": "SELECT value FROM json_each(:ids)",
            # The values of any list parameter.
            "list": TextSlot("SELECT value FROM json_each(:%s)"),
            # A list parameter of rows, as a table.
            "rows": RowsSlot(),
            # Whether a text, the first of two, has the second in it.
            "contains": TextSlot("instr(%s) > 0"),
            # Lock the selected row until the transaction ends: SQLite has one writer anyway.
            "for_update": "",
        }
    ),
)


def meaning(error: sqlite3.Error) -> LiteregError | None:
    """Return what *error* means to a client, or None when it is a defect of ours."""
    extended = getattr(error, "sqlite_errorcode", None) or 0
    code = extended & 0xFF
    is_full = code == sqlite3.SQLITE_FULL or extended == NO_ROOM_FOR_INDEX
    if is_full or getattr(error, "errno", None) == errno.ENOSPC:
        return StorageFull()
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Unavailable("DATABASE_BUSY", "another process holds the database; try again")
    if code == sqlite3.SQLITE_INTERRUPT:
        return LimitExceeded("EXECUTION_TIMEOUT", "the request took too long and was ended")
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
        return Unavailable("STORAGE_FAILED", "the database file cannot be written")
    return None
