"""Lines of a text file: numbered, decoded, and none too long to be held."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from litereg.labels.imports.entries import UnreadableFile

MAX_LINE_BYTES = 64 * 1024


def numbered_lines(file: BinaryIO) -> Iterator[tuple[int, str]]:
    """Yield each line from here on, with its number from 1 and its line end.

    Raises:
        UnreadableFile: a line is not UTF-8, or longer than 64 KiB.
    """
    number = 0
    while raw := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(raw) > MAX_LINE_BYTES:
            raise too_long(number)
        try:
            yield number, raw.decode()
        except UnicodeDecodeError as error:
            raise UnreadableFile(f"line {number} is not UTF-8 text") from error


def too_long(number: int) -> UnreadableFile:
    """Return the error for a line that is longer than any package is named."""
    return UnreadableFile(f"line {number} is longer than {MAX_LINE_BYTES} bytes")
