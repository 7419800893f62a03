"""Make and close accounts, for whoever may: people who sign up, administrators, the shell.

Who may is decided by the services that call this. An account and its personal catalog come and go
together.
"""

from __future__ import annotations

from litereg.errors import Conflict, InvalidInput
from litereg.gql.context import Context
from litereg.registry import names, password_rules, passwords, rate_limits
from litereg.registry.api_keys import queries as api_keys
from litereg.registry.catalogs import queries as catalogs
from litereg.registry.models import User
from litereg.registry.rate_limits import Kind
from litereg.registry.second_factor import queries as second_factors
from litereg.registry.sessions import queries as sessions
from litereg.registry.users import credentials
from litereg.registry.users import queries as users
from litereg.registry.users.inputs import CreateUser, UpdateUser
from litereg.store import Transaction

MAX_FIRST_NAME = 30
MAX_LAST_NAME = 150


class UsernameTaken(Conflict):
    """Another user, or a catalog, answers to this name."""

    def __init__(self) -> None:
        super().__init__("USERNAME_NOT_AVAILABLE")


class EmailAddressTaken(Conflict):
    """Another user has this address."""

    def __init__(self) -> None:
        super().__init__("EMAIL_ADDRESS_NOT_AVAILABLE")


def require_free(tx: Transaction, email_address: str, username: str) -> None:
    """Raise unless an account could have this address and this name."""
    if users.is_email_taken(tx, email_address):
        raise EmailAddressTaken
    if users.is_name_taken(tx, username):
        raise UsernameTaken


def require_password(ctx: Context, password: str) -> None:
    """Raise unless *password* is the viewer's, who must be known.

    For what a stolen session or key must not be enough for. Raises as `require_password_of`.
    """
    require_password_of(ctx, users.get_user(ctx.tx, ctx.viewer.user_id), password)


def require_password_of(ctx: Context, user: User, password: str) -> None:
    """Raise unless *password* is that of *user*; tries count as log-ins do.

    Raises:
        LimitExceeded: TOO_MANY_TRIES.
        NotAuthenticated: WRONG_CREDENTIALS.
    """
    counted = rate_limits.begin(ctx, Kind.LOG_IN, names.key(user.username))
    check_password(ctx, user.id, password)
    counted.succeeded(ctx.tx)


def check_password(ctx: Context, user_id: int, password: str) -> None:
    """Raise WrongCredentials unless *password* is that user's; whoever calls it counts the try.

    By number: the document that is run may have given the user another name, and somebody else
    the one before.
    """
    found = credentials.find_secret_by_id(ctx.tx, user_id)
    stored = (found and found.password_hash) or passwords.wanted(ctx.settings).no_hash()
    if not ctx.slow(passwords.matches, password, stored):
        raise passwords.WrongCredentials


def hash_new_password(ctx: Context, password: str, username: str, email_address: str) -> str:
    """Return the hash of a password that somebody chose for the account of that name and address.

    Raises:
        InvalidInput: PASSWORD_HAS_NAME, PASSWORD_TOO_COMMON, where the rules are strict.
    """
    scheme = passwords.wanted(ctx.settings)
    known_names = password_rules.names_around(ctx.settings, username, email_address)
    hashed = ctx.slow(password_rules.hash_unless_easy, password, scheme, known_names)
    if isinstance(hashed, InvalidInput):
        raise hashed
    return hashed


def require_other_admin(tx: Transaction, user: User) -> None:
    """Raise InvalidInput when *user* is the only administrator who can log in.

    For what would take that from them. Whoever has the file is not asked.
    """
    is_one = user.is_admin and user.status == "ACTIVE"
    if is_one and not users.has_other_admin(tx, user.id):
        raise InvalidInput("LAST_ADMINISTRATOR", "make another user an administrator first")


def require_short_names(value: CreateUser | UpdateUser) -> None:
    """Raise InvalidInput when a first or last name is too long to be kept."""
    names.require_length(value.first_name, MAX_FIRST_NAME, "firstName")
    names.require_length(value.last_name, MAX_LAST_NAME, "lastName")


def create(tx: Transaction, value: CreateUser, password_hash: str | None, now: int) -> int:
    """Store an account and its private catalog of the same name; return the user's id.

    The first account of an empty registry is the administrator.
    """
    user_id = users.insert_user(
        tx,
        value.username,
        value.email_address,
        password_hash,
        (value.first_name or "").strip() or None,
        (value.last_name or "").strip() or None,
        users.is_empty(tx),
        now,
    )
    if value.ui_dark_mode_enabled:
        users.update_user(tx, user_id, UpdateUser(ui_dark_mode_enabled=True), now)
    catalogs.insert_personal_catalog(tx, user_id, value.username, now)
    return user_id


def close(tx: Transaction, user_id: int, now: int) -> None:
    """Close an account and its catalog; every session and key of it ends."""
    suffix = f"-DISABLED-{now}"
    catalogs.disable_personal_catalog(tx, user_id, suffix, now)
    sessions.delete_sessions(tx, user_id)
    api_keys.delete_keys(tx, user_id)
    second_factors.delete_all(tx, user_id)
    users.disable_user(tx, user_id, suffix, now)
