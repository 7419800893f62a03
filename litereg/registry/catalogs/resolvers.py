"""GraphQL fields of the catalogs room."""

from __future__ import annotations

from litereg.access import Permission, permission_list
from litereg.gql.context import Context
from litereg.gql.resolver import resolver
from litereg.registry.catalogs import service
from litereg.registry.catalogs.inputs import CatalogRef, CreateCatalog, UpdateCatalog
from litereg.registry.models import Catalog, Package
from litereg.registry.pages import Page

MODELS = {
    "Catalog": Catalog,
    "CatalogsResult": Page,
}
INPUTS = {
    "CatalogIdentifierInput": CatalogRef,
    "CreateCatalogInput": CreateCatalog,
    "UpdateCatalogInput": UpdateCatalog,
}
ENUMS = {"Permission": Permission}


@resolver("Catalog.myPermissions", reads=("permissions",))
def my_permissions(catalog: Catalog, ctx: Context) -> list[Permission]:
    """Return what the viewer may do with a catalog."""
    return permission_list(catalog.permissions)


@resolver("Catalog.packages", batch=True, reads=("id",))
def packages(catalogs: list[Catalog], ctx: Context) -> list[list[Package]]:
    """Return the packages of each catalog that the viewer may open."""
    return service.packages_of(ctx.tx, ctx.viewer, catalogs)


@resolver("Catalog.unclaimed", reads=("is_unclaimed",))
def unclaimed(catalog: Catalog, ctx: Context) -> bool:
    """Return whether a catalog waits for its publisher."""
    return catalog.is_unclaimed


@resolver("CatalogsResult.catalogs")
def items(page: Page[Catalog], ctx: Context) -> list[Catalog]:
    """Return what is on the page."""
    return page.items


@resolver("CatalogsResult.count")
def count(page: Page[Catalog], ctx: Context) -> int:
    """Return how many catalogs there are in all."""
    return page.total()


@resolver("Query.catalogSlugAvailable")
def catalog_slug_available(ctx: Context, *, catalog_slug: str) -> bool:
    """Return whether a name is free."""
    return service.slug_available(ctx.tx, catalog_slug)


@resolver("Query.myCatalogs")
def my_catalogs(ctx: Context) -> list[Catalog]:
    """Return the viewer's catalogs."""
    return service.list_mine(ctx.tx, ctx.viewer)


@resolver("Query.catalog")
def catalog(ctx: Context, *, identifier: CatalogRef) -> Catalog:
    """Return a catalog by name."""
    return service.require(ctx.tx, ctx.viewer, identifier, Permission.VIEW)


@resolver("Query.catalogPackages")
def catalog_packages(
    ctx: Context, *, identifier: CatalogRef, offset: int, limit: int
) -> list[Package]:
    """Return some of a catalog's packages."""
    return service.list_packages(ctx.tx, ctx.viewer, identifier, offset, limit)


@resolver("Query.userCatalogs")
def user_catalogs(ctx: Context, *, username: str, off_set: int, limit: int) -> Page[Catalog]:
    """Return the catalogs that a user made."""
    return service.list_made_by(ctx.tx, ctx.viewer, username, off_set, limit)


@resolver("Mutation.createCatalog")
def create_catalog(ctx: Context, *, value: CreateCatalog) -> Catalog:
    """Make a catalog."""
    return service.create(ctx, value)


@resolver("Mutation.updateCatalog")
def update_catalog(ctx: Context, *, identifier: CatalogRef, value: UpdateCatalog) -> Catalog:
    """Change a catalog."""
    return service.update(ctx, identifier, value)


@resolver("Mutation.disableCatalog")
def disable_catalog(ctx: Context, *, identifier: CatalogRef) -> Catalog:
    """Disable a catalog."""
    return service.disable(ctx.tx, ctx.viewer, identifier, ctx.now)


@resolver("Mutation.deleteCatalog")
def delete_catalog(ctx: Context, *, identifier: CatalogRef) -> None:
    """Disable a catalog and answer nothing."""
    service.disable(ctx.tx, ctx.viewer, identifier, ctx.now)
