"""What clients send to the catalogs room."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogRef:
    """The name of a catalog."""

    catalog_slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateCatalog:
    """A catalog to be made."""

    slug: str
    display_name: str
    is_public: bool
    description: str | None = None
    website: str | None = None
    unclaimed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateCatalog:
    """What to change about a catalog; None and empty texts stay as they are."""

    new_slug: str | None = None
    display_name: str | None = None
    description: str | None = None
    website: str | None = None
    is_public: bool | None = None
    unclaimed: bool | None = None
