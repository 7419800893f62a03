"""What clients send to the collections room."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionRef:
    """The name of a collection."""

    collection_slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateCollection:
    """A collection to be made."""

    collection_slug: str
    name: str
    description: str | None = None
    is_public: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateCollection:
    """What to change about a collection; None and empty texts stay as they are."""

    new_collection_slug: str | None = None
    name: str | None = None
    description: str | None = None
    is_public: bool | None = None
