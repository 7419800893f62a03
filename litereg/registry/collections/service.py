"""Make, read and change collections, and what is in them.

Who may do what is decided in `litereg.access`; collections are shared in
`litereg.registry.permissions` and found by words in `litereg.registry.search`.
"""

from __future__ import annotations

from typing import NamedTuple

from litereg import access
from litereg.access import EVERYTHING, Permission, Viewer
from litereg.errors import Conflict
from litereg.gql.context import Context
from litereg.registry import names
from litereg.registry.collections import contents, queries
from litereg.registry.collections.inputs import CollectionRef, CreateCollection, UpdateCollection
from litereg.registry.deeds import new_openness, opening
from litereg.registry.models import Collection, Package, User
from litereg.registry.packages import queries as packages
from litereg.registry.packages.inputs import PackageRef
from litereg.registry.pages import Page, bounds
from litereg.registry.users import queries as users
from litereg.store import Transaction

MAX_NAME = 255


class Placement(NamedTuple):
    """A package that was put into a collection, and by whom."""

    collection: Collection
    package: Package
    added_by_user: User


class CollectionSlugTaken(Conflict):
    """Another collection answers to this name."""

    def __init__(self, slug: str) -> None:
        super().__init__("COLLECTION_SLUG_NOT_AVAILABLE", slug)


def require(tx: Transaction, viewer: Viewer, ref: CollectionRef, needed: Permission) -> Collection:
    """Return the collection that *ref* names, if the viewer has the permission *needed* on it."""
    return queries.require_collection(tx, viewer, ref, needed)


def slug_available(tx: Transaction, slug: str) -> bool:
    """Return whether no collection has this name."""
    return not queries.is_slug_taken(tx, slug)


def list_visible(tx: Transaction, viewer: Viewer) -> list[Collection]:
    """Return the collections that the viewer may open, newest first."""
    return queries.list_visible(tx, viewer.user_id)


def list_latest(tx: Transaction, viewer: Viewer, offset: int, limit: int) -> Page[Collection]:
    """Return a page of the collections that the viewer may open, newest first."""
    return queries.page_newest(tx, viewer.user_id, offset, limit)


def list_mine(tx: Transaction, viewer: Viewer, offset: int, limit: int) -> Page[Collection]:
    """Return a page of the collections on which the viewer has a row and may open, by name."""
    access.require_known(viewer)
    return queries.page_granted(tx, viewer.user_id, offset, limit)


def list_made_by(
    tx: Transaction, viewer: Viewer, username: str, offset: int, limit: int
) -> Page[Collection]:
    """Return a page of the collections that a user made and the viewer may open."""
    user = users.get_user_named(tx, username)
    return queries.page_made_by(tx, viewer.user_id, user.id, offset, limit)


def list_holding(
    tx: Transaction, viewer: Viewer, ref: PackageRef, offset: int, limit: int
) -> Page[Collection]:
    """Return a page of the collections that hold a package, as far as the viewer may open them."""
    package = packages.require_package(tx, viewer, ref, Permission.VIEW)
    return contents.page_holding(tx, viewer.user_id, package.id, offset, limit)


def packages_of(
    tx: Transaction, viewer: Viewer, collections: list[Collection]
) -> list[list[Package]]:
    """Return for each of *collections* its packages that the viewer may open, as added."""
    by_collection: dict[int, list[Package]] = {collection.id: [] for collection in collections}
    for item in contents.list_packages(tx, viewer.user_id, list(by_collection)):
        by_collection[item.collection_id].append(item.package)
    return [by_collection[collection.id] for collection in collections]


def list_packages(
    tx: Transaction, viewer: Viewer, ref: CollectionRef, offset: int, limit: int
) -> list[Package]:
    """Return some of the packages of a collection that the viewer may open, as added."""
    collection = require(tx, viewer, ref, Permission.VIEW)
    offset, limit = bounds(offset, limit)
    items = contents.list_packages(tx, viewer.user_id, [collection.id], offset, limit)
    return [item.package for item in items]


def create(ctx: Context, value: CreateCollection) -> Collection:
    """Make a collection on which the viewer has every permission."""
    tx, viewer = ctx.tx, ctx.viewer
    access.require_known(viewer)
    _require_free(tx, value.collection_slug)
    names.require_length(value.name, MAX_NAME, "name")
    with opening(ctx, f"collection/{value.collection_slug}", value.is_public or None):
        collection_id = queries.insert_collection(tx, value, viewer.user_id, ctx.now)
    queries.grant(tx, collection_id, viewer.user_id, EVERYTHING)
    return queries.get_collection(tx, viewer.user_id, collection_id)


def update(ctx: Context, ref: CollectionRef, value: UpdateCollection) -> Collection:
    """Change a collection and return it."""
    tx, viewer = ctx.tx, ctx.viewer
    collection = require(tx, viewer, ref, Permission.EDIT)
    slug = value.new_collection_slug or collection.slug
    if names.key(slug) != names.key(collection.slug):
        _require_free(tx, slug)
    names.require_length(value.name, MAX_NAME, "name")
    is_public = new_openness(collection.is_public, value.is_public)
    with opening(ctx, f"collection/{collection.slug}", is_public):
        queries.update_collection(tx, collection.id, value, ctx.now)
    return queries.get_collection(tx, viewer.user_id, collection.id)


def disable(tx: Transaction, viewer: Viewer, ref: CollectionRef, now: int) -> Collection:
    """Disable a collection and return it under the name it is kept by."""
    collection = require(tx, viewer, ref, Permission.MANAGE)
    suffix = f"-DISABLED-{now}"
    queries.disable_collection(tx, collection.id, suffix, now)
    return collection._replace(slug=collection.slug + suffix, updated_at=now)


def add_package(
    tx: Transaction, viewer: Viewer, ref: CollectionRef, package_ref: PackageRef, now: int
) -> Placement:
    """Put a package that the viewer may open into a collection that they may edit."""
    # Clients know the errors in this order: first the package's, then the collection's.
    package = packages.require_package(tx, viewer, package_ref, Permission.VIEW)
    collection = require(tx, viewer, ref, Permission.EDIT)
    contents.add_package(tx, collection.id, package.id, viewer.user_id, now)
    return Placement(collection, package, users.get_user(tx, viewer.user_id))


def remove_package(
    tx: Transaction, viewer: Viewer, ref: CollectionRef, package_ref: PackageRef
) -> None:
    """Take a package out of a collection; whoever may edit the collection need not see it."""
    collection = require(tx, viewer, ref, Permission.EDIT)
    catalog_slug, package_slug = package_ref.catalog_slug, package_ref.package_slug
    if not contents.remove_package(tx, collection.id, catalog_slug, package_slug):
        # It was not in the collection. Whether there is such a package is told to those only who
        # may know.
        packages.require_package(tx, viewer, package_ref, Permission.VIEW)


def _require_free(tx: Transaction, slug: str) -> None:
    if queries.is_slug_taken(tx, slug):
        raise CollectionSlugTaken(slug)
