"""Statements of the letters that wait."""

from __future__ import annotations

from typing import NamedTuple

from litereg.store import Command, Query


class Waiting(NamedTuple):
    """A letter to be sent now."""

    id: int
    to_address: str
    to_name: str
    subject: str
    body: str
    created_at: int
    tries: int


INSERT = Command(
    """
    INSERT INTO mail(to_address, to_name, subject, body, created_at, due_at)
    VALUES (:to_address, :to_name, :subject, :body, :now, :now)
    """
)

ANY_DUE = Query(int, "SELECT 1 FROM mail WHERE due_at <= :now LIMIT 1")

DUE = Query(
    Waiting,
    """
    SELECT id, to_address, to_name, subject, body, created_at, tries
    FROM mail
    WHERE due_at <= :now
    ORDER BY due_at, id
    LIMIT :limit
    """,
)

TRY = Command("UPDATE mail SET tries = tries + 1, due_at = :due_at WHERE id = :id")

NOTE_ERROR = Command("UPDATE mail SET last_error = :error WHERE id = :id")

GIVE_UP = Command("UPDATE mail SET body = NULL, due_at = NULL WHERE id = :id")

DELETE = Command("DELETE FROM mail WHERE id = :id")
