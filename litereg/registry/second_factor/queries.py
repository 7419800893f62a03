"""Statements of the second factor room. Recovery codes are known by their SHA-256 only."""

from __future__ import annotations

from typing import NamedTuple

from litereg.store import Command, Query, Transaction


class Factor(NamedTuple):
    """The app of a user.

    Attributes:
        secret: what its codes are made of.
        confirmed_at: since when it is asked for, Unix milliseconds.
        last_step: the half minute of the last code that was taken.
    """

    secret: bytes
    confirmed_at: int
    last_step: int


FIND = Query(
    Factor,
    """
    SELECT secret, confirmed_at, last_step
    FROM second_factor
    WHERE user_id = :user_id
    """,
)

USERS = Query(
    int,
    """
    SELECT user_id
    FROM second_factor
    ORDER BY user_id
    """,
    scans="the administrator asks for every account",
)

PUT = Command(
    """
    INSERT INTO second_factor(user_id, secret, confirmed_at, last_step)
    VALUES (:user_id, :secret, :now, :step)
    ON CONFLICT (user_id) DO UPDATE
    SET secret = excluded.secret,
        confirmed_at = excluded.confirmed_at,
        last_step = excluded.last_step
    """
)

SET_LAST_STEP = Command("UPDATE second_factor SET last_step = :step WHERE user_id = :user_id")

DELETE = Command("DELETE FROM second_factor WHERE user_id = :user_id")

FIND_PENDING = Query(
    bytes,
    """
    SELECT secret
    FROM pending_second_factor
    WHERE user_id = :user_id AND begun_at > :since
    """,
)

PUT_PENDING = Command(
    """
    INSERT INTO pending_second_factor(user_id, secret, begun_at)
    VALUES (:user_id, :secret, :now)
    ON CONFLICT (user_id) DO UPDATE
    SET secret = excluded.secret, begun_at = excluded.begun_at
    """
)

DELETE_PENDING = Command("DELETE FROM pending_second_factor WHERE user_id = :user_id")

INSERT_CODE = Command("INSERT INTO recovery_code(code_sha256, user_id) VALUES (:code, :user_id)")

TAKE_CODE = Command("DELETE FROM recovery_code WHERE code_sha256 = :code AND user_id = :user_id")

COUNT_CODES = Query(int, "SELECT count(*) FROM recovery_code WHERE user_id = :user_id")

DELETE_CODES = Command("DELETE FROM recovery_code WHERE user_id = :user_id")


def find(tx: Transaction, user_id: int) -> Factor | None:
    """Return a user's app, if they have one that is asked for."""
    return tx.first(FIND, user_id=user_id)


def users_with_one(tx: Transaction) -> set[int]:
    """Return the ids of all users who have a second factor."""
    return set(tx.all(USERS))


def put(tx: Transaction, user_id: int, secret: bytes, step: int, now: int) -> None:
    """Give a user an app, in the place of the one that they have, if any."""
    tx.run(PUT, user_id=user_id, secret=secret, step=step, now=now)


def set_last_step(tx: Transaction, user_id: int, step: int) -> None:
    """Note the half minute of the code that was taken."""
    tx.run(SET_LAST_STEP, user_id=user_id, step=step)


def delete_all(tx: Transaction, user_id: int) -> None:
    """Forget a user's app, the one that they were setting up, and their recovery codes."""
    for command in (DELETE, DELETE_PENDING, DELETE_CODES):
        tx.run(command, user_id=user_id)


def find_pending(tx: Transaction, user_id: int, since: int) -> bytes | None:
    """Return the secret of the app that a user has begun to set up after *since*."""
    return tx.first(FIND_PENDING, user_id=user_id, since=since)


def put_pending(tx: Transaction, user_id: int, secret: bytes, now: int) -> None:
    """Store the secret of an app that is being set up; one before it is forgotten."""
    tx.run(PUT_PENDING, user_id=user_id, secret=secret, now=now)


def delete_pending(tx: Transaction, user_id: int) -> None:
    """Forget the app that a user was setting up."""
    tx.run(DELETE_PENDING, user_id=user_id)


def replace_codes(tx: Transaction, user_id: int, codes: list[bytes]) -> None:
    """Give a user recovery codes, by their digests, in the place of all they have."""
    tx.run(DELETE_CODES, user_id=user_id)
    for code in codes:
        tx.run(INSERT_CODE, code=code, user_id=user_id)


def take_code(tx: Transaction, user_id: int, code: bytes) -> bool:
    """Return whether a user has the recovery code with that digest, and use it up."""
    return tx.run(TAKE_CODE, code=code, user_id=user_id) > 0


def count_codes(tx: Transaction, user_id: int) -> int:
    """Return how many recovery codes a user has left."""
    return tx.one(COUNT_CODES, user_id=user_id)
