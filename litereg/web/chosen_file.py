"""A package file that somebody chose to publish: what it says of itself, and why it is refused.

Only what a form needs is read here. Whether it may be published is decided by the registry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

INVALID: Final = "INVALID_PACKAGE_FILE_SCHEMA: "
TOO_LOW: Final = "HIGHER_VERSION_REQUIRED"
SAME: Final = "VERSION_EXISTS"
# Of a file that breaks many rules, the first ones are told.
MAX_TOLD: Final = 20


class Unreadable(Exception):
    """What was chosen is no package file at all; the message says why, for people."""


@dataclass(frozen=True, slots=True)
class ChosenFile:
    """A file as it was chosen.

    Attributes:
        text: what it holds, to the character.
        document: the same, as an object.
    """

    text: str
    document: Mapping[str, Any]

    def word(self, name: str) -> str:
        """Return a text of the file by its name there; empty when there is none."""
        value = self.document.get(name)
        return value if isinstance(value, str) else ""

    def renumbered(self, version: str) -> ChosenFile:
        """Return the same file under another version number, written anew."""
        document = {**self.document, "version": version}
        text = orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()
        return ChosenFile(text, document)


def read(content: bytes) -> ChosenFile:
    """Return the file that was chosen.

    Raises:
        Unreadable: none was chosen, or it holds no JSON object.
    """
    if not content:
        raise Unreadable("Choose a package file first: NAME.datapm.json")
    try:
        text = content.decode("utf-8")
        document = orjson.loads(text)
    except ValueError as error:
        raise Unreadable(f"This is no package file: {error}.") from error
    if not isinstance(document, dict):
        raise Unreadable("This is no package file: a package file is a JSON object.")
    return ChosenFile(text, document)


def smallest_number(error: Mapping[str, Any]) -> str:
    """Return the lowest number that the file may have, where *error* refuses its own as too low."""
    extensions = error.get("extensions", {})
    return str(extensions["minNextVersion"]) if extensions.get("code") == TOO_LOW else ""


def in_words(error: Mapping[str, Any]) -> list[str]:
    """Return what the registry has against the file, in lines; empty for other errors."""
    extensions = error.get("extensions", {})
    if extensions.get("code") == SAME:
        return [f"Version {extensions['existingVersion']} is there already, with the same content."]
    if least := smallest_number(error):
        return [
            f"The number is too low for what changed since {extensions['existingVersion']}: "
            f"it has to be {least} or higher. Set it in the file, or let it be raised.",
        ]
    _, found, problems = str(error["message"]).partition(INVALID)
    return list(map(_told, orjson.loads(problems)[:MAX_TOLD])) if found else []


def _told(problem: Mapping[str, Any]) -> str:
    return f"{problem.get('dataPath') or 'the file'}: {problem['message']}"
