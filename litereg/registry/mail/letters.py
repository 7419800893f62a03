"""What letters say.

Each letter is a file in `letters/`: the subject, an empty line, the text. `{{name}}` stands for a
value. Values come from people, so each is made one line of what can be printed before it is put in:
it cannot begin a paragraph of its own, or stand for another value.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import NamedTuple

PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")
OPENING = re.compile(r"\{(?=\{)")
BLANK_LINES = re.compile(r"\n{3,}")


class Letter(StrEnum):
    """The letters there are, each with the values it takes besides those that all take.

    All take `registry_name`, `registry_url` and `username`.
    """

    # token
    VERIFY_ACCOUNT = "verify_account"
    # token
    VERIFY_ADDRESS = "verify_address"
    # address: the new one
    ADDRESS_ASKED_FOR = "address_asked_for"
    # address: the new one
    ADDRESS_CHANGED = "address_changed"
    # token
    RECOVER_PASSWORD = "recover_password"  # noqa: S105 - the name of a letter
    SECOND_FACTOR_ON = "second_factor_on"
    SECOND_FACTOR_OFF = "second_factor_off"
    # codes_left: how many, as digits
    RECOVERY_CODE_USED = "recovery_code_used"
    # api_key_label
    NEW_API_KEY = "new_api_key"
    # message: what the administrator has to say, or "".
    ACCOUNT_SUSPENDED = "account_suspended"
    # sharer: their username; shared: "the package weather/rain"; path: where it is, without a slash
    # before it; message: what the sharer has to say, or "".
    SHARED = "shared"


class Written(NamedTuple):
    """A letter with its values put in."""

    subject: str
    body: str


def write(letter: Letter, **values: str) -> Written:
    """Return *letter* with *values* put in.

    Raises:
        KeyError: it takes a value that is not among them.
    """
    clean = {name: one_line(value) for name, value in values.items()}
    subject, _, body = _template(letter).partition("\n\n")
    filled = (PLACEHOLDER.sub(lambda found: clean[found[1]], part) for part in (subject, body))
    subject, body = filled
    return Written(subject, BLANK_LINES.sub("\n\n", body).strip() + "\n")


def one_line(value: str) -> str:
    """Return *value* as one line, without what cannot be printed and without `{{`."""
    spaced = "".join(" " if character.isspace() else character for character in value)
    # Everything in category C: controls, marks that turn the direction of writing, half surrogates.
    printable = "".join(c for c in spaced if not unicodedata.category(c).startswith("C"))
    return OPENING.sub("{ ", " ".join(printable.split()))


@cache
def _template(letter: Letter) -> str:
    folder = files("litereg.registry.mail") / "letters"
    return (folder / f"{letter.value}.txt").read_text("utf-8")
