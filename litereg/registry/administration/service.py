"""Make accounts and change what their owners cannot change themselves.

For whoever owns the database file: no viewer is asked for, because a person who can write the file
can do all of this without litereg. What users do with their own accounts is in
`litereg.registry.users`. Passwords arrive hashed: hashing is slow, and never done in a transaction.
"""

from __future__ import annotations

from litereg.errors import LiteregError
from litereg.registry import accounts, mail, names, password_rules
from litereg.registry.administration import queries
from litereg.registry.email_links import queries as email_links
from litereg.registry.mail import Letter
from litereg.registry.models import User
from litereg.registry.second_factor import queries as second_factors
from litereg.registry.sessions import queries as sessions
from litereg.registry.tokens import digest, token_text
from litereg.registry.users import credentials
from litereg.registry.users import queries as users
from litereg.registry.users.inputs import CreateUser
from litereg.settings import Settings
from litereg.store import Transaction

LINK_LASTS_MS = 60 * 60 * 1000


def get_user(tx: Transaction, username: str) -> User:
    """Return an account that is not disabled, by username or e-mail address.

    Raises:
        NotFound: USER_NOT_FOUND.
    """
    return users.get_user_by_any_name(tx, username)


def check(value: CreateUser, settings: Settings) -> None:
    """Raise InvalidInput unless an account could be made of *value*; no database is asked."""
    names.check_username(value.username)
    names.require_unreserved(value.username)
    names.check_email_address(value.email_address)
    password_rules.require_good(value.password, settings, value.username, value.email_address)
    accounts.require_short_names(value)


def add(tx: Transaction, value: CreateUser, password_hash: str, is_admin: bool, now: int) -> User:
    """Make an account of *value*, which `check` let pass, whether sign-up is open or not.

    Raises:
        Conflict: EMAIL_ADDRESS_NOT_AVAILABLE, USERNAME_NOT_AVAILABLE.
    """
    accounts.require_free(tx, value.email_address, value.username)
    user_id = accounts.create(tx, value, password_hash, now)
    if is_admin:
        users.set_admin(tx, user_id, is_admin, now)
    return users.get_user(tx, user_id)


def set_password(tx: Transaction, username: str, password_hash: str, now: int) -> User:
    """Give a user a new password; every session and link of theirs ends, keys stay.

    They can log in with it at once: whoever gives it to them knows whose address they have.
    """
    user = get_user(tx, username)
    credentials.set_password(tx, user.id, password_hash, now)
    users.set_email_verified(tx, user.id, True)
    _log_out(tx, user, now)
    return user


def end_second_factor(tx: Transaction, settings: Settings, username: str, now: int) -> User:
    """Turn a user's second factor off, and tell them so; every session of theirs ends, keys stay.

    For whoever has lost the app and the recovery codes.

    Raises:
        LiteregError: SECOND_FACTOR_IS_OFF.
    """
    user = get_user(tx, username)
    if second_factors.find(tx, user.id) is None:
        raise LiteregError("SECOND_FACTOR_IS_OFF", f"{user.username} has none")
    second_factors.delete_all(tx, user.id)
    sessions.delete_sessions(tx, user.id)
    mail.queue(tx, settings, Letter.SECOND_FACTOR_OFF, user, now)
    return user


def set_admin(tx: Transaction, username: str, is_admin: bool, now: int) -> User:
    """Make a user an administrator, or no longer one."""
    user = get_user(tx, username)
    users.set_admin(tx, user.id, is_admin, now)
    return user


def suspend(tx: Transaction, username: str, now: int) -> User:
    """Keep a user out: sessions and links end, keys are refused until `activate`."""
    user = get_user(tx, username)
    queries.set_status(tx, user.id, "SUSPENDED", now)
    _log_out(tx, user, now)
    return user


def activate(tx: Transaction, username: str, now: int) -> User:
    """Let a suspended user in again."""
    user = get_user(tx, username)
    queries.set_status(tx, user.id, "ACTIVE", now)
    return user


def make_link(tx: Transaction, username: str, random: bytes, now: int) -> str:
    """Return the token, made of 32 *random* bytes, of a link that logs a user in once.

    It lasts an hour; only its SHA-256 is stored.
    """
    user = get_user(tx, username)
    token = token_text(random)
    sessions.insert_link(tx, digest(token), user.id, now + LINK_LASTS_MS)
    return token


def _log_out(tx: Transaction, user: User, now: int) -> None:
    sessions.delete_sessions(tx, user.id)
    queries.delete_links(tx, user.id)
    email_links.use_links(tx, user.id, now)
