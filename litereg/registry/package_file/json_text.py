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
    count_values(document)
    _check_names(text)
    return document


def count_values(document: dict[str, Any]) -> int:
    """Return the number of values in *document*, itself and all that is inside it.

    Raises:
        InvalidPackageFile: there are too many, too deep inside one another, or NUL is in one.
    """
    level: list[Any] = [document]
    count = 0
    for _ in range(MAX_DEPTH):
        count += len(level)
        if count > MAX_VALUES:
            raise _refused(f"more than {MAX_VALUES} values")
        level = [inner for value in level for inner in _inside(value)]
        if not level:
            return count
    raise _refused(f"nested deeper than {MAX_DEPTH} levels")


def _inside(value: Any) -> Any:
    """Return the values directly inside *value*, which is looked at for NUL on the way."""
    if isinstance(value, dict):
        # SQLite's length() and many programs in C take NUL for the end of the text.
        if any("\0" in name for name in value):
            raise _refused("the character NUL in a name")
        return value.values()
    if isinstance(value, list):
        return value
    if isinstance(value, str) and "\0" in value:
        raise _refused("the character NUL in a string")
    return ()


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
