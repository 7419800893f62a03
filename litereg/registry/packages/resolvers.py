"""GraphQL fields of the packages room."""

from __future__ import annotations

from litereg.access import VISIBLE, Permission, permission_list
from litereg.gql.context import Context
from litereg.gql.resolver import resolver
from litereg.registry.catalogs.inputs import CatalogRef
from litereg.registry.models import Catalog, Package, Version
from litereg.registry.packages import service
from litereg.registry.packages.inputs import CreatePackage, PackageRef, UpdatePackage
from litereg.registry.pages import Page
from litereg.registry.update_methods import UpdateMethod, method_list

MODELS = {
    "Package": Package,
    "LatestPackagesResult": Page,
    "PackagesResult": Page,
}
INPUTS = {
    "PackageIdentifierInput": PackageRef,
    "CreatePackageInput": CreatePackage,
    "UpdatePackageInput": UpdatePackage,
}
ENUMS = {"UpdateMethod": UpdateMethod}


@resolver("Package.catalog", reads=("catalog.slug",))
def catalog(package: Package, ctx: Context) -> Catalog:
    """Return a package's catalog, as much of it as the viewer may see."""
    if package.catalog.permissions & VISIBLE:
        return package.catalog
    return service.name_only(package.catalog)


@resolver("Package.myPermissions", reads=("permissions",))
def my_permissions(package: Package, ctx: Context) -> list[Permission]:
    """Return what the viewer may do with a package."""
    return permission_list(package.permissions)


@resolver("Package.versions", batch=True, reads=("id",))
def versions(packages: list[Package], ctx: Context) -> list[list[Version]]:
    """Return the versions of each package."""
    return service.versions_of(ctx.tx, packages)


@resolver("Package.updateMethods", reads=("latest_version.update_methods",))
def update_methods(package: Package, ctx: Context) -> list[UpdateMethod] | None:
    """Return how the sources of a package's latest version are updated."""
    latest = package.latest_version
    return None if latest is None else method_list(latest.update_methods)


@resolver("Package.viewedCount", reads=())
def viewed_count(package: Package, ctx: Context) -> None:
    """Say nothing: views are not counted."""


@resolver("PackagesResult.packages")
def items(page: Page[Package], ctx: Context) -> list[Package]:
    """Return what is on the page."""
    return page.items


@resolver("PackagesResult.count")
def count(page: Page[Package], ctx: Context) -> int:
    """Return how many packages there are in all."""
    return page.total()


@resolver("LatestPackagesResult.packages")
def latest_items(page: Page[Package], ctx: Context) -> list[Package]:
    """Return what is on the page."""
    return page.items


@resolver("LatestPackagesResult.count")
def latest_count(page: Page[Package], ctx: Context) -> int:
    """Return how many packages there are in all."""
    return page.total()


@resolver("Query.package")
def package(ctx: Context, *, identifier: PackageRef) -> Package:
    """Return a package by name."""
    return service.require(ctx.tx, ctx.viewer, identifier, Permission.VIEW)


@resolver("Query.latestPackages")
def latest_packages(ctx: Context, *, off_set: int, limit: int) -> Page[Package]:
    """Return the newest packages."""
    return service.list_latest(ctx.tx, ctx.viewer, off_set, limit)


@resolver("Query.myPackages")
def my_packages(ctx: Context, *, offset: int, limit: int) -> Page[Package]:
    """Return the viewer's packages."""
    return service.list_mine(ctx.tx, ctx.viewer, offset, limit)


@resolver("Query.userPackages")
def user_packages(ctx: Context, *, username: str, off_set: int, limit: int) -> Page[Package]:
    """Return the packages that a user made."""
    return service.list_made_by(ctx.tx, ctx.viewer, username, off_set, limit)


@resolver("Mutation.createPackage")
def create_package(ctx: Context, *, value: CreatePackage) -> Package:
    """Make a package."""
    return service.create(ctx.tx, ctx.viewer, value, ctx.now)


@resolver("Mutation.updatePackage")
def update_package(ctx: Context, *, identifier: PackageRef, value: UpdatePackage) -> Package:
    """Change a package."""
    return service.update(ctx, identifier, value)


@resolver("Mutation.disablePackage")
def disable_package(ctx: Context, *, identifier: PackageRef) -> Package:
    """Disable a package."""
    return service.disable(ctx.tx, ctx.viewer, identifier, ctx.now)


@resolver("Mutation.deletePackage")
def delete_package(ctx: Context, *, identifier: PackageRef) -> None:
    """Disable a package and answer nothing."""
    service.disable(ctx.tx, ctx.viewer, identifier, ctx.now)


@resolver("Mutation.movePackage")
def move_package(ctx: Context, *, identifier: PackageRef, catalog_identifier: CatalogRef) -> None:
    """Move a package into another catalog."""
    service.move(ctx, identifier, catalog_identifier)
