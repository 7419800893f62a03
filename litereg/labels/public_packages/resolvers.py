"""GraphQL fields of the public packages room."""

from __future__ import annotations

from typing import Any

from litereg.gql.context import Context
from litereg.gql.relay import Connection, Order, PageArguments
from litereg.gql.resolver import resolver
from litereg.labels import ids
from litereg.labels.models import NAMESPACE, Edge, Namespace, PublicPackage, PublicVersion
from litereg.labels.public_packages import service

MODELS = {
    "PublicPackage": PublicPackage,
    "PublicPackageConnection": Connection,
    "PublicPackageEdge": Edge,
    "PublicPackageVersion": PublicVersion,
    "PublicPackageVersionConnection": Connection,
    "PublicPackageVersionEdge": Edge,
}
INPUTS = {"PublicPackageOrder": Order, "PublicPackageVersionOrder": Order}


@resolver("Query.publicPackage")
def package_queries(ctx: Context) -> Namespace:
    """Return what groups the queries of packages."""
    return NAMESPACE


@resolver("Query.publicPackageVersion")
def version_queries(ctx: Context) -> Namespace:
    """Return what groups the queries of versions."""
    return NAMESPACE


@resolver("PublicPackage.id", batch=True)
def package_ids(packages: list[PublicPackage], ctx: Context) -> list[str]:
    """Return the id of each package."""
    return ids.written(ctx.tx, "package", (package.row_id for package in packages))


@resolver("PublicPackageVersion.id", batch=True)
def version_ids(versions: list[PublicVersion], ctx: Context) -> list[str]:
    """Return the id of each version."""
    return ids.written(ctx.tx, "version", (version.row_id for version in versions))


@resolver("PublicPackageQueries.getPackage")
def get_package(_: Namespace, ctx: Context, *, name: str, type: str) -> PublicPackage | None:
    """Return a package by name."""
    return service.find_package(ctx, type, name)


@resolver("PublicPackageQueries.searchPackages")
def search_packages(_: Namespace, ctx: Context, **arguments: Any) -> Connection[Edge]:
    """Return packages by filter."""
    return service.search_packages(ctx, PageArguments(**arguments))


@resolver("PublicPackageVersionQueries.getVersion")
def get_version(
    _: Namespace, ctx: Context, *, name: str, type: str, version: str
) -> PublicVersion | None:
    """Return a version by name."""
    return service.find_version(ctx, type, name, version)


@resolver("PublicPackageVersionQueries.searchVersions")
def search_versions(_: Namespace, ctx: Context, **arguments: Any) -> Connection[Edge]:
    """Return versions by filter."""
    return service.search_versions(ctx, PageArguments(**arguments))


@resolver("PublicPackage.versionsConnection", batch=True)
def versions_of_packages(
    packages: list[PublicPackage], ctx: Context, **arguments: Any
) -> list[Connection[Edge]]:
    """Return the versions of each package."""
    return service.versions_of(ctx, packages, PageArguments(**arguments))
