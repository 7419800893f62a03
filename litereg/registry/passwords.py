"""Hash and check passwords. Slow by design: never on the event loop, never inside a transaction.

What is stored names the scheme that made it and its parameters, and is checked by these whatever is
set by now. A further scheme is a class like the two here, its line in `SCHEMES`, and its word among
the choices of the setting.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Final, Protocol, Self

from litereg.errors import NotAuthenticated
from litereg.settings import BCRYPT, SCRYPT, Settings

SCRYPT_SALT_BYTES: Final = 16
SCRYPT_KEY_BYTES: Final = 32
# What the default takes, and a little: a stored hash that asks for more is taken for damaged.
SCRYPT_MAX_MEMORY: Final = 129 * 1024 * 1024


class WrongCredentials(NotAuthenticated):
    """The user is unknown or the password is wrong; which of the two is not said."""

    def __init__(self) -> None:
        super().__init__("WRONG_CREDENTIALS")


class Scheme(Protocol):
    """A way to hash passwords, with its parameters; equal ones make hashes that cost the same."""

    @classmethod
    def wanted(cls, settings: Settings) -> Self:
        """Return the scheme with the parameters that are set."""

    @classmethod
    def of(cls, stored: str) -> Self | None:
        """Return the scheme as it made *stored*; None when it did not."""

    def hash(self, password: bytes) -> str:
        """Return a hash of *password*, another one each time."""

    def matches(self, password: bytes, stored: str) -> bool:
        """Return whether *stored*, which this scheme made, is a hash of *password*.

        Raises:
            ValueError: it is damaged.
        """

    def no_hash(self) -> str:
        """Return a hash that matches nothing, at the cost of any other."""


@dataclass(frozen=True, slots=True)
class Bcrypt:
    """bcrypt, 2 to the *cost* rounds: `$2b$12$`, 22 characters of salt, 31 of hash.

    It looks at 72 bytes at most and stops at a NUL; hashing the password first makes every byte of
    every length count.
    """

    cost: int

    @classmethod
    def wanted(cls, settings: Settings) -> Self:
        """Return bcrypt at the cost that is set."""
        return cls(settings.password_cost)

    @classmethod
    def of(cls, stored: str) -> Self | None:
        """Return bcrypt at the cost of *stored*, or None."""
        found = re.fullmatch(r"\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}", stored, re.ASCII)
        return cls(int(found[1])) if found else None

    def hash(self, password: bytes) -> str:
        """Return the bcrypt hash of *password*."""
        import bcrypt

        return bcrypt.hashpw(_digest(password), bcrypt.gensalt(self.cost)).decode("ascii")

    def matches(self, password: bytes, stored: str) -> bool:
        """Return whether *stored* is the hash of *password*."""
        import bcrypt

        return bcrypt.checkpw(_digest(password), stored.encode("ascii"))

    def no_hash(self) -> str:
        """Return what has the form of a hash, and is none of any password."""
        return f"$2b${self.cost:02d}$" + "." * 53


@dataclass(frozen=True, slots=True)
class Scrypt:
    """scrypt, as RFC 7914 has it: `$scrypt$ln=17,r=8,p=1$`, salt, `$`, hash, both in base64.

    One hash takes 128 * r * 2 to the *ln* bytes of memory. By default that is 128 MiB, as OWASP
    advises; slow work is done one piece at a time, so it is taken once.
    """

    ln: int = 17
    r: int = 8
    p: int = 1

    @classmethod
    def wanted(cls, settings: Settings) -> Self:
        """Return scrypt with the parameters that OWASP advises; none of them is a setting."""
        return cls()

    @classmethod
    def of(cls, stored: str) -> Self | None:
        """Return scrypt with the parameters of *stored*, or None."""
        form = r"\$scrypt\$ln=(1?\d),r=(\d{1,2}),p=(\d)\$[+/\w]+\$[+/\w]+"
        found = re.fullmatch(form, stored, re.ASCII)
        return cls(*map(int, found.groups())) if found else None

    def hash(self, password: bytes) -> str:
        """Return the scrypt hash of *password*."""
        salt = secrets.token_bytes(SCRYPT_SALT_BYTES)
        return self._text(salt, self._key(password, salt))

    def matches(self, password: bytes, stored: str) -> bool:
        """Return whether *stored* is the hash of *password*."""
        salt, key = map(_unpadded, stored.split("$")[-2:])
        return hmac.compare_digest(key, self._key(password, salt))

    def no_hash(self) -> str:
        """Return a hash of zeros; that a password has it is as likely as guessing a key."""
        return self._text(bytes(SCRYPT_SALT_BYTES), bytes(SCRYPT_KEY_BYTES))

    def _key(self, password: bytes, salt: bytes) -> bytes:
        return hashlib.scrypt(
            password,
            salt=salt,
            n=1 << self.ln,
            r=self.r,
            p=self.p,
            maxmem=SCRYPT_MAX_MEMORY,
            dklen=SCRYPT_KEY_BYTES,
        )

    def _text(self, salt: bytes, key: bytes) -> str:
        packed = (base64.b64encode(part).decode("ascii").rstrip("=") for part in (salt, key))
        return "$".join((f"$scrypt$ln={self.ln},r={self.r},p={self.p}", *packed))


# The word of the setting `password_hash` → what it stands for.
SCHEMES: Final[dict[str, type[Scheme]]] = {BCRYPT: Bcrypt, SCRYPT: Scrypt}


def wanted(settings: Settings) -> Scheme:
    """Return the scheme that new passwords are hashed by."""
    return SCHEMES[settings.password_hash].wanted(settings)


def scheme_of(stored: str) -> Scheme | None:
    """Return the scheme that made *stored*, with its parameters; None when none did."""
    return next(filter(None, (scheme.of(stored) for scheme in SCHEMES.values())), None)


def hash_password(password: str, scheme: Scheme) -> str:
    """Return a hash of *password* by *scheme*."""
    return scheme.hash(_composed(password))


def matches(password: str, stored: str) -> bool:
    """Return whether *stored* is a hash of *password*; one that is damaged is of none."""
    scheme = scheme_of(stored)
    try:
        return scheme is not None and scheme.matches(_composed(password), stored)
    except ValueError:
        return False


def matches_and_hash(password: str, stored: str, scheme: Scheme) -> tuple[bool, str | None]:
    """Return whether *password* is right, and its hash by *scheme* if *stored* is by another.

    One piece of work, so that a log-in stands in line once. A wrong password is never hashed anew.
    """
    if not matches(password, stored):
        return False, None
    return True, None if scheme_of(stored) == scheme else hash_password(password, scheme)


def _composed(password: str) -> bytes:
    # Keyboards send é as one character or as two; to whoever types it, it is the same password.
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


def _digest(password: bytes) -> bytes:
    return base64.b64encode(hashlib.sha256(password).digest())


def _unpadded(text: str) -> bytes:
    """Return the bytes of base64 without the `=` at its end."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError(text) from error
