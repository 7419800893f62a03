"""Read what JFrog's client prints for `jf curation-audit --format json`: the blocked packages.

Type, name and version stay as the client writes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from litereg.labels.imports.entries import NO_VERSION, Entry, Found, checked, skipped
from litereg.labels.imports.readers.json_objects import Node, objects, shown
from litereg.labels.imports.type_table import TypeTable

MEMBERS = frozenset({"blocked_package_name", "blocked_package_version", "type"})


def read(file: BinaryIO, table: TypeTable) -> Iterator[Found]:
    """Yield each blocked package as an entry."""
    for node in objects(file, MEMBERS):
        if len(node.path) == 1:
            yield _entry(node)


def _entry(node: Node) -> Found:
    place, version = shown(node.path), node.text("blocked_package_version")
    name = node.text("blocked_package_name")
    if not version:
        return skipped(place, name, NO_VERSION)
    return checked(Entry(node.text("type"), name, version, place))
