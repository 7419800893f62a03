"""Read package-lock.json and npm-shrinkwrap.json: what npm installs; versions 1 to 3 of the file.

Versions 2 and 3 list every folder of `node_modules` under `packages`; version 1 nests packages in
`dependencies`. Version 2 has both, and the first says more.

Source: npm's documentation of package-lock.json.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from litereg.labels.imports.entries import NO_VERSION, Found, skipped
from litereg.labels.imports.readers.json_objects import Node, Path, events, objects
from litereg.labels.imports.type_table import TypeTable

FOLDER = "node_modules/"
WANTED = frozenset({"name", "version", "resolved", "link"})
# An alias in version 1: the package stands in the version.
ALIAS = re.compile(r"npm:(.+)@([^@]+)")
NOT_FROM_REGISTRY = re.compile(
    r"(git|file|link|workspace|github|gitlab|bitbucket|gist)[^:]*:|https?:"
)

OWN_PART = "a part of the project itself"
LINK = "a link to a folder"
ELSEWHERE = "it comes from a repository, an address or a folder, not from a registry"


def read(file: BinaryIO, table: TypeTable) -> Iterator[Found]:
    """Yield each installed package as an entry."""
    start = file.tell()
    section = "packages" if _has_packages(file) else "dependencies"
    file.seek(start)
    for node in objects(file, WANTED):
        if node.path and node.path[0] == section:
            yield from _of_packages(node, table) if section == "packages" else _of_tree(node, table)


def _has_packages(file: BinaryIO) -> bool:
    depth = 0
    for event, value in events(file):
        if depth == 1 and event == "map_key" and value == "packages":
            return True
        depth += event in ("start_map", "start_array")
        depth -= event in ("end_map", "end_array")
    return False


def _of_packages(node: Node, table: TypeTable) -> Iterator[Found]:
    if len(node.path) != 2:
        return
    key = str(node.path[1])
    # The empty key is the project.
    if not key:
        return
    name = node.text("name") or key.rpartition(FOLDER)[2]
    version = node.text("version")
    shown = f"{name} {version}"
    if FOLDER not in key:
        yield skipped(key, shown, OWN_PART)
    elif node.members.get("link") is True:
        yield skipped(key, shown, LINK)
    elif re.match(r"git|file:", node.text("resolved")):
        yield skipped(key, shown, ELSEWHERE)
    elif not version:
        yield skipped(key, shown, NO_VERSION)
    else:
        yield _entry(name, version, key, table)


def _of_tree(node: Node, table: TypeTable) -> Iterator[Found]:
    if len(node.path) % 2 or any(part != "dependencies" for part in node.path[::2]):
        return
    name, version, place = str(node.path[-1]), node.text("version"), _place(node.path)
    alias = ALIAS.fullmatch(version)
    if alias:
        name, version = alias[1], alias[2]
    if not version:
        yield skipped(place, name, NO_VERSION)
    elif NOT_FROM_REGISTRY.match(version):
        yield skipped(place, name, ELSEWHERE)
    else:
        yield _entry(name, version, place, table)


def _entry(name: str, version: str, place: str, table: TypeTable) -> Found:
    namespace, _, rest = name.rpartition("/")
    return table.entry("npm", namespace, rest, version, place)


def _place(path: Path) -> str:
    return " > ".join(str(part) for part in path[1::2])
