"""Hash and check passwords. Slow by design: never on the event loop, never inside a transaction.

bcrypt looks at 72 bytes at most and stops at a NUL; hashing the password first makes every byte of
every length count.
"""

from __future__ import annotations

import base64
import hashlib
import unicodedata

from litereg.errors import NotAuthenticated

# The form of a bcrypt hash that no password has: checking against it takes as long as any other.
_NO_HASH = "$2b${cost:02d}$" + "." * 53


class WrongCredentials(NotAuthenticated):
    """The user is unknown or the password is wrong; which of the two is not said."""

    def __init__(self) -> None:
        super().__init__("WRONG_CREDENTIALS")


def hash_password(password: str, cost: int) -> str:
    """Return the bcrypt hash of *password* at *cost* (2 to the *cost* rounds)."""
    import bcrypt

    return bcrypt.hashpw(_digest(password), bcrypt.gensalt(cost)).decode("ascii")


def matches(password: str, stored: str) -> bool:
    """Return whether *password* is the one whose hash is *stored*."""
    import bcrypt

    return bcrypt.checkpw(_digest(password), stored.encode("ascii"))


def matches_and_hash(password: str, stored: str, cost: int) -> tuple[bool, str | None]:
    """Return whether *password* is right, and its hash at *cost* if *stored* has another cost.

    One piece of work, so that a log-in stands in line once. A wrong password is never hashed anew.
    """
    if not matches(password, stored):
        return False, None
    return True, None if cost_of(stored) == cost else hash_password(password, cost)


def cost_of(stored: str) -> int:
    """Return the cost at which a hash was made."""
    return int(stored.split("$")[2])


def no_hash(cost: int) -> str:
    """Return a hash that matches nothing, for a user who does not exist."""
    return _NO_HASH.format(cost=cost)


def _digest(password: str) -> bytes:
    # Keyboards send é as one character or as two; to whoever types it, it is the same password.
    composed = unicodedata.normalize("NFC", password)
    return base64.b64encode(hashlib.sha256(composed.encode("utf-8", "surrogatepass")).digest())
