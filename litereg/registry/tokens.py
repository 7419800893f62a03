"""What tokens look like, and what is stored of them. Pure.

A token is made of 32 random bytes: a session, a link in a letter, the secret of an API key. Only
its SHA-256 is stored, so that a stolen database opens nothing; a slow hash would add nothing but
time to 256 random bits.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib

SECRET_PREFIX = "ltr_"  # noqa: S105 - what every secret begins with, not one of them


def digest(token: str) -> bytes:
    """Return what is stored of a token: its SHA-256."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def token_text(random: bytes) -> str:
    """Return *random* bytes as a token that can stand in a header, a cookie or an address."""
    return base64.urlsafe_b64encode(random).rstrip(b"=").decode("ascii")


def new_secret(random: bytes) -> str:
    """Return *random* bytes as the secret of a key: prefix, bytes, six letters of checksum."""
    body = token_text(random)
    return f"{SECRET_PREFIX}{body}{_checksum(body)}"


def digest_id(stored: bytes) -> str:
    """Return what a token is called by before its owner, made of what is *stored* of it.

    It leads back to neither: whoever reads it cannot even look the token up.
    """
    return hashlib.sha256(b"id\0" + stored).hexdigest()[:32]


def key_token(key_id: str, secret: str) -> str:
    """Return what opens a registry: id and secret of a key in the form DataPM's clients build."""
    return base64.b64encode(f"{key_id}.{secret}".encode()).decode("ascii")


def parse_key_token(token: str) -> tuple[str, str] | None:
    """Return the id and the secret that *token* holds, or None when it can be no key of ours.

    The checksum is tested here, so that a mistyped key costs no database access.
    """
    try:
        text = base64.b64decode(token, validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    key_id, _, secret = text.partition(".")
    body = secret[len(SECRET_PREFIX) : -6]
    if not secret.startswith(SECRET_PREFIX) or secret[-6:] != _checksum(body):
        return None
    return key_id, secret


def _checksum(body: str) -> str:
    """Return six letters that depend on all of *body*."""
    return token_text(zlib.crc32(body.encode()).to_bytes(4, "big")).ljust(6, "0")
