"""Texts as labels and public packages are named with: kept as they came, compared exactly.

Nothing is trimmed and nothing normalised: two sequences of code points are two names.
"""

from __future__ import annotations

from litereg.errors import InvalidInput


def fold(text: str) -> str:
    """Return *text* as it is compared without regard to case, in any script."""
    return text.casefold()


def is_blank(text: str) -> bool:
    """Return whether there is nothing in *text* but white space."""
    return not text.strip()


def require_storable(*texts: str | None) -> None:
    """Raise InvalidInput unless the *texts* that are given are such as databases keep.

    That comes before any other check: messages echo texts, and half of a surrogate pair can be
    echoed as little as stored.
    """
    for text in texts:
        if text is not None and not _is_storable(text):
            raise InvalidInput("INVALID_TEXT", "a text holds NUL or half of a surrogate pair")


def _is_storable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text
