"""Read SPDX 2.2 and 2.3 documents as JSON: each package's package URLs.

They are among its external references, in the category that 2.3 writes PACKAGE-MANAGER and 2.2
PACKAGE_MANAGER. A package may have several, or none.

Source: the SPDX specification 2.3, clause 7.21 and annex F.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from litereg.labels.imports.entries import Found, skipped
from litereg.labels.imports.readers.cyclonedx import NO_PURL, component
from litereg.labels.imports.readers.json_objects import Node, objects, shown
from litereg.labels.imports.type_table import TypeTable

MEMBERS = frozenset(
    {"name", "versionInfo", "referenceCategory", "referenceType", "referenceLocator"}
)
CATEGORIES = ("PACKAGE-MANAGER", "PACKAGE_MANAGER")


def read(file: BinaryIO, table: TypeTable) -> Iterator[Found]:
    """Yield each package URL as an entry."""
    purls: list[str] = []
    for node in objects(file, MEMBERS):
        match node.path:
            case ("packages", int(), "externalRefs", int()) if _is_purl(node):
                purls.append(node.text("referenceLocator"))
            case ("packages", int()):
                yield from _package(node, purls, table)
                purls.clear()


def _is_purl(node: Node) -> bool:
    # The type was once written as an address that ends in the word.
    kind = node.text("referenceType").rpartition("/")[2]
    return node.text("referenceCategory") in CATEGORIES and kind == "purl"


def _package(node: Node, purls: list[str], table: TypeTable) -> Iterator[Found]:
    place, version = shown(node.path), node.text("versionInfo")
    if not purls:
        yield skipped(place, f"{node.text('name')} {version}", NO_PURL)
    for purl in purls:
        yield component(purl, node.text("name"), version, place, table)
