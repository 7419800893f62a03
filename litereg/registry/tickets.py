"""Tickets: what a client holds between the two steps of a log-in. Pure.

A ticket stands for a password that was right. It names the user, until when it is good and what it
is for, and nothing of it is stored: it carries a proof, made with a key of the server's, of all
that and of the hash of the password, so that a new password makes it worthless. The number of the
user is hidden as the registry's other numbers are.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from enum import Enum
from typing import NamedTuple

from litereg.gql.opaque import NUMBER_BYTES, Opaque

LASTS_MS = 10 * 60 * 1000


class Purpose(Enum):
    """What a ticket is for."""

    FINISH_LOG_IN = "ticket to finish a log-in"
    SET_UP = "ticket to set up a second factor"


class Claim(NamedTuple):
    """Whose ticket it says it is, and until when it is good (Unix milliseconds)."""

    user_id: int
    expires_at: int


def write(key: bytes, purpose: Purpose, claim: Claim, password_hash: str) -> str:
    """Return the ticket for *claim*: letters, digits, `-` and `_`."""
    expires = claim.expires_at.to_bytes(NUMBER_BYTES, "big")
    number = claim.user_id.to_bytes(NUMBER_BYTES, "big")
    # What comes before the hash has one length for each purpose, so it can be read in one way only.
    proven = purpose.value.encode() + number + expires + password_hash.encode()
    proof = hmac.digest(key, proven, hashlib.sha256)
    written = Opaque(key, purpose.value).write(claim.user_id, expires + proof)
    return base64.urlsafe_b64encode(written).rstrip(b"=").decode("ascii")


def claim_of(key: bytes, purpose: Purpose, ticket: str) -> Claim | None:
    """Return what *ticket* says, None when it is none; only `is_proven` says whether it is true."""
    try:
        packed = ticket.encode("ascii")
        written = base64.b64decode(packed + b"=" * (-len(packed) % 4), b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return None
    read = Opaque(key, purpose.value).read(written)
    if read is None:
        return None
    user_id, text = read
    return Claim(user_id, int.from_bytes(text[:NUMBER_BYTES], "big"))


def is_proven(key: bytes, purpose: Purpose, claim: Claim, password_hash: str, ticket: str) -> bool:
    """Return whether *ticket* is the one that `write` made of all that."""
    return hmac.compare_digest(write(key, purpose, claim, password_hash), ticket)
