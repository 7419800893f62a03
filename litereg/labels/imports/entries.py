"""What a reader yields: packages and versions by name, and what it left out, each with its place.

No database and no files here. Whether something is in the catalog already is found out later, in
`litereg.labels.imports.service`.
"""

from __future__ import annotations

from typing import NamedTuple

from litereg.errors import InvalidInput
from litereg.labels.text import is_blank, require_storable

# A line's number, counted from 1, or where it is in a tree, such as `components[3]`.
Place = int | str

MAX_SHOWN = 200

NO_NAME = "the name is empty"
NO_TYPE = "the type is empty"
NO_VERSION = "no version is given"
NOT_STORABLE = "the text cannot be stored: it holds NUL or half of a surrogate pair"


class Entry(NamedTuple):
    """A public package, or one version of it.

    Attributes:
        type: the package's type, as the catalog spells it.
        name: the package's name, likewise.
        version: the version; empty where the package as a whole is meant.
        place: where in the file it stands.
    """

    type: str
    name: str
    version: str
    place: Place


class Skipped(NamedTuple):
    """Something in a file that is not imported.

    Attributes:
        place: where in the file it stands.
        text: what stands there, shortened.
        reason: why it is left out; the same words for the same reason.
    """

    place: Place
    text: str
    reason: str


Found = Entry | Skipped


class UnreadableFile(InvalidInput):
    """A file that is not of a format that can be imported, or breaks the rules of its own."""

    def __init__(self, detail: str) -> None:
        super().__init__("IMPORT_UNREADABLE", detail)


def skipped(place: Place, text: str, reason: str) -> Skipped:
    """Return what is left out, with no more of its text than fits a line."""
    # Half of a surrogate pair can be printed as little as stored.
    text = " ".join(text.encode(errors="replace").decode().split())
    return Skipped(place, text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}…", reason)


def checked(entry: Entry) -> Found:
    """Return *entry*, or why it cannot be one."""
    shown = f"{entry.name} {entry.version}"
    try:
        require_storable(entry.type, entry.name, entry.version)
    except InvalidInput:
        return skipped(entry.place, shown.replace("\0", "?"), NOT_STORABLE)
    if is_blank(entry.name):
        return skipped(entry.place, shown, NO_NAME)
    if is_blank(entry.type):
        return skipped(entry.place, shown, NO_TYPE)
    return entry
