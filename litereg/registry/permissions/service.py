"""Grant and take away permissions, and say who has which.

What a permission allows is decided in `litereg.access`. A catalog and a collection keep at least
one manager, so that nobody shuts everybody out; a package needs none of its own, because whoever
manages its catalog manages it.
"""

from __future__ import annotations

from typing import NamedTuple

from litereg.access import VISIBLE, Permission, Viewer, permission_list, permission_sum
from litereg.errors import InvalidInput, LimitExceeded
from litereg.gql.context import Context
from litereg.registry.catalogs import queries as catalogs
from litereg.registry.catalogs.inputs import CatalogRef
from litereg.registry.collections import queries as collections
from litereg.registry.collections.inputs import CollectionRef
from litereg.registry.deeds import package_name, sharing
from litereg.registry.models import Catalog, CatalogMember, Collection, Package, User
from litereg.registry.packages import queries as packages
from litereg.registry.packages.inputs import PackageRef
from litereg.registry.permissions import messages, queries
from litereg.registry.permissions.inputs import (
    SetCatalogPermission,
    SetCollectionPermission,
    SetPackagePermission,
)
from litereg.registry.permissions.notices import Shared, announce
from litereg.registry.users import queries as users
from litereg.store import Transaction

MAX_AT_ONCE = 100


class OnCatalog(NamedTuple):
    """What a user was granted on a catalog, as far as the viewer may know."""

    user: User
    catalog: Catalog
    permissions: list[Permission] | None


class OnPackage(NamedTuple):
    """What a user was granted on a package itself."""

    package: Package
    user: User
    permissions: list[Permission]

    @property
    def username(self) -> str:
        """The user's name."""
        return self.user.username


class OnCollection(NamedTuple):
    """What a user was granted on a collection."""

    user: User
    permissions: list[Permission]


class LastManager(InvalidInput):
    """Nobody would be left who can grant anything."""

    def __init__(self) -> None:
        super().__init__(
            "LAST_MANAGER", "somebody has to keep MANAGE; in a user's own catalog, they"
        )


def list_on_package(tx: Transaction, viewer: Viewer, ref: PackageRef) -> list[OnPackage]:
    """Return what everybody was granted on a package itself, by username."""
    package = packages.require_package(tx, viewer, ref, Permission.MANAGE)
    return [
        OnPackage(package, grant.user, permission_list(grant.permissions))
        for grant in queries.list_on_package(tx, package.id)
    ]


def set_on_package(ctx: Context, ref: PackageRef, value: SetPackagePermission) -> OnPackage:
    """Give a user exactly the permissions of *value* on a package."""
    tx = ctx.tx
    package = packages.require_package(tx, ctx.viewer, ref, Permission.MANAGE)
    name = _one_name(value.username, value.username_or_email_address)
    user = users.get_user_by_any_name(tx, name)
    stored = permission_sum(value.permissions)
    before = queries.held_on_package(tx, package.id, user.id)
    with sharing(ctx, package_name(package), user, stored):
        packages.grant(tx, package.id, user.id, stored)
    announce(ctx, user, Shared.package(package), before, stored)
    return OnPackage(package, user, permission_list(stored))


def revoke_on_package(
    ctx: Context, ref: PackageRef, username: str | None, name: str | None
) -> None:
    """Take away what a user, called *username* or *name*, was granted on a package itself."""
    package = packages.require_package(ctx.tx, ctx.viewer, ref, Permission.MANAGE)
    user = users.get_user_by_any_name(ctx.tx, _one_name(username, name))
    with sharing(ctx, package_name(package), user, 0):
        queries.revoke_on_package(ctx.tx, package.id, user.id)


def list_members(tx: Transaction, viewer: Viewer, ref: CatalogRef) -> list[CatalogMember]:
    """Return the users who were granted anything on a catalog that the viewer may see."""
    catalog = catalogs.require_catalog(tx, viewer, ref.catalog_slug, Permission.VIEW)
    manages = catalog.permissions & Permission.MANAGE.satisfied_by
    members = []
    for grant in queries.list_on_catalogs(tx, [catalog.id]):
        member = CatalogMember(*grant.user)
        if manages or grant.user.id == viewer.user_id:
            member.permissions = permission_list(grant.permissions)
            on_packages = grant.permissions | grant.package_permissions
            member.package_permissions = permission_list(on_packages)
        members.append(member)
    return members


def list_on_catalogs(
    tx: Transaction, viewer: Viewer, seen: list[Catalog]
) -> list[list[OnCatalog] | None]:
    """Return for each catalog who was granted anything; None where the viewer may not open it."""
    open_ids = [catalog.id for catalog in seen if catalog.permissions & VISIBLE]
    by_catalog: dict[int, list[queries.Grant]] = {id_: [] for id_ in open_ids}
    for grant in queries.list_on_catalogs(tx, list(by_catalog)):
        by_catalog[grant.subject_id].append(grant)
    return [_as_seen(viewer, catalog, by_catalog.get(catalog.id)) for catalog in seen]


