"""The rules of names: slugs, usernames, e-mail addresses, passwords.

Pure. Each `check_*` raises `InvalidInput` with the contract's constant for the first rule broken,
in the order in which clients expect them.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from litereg.errors import InvalidInput

# Why not 39: a username must be able to be a catalog slug.
MAX_CATALOG_SLUG = 38
MAX_PACKAGE_SLUG = 100
# The pattern ends a collection's slug at 39 characters; what is longer than this is told apart,
# because clients know the two errors.
MAX_COLLECTION_SLUG = 100
MAX_PASSWORD = 99
MIN_PASSWORD = 8
# A password of this length needs neither a digit nor a sign.
LONG_PASSWORD = 16
MAX_EMAIL_ADDRESS = 254

# Of catalogs, collections and users.
CATALOG_SLUG = re.compile(r"[a-z\d](?:[a-z\d]|-(?=[a-z\d])){0,38}", re.IGNORECASE | re.ASCII)
# Words of letters and digits, between them one dot, one or two underscores, or hyphens. Written so
# that it cannot backtrack, unlike the usual spelling of this rule.
PACKAGE_SLUG = re.compile(r"[a-z0-9]+(?:(?:[.]|__?|-+)[a-z0-9]+)*")
EMAIL_ADDRESS = re.compile(
    r"[A-Z0-9](?=[A-Z0-9@._%+-]{5,253}$)[A-Z0-9._%+-]{0,63}"
    r"@(?:(?=[A-Z0-9-]{1,63}\.)[A-Z0-9]+(?:-[A-Z0-9]+)*\.){1,8}[A-Z]{2,63}",
    re.IGNORECASE | re.ASCII,
)
PASSWORD_SIGNS = frozenset("0123456789@#$%!")


# Words that litereg's own addresses need, now or in a client's idea of them.
# fmt: off
RESERVED = frozenset((
    "accept-invite", "account", "admin", "api", "artifactory", "assets", "bucket", "catalog",
    "catalogs", "client-installers", "collection", "collections", "docs", "forgot-password",
    "graphql", "group", "healthz", "images", "label", "labels", "latest", "log-in", "log-out",
    "login", "logout", "me", "metrics", "my", "new", "package", "packages", "playground",
    "public-package", "public-packages", "readyz", "recent", "recently", "robots", "schema",
    "search", "settings", "sign-up", "sitemap", "static", "top", "trending", "user", "users",
    "validate-email", "version", "well-known", "ws", "xray",
))
# fmt: on


def key(name: str) -> str:
    """Return *name* as names are compared: without regard to case."""
    return name.lower()


def check_catalog_slug(slug: str) -> None:
    """Raise InvalidInput unless *slug* can name a catalog."""
    _require(slug, "CATALOG_SLUG_REQUIRED")
    if len(slug) > MAX_CATALOG_SLUG:
        raise InvalidInput("CATALOG_SLUG_TOO_LONG")
    if not CATALOG_SLUG.fullmatch(slug):
        raise InvalidInput("CATALOG_SLUG_INVALID")


def check_package_slug(slug: str) -> None:
    """Raise InvalidInput unless *slug* can name a package."""
    _require(slug, "PACKAGE_SLUG_REQUIRED")
    if len(slug) > MAX_PACKAGE_SLUG:
        raise InvalidInput("PACKAGE_SLUG_TOO_LONG")
    if not PACKAGE_SLUG.fullmatch(slug):
        raise InvalidInput("PACKAGE_SLUG_INVALID")


def check_collection_slug(slug: str) -> None:
    """Raise InvalidInput unless *slug* can name a collection."""
    _require(slug, "COLLECTION_SLUG_REQUIRED")
    if len(slug) > MAX_COLLECTION_SLUG:
        raise InvalidInput("COLLECTION_SLUG_TOO_LONG")
    if not CATALOG_SLUG.fullmatch(slug):
        raise InvalidInput("COLLECTION_SLUG_INVALID")


def check_username(username: str) -> None:
    """Raise InvalidInput unless *username* can name a user, and so a catalog."""
    _require(username, "USERNAME_REQUIRED")
    if len(username) > MAX_CATALOG_SLUG:
        raise InvalidInput("USERNAME_TOO_LONG")
    if not CATALOG_SLUG.fullmatch(username):
        raise InvalidInput("INVALID_CHARACTERS")


def check_email_address(address: str) -> None:
    """Raise InvalidInput unless *address* looks like an e-mail address."""
    _require(address, "REQUIRED")
    if len(address) > MAX_EMAIL_ADDRESS:
        raise InvalidInput("TOO_LONG")
    if not EMAIL_ADDRESS.fullmatch(address):
        raise InvalidInput("INVALID_FORMAT")


def check_username_or_email_address(name: str) -> None:
    """Raise InvalidInput unless *name* is a username or, with an @ in it, an e-mail address."""
    if "@" in name:
        check_email_address(name)
    else:
        check_username(name)


def check_password(password: str) -> None:
    """Raise InvalidInput unless *password* is long and varied enough."""
    _require(password, "PASSWORD_REQUIRED")
    if len(password) > MAX_PASSWORD:
        raise InvalidInput("PASSWORD_TOO_LONG")
    if len(password) < MIN_PASSWORD:
        raise InvalidInput("PASSWORD_TOO_SHORT")
    if len(password) < LONG_PASSWORD and PASSWORD_SIGNS.isdisjoint(password):
        raise InvalidInput("INVALID_CHARACTERS")


def require_unreserved(name: str) -> None:
    """Raise InvalidInput when *name* is a word that litereg's own addresses need."""
    if key(name) in RESERVED:
        raise InvalidInput("RESERVED_KEYWORD", name)


def require_length(value: str | None, limit: int, field: str) -> None:
    """Raise InvalidInput when *value*, given for *field*, is longer than *limit* characters."""
    if value is not None and len(value) > limit:
        raise InvalidInput("TOO_LONG", f"{field} may have at most {limit} characters")


def _require(value: str | None, reason: str) -> None:
    if not value:
        raise InvalidInput(reason)


CHECKS: dict[str, Callable[[str], None]] = {
    "validCatalogSlug": check_catalog_slug,
    "validPackageSlug": check_package_slug,
    "validCollectionSlug": check_collection_slug,
    "validUsername": check_username,
    "validUsernameOrEmailAddress": check_username_or_email_address,
    "validPassword": check_password,
    "validEmailAddress": check_email_address,
}
