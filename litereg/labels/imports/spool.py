"""What files to import hold, kept on the disk so that memory does not grow with them.

The transaction that imports it may be run again, and goes through it more than once; the files
themselves may be a pipe.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO, NamedTuple, Self

import orjson

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


class Spool:
    """The entries of several files in their order, and what was left out of them.

    Attributes:
        files: what was read.
    """

    def __init__(self) -> None:
        self.files: list[SourceFile] = []
        self._entries = _Rows()
        self._skipped = _Rows()

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
            UnreadableFile: it cannot be imported; what is in the spool is of no use then.
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


class _Rows:
    """Rows in a temporary file, read from its beginning each time."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
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
