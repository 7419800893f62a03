"""Shelves to test permissions with: a catalog of the owner's with one published package.

Everybody in `GRANTS` has the same permissions on each shelf; so the name says what somebody may do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from litereg.access import Permission, Viewer, permission_sum
from litereg.gql.context import Context, Memory
from litereg.registry.catalogs import queries as catalogs
from litereg.registry.catalogs import service as catalog_service
from litereg.registry.catalogs.inputs import CreateCatalog
from litereg.registry.packages import queries as packages
from litereg.registry.packages import service as package_service
from litereg.registry.packages.inputs import CreatePackage, PackageRef, UpdatePackage
from litereg.registry.users import queries as users
from litereg.registry.versions import service as version_service
from litereg.registry.versions.resolvers import read_submission
from litereg.settings import Settings
from tests.client import package_file

VIEW, EDIT, MANAGE, NONE = (
    [permission]
    for permission in (Permission.VIEW, Permission.EDIT, Permission.MANAGE, Permission.NONE)
)

# Who → the permissions in their row on the catalog and in their row on the package.
GRANTS = {
    "package-viewer": (None, VIEW),
    "package-editor": (None, EDIT),
    "package-manager": (None, MANAGE),
    "catalog-viewer": (VIEW, None),
    "catalog-editor": (EDIT, None),
    "catalog-manager": (MANAGE, None),
    "none-on-both": (NONE, NONE),
    "none-on-package": (VIEW, NONE),
    "empty-rows": ([], []),
}

# The first account of a registry is its administrator.
ADMINISTRATOR = "administrator"
SIGNED_UP = [ADMINISTRATOR, "owner", "stranger", "closed", *GRANTS]
EVERYBODY = ["anonymous", *SIGNED_UP]


class Openness(NamedTuple):
    """What is public."""

    catalog: bool
    package: bool

    def __str__(self):
        words = {True: "public", False: "private"}
        return f"{words[self.package]}-package-in-{words[self.catalog]}-catalog"


ALL_OPENNESS = [Openness(c, p) for c in (True, False) for p in (True, False)]


@dataclass(frozen=True)
class Shelf:
    """The names of a catalog and its package."""

    slug: str

    @property
    def catalog(self):
        return {"catalogSlug": self.slug}

    @property
    def package(self):
        return {"catalogSlug": self.slug, "packageSlug": "rain"}

    @property
    def version(self):
        numbers = {"versionMajor": 1, "versionMinor": 0, "versionPatch": 0}
        return {**self.package, **numbers}


async def sign_up(people):
    """Make everybody's account; the one called `closed` is closed again."""
    callers = {name: await people(name) for name in SIGNED_UP}
    assert not (await callers["closed"].mutate("disableMe", "username")).errors
    return callers | {"anonymous": people.anonymous}


async def make_shelf(registry, slug, openness):
    """Make the shelf *slug* with what it grants to whom."""
    return await registry.database.write(_make_shelf, slug, openness)


def acting(tx, viewer):
    """Return the context of an operation that *viewer* sent, early in 1970."""
    return Context(tx, viewer, Settings(), Memory(1, b"tests"), 1)


def _make_shelf(tx, slug, openness):
    ids = {name: users.find_user(tx, name).id for name in ("owner", *GRANTS)}
    owner = Viewer(ids["owner"], "owner", is_admin=False)
    shelf = CreateCatalog(slug=slug, display_name=slug, is_public=openness.catalog)
    catalog = catalog_service.create(acting(tx, owner), shelf)
    rain = CreatePackage(catalog_slug=slug, package_slug="rain", display_name="Rain")
    package = package_service.create(tx, owner, rain, 1)
    ref = PackageRef(catalog_slug=slug, package_slug="rain")
    change = UpdatePackage(is_public=openness.package)
    package_service.update(acting(tx, owner), ref, change)
    version_service.create(tx, owner, ref, read_submission(package_file()), 1)
    for name, (on_catalog, on_package) in GRANTS.items():
        if on_catalog is not None:
            catalogs.grant(tx, catalog.id, ids[name], permission_sum(on_catalog))
        if on_package is not None:
            packages.grant(tx, package.id, ids[name], permission_sum(on_package))
    return Shelf(slug)
