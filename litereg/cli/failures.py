"""How a command ends when it does not succeed: a sentence on standard error and an exit code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from litereg.cli.output import clean
from litereg.errors import CannotStart, LiteregError

# What a person at the shell can do about a refusal; the messages themselves are the API's.
HINTS = {
    "NOT_AUTHENTICATED": "Say who you are: --as USER for a file, --key KEY for an address.",
    "NOT_AUTHORIZED": "Ask whoever manages it to let you, or say who you are: --as or --key.",
    "CATALOG_NOT_FOUND": "There is none of that name; the page /new/catalog makes one.",
    "PACKAGE_NOT_FOUND": "`litereg search` lists the packages that you can see.",
    "VERSION_NOT_FOUND": "`litereg info CATALOG/PACKAGE` lists the versions.",
    "Package datapm:": "Only data packages that everybody may see carry labels.",
    "Package version datapm:": "`litereg info CATALOG/PACKAGE` lists the versions.",
    "USER_NOT_FOUND": "`litereg user list` shows who has an account in a file.",
    "API_KEY_NOT_FOUND": "`litereg key list` shows the keys, `litereg key create` makes one.",
}


class Failure(click.ClickException):
    """A command that was refused. click prints the message and leaves with the exit code."""

    exit_code = 1

    def __init__(self, message: str) -> None:
        super().__init__("\n".join(clean(line) for line in message.splitlines()))


class WrongUse(Failure):
    """A command that cannot begin, because of how it was called or set up."""

    exit_code = 2


class AlreadyServed(Failure):
    """A database file that another process serves."""

    exit_code = 3


class Refused(Failure):
    """A registry answered a document with errors.

    Attributes:
        errors: the errors as they came over the wire.
    """

    def __init__(self, errors: Sequence[Mapping[str, Any]]) -> None:
        self.errors = errors
        super().__init__(_with_hints([str(error.get("message")) for error in errors]))

    def says(self, word: str) -> bool:
        """Return whether an error's message contains *word*."""
        return any(word in str(error.get("message")) for error in self.errors)

    def extensions(self, code: str) -> Mapping[str, Any] | None:
        """Return the extensions of the error with *code*, or None when there is no such error."""
        for error in self.errors:
            extensions: Mapping[str, Any] = error.get("extensions") or {}
            if extensions.get("code") == code:
                return extensions
        return None


def failure(error: LiteregError) -> Failure:
    """Return how a command ends that met *error*."""
    if not isinstance(error, CannotStart):
        return Failure(_with_hints([error.message]))
    kind = AlreadyServed if error.reason == "DATABASE_IN_USE" else WrongUse
    return kind(error.detail or error.reason)


def _with_hints(lines: list[str]) -> str:
    hints = [hint for word, hint in HINTS.items() if any(word in line for line in lines)]
    return "\n".join(lines + hints)
