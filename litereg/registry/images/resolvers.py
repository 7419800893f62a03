"""GraphQL fields of the images room."""

from __future__ import annotations

from litereg.gql.context import Context
from litereg.gql.resolver import resolver
from litereg.registry.catalogs.inputs import CatalogRef
from litereg.registry.collections.inputs import CollectionRef
from litereg.registry.images import service
from litereg.registry.images.inputs import Upload
from litereg.registry.images.pictures import check_upload
from litereg.registry.images.service import Kind, Owner, Subject
from litereg.registry.packages.inputs import PackageRef

INPUTS = {"Base64ImageUpload": Upload}
CHECKS = {"validImageUpload": check_upload}


@resolver("Mutation.setMyCoverImage")
def set_my_cover(ctx: Context, *, image: Upload) -> None:
    """Set the viewer's cover."""
    service.set_mine(ctx, Kind.COVER, image)


@resolver("Mutation.setMyAvatarImage")
def set_my_avatar(ctx: Context, *, image: Upload) -> None:
    """Set the viewer's avatar."""
    service.set_mine(ctx, Kind.AVATAR, image)


@resolver("Mutation.setCatalogCoverImage")
def set_catalog_cover(ctx: Context, *, identifier: CatalogRef, image: Upload) -> None:
    """Set a catalog's cover."""
    service.set_picture(ctx, _catalog(identifier), Kind.COVER, image)


@resolver("Mutation.setCatalogAvatarImage")
def set_catalog_avatar(ctx: Context, *, identifier: CatalogRef, image: Upload) -> None:
    """Set a catalog's avatar."""
    service.set_picture(ctx, _catalog(identifier), Kind.AVATAR, image)


@resolver("Mutation.deleteCatalogAvatarImage")
def delete_catalog_avatar(ctx: Context, *, identifier: CatalogRef) -> None:
    """Take a catalog's avatar away."""
    service.delete_picture(ctx.tx, ctx.viewer, _catalog(identifier), Kind.AVATAR)


@resolver("Mutation.setPackageCoverImage")
def set_package_cover(ctx: Context, *, identifier: PackageRef, image: Upload) -> None:
    """Set a package's cover."""
    names = (identifier.catalog_slug, identifier.package_slug)
    service.set_picture(ctx, Subject(Owner.PACKAGE, names), Kind.COVER, image)


@resolver("Mutation.setCollectionCoverImage")
def set_collection_cover(ctx: Context, *, identifier: CollectionRef, image: Upload) -> None:
    """Set a collection's cover."""
    subject = Subject(Owner.COLLECTION, (identifier.collection_slug,))
    service.set_picture(ctx, subject, Kind.COVER, image)


def _catalog(ref: CatalogRef) -> Subject:
    return Subject(Owner.CATALOG, (ref.catalog_slug,))
