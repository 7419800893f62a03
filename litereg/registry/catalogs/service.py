"""Make, read and change catalogs.

Who may do what is decided in `litereg.access`; a user's own catalog is renamed and disabled with
the user, in `litereg.registry.users`.
"""

from __future__ import annotations

from litereg import access
from litereg.access import EVERYTHING, Permission, Viewer
from litereg.errors import Conflict, InvalidInput
from litereg.gql.context import Context
from litereg.registry import names
from litereg.registry.catalogs import queries
from litereg.registry.catalogs.inputs import CatalogRef, CreateCatalog, UpdateCatalog
from litereg.registry.deeds import new_openness, opening
from litereg.registry.models import Catalog, Package
from litereg.registry.packages import queries as packages
from litereg.registry.pages import Page, bounds
from litereg.registry.users import queries as users
from litereg.store import Transaction

MAX_DISPLAY_NAME = 64


class CatalogSlugTaken(Conflict):
    """Another catalog answers to this name."""

    def __init__(self, slug: str) -> None:
        super().__init__("CATALOG_SLUG_NOT_AVAILABLE", slug)


def require(tx: Transaction, viewer: Viewer, ref: CatalogRef, needed: Permission) -> Catalog:
    """Return the catalog that *ref* names, if the viewer has the permission *needed* on it."""
    return queries.require_catalog(tx, viewer, ref.catalog_slug, needed)


def slug_available(tx: Transaction, slug: str) -> bool:
    """Return whether no catalog has this name."""
    return not queries.is_slug_taken(tx, slug)


def list_mine(tx: Transaction, viewer: Viewer) -> list[Catalog]:
    """Return the catalogs on which the viewer has a row and that they may open, by name."""
    access.require_known(viewer)
    return queries.list_granted(tx, viewer.user_id)


def packages_of(tx: Transaction, viewer: Viewer, catalogs: list[Catalog]) -> list[list[Package]]:
    """Return for each of *catalogs* its packages that the viewer may open, newest first."""
    by_catalog: dict[int, list[Package]] = {catalog.id: [] for catalog in catalogs}
    for package in packages.list_in_catalogs(tx, viewer.user_id, list(by_catalog)):
        by_catalog[package.catalog.id].append(package)
    return [by_catalog[catalog.id] for catalog in catalogs]


def list_packages(
    tx: Transaction, viewer: Viewer, ref: CatalogRef, offset: int, limit: int
) -> list[Package]:
    """Return some of a catalog's packages that the viewer may open, newest first."""
    catalog = require(tx, viewer, ref, Permission.VIEW)
    return packages.some_in_catalog(tx, viewer.user_id, catalog.id, *bounds(offset, limit))


def list_made_by(
    tx: Transaction, viewer: Viewer, username: str, offset: int, limit: int
) -> Page[Catalog]:
    """Return a page of the catalogs that a user made and the viewer may open."""
    user = users.get_user_named(tx, username)
    return queries.page_made_by(tx, viewer.user_id, user.id, offset, limit)


def create(ctx: Context, value: CreateCatalog) -> Catalog:
    """Make a catalog on which the viewer has every permission."""
    tx, viewer = ctx.tx, ctx.viewer
    access.require_known(viewer)
    if value.unclaimed:
        access.require_admin(viewer)
    _require_free(tx, value.slug)
    names.require_length(value.display_name, MAX_DISPLAY_NAME, "displayName")
    with opening(ctx, f"catalog/{value.slug}", value.is_public or None):
        catalog_id = queries.insert_catalog(tx, value, viewer.user_id, ctx.now)
    queries.grant(tx, catalog_id, viewer.user_id, EVERYTHING)
    return queries.get_catalog(tx, viewer.user_id, catalog_id)


def update(ctx: Context, ref: CatalogRef, value: UpdateCatalog) -> Catalog:
    """Change a catalog and return it."""
    tx, viewer = ctx.tx, ctx.viewer
    catalog = require(tx, viewer, ref, Permission.EDIT)
    if value.new_slug and value.new_slug != catalog.slug:
        _require_renameable(tx, catalog, value.new_slug)
    names.require_length(value.display_name, MAX_DISPLAY_NAME, "displayName")
    if value.unclaimed not in (None, catalog.is_unclaimed):
        access.require_admin(viewer)
    is_public = new_openness(catalog.is_public, value.is_public)
    with opening(ctx, f"catalog/{catalog.slug}", is_public):
        queries.update_catalog(tx, catalog.id, value, ctx.now)
    return queries.get_catalog(tx, viewer.user_id, catalog.id)


def disable(tx: Transaction, viewer: Viewer, ref: CatalogRef, now: int) -> Catalog:
    """Disable a catalog with all in it and return it under the name it is kept by."""
    catalog = require(tx, viewer, ref, Permission.MANAGE)
    if queries.is_personal(tx, catalog.id):
        raise InvalidInput("PERSONAL_CATALOG", "it is disabled with its user, by disableMe")
    suffix = f"-DISABLED-{now}"
    queries.disable_catalog(tx, catalog.id, suffix, now)
    return catalog._replace(slug=catalog.slug + suffix, updated_at=now)


def _require_renameable(tx: Transaction, catalog: Catalog, slug: str) -> None:
    if queries.is_personal(tx, catalog.id):
        raise InvalidInput("PERSONAL_CATALOG", "it is renamed with its user, by updateMe")
    if names.key(slug) != names.key(catalog.slug):
        _require_free(tx, slug)


def _require_free(tx: Transaction, slug: str) -> None:
    names.require_unreserved(slug)
    if queries.is_slug_taken(tx, slug):
        raise CatalogSlugTaken(slug)
