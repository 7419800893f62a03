"""What clients send to the permissions room."""

from __future__ import annotations

from dataclasses import dataclass

from litereg.access import Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPackagePermission:
    """What one user may do with a package; the user goes by exactly one of the two names."""

    username: str | None = None
    username_or_email_address: str | None = None
    permissions: list[Permission]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCatalogPermission:
    """What one user may do with a catalog, and with each of its packages on top of that."""

    username_or_email_address: str
    permission: list[Permission]
    package_permissions: list[Permission]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCollectionPermission:
    """What one user may do with a collection."""

    username_or_email_address: str
    permissions: list[Permission]
