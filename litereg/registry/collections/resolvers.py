"""GraphQL fields of the collections room."""

from __future__ import annotations

from litereg.access import Permission, permission_list
from litereg.gql.context import Context
from litereg.gql.resolver import resolver
from litereg.registry.collections import service
from litereg.registry.collections.inputs import CollectionRef, CreateCollection, UpdateCollection
from litereg.registry.collections.service import Placement
from litereg.registry.models import Collection, Package
from litereg.registry.packages.inputs import PackageRef
from litereg.registry.pages import Page

MODELS = {
    "Collection": Collection,
    "CollectionPackage": Placement,
    "CollectionsResult": Page,
    "PackageCollectionsResult": Page,
}
INPUTS = {
    "CollectionIdentifierInput": CollectionRef,
    "CreateCollectionInput": CreateCollection,
    "UpdateCollectionInput": UpdateCollection,
}


@resolver("Collection.myPermissions", reads=("permissions",))
def my_permissions(collection: Collection, ctx: Context) -> list[Permission]:
    """Return what the viewer may do with a collection."""
    return permission_list(collection.permissions)


@resolver("Collection.isRecommended", reads=())
def is_recommended(collection: Collection, ctx: Context) -> None:
    """Say nothing: no collection is recommended over another."""


@resolver("Collection.packages", batch=True, reads=("id",))
def packages(collections: list[Collection], ctx: Context) -> list[list[Package]]:
    """Return the packages of each collection that the viewer may open."""
    return service.packages_of(ctx.tx, ctx.viewer, collections)


@resolver("CollectionsResult.collections")
def items(page: Page[Collection], ctx: Context) -> list[Collection]:
    """Return what is on the page."""
    return page.items


@resolver("CollectionsResult.count")
def count(page: Page[Collection], ctx: Context) -> int:
    """Return how many collections there are in all."""
    return page.total()


@resolver("PackageCollectionsResult.collections")
def holding_items(page: Page[Collection], ctx: Context) -> list[Collection]:
    """Return what is on the page."""
    return page.items


@resolver("PackageCollectionsResult.count")
def holding_count(page: Page[Collection], ctx: Context) -> int:
    """Return how many collections hold the package."""
    return page.total()


@resolver("Query.collectionSlugAvailable")
def slug_available(ctx: Context, *, collection_slug: str) -> bool:
    """Return whether a name is free."""
    return service.slug_available(ctx.tx, collection_slug)


@resolver("Query.collection")
def collection(ctx: Context, *, identifier: CollectionRef) -> Collection:
    """Return a collection by name."""
    return service.require(ctx.tx, ctx.viewer, identifier, Permission.VIEW)


@resolver("Query.collections")
def collections(ctx: Context) -> list[Collection]:
    """Return the collections that the viewer may open."""
    return service.list_visible(ctx.tx, ctx.viewer)


@resolver("Query.latestCollections")
def latest_collections(ctx: Context, *, offset: int, limit: int) -> Page[Collection]:
    """Return the newest collections."""
    return service.list_latest(ctx.tx, ctx.viewer, offset, limit)


@resolver("Query.myCollections")
def my_collections(ctx: Context, *, off_set: int, limit: int) -> Page[Collection]:
    """Return the viewer's collections."""
    return service.list_mine(ctx.tx, ctx.viewer, off_set, limit)


@resolver("Query.userCollections")
def user_collections(ctx: Context, *, username: str, off_set: int, limit: int) -> Page[Collection]:
    """Return the collections that a user made."""
    return service.list_made_by(ctx.tx, ctx.viewer, username, off_set, limit)


@resolver("Query.collectionPackages")
def collection_packages(
    ctx: Context, *, identifier: CollectionRef, offset: int, limit: int
) -> list[Package]:
    """Return some of a collection's packages."""
    return service.list_packages(ctx.tx, ctx.viewer, identifier, offset, limit)


@resolver("Query.packageCollections")
def package_collections(
    ctx: Context, *, package_identifier: PackageRef, offset: int, limit: int
) -> Page[Collection]:
    """Return the collections that hold a package."""
    return service.list_holding(ctx.tx, ctx.viewer, package_identifier, offset, limit)


@resolver("Mutation.createCollection")
def create_collection(ctx: Context, *, value: CreateCollection) -> Collection:
    """Make a collection."""
    return service.create(ctx, value)


@resolver("Mutation.updateCollection")
def update_collection(
    ctx: Context, *, identifier: CollectionRef, value: UpdateCollection
) -> Collection:
    """Change a collection."""
    return service.update(ctx, identifier, value)


@resolver("Mutation.disableCollection")
def disable_collection(ctx: Context, *, identifier: CollectionRef) -> Collection:
    """Disable a collection."""
    return service.disable(ctx.tx, ctx.viewer, identifier, ctx.now)


@resolver("Mutation.deleteCollection")
def delete_collection(ctx: Context, *, identifier: CollectionRef) -> None:
    """Disable a collection and answer nothing."""
    service.disable(ctx.tx, ctx.viewer, identifier, ctx.now)


@resolver("Mutation.addPackageToCollection")
def add_package(
    ctx: Context, *, collection_identifier: CollectionRef, package_identifier: PackageRef
) -> Placement:
    """Put a package into a collection."""
    return service.add_package(
        ctx.tx, ctx.viewer, collection_identifier, package_identifier, ctx.now
    )


@resolver("Mutation.removePackageFromCollection")
def remove_package(
    ctx: Context, *, collection_identifier: CollectionRef, package_identifier: PackageRef
) -> None:
    """Take a package out of a collection."""
    service.remove_package(ctx.tx, ctx.viewer, collection_identifier, package_identifier)
