"""Read CycloneDX bills of materials as JSON: each component that has a package URL.

Components of components count, and what the bill is about (`metadata.component`); the tools that
wrote it do not.

Source: the CycloneDX specification, 1.2 to 1.7.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from litereg.labels.imports.entries import NO_VERSION, Entry, Found, Place, skipped
from litereg.labels.imports.readers.json_objects import objects, shown
from litereg.labels.imports.type_table import TypeTable

MEMBERS = frozenset({"purl", "group", "name", "version"})

NO_PURL = "it has no package URL"


def read(file: BinaryIO, table: TypeTable) -> Iterator[Found]:
    """Yield each component as an entry."""
    for node in objects(file, MEMBERS):
        if _is_component([part for part in node.path if isinstance(part, str)]):
            name = "/".join(filter(None, (node.text("group"), node.text("name"))))
            yield component(node.text("purl"), name, node.text("version"), shown(node.path), table)


def _is_component(path: Sequence[str]) -> bool:
    """Return whether the names on the way to an object, indexes left out, lead to a component."""
    if path[:2] == ["metadata", "component"]:
        path = path[2:]
    elif not path:
        return False
    return all(part == "components" for part in path)


def component(purl: str, name: str, version: str, place: Place, table: TypeTable) -> Found:
    """Return the entry of a component, or why there is none."""
    if not purl:
        return skipped(place, f"{name} {version}", NO_PURL)
    found = table.purl(purl, place, version)
    # A component is one version. Its package as a whole is not what the bill speaks of.
    if isinstance(found, Entry) and not found.version:
        return skipped(place, purl, NO_VERSION)
    return found
