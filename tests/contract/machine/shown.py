"""What a registry shows of itself, to whom: objects as far as a viewer may see them, and lists."""

from __future__ import annotations

from tests.contract.machine.things import Catalog, Collection, Package, User, may, told


class Shown:
    """Users and things in the order in which they were made, and what is seen of them."""

    def __init__(self):
        self.users: list[User] = []
        self.catalogs: list[Catalog] = []
        self.packages: list[Package] = []
        self.collections: list[Collection] = []

    def view(self, viewer):
        """Return everything that *viewer* sees without naming anything; the newest first."""
        packages, catalogs, collections = (
            [thing for thing in reversed(things) if self._is_open(thing, viewer)]
            for things in (self.packages, self.catalogs, self.collections)
        )
        rain = [package for package in packages if package.slug == "rain"]
        yak = [package for package in packages if "yak" in self.columns_of(package)]
        seen = {
            "latestPackages": [self._package_seen(package, viewer) for package in packages],
            "searchPackages": [self._package_seen(package, viewer) for package in packages],
            "searchCatalogs": [self._catalog_seen(catalog, viewer) for catalog in catalogs],
            "searchCollections": [self._collection_seen(c, viewer) for c in collections],
            "collections": [self._collection_seen(c, viewer) for c in collections],
            "rain": sorted(self._package_seen(package, viewer) for package in rain),
            "yak": sorted(self._package_seen(package, viewer) for package in yak),
        }
        if viewer is None:
            return seen
        mine, mine_too = (
            sorted((t for t in things if viewer in t.grants), key=lambda t: t.slug.lower())
            for things in (catalogs, collections)
        )
        return seen | {
            "me": viewer.name,
            "myCatalogs": [self._catalog_seen(catalog, viewer) for catalog in mine],
            "myPackages": [self._package_seen(p, viewer) for p in packages if viewer in p.grants],
            "myCollections": [self._collection_seen(c, viewer) for c in mine_too],
        }

    def _is_open(self, thing, viewer):
        return thing.is_active and may(thing, viewer, "VIEW")

    def _catalog_seen(self, catalog, viewer):
        packages = [
            p.slug
            for p in reversed(self.packages)
            if p.catalog is catalog and self._is_open(p, viewer)
        ]
        return [*self._seen(catalog, viewer), packages]

    def _package_seen(self, package, viewer):
        # Who may open the package and not its catalog sees no more of the catalog than its name.
        catalog = package.catalog
        is_public = catalog.is_public and may(catalog, viewer, "VIEW")
        versions = self.versions_seen(package)
        return [
            catalog.slug,
            is_public,
            told(catalog.permissions(viewer)),
            *self._seen(package, viewer),
            versions[0] if versions else None,
            versions,
        ]

    def _collection_seen(self, collection, viewer):
        packages = [p for p in collection.packages if self._is_open(p, viewer)]
        names = sorted([package.catalog.slug, package.slug] for package in packages)
        return [*self._seen(collection, viewer), names]

    def _seen(self, thing, viewer):
        return [thing.slug, thing.is_public, told(thing.permissions(viewer))]
