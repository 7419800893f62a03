"""Walk through the objects of a JSON file without ever holding more than one path of it.

A bill of materials of a large product is some hundred megabytes of JSON of which only names matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

import ijson  # type: ignore[import-untyped]  # the package has no types

from litereg.labels.imports.entries import UnreadableFile

MAX_DEPTH = 100

Path = tuple[str | int, ...]


class Node(NamedTuple):
    """An object of the file.

    Attributes:
        path: the keys and indexes that lead to it; empty for the file's own object.
        members: those of its members that were asked for and are neither objects nor lists.
    """

    path: Path
    members: dict[str, Any]

    def text(self, name: str) -> str:
        """Return a member that is a text; an absent one, or one of another kind, is empty."""
        value = self.members.get(name)
        return value if isinstance(value, str) else ""


def events(file: BinaryIO) -> Iterator[tuple[str, Any]]:
    """Yield the parts of the JSON text in *file*, from here on, as they come.

    Raises:
        UnreadableFile: it is not JSON.
    """
    try:
        # Without use_float each number would become a Decimal, which no format here asks for.
        yield from ijson.basic_parse(file, use_float=True)
    except (ijson.JSONError, ValueError, OverflowError) as error:
        raise UnreadableFile(f"this is no JSON: {_reason(error)}") from error


def objects(file: BinaryIO, wanted: frozenset[str]) -> Iterator[Node]:
    """Yield every object with its members called *wanted*, inner ones before outer ones.

    Raises:
        UnreadableFile: it is not JSON, or nested deeper than 100 levels.
    """
    path: list[str | int] = []
    open_members: list[dict[str, Any] | None] = []
    for event, value in events(file):
        if event == "map_key":
            path[-1] = value
            continue
        if event in ("end_map", "end_array"):
            path.pop()
            members = open_members.pop()
            if members is not None:
                yield Node(tuple(path), members)
            continue
        inside = open_members[-1] if open_members else None
        if path and inside is None:
            path[-1] += 1  # type: ignore[operator]  # in a list, it is the index
        if event in ("start_map", "start_array"):
            if len(path) == MAX_DEPTH:
                raise UnreadableFile(f"it is nested deeper than {MAX_DEPTH} levels")
            is_object = event == "start_map"
            path.append("" if is_object else -1)
            open_members.append({} if is_object else None)
        elif inside is not None and path[-1] in wanted:
            inside[str(path[-1])] = value


def shown(path: Path) -> str:
    """Return *path* as people write it: `components[3].purl`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.lstrip(".")


def _reason(error: Exception) -> str:
    """Return the first line of what the parser says; the rest draws a picture of the place."""
    return str(error).strip().partition("\n")[0] or "it ends too early"
