"""GraphQL fields of the versions room."""

from __future__ import annotations

from typing import Any

from graphql import GraphQLError

from litereg.errors import InvalidInput
from litereg.gql.context import Context
from litereg.gql.resolver import resolver
from litereg.registry import package_file
from litereg.registry.models import Package, User, Version
from litereg.registry.package_file import Difference, DifferenceKind
from litereg.registry.packages.inputs import PackageRef
from litereg.registry.search.index import file_text
from litereg.registry.update_methods import UpdateMethod, method_list, method_sum
from litereg.registry.versions import service
from litereg.registry.versions.diffs import Diff, VersionNumber
from litereg.registry.versions.inputs import CreateVersion, Submission, VersionRef
from litereg.store import content


def read_submission(value: Any) -> Submission:
    """Return the package file that a client sent as a string."""
    if not isinstance(value, str):
        raise GraphQLError("PackageFileJSON is a JSON document inside a string")
    try:
        file = package_file.parse(value)
    except InvalidInput as error:
        raise GraphQLError(error.message, original_error=error) from error
    body = value.encode("utf-8")
    return Submission(file, body, content.digest(body), file_text(file), method_sum(file))


MODELS = {
    "Version": Version,
    "VersionIdentifierValues": VersionNumber,
    "PackageDifferences": Diff,
    "PackageDifference": Difference,
}
INPUTS = {"VersionIdentifierInput": VersionRef, "CreateVersionInput": CreateVersion}
ENUMS = {"PackageDifferenceType": DifferenceKind}
SCALARS = {"PackageFileJSON": {"input": read_submission}}


@resolver("Version.package", batch=True, reads=("package_id",))
def package(versions: list[Version], ctx: Context) -> list[Package]:
    """Return the package of each version."""
    return service.packages_of(ctx.tx, ctx.viewer, versions)


@resolver("Version.author", batch=True, reads=("author_id",))
def author(versions: list[Version], ctx: Context) -> list[User]:
    """Return who published each version."""
    return service.authors_of(ctx.tx, versions)


@resolver("Version.packageFile", batch=True, reads=("content_id",))
def package_file_text(versions: list[Version], ctx: Context) -> list[str]:
    """Return the package file of each version, as it was published."""
    return service.package_files_of(ctx.tx, versions)


@resolver("Version.canonicalPackageFile", batch=True, reads=("id", "package_id", "content_id"))
def canonical_package_file(versions: list[Version], ctx: Context) -> list[str | None]:
    """Return the package file of each version whose package the viewer may change."""
    return service.canonical_files_of(ctx.tx, ctx.viewer, versions)


@resolver("Version.updateMethods", reads=("update_methods",))
def update_methods(version: Version, ctx: Context) -> list[UpdateMethod]:
    """Return how the sources of a version are updated."""
    return method_list(version.update_methods)


@resolver("PackageDifference.type")
def difference_type(difference: Difference, ctx: Context) -> DifferenceKind:
    """Return what kind of difference it is."""
    return difference.kind


@resolver("Query.version")
def version(ctx: Context, *, identifier: VersionRef) -> Version:
    """Return a version by name."""
    return service.get(ctx.tx, ctx.viewer, identifier)


@resolver("Query.packageVersionsDiff")
def versions_diff(ctx: Context, *, new_version: VersionRef, old_version: VersionRef) -> Diff:
    """Compare two versions."""
    return service.diff(ctx, new_version, old_version)


@resolver("Query.packageVersionsDiffs")
def versions_diffs(
    ctx: Context, *, package_identifier: PackageRef, offset: int, limit: int
) -> list[Diff]:
    """Compare each version of a package with the one before it."""
    return service.list_diffs(ctx, package_identifier, offset, limit)


@resolver("Mutation.createVersion")
def create_version(ctx: Context, *, identifier: PackageRef, value: CreateVersion) -> Version:
    """Publish a version."""
    return service.publish(ctx, identifier, value.package_file)


@resolver("Mutation.disableVersion")
def disable_version(ctx: Context, *, identifier: VersionRef) -> None:
    """Disable a version."""
    service.disable(ctx.tx, ctx.viewer, identifier, ctx.now)


@resolver("Mutation.deleteVersion")
def delete_version(ctx: Context, *, identifier: VersionRef) -> None:
    """Disable a version."""
    service.disable(ctx.tx, ctx.viewer, identifier, ctx.now)


@resolver("Mutation.packageFetched")
def package_fetched(ctx: Context, *, identifier: VersionRef) -> None:
    """Count that a version was fetched."""
    service.count_fetch(ctx.tx, ctx.viewer, identifier)
