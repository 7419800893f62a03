"""GraphQL fields of the assignments room. Each answers true, or with an error."""

from __future__ import annotations

from litereg.gql.context import Context
from litereg.gql.resolver import resolver
from litereg.labels.assignments import service
from litereg.labels.assignments.inputs import (
    PackageLabels,
    PackageRef,
    VersionLabels,
    VersionRef,
    VersionsLabel,
)
from litereg.labels.models import Namespace

INPUTS = {
    "PublicPackageInput": PackageRef,
    "PublicPackageVersionInput": VersionRef,
    "PublicPackageLabelsInput": PackageLabels,
    "PublicPackageVersionLabelsInput": VersionLabels,
    "PublicPackageVersionsLabelInput": VersionsLabel,
}


@resolver("CustomCatalogLabelMutations.assignCustomCatalogLabelsToPublicPackage")
def assign_to_package(_: Namespace, ctx: Context, *, public_package_labels: PackageLabels) -> bool:
    """Put a label on a package."""
    given = public_package_labels
    service.assign_to_package(ctx, given.public_package, given.label_names)
    return True


@resolver("CustomCatalogLabelMutations.assignCustomCatalogLabelsToPublicPackageVersion")
def assign_to_version(
    _: Namespace, ctx: Context, *, public_package_version_labels: VersionLabels
) -> bool:
    """Put a label on a version."""
    given = public_package_version_labels
    service.assign_to_version(ctx, given.public_package_version, given.label_names)
    return True


@resolver("CustomCatalogLabelMutations.assignCustomCatalogLabelToPublicPackageVersions")
def assign_to_versions(
    _: Namespace, ctx: Context, *, public_package_versions_label: VersionsLabel
) -> bool:
    """Put a label on several versions."""
    given = public_package_versions_label
    service.assign_to_versions(ctx, given.public_package_versions, given.label_name)
    return True


@resolver("CustomCatalogLabelMutations.removeCustomCatalogLabelsFromPublicPackage")
def remove_from_package(
    _: Namespace, ctx: Context, *, public_package_labels: PackageLabels
) -> bool:
    """Take labels off a package."""
    given = public_package_labels
    service.remove_from_package(ctx, given.public_package, given.label_names)
    return True


@resolver("CustomCatalogLabelMutations.removeCustomCatalogLabelsFromPublicPackageVersion")
def remove_from_version(
    _: Namespace, ctx: Context, *, public_package_version_labels: VersionLabels
) -> bool:
    """Take labels off a version."""
    given = public_package_version_labels
    service.remove_from_version(ctx, given.public_package_version, given.label_names)
    return True


@resolver("CustomCatalogLabelMutations.removeCustomCatalogLabelFromPublicPackageVersions")
def remove_from_versions(
    _: Namespace, ctx: Context, *, public_package_versions_label: VersionsLabel
) -> bool:
    """Take a label off several versions."""
    given = public_package_versions_label
    service.remove_from_versions(ctx, given.public_package_versions, given.label_name)
    return True
