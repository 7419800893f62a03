"""Turn a second factor on and off, and log in with it.

What codes look like is in `litereg.registry.one_time_codes`, tickets in `litereg.registry.log_ins`.
Wrong codes are counted for each user; strangers, who neither know the password nor hold a session,
can try none.
"""

from __future__ import annotations

from typing import NamedTuple

from litereg import access
from litereg.errors import (
    Conflict,
    InvalidInput,
    LiteregError,
    NotAuthenticated,
    NotAuthorized,
    NotFound,
)
from litereg.gql.context import Context
from litereg.registry import accounts, log_ins, mail, names, one_time_codes, rate_limits
from litereg.registry.mail import Letter
from litereg.registry.one_time_codes import RECOVERY_BYTES, RECOVERY_CODES, SECRET_BYTES
from litereg.registry.rate_limits import Kind, Try
from litereg.registry.second_factor import queries
from litereg.registry.sessions import queries as sessions
from litereg.registry.tickets import Purpose
from litereg.registry.tokens import digest
from litereg.registry.users import queries as users

PENDING_LASTS_MS = 60 * 60 * 1000


class SecondFactor(NamedTuple):
    """What a user is told of their second factor."""

    is_on: bool
    since: int | None
    recovery_codes_left: int
    is_required: bool


class Pending(NamedTuple):
    """An app to be set up: what is typed into it, and the same as an address."""

    secret: str
    address: str


class Confirmed(NamedTuple):
    """Recovery codes, shown this once, and the session that began, if one did."""

    recovery_codes: list[str]
    session: str | None


class WrongOneTimeCode(NotAuthenticated):
    """The code is none of now, was used before, or is no recovery code that is left."""

    def __init__(self) -> None:
        super().__init__("WRONG_ONE_TIME_CODE")


def get(ctx: Context) -> SecondFactor:
    """Return whether the viewer has a second factor."""
    access.require_known(ctx.viewer)
    factor = queries.find(ctx.tx, ctx.viewer.user_id)
    return SecondFactor(
        factor is not None,
        factor and factor.confirmed_at,
        queries.count_codes(ctx.tx, ctx.viewer.user_id),
        ctx.settings.requires_second_factor,
    )


def finish_login(ctx: Context, ticket: str, code: str) -> str:
    """Return a session token for whoever has *ticket*, of a right password, and a right *code*.

    Raises:
        NotFound: TOKEN_NOT_VALID.
        NotAuthenticated: WRONG_ONE_TIME_CODE, ACCOUNT_SUSPENDED.
        LimitExceeded: TOO_MANY_TRIES.
    """
    with ctx.deed("log-in", "one-time-code") as deed:
        account = log_ins.read_ticket(ctx, ticket, Purpose.FINISH_LOG_IN)
        deed.about(account.id, account.username)
        counted = _begin_try(ctx, account.id)
        _take_code(ctx, account.id, code)
        counted.succeeded(ctx.tx)
        return log_ins.begin_session(ctx, account.id)


def begin(ctx: Context, password: str | None, ticket: str | None, code: str | None) -> Pending:
    """Return a new secret for an app, which counts once a code of it was seen.

    Raises:
        InvalidInput: PASSWORD_OR_TICKET_REQUIRED, not exactly one was given.
        NotFound: TOKEN_NOT_VALID.
        NotAuthenticated: WRONG_CREDENTIALS, WRONG_ONE_TIME_CODE, ONE_TIME_CODE_REQUIRED.
        Conflict: SECOND_FACTOR_IS_ON.
        LimitExceeded: TOO_MANY_TRIES.
    """
    if ticket is None:
        access.require_known(ctx.viewer)
    if (password is None) == (ticket is None):
        raise InvalidInput("PASSWORD_OR_TICKET_REQUIRED", "give one of the two")
    with ctx.deed("second-factor", "begun") as deed:
        user_id = _subject(ctx, ticket)
        deed.about(user_id)
        if password is not None:
            _require_own(ctx, password, code)
        secret = ctx.token()[:SECRET_BYTES]
        queries.put_pending(ctx.tx, user_id, secret, ctx.now)
        username = users.get_user(ctx.tx, user_id).username
        address = one_time_codes.address(secret, ctx.settings.registry_name, username)
        return Pending(one_time_codes.secret_text(secret), address)


def confirm(ctx: Context, code: str, ticket: str | None) -> Confirmed:
    """Turn the second factor on by a *code* of the app that was set up; other sessions end.

    Raises:
        NotFound: TOKEN_NOT_VALID.
        NotAuthenticated: WRONG_ONE_TIME_CODE.
        Conflict: SECOND_FACTOR_IS_ON.
        LiteregError: SECOND_FACTOR_NOT_BEGUN.
        LimitExceeded: TOO_MANY_TRIES.
    """
    if ticket is None:
        access.require_known(ctx.viewer)
    with ctx.deed("second-factor", "on") as deed:
        user_id = _subject(ctx, ticket)
        deed.about(user_id)
        secret = queries.find_pending(ctx.tx, user_id, ctx.now - PENDING_LASTS_MS)
        if secret is None:
            raise LiteregError("SECOND_FACTOR_NOT_BEGUN")
        counted = _begin_try(ctx, user_id)
        step = one_time_codes.find_step(secret, code, ctx.now, last_step=0)
        if step is None:
            raise WrongOneTimeCode
        counted.succeeded(ctx.tx)
        queries.put(ctx.tx, user_id, secret, step, ctx.now)
        queries.delete_pending(ctx.tx, user_id)
        sessions.delete_other_sessions(
            ctx.tx, user_id, ctx.viewer.session if ticket is None else None
        )
        codes = _make_recovery_codes(ctx, user_id)
        _tell(ctx, user_id, Letter.SECOND_FACTOR_ON)
        return Confirmed(codes, ticket and log_ins.begin_session(ctx, user_id))


