"""Begin, list and end sessions. They begin with a password, or with a link that works once."""

from __future__ import annotations

from litereg import access
from litereg.errors import LiteregError, NotAuthenticated, NotFound
from litereg.gql.context import Context
from litereg.registry import accounts, names, passwords, rate_limits
from litereg.registry.models import Session
from litereg.registry.passwords import WrongCredentials
from litereg.registry.rate_limits import Kind
from litereg.registry.sessions import queries
from litereg.registry.tokens import digest, digest_id, token_text
from litereg.registry.users import queries as users


class EmailAddressNotVerified(LiteregError):
    """The link that was mailed at sign-up was not opened yet."""

    def __init__(self) -> None:
        super().__init__("EMAIL_ADDRESS_NOT_VERIFIED")


def login(ctx: Context, username: str, password: str) -> str:
    """Return a new session token for the user called *username* (or with that e-mail address).

    Raises:
        LimitExceeded: TOO_MANY_TRIES.
        NotAuthenticated: WRONG_CREDENTIALS, or ACCOUNT_SUSPENDED for the right password only.
        EmailAddressNotVerified: for the right password only.
    """
    with ctx.deed("log-in", "password") as deed:
        counted = rate_limits.begin(ctx, Kind.LOG_IN, names.key(username))
        found = users.find_secret(ctx.tx, names.key(username))
        if found is not None:
            deed.about(found.id, found.username)
        stored = found.password_hash if found else None
        # An unknown user costs the same time as a wrong password.
        scheme = passwords.wanted(ctx.settings)
        expected = stored or scheme.no_hash()
        is_right, new_hash = ctx.slow(passwords.matches_and_hash, password, expected, scheme)
        if not is_right or found is None:
            raise WrongCredentials
        counted.succeeded(ctx.tx)
        if found.status != "ACTIVE":
            raise NotAuthenticated("ACCOUNT_SUSPENDED")
        if ctx.settings.sends_mail and not found.is_email_verified:
            raise EmailAddressNotVerified
        if new_hash is not None:
            users.set_password_hash(ctx.tx, found.id, new_hash)
        return _begin(ctx, found.id)


def use_link(ctx: Context, token: str) -> str:
    """Return a new session token for the user of a one-time link, which is used up.

    Raises:
        NotFound: TOKEN_NOT_VALID.
    """
    with ctx.deed("log-in", "link") as deed:
        user_id = queries.take_link(ctx.tx, digest(token), ctx.now)
        if user_id is None:
            raise NotFound("TOKEN_NOT_VALID")
        deed.about(user_id)
        return _begin(ctx, user_id)


def logout(ctx: Context) -> None:
    """End the viewer's session; with an API key there is none to end."""
    access.require_known(ctx.viewer)
    with ctx.deed("log-out"):
        if ctx.viewer.session is not None:
            queries.delete_session(ctx.tx, ctx.viewer.session)


def list_sessions(ctx: Context) -> list[Session]:
    """Return the viewer's living sessions, the one at hand first, then the last used."""
    access.require_known(ctx.viewer)
    return queries.list_sessions(ctx.tx, ctx.viewer.user_id, ctx.viewer.session, ctx.now)


def end(ctx: Context, session_id: str, password: str) -> None:
    """End one of the viewer's sessions, which may be the one at hand.

    Raises:
        NotFound: SESSION_NOT_FOUND, also for somebody else's session.
        LimitExceeded: TOO_MANY_TRIES.
        NotAuthenticated: WRONG_CREDENTIALS.
    """
    for session in list_sessions(ctx):
        if digest_id(session.token_sha256) == session_id:
            with ctx.deed("log-out", "one-session"):
                accounts.require_password(ctx, password)
                queries.delete_session(ctx.tx, session.token_sha256)
            return
    raise NotFound("SESSION_NOT_FOUND", session_id)


def end_others(ctx: Context, password: str) -> None:
    """End all of the viewer's sessions but the one at hand; with an API key that is all of them.

    Raises:
        LimitExceeded: TOO_MANY_TRIES.
        NotAuthenticated: WRONG_CREDENTIALS.
    """
    access.require_known(ctx.viewer)
    with ctx.deed("log-out", "other-sessions"):
        accounts.require_password(ctx, password)
        queries.delete_other_sessions(ctx.tx, ctx.viewer.user_id, ctx.viewer.session)


def _begin(ctx: Context, user_id: int) -> str:
    users.touch_login(ctx.tx, user_id, ctx.now)
    token = token_text(ctx.token())
    queries.insert_session(ctx.tx, digest(token), user_id, ctx.now)
    return token
