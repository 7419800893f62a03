"""What stands where in an archive, and how a row becomes a line of JSON and a row again."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson

from litereg.errors import InvalidInput
from litereg.store.check import OTHERS

FORMAT = 1

MANIFEST = "litereg.json"
README_NAME = "README.txt"
TABLE_NAME = re.compile(r"tables/([a-z0-9_]+)\.ndjson")
CONTENT_NAME = re.compile(r"content/([0-9a-f]{64})")

README = """\
An export of a litereg registry. `litereg load FILE --db NEW` makes a registry of it.

litereg.json            what this is: "format" (1), "schema" (the last migration that made the
                        tables), "withSecrets", and "tables": name -> number of rows
tables/NAME.ndjson      the rows of a table: a JSON object a line, by primary key
content/SHA256          package files and images, byte for byte, named by their SHA-256

Integers, texts and nulls are as JSON has them; bytes are written in hexadecimal. Times are Unix
milliseconds in UTC. Rows refer to each other by the ids they had. Search indexes are not here: they
are made again. Without secrets, passwords, keys, sessions, links and waiting letters are left out:
users get a new password, and make new keys.
"""


@dataclass(frozen=True, slots=True)
class Selection:
    """What of a database is not for every archive.

    Attributes:
        secret_tables: tables that only an archive with secrets has.
        secret_columns: table → columns of which the same holds.
        derived_tables: tables whose rows are made again from others; no archive has them.
    """

    secret_tables: frozenset[str] = frozenset()
    secret_columns: Mapping[str, frozenset[str]] = field(default_factory=dict)
    derived_tables: frozenset[str] = frozenset()


class Table(NamedTuple):
    """A table, as far as an archive has to know it.

    Attributes:
        name: its name.
        columns: column → its type: INTEGER, TEXT or BLOB.
        key: the columns that its rows are ordered by.
    """

    name: str
    columns: Mapping[str, str]
    key: tuple[str, ...]


# The bytes of content are files of their own.
CONTENT = "content"
BODY = "body"
# Which ids were given; what SQLite keeps so that none is given twice.
SEQUENCE = "sqlite_sequence"
RECORD = "_migration"


def tables_of(raw: sqlite3.Connection) -> dict[str, Table]:
    """Return the tables that hold rows of their own, by name, in the order of their names."""
    found = {}
    for _, name, kind, *_ in sorted(raw.execute("PRAGMA main.table_list").fetchall()):
        if kind != "table" or name == RECORD:
            continue
        if name.startswith(OTHERS) and name != SEQUENCE:
            continue
        columns = raw.execute(f"PRAGMA main.table_info({name})").fetchall()
        key = [column[1] for column in sorted(columns, key=lambda c: c[5]) if column[5]]
        # A table of SQLite's own does not say what is in its columns.
        types = {column[1]: column[2] or "ANY" for column in columns}
        found[name] = Table(name, types, tuple(key or types))
    return found


def table_entry(name: str) -> str:
    """Return where the rows of a table stand."""
    return f"tables/{name}.ndjson"


def content_entry(sha256: bytes) -> str:
    """Return where the content with this digest stands."""
    return f"content/{sha256.hex()}"


def as_line(row: Mapping[str, Any]) -> bytes:
    """Return *row* as a line of JSON."""
    shown = {name: v.hex() if isinstance(v, bytes) else v for name, v in row.items()}
    return orjson.dumps(shown, option=orjson.OPT_APPEND_NEWLINE)


def from_line(line: bytes, table: Table, columns: tuple[str, ...]) -> list[Any]:
    """Return the values of *columns* of the row that *line* holds.

    Raises:
        InvalidInput: ARCHIVE_INVALID: it holds no row of *table* with these columns.
    """
    try:
        row = orjson.loads(line)
        if not isinstance(row, dict) or tuple(row) != columns:
            raise ValueError(f"it must have the members {', '.join(columns)}, in this order")
        return [_value(row[name], table.columns[name]) for name in columns]
    except ValueError as error:
        raise invalid(table_entry(table.name), str(error)) from error


def _value(value: Any, column_type: str) -> Any:
    if isinstance(value, (bool, list, dict)):
        raise ValueError("a value is neither a number nor a text nor null")
    if column_type == "BLOB" and value is not None:
        return bytes.fromhex(value) if isinstance(value, str) else value
    return value


def invalid(place: str, what: str) -> InvalidInput:
    """Return the refusal of an archive because of what stands at *place* in it."""
    return InvalidInput("ARCHIVE_INVALID", f"{place}: {what}")
