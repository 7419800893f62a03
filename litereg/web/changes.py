"""What changed from one version of a package to the next, in words.

Pure. What counts as a change is decided where versions are compared; here are the sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

ADDED: Final = "added"
REMOVED: Final = "removed"
CHANGED: Final = "changed"

# Type → what happened, and to what; {} stands for what the pointer names.
SENTENCES: Final = {
    "CHANGE_PACKAGE_DISPLAY_NAME": (CHANGED, "the display name"),
    "CHANGE_PACKAGE_DESCRIPTION": (CHANGED, "the description"),
    "CHANGE_README_MARKDOWN": (CHANGED, "the readme"),
    "CHANGE_README_FILE": (CHANGED, "the name of the readme's file"),
    "CHANGE_LICENSE_MARKDOWN": (CHANGED, "the licence"),
    "CHANGE_LICENSE_FILE": (CHANGED, "the name of the licence's file"),
    "CHANGE_WEBSITE": (CHANGED, "the website"),
    "CHANGE_CONTACT_EMAIL": (CHANGED, "the contact address"),
    "ADD_SCHEMA": (ADDED, "{}"),
    "REMOVE_SCHEMA": (REMOVED, "{}"),
    "REMOVE_HIDDEN_SCHEMA": (REMOVED, "{}, which was hidden"),
    "ADD_PROPERTY": (ADDED, "{}"),
    "REMOVE_PROPERTY": (REMOVED, "{}"),
    "REMOVE_HIDDEN_PROPERTY": (REMOVED, "{}, which was hidden"),
    "HIDE_PROPERTY": (CHANGED, "{}: it is hidden now"),
    "UNHIDE_PROPERTY": (CHANGED, "{}: it is not hidden any more"),
    "CHANGE_PROPERTY_TYPE": (CHANGED, "the type of {}"),
    "CHANGE_PROPERTY_FORMAT": (CHANGED, "the format of {}"),
    "CHANGE_PROPERTY_UNIT": (CHANGED, "the unit of {}"),
    "CHANGE_PROPERTY_DESCRIPTION": (CHANGED, "the description of {}"),
    "CHANGE_PARSER": (CHANGED, "how {} is read"),
    "CHANGE_SOURCE": (CHANGED, "{}"),
    "REMOVE_SOURCE": (REMOVED, "{}"),
}


class Change(NamedTuple):
    """One line: what happened, and to what."""

    word: str
    text: str


def in_words(differences: Iterable[Mapping[str, Any]]) -> list[Change]:
    """Return *differences*, as the API lists them, as lines for people."""
    return [_change(str(found["type"]), str(found["pointer"])) for found in differences]


def subject(pointer: str) -> str:
    """Return what *pointer* names: "property a of schema b", "source c"."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    match steps:
        case ["sources", name]:
            return f"source {name}"
        case [title, *inner]:
            schema = f"schema {title}" if title else "the schema"
            # Of "properties/a/properties/b" every second step is a name.
            names = ".".join(inner[1::2])
            return f"property {names} of {schema}" if names else schema
        case _:
            return "the package"


def _change(kind: str, pointer: str) -> Change:
    word, text = SENTENCES[kind]
    return Change(word, text.format(subject(pointer)))
