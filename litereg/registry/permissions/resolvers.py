"""GraphQL fields of the permissions room."""

from __future__ import annotations

from litereg.access import Permission
from litereg.gql.context import Context
from litereg.gql.resolver import resolver
from litereg.registry.catalogs.inputs import CatalogRef
from litereg.registry.collections.inputs import CollectionRef
from litereg.registry.models import Catalog, CatalogMember, User
from litereg.registry.packages.inputs import PackageRef
from litereg.registry.permissions import service
from litereg.registry.permissions.inputs import (
    SetCatalogPermission,
    SetCollectionPermission,
    SetPackagePermission,
)
from litereg.registry.permissions.service import OnCatalog, OnCollection, OnPackage

MODELS = {
    "UserCatalog": OnCatalog,
    "UserPackagePermissions": OnPackage,
    "UserCollectionPermissions": OnCollection,
}
INPUTS = {
    "SetPackagePermissionInput": SetPackagePermission,
    "SetUserCatalogPermissionInput": SetCatalogPermission,
    "SetUserCollectionPermissionsInput": SetCollectionPermission,
}


@resolver("User.user", reads=())
def itself(user: User, ctx: Context) -> User:
    """Return the user."""
    return user


@resolver("User.permissions")
def permissions(user: User, ctx: Context) -> list[Permission] | None:
    """Return what a member of a catalog was granted on it."""
    return user.permissions if isinstance(user, CatalogMember) else None


@resolver("User.packagePermissions")
def package_permissions(user: User, ctx: Context) -> list[Permission] | None:
    """Return what a member of a catalog may do with its packages."""
    return user.package_permissions if isinstance(user, CatalogMember) else None


@resolver("Catalog.userPermissions", batch=True)
def user_permissions(catalogs: list[Catalog], ctx: Context) -> list[list[OnCatalog] | None]:
    """Return who was granted anything on each catalog."""
    return service.list_on_catalogs(ctx.tx, ctx.viewer, catalogs)


@resolver("Query.usersByCatalog")
def users_by_catalog(ctx: Context, *, identifier: CatalogRef) -> list[CatalogMember]:
    """Return the members of a catalog."""
    return service.list_members(ctx.tx, ctx.viewer, identifier)


@resolver("Query.usersByPackage")
def users_by_package(ctx: Context, *, identifier: PackageRef) -> list[OnPackage]:
    """Return the members of a package."""
    return service.list_on_package(ctx.tx, ctx.viewer, identifier)


@resolver("Query.usersByCollection")
def users_by_collection(ctx: Context, *, identifier: CollectionRef) -> list[OnCollection]:
    """Return the members of a collection."""
    return service.list_on_collection(ctx.tx, ctx.viewer, identifier)


@resolver("Mutation.setPackagePermissions")
def set_package_permissions(
    ctx: Context, *, identifier: PackageRef, value: SetPackagePermission
) -> OnPackage:
    """Say what a user may do with a package."""
    return service.set_on_package(ctx, identifier, value)


@resolver("Mutation.removePackagePermissions")
def remove_package_permissions(
    ctx: Context,
    *,
    identifier: PackageRef,
    username: str | None = None,
    username_or_email_address: str | None = None,
) -> None:
    """Take away what a user may do with a package."""
    service.revoke_on_package(ctx, identifier, username, username_or_email_address)


@resolver("Mutation.setUserCatalogPermission")
def set_catalog_permissions(
    ctx: Context,
    *,
    identifier: CatalogRef,
    value: list[SetCatalogPermission],
    message: str | None = None,
) -> None:
    """Say what users may do with a catalog."""
    service.set_on_catalog(ctx, identifier, value, message)


@resolver("Mutation.deleteUserCatalogPermissions")
def delete_catalog_permissions(
    ctx: Context, *, identifier: CatalogRef, username_or_email_address: str
) -> None:
    """Take away what a user may do with a catalog."""
    service.revoke_on_catalog(ctx, identifier.catalog_slug, username_or_email_address)


@resolver("Mutation.removeUserFromCatalog")
def remove_user_from_catalog(ctx: Context, *, username: str, catalog_slug: str) -> User:
    """Take away what a user may do with a catalog and return the user."""
    return service.revoke_on_catalog(ctx, catalog_slug, username)


@resolver("Mutation.setUserCollectionPermissions")
def set_collection_permissions(
    ctx: Context,
    *,
    identifier: CollectionRef,
    value: list[SetCollectionPermission],
    message: str | None = None,
) -> None:
    """Say what users may do with a collection."""
    service.set_on_collection(ctx, identifier, value, message)


@resolver("Mutation.deleteUserCollectionPermissions")
def delete_collection_permissions(
    ctx: Context, *, identifier: CollectionRef, username_or_email_address: str
) -> None:
    """Take away what a user may do with a collection."""
    service.revoke_on_collection(ctx, identifier, username_or_email_address)
