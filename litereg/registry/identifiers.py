"""Full names of catalogs, packages, versions and collections, the registry's address included.

The address comes from the settings, never from the request.
"""

from __future__ import annotations

from typing import NamedTuple

from litereg.settings import Settings


class CatalogIdentifier(NamedTuple):
    """The full name of a catalog."""

    registry_hostname: str
    registry_port: int
    registry_url: str
    catalog_slug: str

    @classmethod
    def of(cls, settings: Settings, catalog_slug: str) -> CatalogIdentifier:
        """Return the full name of the catalog *catalog_slug* of this registry."""
        return cls(settings.hostname, settings.url_port, settings.url, catalog_slug)


class CollectionIdentifier(NamedTuple):
    """The full name of a collection."""

    registry_hostname: str
    registry_port: int
    registry_url: str
    collection_slug: str

    @classmethod
    def of(cls, settings: Settings, collection_slug: str) -> CollectionIdentifier:
        """Return the full name of the collection *collection_slug* of this registry."""
        return cls(settings.hostname, settings.url_port, settings.url, collection_slug)


class PackageIdentifier(NamedTuple):
    """The full name of a package."""

    registry_hostname: str
    registry_port: int
    registry_url: str
    catalog_slug: str
    package_slug: str

    @classmethod
    def of(cls, settings: Settings, catalog_slug: str, package_slug: str) -> PackageIdentifier:
        """Return the full name of a package of this registry."""
        return cls(settings.hostname, settings.url_port, settings.url, catalog_slug, package_slug)


class VersionIdentifier(NamedTuple):
    """The full name of a version."""

    registry_hostname: str
    registry_port: int
    registry_url: str
    catalog_slug: str
    package_slug: str
    version_major: int
    version_minor: int
    version_patch: int
