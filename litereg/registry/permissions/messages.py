"""The words that go with a permission: what a manager may tell the person who gets it.

Pure. Whoever is invited did not ask for it, so a message carries no links and no addresses.
"""

from __future__ import annotations

import re

from litereg.errors import InvalidInput

MAX_MESSAGE = 250

E_MAIL_ADDRESS = re.compile(r"[^\s@]@[^\s@.]+\.[^\s@]")
WEB_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://|\bwww\.", re.IGNORECASE)
TAG = re.compile(r"</?[a-z!][^>]*>", re.IGNORECASE)


def check(message: str | None) -> None:
    """Raise InvalidInput unless *message* may be sent to somebody who did not ask for it."""
    if not message:
        return
    if len(message) > MAX_MESSAGE:
        raise InvalidInput("MESSAGE_TOO_LONG", f"at most {MAX_MESSAGE} characters are allowed")
    if E_MAIL_ADDRESS.search(message):
        raise InvalidInput("MESSAGE_CANNOT_CONTAIN_EMAIL_ADDRESS")
    if WEB_ADDRESS.search(message):
        raise InvalidInput("MESSAGE_CANNOT_CONTAIN_URL")
    if TAG.search(message):
        raise InvalidInput("MESSAGE_CANNOT_CONTAIN_HTML_TAGS")
