"""GraphQL fields of the labels room, and what all connections share."""

from __future__ import annotations

from typing import Any

from litereg.gql.context import Context
from litereg.gql.relay import Connection, Direction, Order, Page, PageArguments
from litereg.gql.resolver import resolver
from litereg.labels import filters
from litereg.labels.labels import service
from litereg.labels.labels.inputs import CreateLabel, LabelRef, UpdateLabel
from litereg.labels.models import (
    NAMESPACE,
    Edge,
    HasId,
    Label,
    Namespace,
    PublicPackage,
    PublicVersion,
)

MODELS = {
    "CustomCatalogLabel": Label,
    "CustomCatalogLabelConnection": Connection,
    "CustomCatalogLabelEdge": Edge,
    "PageInfo": Page,
}
INPUTS = filters.INPUTS | {
    "CustomCatalogLabelOrder": Order,
    "CreateCustomCatalogLabelInput": CreateLabel,
    "UpdateCustomCatalogLabelInput": UpdateLabel,
    "DeleteCustomCatalogLabelInput": LabelRef,
}
ENUMS = {"OrderDirection": Direction}

Connections = list[Connection[Edge]]


@resolver("Query.customCatalogLabel")
def label_queries(ctx: Context) -> Namespace:
    """Return what groups the queries."""
    return NAMESPACE


@resolver("Mutation.customCatalogLabel")
def label_mutations(ctx: Context) -> Namespace:
    """Return what groups the mutations."""
    return NAMESPACE


@resolver("CustomCatalogLabelQueries.getLabel")
def get_label(_: Namespace, ctx: Context, *, name: str) -> Label | None:
    """Return a label by name."""
    return service.find(ctx, name)


@resolver("CustomCatalogLabelQueries.searchLabels")
def search_labels(_: Namespace, ctx: Context, **arguments: Any) -> Connection[Edge]:
    """Return labels by filter."""
    return service.search(ctx, PageArguments(**arguments))


@resolver("CustomCatalogLabel.publicPackagesConnection", batch=True)
def packages_of_labels(labels: list[Label], ctx: Context, **arguments: Any) -> Connections:
    """Return what carries each label as a whole."""
    return service.packages_of(ctx, labels, PageArguments(**arguments))


@resolver("CustomCatalogLabel.publicPackageVersionsConnection", batch=True)
def versions_of_labels(labels: list[Label], ctx: Context, **arguments: Any) -> Connections:
    """Return the single versions that carry each label."""
    return service.versions_of(ctx, labels, PageArguments(**arguments))


@resolver("PublicPackage.customCatalogLabelsConnection", batch=True)
def labels_of_packages(
    packages: list[PublicPackage], ctx: Context, **arguments: Any
) -> Connections:
    """Return the labels of each package."""
    return service.labels_of_packages(ctx, packages, PageArguments(**arguments))


@resolver("PublicPackageVersion.customCatalogLabelsConnection", batch=True)
def labels_of_versions(
    versions: list[PublicVersion], ctx: Context, **arguments: Any
) -> Connections:
    """Return the labels of each version."""
    return service.labels_of_versions(ctx, versions, PageArguments(**arguments))


@resolver("Package.customCatalogLabelsConnection", batch=True)
def labels_of_data_packages(packages: list[HasId], ctx: Context, **arguments: Any) -> Connections:
    """Return the labels of each data package."""
    return service.labels_of_data_packages(ctx, packages, PageArguments(**arguments))


@resolver("Version.customCatalogLabelsConnection", batch=True)
def labels_of_data_versions(versions: list[HasId], ctx: Context, **arguments: Any) -> Connections:
    """Return the labels of each version of a data package."""
    return service.labels_of_data_versions(ctx, versions, PageArguments(**arguments))


@resolver("CustomCatalogLabelMutations.createCustomCatalogLabel")
def create_label(_: Namespace, ctx: Context, *, label: CreateLabel) -> Label:
    """Make a label."""
    return service.create(ctx, [label])[0]


@resolver("CustomCatalogLabelMutations.createCustomCatalogLabels")
def create_labels(_: Namespace, ctx: Context, *, labels: list[CreateLabel]) -> list[Label]:
    """Make several labels."""
    return service.create(ctx, labels)


@resolver("CustomCatalogLabelMutations.updateCustomCatalogLabel")
def update_label(_: Namespace, ctx: Context, *, label: UpdateLabel) -> Label:
    """Change a label."""
    return service.update(ctx, label)


@resolver("CustomCatalogLabelMutations.deleteCustomCatalogLabel")
def delete_label(_: Namespace, ctx: Context, *, label: LabelRef) -> bool:
    """Delete a label."""
    return service.delete(ctx, [label.name])


@resolver("CustomCatalogLabelMutations.deleteCustomCatalogLabels")
def delete_labels(_: Namespace, ctx: Context, *, labels: list[LabelRef]) -> bool:
    """Delete several labels."""
    return service.delete(ctx, [label.name for label in labels])
