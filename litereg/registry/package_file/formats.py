"""The published package-file formats: their names, their JSON Schemas, and which one a file is in.

A file names its format in `$schema`, by the version in the address's last part. Files from before
February 2021 name none; three formats were published in that time that do not include each other.
"""

from __future__ import annotations

import re
from typing import Any

from litereg.registry.package_file.draft import Draft, JsonSchema
from litereg.registry.package_file.history import HISTORY
from litereg.registry.package_file.problems import InvalidPackageFile, Problem

# Every format, oldest first. 0.3.20 is the version of DataPM's library that carried the format, not
# a number that files state; the one of November 2020 had no number at all.
FORMATS: tuple[str, ...] = tuple(HISTORY)

# The formats of files without `$schema`, in the order in which they are tried.
UNVERSIONED: tuple[str, ...] = FORMATS[: FORMATS.index("0.1.0") + 1]
VERSIONED: tuple[str, ...] = FORMATS[FORMATS.index("0.1.0") :]

_SEED_ERA_ID = "http://datapm.io/docs/package-file-schema-v1.json"
_STATED = re.compile(r"v([0-9]{1,9}(?:\.[0-9]{1,9}){0,2})\.json", re.IGNORECASE)


def schema_of(name: str) -> JsonSchema:
    """Return the JSON Schema (draft-07) of the format *name*: a new dict, complete in itself.

    Raises:
        ValueError: *name* is none of `FORMATS`.
    """
    draft = Draft()
    for step in FORMATS[: FORMATS.index(name) + 1]:
        HISTORY[step](draft)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": schema_id(name),
        "title": f"Data package file, format {name}",
        "description": HISTORY[name].__doc__,
        **draft.schema,
    }


def schema_id(name: str) -> str:
    """Return the address that names the format: `$id` in its schema, `$schema` in its files."""
    if name == FORMATS[0]:
        return _SEED_ERA_ID
    return f"https://datapm.io/docs/package-file-schema-v{name}.json"


def candidates(document: dict[str, Any]) -> tuple[str, ...]:
    """Return the formats that *document* may be in: the one it states, or all of the unversioned.

    Raises:
        InvalidPackageFile: the format is newer than this registry, or was never published.
    """
    address = document.get("$schema")
    if address is None:
        return UNVERSIONED
    stated = _STATED.search(address.rpartition("/")[2]) if isinstance(address, str) else None
    if stated is None:
        raise _unknown("ERROR_SCHEMA_VERSION_NOT_RECOGNIZED", address)
    number = stated.group(1)
    # The schema had this name, and its files no number, until it was called 0.1.0.
    if number == "1":
        return UNVERSIONED
    if number in VERSIONED:
        return (number,)
    if _parts(number) > _parts(VERSIONED[-1]):
        raise _unknown("ERROR_SCHEMA_VERSION_TOO_NEW", number)
    raise _unknown("ERROR_SCHEMA_VERSION_NOT_RECOGNIZED", address)


def _parts(number: str) -> list[int]:
    return [int(part) for part in number.split(".")]


def _unknown(reason: str, stated: object) -> InvalidPackageFile:
    return InvalidPackageFile([Problem("$schema", f"{reason} - {stated}", path=("$schema",))])
