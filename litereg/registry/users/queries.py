"""Statements of the users room."""

from __future__ import annotations

from litereg.errors import NotFound
from litereg.registry import columns, names
from litereg.registry.models import User
from litereg.registry.users.inputs import UpdateUser
from litereg.store import Command, Query, Transaction

BY_ID = Query(
    User,
    f"""
    SELECT {columns.USER}
    FROM user AS u
    WHERE u.id = :id
    """,
)

BY_IDS = Query(
    User,
    f"""
    SELECT {columns.USER}
    FROM user AS u
    WHERE u.id IN ({{ids}})
    """,
)

BY_NAME = Query(
    User,
    f"""
    SELECT {columns.USER}
    FROM user AS u
    WHERE u.username_key = :key AND u.status <> 'DISABLED'
    """,
)

BY_ANY_NAME = Query(
    User,
    f"""
    SELECT {columns.USER}
    FROM user AS u
    WHERE (u.username_key = :key OR u.email_key = :key) AND u.status <> 'DISABLED'
    """,
)

ALL = Query(
    User,
    f"""
    SELECT {columns.USER}
    FROM user AS u
    WHERE u.status <> 'DISABLED'
    ORDER BY u.username_key
    """,
    scans="the administrator asks for every account",
)

NAME_TAKEN = Query(
    int,
    """
    SELECT 1 FROM user WHERE username_key = :key AND id <> :except_user
    UNION ALL
    SELECT 1 FROM catalog WHERE slug_key = :key AND personal_of IS NOT :except_user
    LIMIT 1
    """,
)

EMAIL_TAKEN = Query(
    int,
    """
    SELECT 1
    FROM user
    WHERE email_key = :key AND id <> :except_user
    """,
)

ANY = Query(int, "SELECT 1 FROM user LIMIT 1", scans="it reads one row")

OTHER_ADMIN = Query(
    int,
    """
    SELECT 1
    FROM user
    WHERE is_admin = 1 AND status = 'ACTIVE' AND id <> :user_id
    LIMIT 1
    """,
    scans="an account is closed now and then; a registry has few users",
)

INSERT_VIEWER = Query(int, "INSERT INTO viewer DEFAULT VALUES RETURNING id")

INSERT = Command(
    """
    INSERT INTO user(
        id, username, username_key, email_address, email_key, password_hash, first_name, last_name,
        is_admin, created_at, updated_at
    )
    VALUES (
        :id, :username, :username_key, :email_address, :email_key, :password_hash, :first_name,
        :last_name, :is_admin, :now, :now
    )
    """
)

UPDATE = Command(
    """
    UPDATE user
    SET username = coalesce(:username, username),
        username_key = coalesce(:username_key, username_key),
        email_address = coalesce(:email_address, email_address),
        email_key = coalesce(:email_key, email_key),
        first_name = coalesce(:first_name, first_name),
        last_name = coalesce(:last_name, last_name),
        location = coalesce(:location, location),
        description = coalesce(:description, description),
        twitter_handle = coalesce(:twitter_handle, twitter_handle),
        git_hub_handle = coalesce(:git_hub_handle, git_hub_handle),
        website = coalesce(:website, website),
        website_is_public = coalesce(:website_is_public, website_is_public),
        name_is_public = coalesce(:name_is_public, name_is_public),
        location_is_public = coalesce(:location_is_public, location_is_public),
        twitter_handle_is_public = coalesce(:twitter_handle_is_public, twitter_handle_is_public),
        git_hub_handle_is_public = coalesce(:git_hub_handle_is_public, git_hub_handle_is_public),
        email_address_is_public = coalesce(:email_address_is_public, email_address_is_public),
        ui_dark_mode_enabled = coalesce(:ui_dark_mode_enabled, ui_dark_mode_enabled),
        updated_at = :now
    WHERE id = :id
    """
)

SET_ADMIN = Command("UPDATE user SET is_admin = :is_admin, updated_at = :now WHERE id = :id")

SET_EMAIL_VERIFIED = Command("UPDATE user SET is_email_verified = :verified WHERE id = :id")

