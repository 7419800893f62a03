"""Read pylock.toml: the locked packages of a Python project.

TOML has to be read whole, so such a file may be no larger than 64 MiB.

Source: PEP 751, and the specification of pylock.toml that grew out of it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any, BinaryIO

from litereg.labels.imports.entries import NO_NAME, NO_VERSION, Found, UnreadableFile, skipped
from litereg.labels.imports.type_table import TypeTable

MAX_BYTES = 64 * 1024 * 1024

NOT_FROM_INDEX = "it comes from a repository, an archive or a folder, not from an index"


def read(file: BinaryIO, table: TypeTable) -> Iterator[Found]:
    """Yield each locked package as an entry.

    Raises:
        UnreadableFile: it is too large, not TOML, or of a later version of the format.
    """
    content = _content(file)
    if not str(content.get("lock-version")).startswith("1."):
        raise UnreadableFile("its lock-version is not 1.x")
    packages = content.get("packages", [])
    if not isinstance(packages, list):
        raise UnreadableFile("its packages are no list")
    for index, package in enumerate(packages):
        yield _entry(package, f"packages[{index}]", table)


def _content(file: BinaryIO) -> dict[str, Any]:
    raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise UnreadableFile(f"a pylock.toml may be no larger than {MAX_BYTES} bytes")
    try:
        return tomllib.loads(raw.decode())
    # The parser follows nested lists by recursion.
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"this is no TOML: {error}") from error


def _entry(package: Any, place: str, table: TypeTable) -> Found:
    package = package if isinstance(package, dict) else {}
    name, version = package.get("name"), package.get("version")
    if not isinstance(name, str):
        return skipped(place, "", NO_NAME)
    if {"vcs", "archive", "directory"} & package.keys():
        return skipped(place, name, NOT_FROM_INDEX)
    if not isinstance(version, str) or not version:
        return skipped(place, name, NO_VERSION)
    return table.entry("pypi", "", name, version, place)
