"""Statements of what a log-in needs of an account, and of the passwords it is checked against."""

from __future__ import annotations

from typing import NamedTuple

from litereg.store import Command, Query, Transaction


class Secret(NamedTuple):
    """What a log-in is checked against."""

    id: int
    username: str
    password_hash: str | None
    status: str
    is_email_verified: bool


_LOG_IN_COLUMNS = """u.id AS id, u.username AS username, u.password_hash AS password_hash,
           u.status AS status, u.is_email_verified AS is_email_verified"""

SECRET = Query(
    Secret,
    f"""
    SELECT {_LOG_IN_COLUMNS}
    FROM user AS u
    WHERE u.username_key = :name OR u.email_key = :name
    """,
)

SECRET_BY_ID = Query(
    Secret,
    f"""
    SELECT {_LOG_IN_COLUMNS}
    FROM user AS u
    WHERE u.id = :id
    """,
)

SET_PASSWORD = Command(
    """
    UPDATE user
    SET password_hash = :password_hash, updated_at = :now
    WHERE id = :id
    """
)

SET_PASSWORD_HASH = Command(
    """
    UPDATE user
    SET password_hash = :password_hash
    WHERE id = :id AND password_hash IS :old_hash
    """
)

TOUCH_LOGIN = Command("UPDATE user SET last_login_at = :now WHERE id = :id")


def find_secret(tx: Transaction, name: str) -> Secret | None:
    """Return what a log-in as *name*, a username or e-mail address in lower case, must know."""
    return tx.first(SECRET, name=name)


def find_secret_by_id(tx: Transaction, user_id: int) -> Secret | None:
    """Return the same of the user of that id."""
    return tx.first(SECRET_BY_ID, id=user_id)


def set_password(tx: Transaction, user_id: int, password_hash: str, now: int) -> None:
    """Store the hash of a new password."""
    tx.run(SET_PASSWORD, id=user_id, password_hash=password_hash, now=now)


def set_password_hash(
    tx: Transaction, user_id: int, old_hash: str | None, password_hash: str
) -> None:
    """Store another hash of the same password: nothing that the user would notice.

    Nothing happens when *old_hash* is in force no more: the password was changed meanwhile.
    """
    tx.run(SET_PASSWORD_HASH, id=user_id, old_hash=old_hash, password_hash=password_hash)


def touch_login(tx: Transaction, user_id: int, now: int) -> None:
    """Note when a user logged in."""
    tx.run(TOUCH_LOGIN, id=user_id, now=now)
