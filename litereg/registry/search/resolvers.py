"""GraphQL fields of the search room."""

from __future__ import annotations

from litereg.gql.context import Context
from litereg.gql.resolver import resolver
from litereg.registry.models import Catalog, Collection, Package
from litereg.registry.pages import Page
from litereg.registry.search import service
from litereg.registry.search.service import Suggestions

MODELS = {
    "SearchPackagesResult": Page,
    "SearchCatalogsResult": Page,
    "SearchCollectionResult": Page,
    "AutoCompleteResult": Suggestions,
}


@resolver("SearchPackagesResult.packages")
def found_packages(page: Page[Package], ctx: Context) -> list[Package]:
    """Return what is on the page."""
    return page.items


@resolver("SearchPackagesResult.count")
def packages_count(page: Page[Package], ctx: Context) -> int:
    """Return how many packages were found in all."""
    return page.total()


@resolver("SearchCatalogsResult.catalogs")
def found_catalogs(page: Page[Catalog], ctx: Context) -> list[Catalog]:
    """Return what is on the page."""
    return page.items


@resolver("SearchCatalogsResult.count")
def catalogs_count(page: Page[Catalog], ctx: Context) -> int:
    """Return how many catalogs were found in all."""
    return page.total()


@resolver("SearchCollectionResult.collections")
def found_collections(page: Page[Collection], ctx: Context) -> list[Collection]:
    """Return what is on the page."""
    return page.items


@resolver("SearchCollectionResult.count")
def collections_count(page: Page[Collection], ctx: Context) -> int:
    """Return how many collections were found in all."""
    return page.total()


@resolver("Query.searchPackages")
def search_packages(ctx: Context, *, query: str, off_set: int, limit: int) -> Page[Package]:
    """Find packages."""
    return service.search_packages(ctx.tx, ctx.viewer, query, off_set, limit)


@resolver("Query.searchCatalogs")
def search_catalogs(ctx: Context, *, query: str, off_set: int, limit: int) -> Page[Catalog]:
    """Find catalogs."""
    return service.search_catalogs(ctx.tx, ctx.viewer, query, off_set, limit)


@resolver("Query.searchCollections")
def search_collections(ctx: Context, *, query: str, offset: int, limit: int) -> Page[Collection]:
    """Find collections."""
    return service.search_collections(ctx.tx, ctx.viewer, query, offset, limit)


@resolver("Query.autoComplete")
def auto_complete(ctx: Context, *, starts_with: str) -> Suggestions:
    """Complete a beginning."""
    return service.complete(ctx.tx, ctx.viewer, starts_with)
