"""Read tables from the files that people keep them in: CSV, TSV, JSON, JSON lines, Parquet.

Rows are read one after the other and never held together, so a file may be larger than memory. What
the columns hold is found out by `litereg.registry.profiling`.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, TextIO

from litereg.errors import InvalidInput
from litereg.store.watch import Watch, unwatched

ROWS_A_LOOK = 1_000
# How much of a CSV file is looked at to find out what stands between its cells.
SNIFFED_CHARACTERS = 16 * 1024
DELIMITERS = ",;\t|"
# A cell of a CSV file may be this long; Python's own limit is for cells of moderate size.
MAX_CELL = 16 * 1024 * 1024
# More columns than this are the keys of something else than a table.
MAX_COLUMNS = 10_000


class TableFile(NamedTuple):
    """A table in a file, being read.

    Attributes:
        columns: the titles.
        rows: the cells, in the order of the titles; to be gone through once.
        is_text: the cells are text that may stand for numbers; otherwise they are JSON values.
        media_type: what the file is, as a MIME type.
    """

    columns: list[str]
    rows: Iterable[Sequence[Any]]
    is_text: bool
    media_type: str


@contextmanager
def open_table(path: Path, watch: Watch = unwatched) -> Iterator[TableFile]:
    """Open the table in *path*, whose ending says what it is; *watch* sees the bytes go by.

    Raises:
        InvalidInput: INVALID_DATA: the ending is none that is known, there is no table in the file,
            or it breaks off; the last, while the rows are read, too.
        OSError: the file cannot be read.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise InvalidInput("INVALID_DATA", f"{path.name}: this is none of {', '.join(READERS)}")
    with ExitStack() as stack:
        try:
            yield reader(_Source(path, watch, stack))
        except (UnicodeDecodeError, csv.Error, ValueError) as error:
            raise InvalidInput("INVALID_DATA", f"{path.name}: {error}") from error


class _Source:
    """A file that is open as long as its table is read.

    Attributes:
        file: its bytes.
    """

    def __init__(self, path: Path, watch: Watch, stack: ExitStack) -> None:
        self.file: BinaryIO = stack.enter_context(path.open("rb"))
        self._size = path.stat().st_size
        self._watch = watch
        self._stack = stack

    def text(self) -> TextIO:
        """Return its characters."""
        return self._stack.enter_context(io.TextIOWrapper(self.file, "utf-8-sig", newline=""))

    def watched(self, rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
        """Pass *rows* on, and say now and then how much of the file has been read."""
        for count, row in enumerate(rows):
            if count % ROWS_A_LOOK == 0:
                self._watch(min(self.file.tell(), self._size), self._size)
            yield row
        self._watch(self._size, self._size)


Reader = Callable[[_Source], TableFile]


def _csv(source: _Source) -> TableFile:
    text = source.text()
    start = text.read(SNIFFED_CHARACTERS)
    text.seek(0)
    return _separated(source, text, _delimiter(start), "text/csv")


def _tsv(source: _Source) -> TableFile:
    return _separated(source, source.text(), "\t", "text/tab-separated-values")


def _separated(source: _Source, text: TextIO, delimiter: str, media_type: str) -> TableFile:
    csv.field_size_limit(MAX_CELL)
    rows = csv.reader(text, delimiter=delimiter)
    columns = next(rows, None)
    if not columns:
        raise ValueError("there is no first row with the names of the columns")
    # A column without a name has one that says where it stands.
    titles = [title.strip() or f"column {place}" for place, title in enumerate(columns, 1)]
    return TableFile(titles, source.watched(rows), True, media_type)


def _delimiter(start: str) -> str:
    """Return what stands between the cells: of the likely signs, the commonest in the first row."""
    first = start.splitlines()[0] if start.strip() else ""
    return max(DELIMITERS, key=lambda sign: (first.count(sign), sign == ","))


def _json(source: _Source) -> TableFile:
    # Reading without holding the whole file; the import is for whoever has such a file.
    import ijson  # type: ignore[import-untyped]  # the package has no types

    def records() -> Iterator[Any]:
        source.file.seek(0)
        try:
            yield from ijson.items(source.file, "item", use_float=True)
        except ijson.JSONError as error:
            raise ValueError(str(error)) from error

    return _of_records(source, records, "application/json")


def _json_lines(source: _Source) -> TableFile:
    def records() -> Iterator[Any]:
        source.file.seek(0)
        for number, line in enumerate(source.file, 1):
            if line.strip():
                try:
                    yield json.loads(line)
                except ValueError as error:
                    raise ValueError(f"line {number} is no JSON: {error}") from error

    return _of_records(source, records, "application/x-ndjson")


def _of_records(
    source: _Source, records: Callable[[], Iterator[Any]], media_type: str
) -> TableFile:
    """Return the table of *records*, which are gone through twice: first for their keys."""
    columns: dict[str, None] = {}
    for number, record in enumerate(records(), 1):
        if not isinstance(record, Mapping):
            raise ValueError(f"record {number} is no object with the columns' names as keys")
        columns.update(dict.fromkeys(record))
        if len(columns) > MAX_COLUMNS:
            raise ValueError(f"there are more than {MAX_COLUMNS:,} different keys")
    if not columns:
        raise ValueError("there is no array of objects in it")
    titles = list(columns)
    rows = ([record.get(title) for title in titles] for record in records())
    return TableFile(titles, source.watched(rows), False, media_type)


def _parquet(source: _Source) -> TableFile:
    try:
        from pyarrow import ArrowException, parquet  # type: ignore[import-not-found, import-untyped, unused-ignore]
    except ImportError:
        raise ValueError("reading Parquet needs `pip install 'litereg[parquet]'`") from None
    try:
        table = parquet.ParquetFile(source.file)
    except ArrowException as error:
        raise ValueError(str(error)) from error
    titles = list(table.schema_arrow.names)

    def rows() -> Iterator[list[Any]]:
        for batch in table.iter_batches():
            columns = [column.to_pylist() for column in batch.columns]
            for cells in zip(*columns, strict=True):
                yield [_as_json(cell) for cell in cells]

    return TableFile(titles, source.watched(rows()), False, "application/vnd.apache.parquet")


def _as_json(value: Any) -> Any:
    """Return a value of a Parquet file as JSON has it; of bytes, which it has not, their number."""
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if isinstance(value, Mapping):
        return {str(key): _as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_json(inner) for inner in value]
    return value if isinstance(value, bool | int | float | str | None) else str(value)


READERS: dict[str, Reader] = {
    ".csv": _csv,
    ".tsv": _tsv,
    ".json": _json,
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".parquet": _parquet,
}
