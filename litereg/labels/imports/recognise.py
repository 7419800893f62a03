"""Tell from a file's content what format it is of; its name says nothing."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, NamedTuple

from litereg.labels.imports.decode import PEEK_BYTES, UTF_16
from litereg.labels.imports.entries import Found, UnreadableFile
from litereg.labels.imports.readers import (
    csv_rows,
    curation_audit,
    cyclonedx,
    cyclonedx_xml,
    npm_lock,
    purl_list,
    pylock,
    requirements,
    spdx,
)
from litereg.labels.imports.readers.json_objects import events
from litereg.labels.imports.readers.lines import numbered_lines
from litereg.labels.imports.type_table import TypeTable


class Format(NamedTuple):
    """A format that can be imported.

    Attributes:
        name: what people call it.
        read: its reader.
    """

    name: str
    read: Callable[[BinaryIO, TypeTable], Iterator[Found]]


CSV = Format("CSV", csv_rows.read)
CURATION_AUDIT = Format("curation audit", curation_audit.read)
CYCLONEDX = Format("CycloneDX JSON", cyclonedx.read)
CYCLONEDX_XML = Format("CycloneDX XML", cyclonedx_xml.read)
NPM_LOCK = Format("npm lockfile", npm_lock.read)
PURLS = Format("package URLs", purl_list.read)
PYLOCK = Format("pylock.toml", pylock.read)
REQUIREMENTS = Format("requirements", requirements.read)
SPDX = Format("SPDX JSON", spdx.read)

UNKNOWN = (
    "its format is none of those that can be imported: CSV with name, version and type, "
    "package-lock.json, requirements.txt, pylock.toml, CycloneDX, SPDX as JSON, "
    "a curation audit, package URLs"
)

# So many lines are looked at that say something; a listing's title and comments do not.
MAX_LINES = 200

JSON_START = re.compile(rb"\s*(\{|\[\s*[{\]])")
LOCK_VERSION = re.compile(r"[\"']?lock-version[\"']?\s*=\s*[\"']")
NAME = r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?\s*(\[[^\]]*\]\s*)?"
REQUIREMENT = re.compile(NAME + r"(===|[=<>!~]=|[<>;(]|@\s*\S+:/)|-[-a-zA-Z]|\S+://|git\+")
BARE_NAME = re.compile(NAME + r"(#.*)?\\?")
# What names, versions and types look like in a row of CSV; words with commas between are prose.
CELLS = (
    re.compile(r"[^\s<>=!~;\[\](){}]+"),
    re.compile(r"[^\s(){}\d]*\d[^\s(){}]*|\(all versions\)"),
    re.compile(r"[A-Za-z][\w.+-]*( [A-Za-z][\w.+-]*)?"),
)


def recognise(file: BinaryIO) -> Format:
    """Return the format of the text that *file*, which must be seekable, goes on with.

    The file is left standing where it stood.

    Raises:
        UnreadableFile: it is of no format that can be imported.
    """
    origin = file.tell()
    start = file.read(PEEK_BYTES)
    file.seek(origin)
    if start.startswith(UTF_16) or start.lstrip().startswith(b"<"):
        return CYCLONEDX_XML
    found = _of_json(file) if JSON_START.match(start) else _of_text(file)
    file.seek(origin)
    return found


def _of_json(file: BinaryIO) -> Format:
    """Return the format of a JSON file, from the first member that tells."""
    depth, key, is_tree = 0, "", False
    for event, value in events(file):
        if event == "start_array" and depth == 0:
            return CURATION_AUDIT
        if event == "map_key":
            key = value if depth == 1 else key
        elif depth == 1:
            found = _of_member(key, value)
            if found is not None:
                return found
        # In a package.json, dependencies are texts; shrinkwraps without a version nest objects.
        is_tree = is_tree or (depth == 2 and event == "start_map" and key == "dependencies")
        depth += event in ("start_map", "start_array")
        depth -= event in ("end_map", "end_array")
    if is_tree:
        return NPM_LOCK
    raise UnreadableFile(UNKNOWN)


def _of_member(key: str, value: Any) -> Format | None:
    """Return the format that a member of the outermost object tells, if it does."""
    if key == "bomFormat" and value == "CycloneDX":
        return CYCLONEDX
    if key == "spdxVersion" and isinstance(value, str):
        if value.startswith("SPDX-2."):
            return SPDX
        raise UnreadableFile(f"{value} cannot be read; SPDX 2.2 and 2.3 can")
    if key == "@context" and "spdx.org/rdf/3" in str(value):
        raise UnreadableFile("SPDX 3 cannot be read; SPDX 2.2 and 2.3 can")
    if key == "lockfileVersion":
        if value in (1, 2, 3):
            return NPM_LOCK
        raise UnreadableFile(f"lockfileVersion {value} cannot be read; 1, 2 and 3 can")
    return None


def _of_text(file: BinaryIO) -> Format:
    """Return the format of a text file, from the first line that tells.

    What looks like a requirement is found in prose, too: most lines have to look so.
    """
    told: Format | None = None
    likely, names, others = 0, 0, 0
    for _, line in numbered_lines(file):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        found = _of_line(text)
        if found is not REQUIREMENTS and found is not None and told is None:
            return found
        told = told or found
        # A name alone could be a requirement, and the title of anything else.
        is_name = BARE_NAME.fullmatch(text) is not None
        is_likely = not is_name and REQUIREMENT.match(text) is not None
        names += is_name
        likely += is_likely
        others += not (is_name or is_likely)
        if names + likely + others == MAX_LINES:
            break
    if others and (told is None or others > names + likely):
        raise UnreadableFile(UNKNOWN)
    return REQUIREMENTS


def _of_line(text: str) -> Format | None:
    """Return the format that a line tells, if it does."""
    if text.startswith("pkg:"):
        return PURLS
    if LOCK_VERSION.match(text):
        return PYLOCK
    if csv_rows.is_furniture(text):
        return CSV if csv_rows.TITLE.fullmatch(text) else None
    if REQUIREMENT.match(text):
        return REQUIREMENTS
    return CSV if _is_row(text) else None


def _is_row(text: str) -> bool:
    try:
        cells = next(csv.reader([text], skipinitialspace=True), [])
    except csv.Error:
        return False
    cells = [cell.strip() for cell in cells]
    if len(cells) > 1 and csv_rows.is_header(cells):
        return True
    return len(cells) >= 3 and all(
        form.fullmatch(cell) for form, cell in zip(CELLS, cells, strict=False)
    )
