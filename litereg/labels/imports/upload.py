"""Read files to import that came through the API: in base64, and bounded.

Pure but for the table of types, whose file it reads. Slow: never on the event loop, never in a
transaction.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Sequence

from litereg.errors import LiteregError, Unavailable
from litereg.labels.imports.entries import UnreadableFile
from litereg.labels.imports.inputs import PackageList
from litereg.labels.imports.spool import Spool
from litereg.labels.imports.type_table import TypeTable, load_type_table

DATA_URL = re.compile(r"data:[^,]{0,1000};base64,", re.IGNORECASE)
SPACE = str.maketrans("", "", " \t\r\n")


def read_uploads(
    files: Sequence[PackageList], table_path: str, max_entries: int
) -> Spool | LiteregError:
    """Return what *files* hold, in memory, or why they cannot be imported.

    *table_path* names the file that changes the table of types; empty: none does. Errors that come
    back: UnreadableFile, TooManyEntries, and Unavailable where the table itself cannot be read.
    """
    spool = Spool(max_entries)
    try:
        table = _table(table_path)
        for file in files:
            _add(spool, file, table)
    except LiteregError as error:
        return error
    return spool


def _add(spool: Spool, file: PackageList, table: TypeTable) -> None:
    try:
        spool.add(file.name, io.BytesIO(_decoded(file.base64)), table, lambda steps: None)
    except UnreadableFile as error:
        raise UnreadableFile(f"{file.name}: {error.detail}") from error


def _decoded(text: str) -> bytes:
    start = DATA_URL.match(text)
    text = text[start.end() :] if start else text
    try:
        return base64.b64decode(text.translate(SPACE), validate=True)
    except ValueError as error:
        raise UnreadableFile("it is not sent in base64") from error


def _table(path: str) -> TypeTable:
    try:
        return load_type_table(path)
    except (OSError, UnreadableFile) as error:
        # Where the file lies is the operator's affair.
        detail = "labels_type_table names a file that cannot be read as one"
        raise Unavailable("IMPORT_TYPE_TABLE_UNREADABLE", detail) from error