def set_on_catalog(
    ctx: Context, ref: CatalogRef, values: list[SetCatalogPermission], message: str | None
) -> None:
    """Give several users exactly the permissions of *values* on a catalog."""
    tx = ctx.tx
    catalog = catalogs.require_catalog(tx, ctx.viewer, ref.catalog_slug, Permission.MANAGE)
    _require_few(values)
    messages.check(message)
    for value in values:
        user = users.get_user_by_any_name(tx, value.username_or_email_address)
        permissions = permission_sum(value.permission)
        on_packages = permission_sum(value.package_permissions)
        before = queries.held_on_catalog(tx, catalog.id, user.id)
        with sharing(ctx, f"catalog/{catalog.slug}", user, permissions, on_packages):
            queries.set_on_catalog(tx, catalog.id, user.id, permissions, on_packages)
        shared = Shared.catalog(catalog, permissions)
        announce(ctx, user, shared, before, permissions | on_packages, message)
    _require_catalog_manager(tx, catalog)


def revoke_on_catalog(ctx: Context, catalog_slug: str, name: str) -> User:
    """Take away what a user was granted on a catalog and return the user."""
    catalog = catalogs.require_catalog(ctx.tx, ctx.viewer, catalog_slug, Permission.MANAGE)
    user = users.get_user_by_any_name(ctx.tx, name)
    with sharing(ctx, f"catalog/{catalog.slug}", user, 0):
        queries.revoke_on_catalog(ctx.tx, catalog.id, user.id)
    _require_catalog_manager(ctx.tx, catalog)
    return user


def list_on_collection(tx: Transaction, viewer: Viewer, ref: CollectionRef) -> list[OnCollection]:
    """Return what everybody was granted on a collection, by username."""
    collection = collections.require_collection(tx, viewer, ref, Permission.MANAGE)
    return [
        OnCollection(grant.user, permission_list(grant.permissions))
        for grant in queries.list_on_collection(tx, collection.id)
    ]


def set_on_collection(
    ctx: Context, ref: CollectionRef, values: list[SetCollectionPermission], message: str | None
) -> None:
    """Give several users exactly the permissions of *values* on a collection."""
    tx = ctx.tx
    collection = collections.require_collection(tx, ctx.viewer, ref, Permission.MANAGE)
    _require_few(values)
    messages.check(message)
    for value in values:
        user = users.get_user_by_any_name(tx, value.username_or_email_address)
        stored = permission_sum(value.permissions)
        before = queries.held_on_collection(tx, collection.id, user.id)
        with sharing(ctx, f"collection/{collection.slug}", user, stored):
            collections.grant(tx, collection.id, user.id, stored)
        announce(ctx, user, Shared.collection(collection), before, stored, message)
    _require_collection_manager(tx, collection)


def revoke_on_collection(ctx: Context, ref: CollectionRef, name: str) -> None:
    """Take away what a user was granted on a collection."""
    collection = collections.require_collection(ctx.tx, ctx.viewer, ref, Permission.MANAGE)
    user = users.get_user_by_any_name(ctx.tx, name)
    with sharing(ctx, f"collection/{collection.slug}", user, 0):
        queries.revoke_on_collection(ctx.tx, collection.id, user.id)
    _require_collection_manager(ctx.tx, collection)


def _as_seen(
    viewer: Viewer, catalog: Catalog, grants: list[queries.Grant] | None
) -> list[OnCatalog] | None:
    if grants is None:
        return None
    return [
        OnCatalog(
            grant.user,
            catalog,
            permission_list(grant.permissions) if grant.user.id == viewer.user_id else None,
        )
        for grant in grants
    ]


# The two look at what is there after the change; when they raise, the change is rolled back with
# everything else.
def _require_catalog_manager(tx: Transaction, catalog: Catalog) -> None:
    if not queries.has_catalog_manager(tx, catalog.id):
        raise LastManager


def _require_collection_manager(tx: Transaction, collection: Collection) -> None:
    if not queries.has_collection_manager(tx, collection.id):
        raise LastManager


def _one_name(username: str | None, username_or_email_address: str | None) -> str:
    if username and username_or_email_address:
        raise InvalidInput("USERNAME_REQUIRED", "give one of the two names, not both")
    name = username or username_or_email_address
    if not name:
        raise InvalidInput("USERNAME_REQUIRED", "give username or usernameOrEmailAddress")
    return name


def _require_few(values: list[SetCatalogPermission] | list[SetCollectionPermission]) -> None:
    if len(values) > MAX_AT_ONCE:
        raise LimitExceeded("TOO_MANY_USERS", f"{len(values)} given, {MAX_AT_ONCE} allowed")
