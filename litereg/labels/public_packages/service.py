"""Find public packages and their versions."""

from __future__ import annotations

from collections.abc import Sequence

from litereg import access
from litereg.gql.context import Context
from litereg.gql.relay import Connection, PageArguments
from litereg.labels.connections import Listing
from litereg.labels.models import Edge, PublicPackage, PublicVersion
from litereg.labels.public_packages import queries
from litereg.labels.text import require_storable


def find_package(ctx: Context, type_: str, name: str) -> PublicPackage | None:
    """Return a package by type and name."""
    access.require_label_reader(ctx.viewer, ctx.settings)
    require_storable(type_, name)
    found = queries.locate_packages(ctx.tx, [(type_, name)])
    return found[type_, name].package if found else None


def find_version(ctx: Context, type_: str, name: str, version: str) -> PublicVersion | None:
    """Return a version by type, name and version."""
    package = find_package(ctx, type_, name)
    if package is None:
        return None
    require_storable(version)
    wanted = (package.row_id, version)
    found = queries.locate_versions(ctx.tx, [wanted])
    return found[wanted].version if found else None


def search_packages(ctx: Context, arguments: PageArguments) -> Connection[Edge]:
    """Return the packages that a filter leaves."""
    access.require_label_reader(ctx.viewer, ctx.settings)
    return Listing(ctx, queries.PACKAGES, arguments).connections()[0]


def search_versions(ctx: Context, arguments: PageArguments) -> Connection[Edge]:
    """Return the versions that a filter leaves."""
    access.require_label_reader(ctx.viewer, ctx.settings)
    return Listing(ctx, queries.VERSIONS, arguments).connections()[0]


def versions_of(
    ctx: Context, packages: Sequence[PublicPackage], arguments: PageArguments
) -> list[Connection[Edge]]:
    """Return the versions of each of *packages*."""
    ids = [package.row_id for package in packages]
    return Listing(ctx, queries.VERSIONS_OF_PACKAGES, arguments, ids).connections()