# No name or address holds a slash, so a closed account never stands in the way of another.
DISABLE = Command(
    """
    UPDATE user
    SET username = username || :suffix,
        username_key = username_key || '/' || id,
        email_address = email_address || :suffix,
        email_key = email_key || '/' || id,
        password_hash = NULL,
        is_admin = 0,
        status = 'DISABLED',
        updated_at = :now
    WHERE id = :id
    """
)


def get_user(tx: Transaction, user_id: int) -> User:
    """Return a user by id, disabled ones too."""
    return tx.one(BY_ID, id=user_id)


def users_by_id(tx: Transaction, ids: list[int]) -> dict[int, User]:
    """Return users by id, in one statement."""
    return {user.id: user for user in tx.all(BY_IDS, ids=ids)}


def find_user(tx: Transaction, username: str) -> User | None:
    """Return a user by name, disabled ones not."""
    return tx.first(BY_NAME, key=names.key(username))


def find_user_by_any_name(tx: Transaction, name: str) -> User | None:
    """Return a user by username or e-mail address, disabled ones not."""
    return tx.first(BY_ANY_NAME, key=names.key(name))


def get_user_named(tx: Transaction, username: str) -> User:
    """Return a user by name, disabled ones not.

    Raises:
        NotFound: USER_NOT_FOUND.
    """
    return _known(find_user(tx, username), username)


def get_user_by_any_name(tx: Transaction, name: str) -> User:
    """Return a user by username or e-mail address, disabled ones not.

    Raises:
        NotFound: USER_NOT_FOUND.
    """
    return _known(find_user_by_any_name(tx, name), name)


def _known(user: User | None, name: str) -> User:
    if user is None:
        raise NotFound("USER_NOT_FOUND", name)
    return user


def all_users(tx: Transaction) -> list[User]:
    """Return every account that is not disabled, by name."""
    return tx.all(ALL)


def is_name_taken(tx: Transaction, username: str, except_user: int = 0) -> bool:
    """Return whether another user, or another catalog than theirs, answers to *username*."""
    return tx.first(NAME_TAKEN, key=names.key(username), except_user=except_user) is not None


def is_email_taken(tx: Transaction, email_address: str, except_user: int = 0) -> bool:
    """Return whether another user has *email_address*."""
    return tx.first(EMAIL_TAKEN, key=names.key(email_address), except_user=except_user) is not None


def is_empty(tx: Transaction) -> bool:
    """Return whether there was never an account."""
    return tx.first(ANY) is None


def has_other_admin(tx: Transaction, user_id: int) -> bool:
    """Return whether somebody else looks after accounts and can log in."""
    return tx.first(OTHER_ADMIN, user_id=user_id) is not None


def insert_user(
    tx: Transaction,
    username: str,
    email_address: str,
    password_hash: str | None,
    first_name: str | None,
    last_name: str | None,
    is_admin: bool,
    now: int,
) -> int:
    """Store a new account and return its id."""
    user_id = tx.one(INSERT_VIEWER)
    tx.run(
        INSERT,
        id=user_id,
        username=username,
        username_key=names.key(username),
        email_address=email_address,
        email_key=names.key(email_address),
        password_hash=password_hash,
        first_name=first_name,
        last_name=last_name,
        is_admin=is_admin,
        now=now,
    )
    return user_id


def update_user(tx: Transaction, user_id: int, change: UpdateUser, now: int) -> None:
    """Apply what *change* holds; None stays as it is."""
    values = {name: getattr(change, name) for name in UpdateUser.__slots__}
    tx.run(
        UPDATE,
        id=user_id,
        username_key=change.username and names.key(change.username),
        email_key=change.email_address and names.key(change.email_address),
        now=now,
        **values,
    )


def set_admin(tx: Transaction, user_id: int, is_admin: bool, now: int) -> None:
    """Make a user an administrator, or no longer one."""
    tx.run(SET_ADMIN, id=user_id, is_admin=is_admin, now=now)


def set_email_verified(tx: Transaction, user_id: int, verified: bool) -> None:
    """Note whether a user's address was shown to be their own."""
    tx.run(SET_EMAIL_VERIFIED, id=user_id, verified=verified)


def disable_user(tx: Transaction, user_id: int, suffix: str, now: int) -> None:
    """Close an account: its name and address get *suffix* and are free again."""
    tx.run(DISABLE, id=user_id, suffix=suffix, now=now)
