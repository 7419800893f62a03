"""GraphQL fields of full names: each is a row of what it names, seen as its name.

The address comes from the settings, never from the request.
"""

from __future__ import annotations

from litereg.gql.context import Context
from litereg.gql.resolver import resolver
from litereg.registry.models import Catalog, Collection, Package, Version

MODELS = {
    "CatalogIdentifier": Catalog,
    "CollectionIdentifier": Collection,
    "PackageIdentifier": Package,
    "VersionIdentifier": Version,
}
PATHS = {
    "Catalog.identifier": "",
    "CatalogIdentifier.catalogSlug": "slug",
    "Collection.identifier": "",
    "CollectionIdentifier.collectionSlug": "slug",
    "Package.identifier": "",
    "PackageIdentifier.catalogSlug": "catalog.slug",
    "PackageIdentifier.packageSlug": "slug",
    "Version.identifier": "",
    "VersionIdentifier.versionMajor": "major",
    "VersionIdentifier.versionMinor": "minor",
    "VersionIdentifier.versionPatch": "patch",
}


@resolver("CatalogIdentifier.registryHostname", reads=())
@resolver("CollectionIdentifier.registryHostname", reads=())
@resolver("PackageIdentifier.registryHostname", reads=())
@resolver("VersionIdentifier.registryHostname", reads=())
def registry_hostname(named: object, ctx: Context) -> str:
    """Return the host name of the registry."""
    return ctx.settings.hostname


@resolver("CatalogIdentifier.registryPort", reads=())
@resolver("CollectionIdentifier.registryPort", reads=())
@resolver("PackageIdentifier.registryPort", reads=())
@resolver("VersionIdentifier.registryPort", reads=())
def registry_port(named: object, ctx: Context) -> int:
    """Return the port of the registry."""
    return ctx.settings.url_port


@resolver("CatalogIdentifier.registryURL", reads=())
@resolver("CollectionIdentifier.registryURL", reads=())
@resolver("PackageIdentifier.registryURL", reads=())
@resolver("VersionIdentifier.registryURL", reads=())
def registry_url(named: object, ctx: Context) -> str:
    """Return the address of the registry."""
    return ctx.settings.url
