"""Statements of the rate limits."""

from __future__ import annotations

from litereg.store import Command, Query, Transaction

FIND = Query(int, "SELECT full_at FROM rate_bucket WHERE key = :key AND full_at > :now")

PUT = Command(
    """
    INSERT INTO rate_bucket(key, full_at)
    VALUES (:key, :full_at)
    ON CONFLICT (key) DO UPDATE SET full_at = excluded.full_at
    """
)

TAKE_BACK = Command("UPDATE rate_bucket SET full_at = full_at - :cost WHERE key = :key")

FORGET = Command("DELETE FROM rate_bucket WHERE full_at <= :now")


def full_at(tx: Transaction, key: bytes, now: int) -> int:
    """Return when the bucket *key* is full again: *now*, when it is full already."""
    found = tx.first(FIND, key=key, now=now)
    return now if found is None else found


def put(tx: Transaction, key: bytes, full_at: int) -> None:
    """Store when the bucket *key* is full again."""
    tx.run(PUT, key=key, full_at=full_at)


def take_back(tx: Transaction, key: bytes, cost: int) -> None:
    """Make the bucket *key* full *cost* milliseconds earlier."""
    tx.run(TAKE_BACK, key=key, cost=cost)


def forget_full(tx: Transaction, now: int) -> None:
    """Forget the buckets that are full by *now*: they are as good as new."""
    tx.run(FORGET, now=now)