def end(ctx: Context, password: str, code: str) -> None:
    """Turn the viewer's second factor off; their other sessions end.

    Raises:
        NotAuthorized: SECOND_FACTOR_REQUIRED, everybody has to have one.
        LiteregError: SECOND_FACTOR_IS_OFF.
        NotAuthenticated: WRONG_CREDENTIALS, WRONG_ONE_TIME_CODE.
        LimitExceeded: TOO_MANY_TRIES.
    """
    access.require_known(ctx.viewer)
    with ctx.deed("second-factor", "off"):
        _require_on(ctx)
        if ctx.settings.requires_second_factor:
            raise NotAuthorized("SECOND_FACTOR_REQUIRED", "this registry asks everybody for one")
        _require_own(ctx, password, code)
        queries.delete_all(ctx.tx, ctx.viewer.user_id)
        sessions.delete_other_sessions(ctx.tx, ctx.viewer.user_id, ctx.viewer.session)
        _tell(ctx, ctx.viewer.user_id, Letter.SECOND_FACTOR_OFF)


def new_recovery_codes(ctx: Context, password: str, code: str) -> list[str]:
    """Return new recovery codes for the viewer, in the place of all they had.

    Raises:
        LiteregError: SECOND_FACTOR_IS_OFF.
        NotAuthenticated: WRONG_CREDENTIALS, WRONG_ONE_TIME_CODE.
        LimitExceeded: TOO_MANY_TRIES.
    """
    access.require_known(ctx.viewer)
    with ctx.deed("second-factor", "new-recovery-codes"):
        _require_on(ctx)
        _require_own(ctx, password, code)
        return _make_recovery_codes(ctx, ctx.viewer.user_id)


def _subject(ctx: Context, ticket: str | None) -> int:
    """Return whose app is set up: the viewer, or whoever the ticket is for and has none yet."""
    if ticket is None:
        return ctx.viewer.user_id
    account = log_ins.read_ticket(ctx, ticket, Purpose.SET_UP)
    if queries.find(ctx.tx, account.id) is not None:
        raise Conflict("SECOND_FACTOR_IS_ON")
    return account.id


def _require_on(ctx: Context) -> None:
    if queries.find(ctx.tx, ctx.viewer.user_id) is None:
        raise LiteregError("SECOND_FACTOR_IS_OFF")


def _require_own(ctx: Context, password: str, code: str | None) -> None:
    """Raise unless *password* is the viewer's and, where they have an app, *code* is right too.

    A try is one at both, whichever of them is wrong.
    """
    user_id = ctx.viewer.user_id
    if queries.find(ctx.tx, user_id) is None:
        accounts.require_password(ctx, password)
        return
    if code is None:
        raise NotAuthenticated("ONE_TIME_CODE_REQUIRED")
    name = names.key(users.get_user(ctx.tx, user_id).username)
    counted = rate_limits.begin(ctx, Kind.LOG_IN, name, (Kind.ONE_TIME_CODE, str(user_id)))
    accounts.check_password(ctx, user_id, password)
    _take_code(ctx, user_id, code)
    counted.succeeded(ctx.tx)


def _begin_try(ctx: Context, user_id: int) -> Try:
    return rate_limits.begin(ctx, Kind.ONE_TIME_CODE, str(user_id))


def _take_code(ctx: Context, user_id: int, code: str) -> None:
    """Use up *code*: one of a user's app, or a recovery code.

    Raises:
        WrongOneTimeCode: it is neither, or was used before.
        NotFound: TOKEN_NOT_VALID, there is no app any more.
    """
    factor = queries.find(ctx.tx, user_id)
    if factor is None:
        # It was turned off after the ticket was given.
        raise NotFound("TOKEN_NOT_VALID")
    step = one_time_codes.find_step(factor.secret, code, ctx.now, factor.last_step)
    if step is not None:
        queries.set_last_step(ctx.tx, user_id, step)
    else:
        _take_recovery_code(ctx, user_id, code)


def _take_recovery_code(ctx: Context, user_id: int, code: str) -> None:
    stored = digest(one_time_codes.recovery_letters(code))
    if not queries.take_code(ctx.tx, user_id, stored):
        raise WrongOneTimeCode
    with ctx.deed("recovery-code-used") as deed:
        deed.about(user_id)
    left = str(queries.count_codes(ctx.tx, user_id))
    _tell(ctx, user_id, Letter.RECOVERY_CODE_USED, codes_left=left)


def _make_recovery_codes(ctx: Context, user_id: int) -> list[str]:
    drawn = (ctx.token()[:RECOVERY_BYTES] for _ in range(RECOVERY_CODES))
    codes = [one_time_codes.recovery_code(random) for random in drawn]
    stored = [digest(one_time_codes.recovery_letters(code)) for code in codes]
    queries.replace_codes(ctx.tx, user_id, stored)
    return codes


def _tell(ctx: Context, user_id: int, letter: Letter, **values: str) -> None:
    user = users.get_user(ctx.tx, user_id)
    mail.queue(ctx.tx, ctx.settings, letter, user, ctx.now, **values)
