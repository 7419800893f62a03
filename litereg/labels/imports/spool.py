"""What files to import hold, kept on the disk so that memory does not grow with them.

What came through the API was in memory as it came, and is bounded: it stays there.

The transaction that imports it may be run again, and goes through it more than once; the files
themselves may be a pipe.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any, BinaryIO, NamedTuple, Self

import orjson

from litereg.errors import LimitExceeded
from litereg.labels.imports.decode import decoded
from litereg.labels.imports.entries import Entry, Found, Skipped
from litereg.labels.imports.recognise import recognise
from litereg.labels.imports.type_table import TypeTable

# The reader's place in its file is looked at this often.
ADVANCE_EVERY = 256


class SourceFile(NamedTuple):
    """A file that was read.

    Attributes:
        name: what its owner calls it.
        format: what format it is of.
    """

    name: str
    format: str


class TooManyEntries(LimitExceeded):
    """Files that hold more than may be imported at once."""

    def __init__(self, limit: int) -> None:
        super().__init__("TOO_MANY_ENTRIES", f"at most {limit} entries are imported at once")


class Spool:
    """The entries of several files in their order, and what was left out of them.

    Attributes:
        files: what was read.
    """

    def __init__(self, max_entries: int | None = None) -> None:
        """Set up; with *max_entries* it holds no more than so many, and keeps them in memory."""
        in_memory = max_entries is not None
        self.files: list[SourceFile] = []
        self._max_entries = max_entries
        self._entries = _Rows(in_memory)
        self._skipped = _Rows(in_memory)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._entries.close()
        self._skipped.close()

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        for _, entry in self.entries():
            yield entry

    def entries(self) -> Iterator[tuple[SourceFile, Entry]]:
        """Yield each entry with the file that it is from."""
        for file, *row in self._entries:
            yield self.files[file], Entry(*row)

    def skipped(self) -> Iterator[tuple[SourceFile, Skipped]]:
        """Yield what was left out, with the file that it is from."""
        for file, *row in self._skipped:
            yield self.files[file], Skipped(*row)

    @property
    def skipped_count(self) -> int:
        """How many were left out."""
        return len(self._skipped)

    def add(
        self, name: str, file: BinaryIO, table: TypeTable, advance: Callable[[int], None]
    ) -> None:
        """Read *file*, which must be seekable, to its end; *advance* is told of bytes read.

        Raises:
            UnreadableFile, TooManyEntries: it cannot be imported; what is in the spool is of no
                use then.
        """
        with decoded(file) as text:
            found = recognise(text)
            self.files.append(SourceFile(name, found.name))
            position = 0
            for count, each in enumerate(found.read(text, table), 1):
                self._put(each)
                if count % ADVANCE_EVERY == 0:
                    advance(text.tell() - position)
                    position = text.tell()
            advance(text.tell() - position)

    def _put(self, found: Found) -> None:
        rows = self._entries if isinstance(found, Entry) else self._skipped
        rows.append([len(self.files) - 1, *found])
        if self._max_entries is not None and len(self) + self.skipped_count > self._max_entries:
            raise TooManyEntries(self._max_entries)


class _Rows:
    """Rows in a temporary file, or in memory, read from the beginning each time."""

    def __init__(self, in_memory: bool) -> None:
        make = io.BytesIO if in_memory else tempfile.TemporaryFile
        self._file: IO[bytes] = make()
        self._count = 0

    def append(self, row: Sequence[str | int]) -> None:
        self._file.write(orjson.dumps(row) + b"\n")
        self._count += 1

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[list[Any]]:
        self._file.seek(0)
        for line in self._file:
            yield orjson.loads(line)

    def close(self) -> None:
        self._file.close()
