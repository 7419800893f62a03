"""Read the JSON text of a package file, and refuse what no honest publisher sends.

This is about JSON only: whether the object is a package file is decided in `validation`.
"""

from __future__ import annotations

import json
from typing import Any

import orjson

from litereg.registry.package_file.problems import InvalidPackageFile, Problem

MAX_CHARACTERS = 16 * 1024 * 1024
MAX_DEPTH = 64
MAX_VALUES = 100_000
# Where no space stands before a colon, each name ends with `":`. Strings may have these characters
# too, but names cannot go without. So when there are no more of them than names were read, no name
# was written twice.
_SPACED = (" :", "\t:", "\n:", "\r:")


def read_object(text: str) -> dict[str, Any]:
    """Return the JSON object that *text* holds, the order of its names kept.

    Refused beyond what JSON itself forbids: numbers too large for a double, lone surrogates, the
    character NUL, a name twice in one object, more than 64 levels, more than 100,000 values.

    Raises:
        InvalidPackageFile: *text* is broken or refused; the parser's own words are in the message.
    """
    if len(text) > MAX_CHARACTERS:
        raise _refused(f"longer than {MAX_CHARACTERS} characters")
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise _refused(str(error)) from error
    if not isinstance(document, dict):
        raise _refused("a package file is a JSON object")
    _, names = _measure(document)
    # In JSON the character NUL can only be written so, or as a part of something longer.
    if "\\u0000" in text:
        _check_for_nul(document)
    if text.count('":') != names or any(spaced in text for spaced in _SPACED):
        _check_names(text)
    return document


def count_values(document: dict[str, Any]) -> int:
    """Return the number of values in *document*, itself and all that is inside it.

    Raises:
        InvalidPackageFile: there are too many, or too deep inside one another.
    """
    return _measure(document)[0]


def _measure(document: dict[str, Any]) -> tuple[int, int]:
    """Return the number of values in *document*, and how many of them have names."""
    level: list[Any] = [document]
    count, names = 1, 0
    for _ in range(MAX_DEPTH - 1):
        inner: list[Any] = []
        for value in level:
            count += len(value)
            if value.__class__ is dict:
                names += len(value)
                value = value.values()
            inner += [v for v in value if v.__class__ is dict or v.__class__ is list]
        if count > MAX_VALUES:
            raise _refused(f"more than {MAX_VALUES} values")
        if not inner:
            return count, names
        level = inner
    if any(level):
        raise _refused(f"nested deeper than {MAX_DEPTH} levels")
    return count, names


def _check_for_nul(document: dict[str, Any]) -> None:
    # SQLite's length() and many programs in C take NUL for the end of the text.
    rest: list[Any] = [document]
    while rest:
        value = rest.pop()
        if isinstance(value, dict):
            if any("\0" in name for name in value):
                raise _refused("the character NUL in a name")
            rest += value.values()
        elif isinstance(value, list):
            rest += value
        elif isinstance(value, str) and "\0" in value:
            raise _refused("the character NUL in a string")


def _check_names(text: str) -> None:
    # orjson keeps the last of two values with one name, another program may keep the first: what
    # was checked would not be what is read. The parser of the standard library tells.
    json.loads(text, object_pairs_hook=_distinct)


def _distinct(pairs: list[tuple[str, Any]]) -> None:
    names: set[str] = set()
    for name, _ in pairs:
        if name in names:
            raise _refused(f"the name {name[:100]!r} appears twice in one object")
        names.add(name)


def _refused(message: str) -> InvalidPackageFile:
    return InvalidPackageFile([Problem("json", message)])
