"""What clients send to the packages room."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageRef:
    """The name of a package."""

    catalog_slug: str
    package_slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatePackage:
    """A package to be made."""

    catalog_slug: str
    package_slug: str
    display_name: str
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatePackage:
    """What to change about a package; None and empty texts stay as they are."""

    new_catalog_slug: str | None = None
    new_package_slug: str | None = None
    display_name: str | None = None
    description: str | None = None
    is_public: bool | None = None
