"""What log-ins have in common, whichever room they are in: who may, tickets, and the session.

With a second factor a log-in has two steps. The first ends in an error, because no session is
given, and with the error goes a ticket for the second.
"""

from __future__ import annotations

import secrets
from typing import Final

from litereg.errors import LiteregError, NotAuthenticated, NotFound
from litereg.gql.context import Context
from litereg.registry import tickets
from litereg.registry.second_factor import queries as second_factors
from litereg.registry.sessions import queries as sessions
from litereg.registry.tickets import Claim, Purpose
from litereg.registry.tokens import digest, token_text
from litereg.registry.users import credentials
from litereg.registry.users.credentials import Secret
from litereg.settings import Settings

# Of this process, and in no file: with a key from there, whoever has a backup could make tickets
# and do without passwords. A ticket ends with the server that gave it; one logs in again then.
_KEY: Final = secrets.token_bytes(32)


class EmailAddressNotVerified(LiteregError):
    """The link that was mailed at sign-up was not opened yet."""

    def __init__(self) -> None:
        super().__init__("EMAIL_ADDRESS_NOT_VERIFIED")


class OneTimeCodeRequired(NotAuthenticated):
    """The password was right; now the code is wanted, with the ticket."""

    def __init__(self, ticket: str) -> None:
        super().__init__("ONE_TIME_CODE_REQUIRED", ticket=ticket)


class SecondFactorRequired(NotAuthenticated):
    """The password was right; a second factor has to be set up first, with the ticket."""

    def __init__(self, ticket: str) -> None:
        super().__init__("SECOND_FACTOR_REQUIRED", ticket=ticket)


def require_usable(settings: Settings, account: Secret) -> None:
    """Raise unless whoever knows the password of *account* may log in.

    Raises:
        NotAuthenticated: ACCOUNT_SUSPENDED.
        EmailAddressNotVerified: its address was never shown to be its user's.
    """
    if account.status != "ACTIVE":
        raise NotAuthenticated("ACCOUNT_SUSPENDED")
    if settings.sends_mail and not account.is_email_verified:
        raise EmailAddressNotVerified


def missing_step(ctx: Context, account: Secret) -> NotAuthenticated | None:
    """Return what asks for the rest of a log-in whose password was right; None: it is complete."""
    if second_factors.find(ctx.tx, account.id) is not None:
        return OneTimeCodeRequired(_write_ticket(ctx, account, Purpose.FINISH_LOG_IN))
    if ctx.settings.requires_second_factor:
        return SecondFactorRequired(_write_ticket(ctx, account, Purpose.SET_UP))
    return None


def read_ticket(ctx: Context, ticket: str, purpose: Purpose) -> Secret:
    """Return whose ticket for *purpose* this is.

    Raises:
        NotFound: TOKEN_NOT_VALID, it is none, is too old, the password was changed since, or the
            server was started anew.
        NotAuthenticated, EmailAddressNotVerified: as `require_usable`.
    """
    claim = tickets.claim_of(_KEY, purpose, ticket)
    account = credentials.find_secret_by_id(ctx.tx, claim.user_id) if claim else None
    if claim is None or account is None or claim.expires_at <= ctx.now:
        raise NotFound("TOKEN_NOT_VALID")
    if not tickets.is_proven(_KEY, purpose, claim, account.password_hash or "", ticket):
        raise NotFound("TOKEN_NOT_VALID")
    require_usable(ctx.settings, account)
    return account


def begin_session(ctx: Context, user_id: int, *, by_link: bool = False) -> str:
    """Return the token of a new session of a user, who has shown who they are."""
    credentials.touch_login(ctx.tx, user_id, ctx.now)
    token = token_text(ctx.token())
    sessions.insert_session(ctx.tx, digest(token), user_id, ctx.now, by_link=by_link)
    return token


def _write_ticket(ctx: Context, account: Secret, purpose: Purpose) -> str:
    claim = Claim(account.id, ctx.now + tickets.LASTS_MS)
    return tickets.write(_KEY, purpose, claim, account.password_hash or "")
