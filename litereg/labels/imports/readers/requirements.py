"""Read requirements.txt and what `pip freeze` prints: exact pins, and nothing else.

A range names no version, so it is skipped and reported, as are addresses, paths, editable installs
and pip's options. No other file is followed.

Source: pip's requirements file format; PEP 440 and PEP 508 through the library `packaging`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from packaging.requirements import Requirement

from litereg.labels.imports.entries import Found, skipped
from litereg.labels.imports.readers.lines import MAX_LINE_BYTES, numbered_lines, too_long
from litereg.labels.imports.type_table import TypeTable

COMMENT = re.compile(r"(?:^|\s)#")
ARCHIVE = (".whl", ".zip", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")

NOT_PINNED = "not pinned to one version with == or ==="
FROM_ADDRESS = "it comes from an address, not from an index"
FROM_PATH = "it comes from a path, not from an index"
OTHER_FILE = "other files are not followed; import that one by itself"
EDITABLE = "an editable install is no published version"
OPTION = "an option of pip"
NO_REQUIREMENT = "this is no requirement"

OPTIONS = {
    "-r": OTHER_FILE,
    "--requirement": OTHER_FILE,
    "-c": OTHER_FILE,
    "--constraint": OTHER_FILE,
    "-e": EDITABLE,
    "--editable": EDITABLE,
}


def read(file: BinaryIO, table: TypeTable) -> Iterator[Found]:
    """Yield each exact pin as an entry."""
    for number, line in _joined(file):
        text = COMMENT.split(line, maxsplit=1)[0].strip()
        if not text:
            continue
        if text.startswith("-"):
            yield _option(text, number)
        else:
            yield _requirement(text, number, table)


def _joined(file: BinaryIO) -> Iterator[tuple[int, str]]:
    """Yield lines with those that they are continued in; the number is the first one's."""
    parts: list[str] = []
    first = length = 0
    for number, line in numbered_lines(file):
        line = line.rstrip("\r\n")
        if not parts:
            first, length = number, 0
        length += len(line)
        if length > MAX_LINE_BYTES:
            raise too_long(first)
        is_comment = line.lstrip().startswith("#")
        if line.endswith("\\") and not is_comment:
            parts.append(line[:-1])
            continue
        # A comment that ends a continued line is none without a space before it.
        parts.append(f" {line}" if is_comment else line)
        yield first, "".join(parts)
        parts.clear()
    if parts:
        yield first, "".join(parts)


def _option(text: str, number: int) -> Found:
    # What follows may be an address with a password in it: only the option is told.
    name = re.split(r"[\s=]", text, maxsplit=1)[0]
    name = name if name.startswith("--") else name[:2]
    return skipped(number, name, OPTIONS.get(name, OPTION))


def _requirement(text: str, number: int, table: TypeTable) -> Found:
    words = text.split()
    options = next((i for i, word in enumerate(words) if word.startswith("-")), len(words))
    text = " ".join(words[:options])
    # An address may have a password in it.
    shown = " ".join("…" if "://" in word else word for word in text.split())
    try:
        requirement = Requirement(text)
    # InvalidRequirement is a ValueError, and not the only one; brackets are followed by recursion.
    except (ValueError, RecursionError):
        return skipped(number, shown, _why_none(text))
    if requirement.url is not None:
        return skipped(number, shown, FROM_ADDRESS)
    if requirement.name.lower().endswith(ARCHIVE):
        return skipped(number, shown, FROM_PATH)
    pins = {
        specifier.version
        for specifier in requirement.specifier
        if specifier.operator in ("==", "===") and not specifier.version.endswith(".*")
    }
    if len(pins) != 1:
        return skipped(number, shown, NOT_PINNED)
    return table.entry("pypi", "", requirement.name, pins.pop(), number)


def _why_none(text: str) -> str:
    if "://" in text:
        return FROM_ADDRESS
    if text.startswith((".", "/", "~")) or text.lower().endswith(ARCHIVE):
        return FROM_PATH
    return NO_REQUIREMENT
