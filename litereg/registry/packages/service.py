"""Make, read and change packages.

Who may do what is decided in `litereg.access`; what a version holds, in
`litereg.registry.versions`.
"""

from __future__ import annotations

from litereg import access
from litereg.access import EVERYTHING, Permission, Viewer
from litereg.errors import Conflict, InvalidInput
from litereg.gql.context import Context
from litereg.registry import names
from litereg.registry.catalogs import queries as catalogs
from litereg.registry.catalogs.inputs import CatalogRef
from litereg.registry.deeds import new_openness, opening, package_name
from litereg.registry.models import Catalog, Package, Version
from litereg.registry.packages import queries
from litereg.registry.packages.inputs import CreatePackage, PackageRef, UpdatePackage
from litereg.registry.pages import Page, bounds, page
from litereg.registry.search import index as search
from litereg.registry.users import queries as users
from litereg.registry.versions import queries as versions
from litereg.store import Transaction

MAX_DISPLAY_NAME = 256


class PackageSlugTaken(Conflict):
    """Another package of the catalog answers to this name."""

    def __init__(self, slug: str) -> None:
        super().__init__("PACKAGE_SLUG_NOT_AVAILABLE", slug)


def require(tx: Transaction, viewer: Viewer, ref: PackageRef, needed: Permission) -> Package:
    """Return the package that *ref* names, if the viewer has the permission *needed* on it."""
    return queries.require_package(tx, viewer, ref, needed)


def versions_of(tx: Transaction, packages: list[Package]) -> list[list[Version]]:
    """Return for each of *packages* its active versions, the highest first."""
    by_package: dict[int, list[Version]] = {package.id: [] for package in packages}
    for version in versions.list_versions(tx, list(by_package)):
        by_package[version.package_id].append(version)
    return [by_package[package.id] for package in packages]


def list_latest(tx: Transaction, viewer: Viewer, offset: int, limit: int) -> Page[Package]:
    """Return a page of the packages the viewer may open, newest first."""
    offset, limit = bounds(offset, limit)
    found = queries.list_newest(tx, viewer.user_id, offset, limit + 1)
    return page(found, limit, lambda: queries.count_visible(tx, viewer.user_id))


def list_mine(tx: Transaction, viewer: Viewer, offset: int, limit: int) -> Page[Package]:
    """Return a page of the packages on which the viewer has a row and may open, newest first."""
    access.require_known(viewer)
    return queries.page_granted(tx, viewer.user_id, offset, limit)


def list_made_by(
    tx: Transaction, viewer: Viewer, username: str, offset: int, limit: int
) -> Page[Package]:
    """Return a page of the packages that a user made and the viewer may open, newest first."""
    user = users.get_user_named(tx, username)
    return queries.page_made_by(tx, viewer.user_id, user.id, offset, limit)


def name_only(catalog: Catalog) -> Catalog:
    """Return *catalog* as somebody sees it who may open a package of it but not itself."""
    return catalog._replace(
        display_name=catalog.slug,
        description=None,
        website="",
        is_public=False,
        is_unclaimed=False,
    )


def create(tx: Transaction, viewer: Viewer, value: CreatePackage, now: int) -> Package:
    """Make a private package on which the viewer has every permission."""
    catalog = catalogs.require_catalog(tx, viewer, value.catalog_slug, Permission.EDIT)
    _require_free(tx, catalog.id, value.package_slug)
    names.require_length(value.display_name, MAX_DISPLAY_NAME, "displayName")
    package_id = queries.insert_package(tx, catalog.id, value, viewer.user_id, now)
    queries.grant(tx, package_id, viewer.user_id, EVERYTHING)
    search.index_package(tx, package_id)
    return queries.get_package(tx, viewer.user_id, package_id)


def update(ctx: Context, ref: PackageRef, value: UpdatePackage) -> Package:
    """Change a package and return it."""
    tx, viewer = ctx.tx, ctx.viewer
    package = require(tx, viewer, ref, Permission.EDIT)
    target = package.catalog
    if value.new_catalog_slug:
        target = catalogs.require_catalog(tx, viewer, value.new_catalog_slug, Permission.EDIT)
    slug = value.new_package_slug or package.slug
    if (target.id, slug) != (package.catalog.id, package.slug):
        _require_free(tx, target.id, slug)
    names.require_length(value.display_name, MAX_DISPLAY_NAME, "displayName")
    with opening(ctx, package_name(package), _new_openness(package, target, value.is_public)):
        queries.update_package(tx, package.id, target.id, value, ctx.now)
    search.index_package(tx, package.id)
    return queries.get_package(tx, viewer.user_id, package.id)


def move(ctx: Context, ref: PackageRef, target: CatalogRef) -> None:
    """Move a package into another catalog."""
    tx, viewer = ctx.tx, ctx.viewer
    package = require(tx, viewer, ref, Permission.MANAGE)
    catalog = catalogs.require_catalog(tx, viewer, target.catalog_slug, Permission.EDIT)
    if catalog.id == package.catalog.id:
        raise InvalidInput("MOVE_TO_SAME_CATALOG_NOT_ALLOWED")
    if queries.is_slug_taken(tx, catalog.id, package.slug):
        raise Conflict("PACKAGE_IDENTIFIER_NOT_AVAILABLE", f"{catalog.slug}/{package.slug}")
    with opening(ctx, package_name(package), _new_openness(package, catalog, None)):
        queries.update_package(tx, package.id, catalog.id, UpdatePackage(), ctx.now)


def disable(tx: Transaction, viewer: Viewer, ref: PackageRef, now: int) -> Package:
    """Disable a package and return it under the name it is kept by."""
    package = require(tx, viewer, ref, Permission.MANAGE)
    suffix = f"-DISABLED-{now}"
    queries.disable_package(tx, package.id, suffix, now)
    search.forget_package(tx, package.id)
    return package._replace(slug=package.slug + suffix, updated_at=now)


def _new_openness(package: Package, target: Catalog, asked: bool | None) -> bool | None:
    """Return whether everybody may see a package from now on; None: as before.

    A public one that moves between a private catalog and a public one is opened or closed too.
    """
    changed = new_openness(package.is_public, asked)
    if changed is None and package.is_public:
        return new_openness(package.catalog.is_public, target.is_public)
    return changed


def _require_free(tx: Transaction, catalog_id: int, slug: str) -> None:
    if queries.is_slug_taken(tx, catalog_id, slug):
        raise PackageSlugTaken(slug)
