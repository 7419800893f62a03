"""Statements of the images room."""

from __future__ import annotations

from typing import NamedTuple

from litereg.registry.images.pictures import Picture
from litereg.store import Command, Query, Transaction, content


class Stored(NamedTuple):
    """A picture as it was stored; `litereg.store.content.verified` says whether it still is."""

    media_type: str
    sha256: bytes
    body: bytes


FIND = Query(
    Stored,
    """
    SELECT i.media_type AS media_type, c.sha256 AS sha256, c.body AS body
    FROM image AS i
    JOIN content AS c ON c.id = i.content_id
    WHERE i.owner = :owner AND i.owner_id = :owner_id AND i.kind = :kind
    """,
)

CONTENT_ID = Query(
    int,
    """
    SELECT content_id
    FROM image
    WHERE owner = :owner AND owner_id = :owner_id AND kind = :kind
    """,
)

SET = Command(
    """
    INSERT INTO image(owner, owner_id, kind, media_type, content_id, uploader_id, updated_at)
    VALUES (:owner, :owner_id, :kind, :media_type, :content_id, :uploader_id, :now)
    ON CONFLICT(owner, owner_id, kind) DO UPDATE
    SET media_type = excluded.media_type,
        content_id = excluded.content_id,
        uploader_id = excluded.uploader_id,
        updated_at = excluded.updated_at
    """
)

DELETE = Command("DELETE FROM image WHERE owner = :owner AND owner_id = :owner_id AND kind = :kind")

FORGET_CONTENT = Command(
    """
    DELETE FROM content
    WHERE id = :id
      AND NOT EXISTS (SELECT 1 FROM image WHERE content_id = :id)
      AND NOT EXISTS (SELECT 1 FROM version WHERE content_id = :id)
    """
)


def find_image(tx: Transaction, owner: str, owner_id: int, kind: str) -> Stored | None:
    """Return the picture of that kind that something has."""
    return tx.first(FIND, owner=owner, owner_id=owner_id, kind=kind)


def set_image(
    tx: Transaction,
    owner: str,
    owner_id: int,
    kind: str,
    picture: Picture,
    uploader_id: int,
    now: int,
) -> None:
    """Give something a picture in place of the one it has, which is forgotten."""
    before = tx.first(CONTENT_ID, owner=owner, owner_id=owner_id, kind=kind)
    tx.run(
        SET,
        owner=owner,
        owner_id=owner_id,
        kind=kind,
        media_type=picture.media_type,
        content_id=content.put(tx, picture.sha256, picture.body),
        uploader_id=uploader_id,
        now=now,
    )
    if before is not None:
        tx.run(FORGET_CONTENT, id=before)


def delete_image(tx: Transaction, owner: str, owner_id: int, kind: str) -> None:
    """Take a picture away, if there is one."""
    before = tx.first(CONTENT_ID, owner=owner, owner_id=owner_id, kind=kind)
    if before is not None:
        tx.run(DELETE, owner=owner, owner_id=owner_id, kind=kind)
        tx.run(FORGET_CONTENT, id=before)
