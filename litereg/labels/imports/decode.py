"""Take off what shells put before a text: the mark of UTF-8, or all of UTF-16."""

from __future__ import annotations

import codecs
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from litereg.labels.imports.entries import UnreadableFile

UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
PEEK_BYTES = 1024
CHUNK_BYTES = 64 * 1024


@contextmanager
def decoded(file: BinaryIO) -> Iterator[BinaryIO]:
    """Yield *file*, or a copy of it in UTF-8, standing where its text begins.

    *file* must be seekable and stand at its beginning. XML in UTF-16 stays as it is: it says itself
    which encoding it has.

    Raises:
        UnreadableFile: it begins like UTF-16, but is not.
    """
    start = file.read(PEEK_BYTES)
    file.seek(len(codecs.BOM_UTF8) if start.startswith(codecs.BOM_UTF8) else 0)
    is_xml = start.decode("utf-16", "ignore").lstrip().startswith("<")
    if not start.startswith(UTF_16) or is_xml:
        yield file
        return
    with tempfile.TemporaryFile() as copy:
        _copy(file, copy)
        copy.seek(0)
        yield copy


def _copy(file: BinaryIO, copy: BinaryIO) -> None:
    decoder = codecs.getincrementaldecoder("utf-16")()
    try:
        while chunk := file.read(CHUNK_BYTES):
            copy.write(decoder.decode(chunk).encode())
        decoder.decode(b"", final=True)
    except UnicodeError as error:
        raise UnreadableFile("it begins like UTF-16, but is not") from error
