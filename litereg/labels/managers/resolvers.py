"""GraphQL fields of the managers room."""

from __future__ import annotations

from litereg import access
from litereg.gql.context import Context
from litereg.gql.resolver import resolver
from litereg.labels.managers import service


@resolver("Query.labelManagers")
def label_managers(ctx: Context) -> list[str]:
    """Return who may change labels."""
    return service.list_managers(ctx)


@resolver("Query.mayChangeLabels")
def may_change_labels(ctx: Context) -> bool:
    """Return whether the viewer may change labels."""
    return access.may_change_labels(ctx.tx, ctx.viewer, ctx.settings)


@resolver("Mutation.setLabelManager")
def set_label_manager(ctx: Context, *, username: str, is_manager: bool) -> None:
    """Say whether a user may change labels."""
    service.set_manager(ctx, username, is_manager)
