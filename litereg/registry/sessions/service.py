"""Begin, list and end sessions. They begin with a password, or with a link that works once."""

from __future__ import annotations

from litereg import access
from litereg.errors import NotFound
from litereg.gql.context import Context
from litereg.registry import accounts, log_ins, names, passwords, rate_limits
from litereg.registry.models import Session
from litereg.registry.passwords import WrongCredentials
from litereg.registry.rate_limits import Kind
from litereg.registry.sessions import queries
from litereg.registry.tokens import digest, digest_id
from litereg.registry.users import credentials
from litereg.store import Database


def login(ctx: Context, username: str, password: str) -> str:
    """Return a new session token for the user called *username* (or with that e-mail address).

    Raises:
        LimitExceeded: TOO_MANY_TRIES.
        NotAuthenticated: WRONG_CREDENTIALS; for the right password only, ACCOUNT_SUSPENDED, and
            ONE_TIME_CODE_REQUIRED or SECOND_FACTOR_REQUIRED, with a ticket.
        EmailAddressNotVerified: for the right password only.
    """
    with ctx.deed("log-in", "password") as deed:
        counted = rate_limits.begin(ctx, Kind.LOG_IN, names.key(username))
        found = credentials.find_secret(ctx.tx, names.key(username))
        if found is not None:
            deed.about(found.id, found.username)
        stored = found.password_hash if found else None
        # An unknown user costs the same time as a wrong password.
        scheme = passwords.wanted(ctx.settings)
        expected = stored or scheme.no_hash()
        is_right, new_hash = ctx.slow(passwords.matches_and_hash, password, expected, scheme)
        if not is_right or found is None:
            raise WrongCredentials
        log_ins.require_usable(ctx.settings, found)
        missing = log_ins.missing_step(ctx, found)
        if missing is None:
            counted.succeeded(ctx.tx)
            if new_hash is not None:
                credentials.set_password_hash(ctx.tx, found.id, stored, new_hash)
            return log_ins.begin_session(ctx, found.id)
        # What follows is undone, as after any error; that the password was right is not.
        counted.succeeded_for_good(ctx)
        if new_hash is not None:
            ctx.for_good(credentials.set_password_hash, found.id, stored, new_hash)
        raise missing


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
        return log_ins.begin_session(ctx, user_id, by_link=True)


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


async def end_one_factor_sessions(database: Database) -> None:
    """End the sessions that a password alone began, for a registry that asks for more by now.

    From its start on, no other ones begin, so they need not be told apart with each request.
    """
    if await database.read(queries.has_one_factor_sessions):
        await database.write(queries.delete_one_factor_sessions)
