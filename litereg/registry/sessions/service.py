"""Begin and end sessions.

A session is a random token; only its SHA-256 is stored, so that a stolen database opens nothing.
"""

from __future__ import annotations

import base64
import hashlib

from litereg import access
from litereg.access import Viewer
from litereg.errors import LiteregError, NotAuthenticated, NotFound
from litereg.gql.context import Context
from litereg.registry import names, passwords
from litereg.registry.sessions import queries
from litereg.registry.users import queries as users
from litereg.store import Transaction

DAY_MS = 24 * 60 * 60 * 1000
IDLE_MS = DAY_MS
LONGEST_MS = 30 * DAY_MS


class WrongCredentials(NotAuthenticated):
    """The user is unknown or the password is wrong; which of the two is not said."""

    def __init__(self) -> None:
        super().__init__("WRONG_CREDENTIALS")


class EmailAddressNotVerified(LiteregError):
    """The link that was mailed at sign-up was not opened yet."""

    def __init__(self) -> None:
        super().__init__("EMAIL_ADDRESS_NOT_VERIFIED")


def login(ctx: Context, username: str, password: str) -> str:
    """Return a new session token for the user called *username* (or with that e-mail address).

    Raises:
        NotAuthenticated: WRONG_CREDENTIALS, or ACCOUNT_SUSPENDED for the right password only.
        EmailAddressNotVerified: for the right password only.
    """
    found = users.find_secret(ctx.tx, names.key(username))
    stored = found.password_hash if found else None
    # An unknown user costs the same time as a wrong password.
    expected = stored or passwords.no_hash(ctx.settings.password_cost)
    if not ctx.slow(passwords.matches, password, expected) or found is None:
        raise WrongCredentials
    if found.status != "ACTIVE":
        raise NotAuthenticated("ACCOUNT_SUSPENDED")
    if ctx.settings.sends_mail and not found.is_email_verified:
        raise EmailAddressNotVerified
    users.touch_login(ctx.tx, found.id, ctx.now)
    return begin(ctx.tx, found.id, ctx.token(), ctx.now)


def begin(tx: Transaction, user_id: int, random: bytes, now: int) -> str:
    """Store a new session of *user_id* and return its token, made of 32 *random* bytes."""
    token = token_text(random)
    queries.insert_session(tx, digest(token), user_id, now, now + IDLE_MS)
    return token


def use_link(ctx: Context, token: str) -> str:
    """Return a new session token for the user of a one-time link, which is used up.

    Raises:
        NotFound: TOKEN_NOT_VALID.
    """
    user_id = queries.take_link(ctx.tx, digest(token), ctx.now)
    if user_id is None:
        raise NotFound("TOKEN_NOT_VALID")
    users.touch_login(ctx.tx, user_id, ctx.now)
    return begin(ctx.tx, user_id, ctx.token(), ctx.now)


def logout(tx: Transaction, viewer: Viewer) -> None:
    """End the viewer's session; with an API key there is none to end."""
    access.require_known(viewer)
    if viewer.session is not None:
        queries.delete_session(tx, viewer.session)


def touch(tx: Transaction, session: bytes, now: int) -> None:
    """Note that *session* was used at *now*, which makes it last longer."""
    queries.touch_session(tx, session, now, now + IDLE_MS, LONGEST_MS)


def digest(token: str) -> bytes:
    """Return what is stored of a token: its SHA-256."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def token_text(random: bytes) -> str:
    """Return *random* bytes as a token that can stand in a header, a cookie or an address."""
    return base64.urlsafe_b64encode(random).rstrip(b"=").decode("ascii")
