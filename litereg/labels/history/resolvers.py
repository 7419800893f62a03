"""GraphQL fields of the history room."""

from __future__ import annotations

from typing import Any

from litereg.gql.context import Context
from litereg.gql.relay import Connection, PageArguments
from litereg.gql.resolver import resolver
from litereg.labels import ids
from litereg.labels.assignments.inputs import PackageRef
from litereg.labels.history import service
from litereg.labels.models import Edge, Event, Namespace

MODELS = {
    "CustomCatalogLabelEvent": Event,
    "CustomCatalogLabelEventConnection": Connection,
    "CustomCatalogLabelEventEdge": Edge,
}


@resolver("CustomCatalogLabelQueries.log")
def log(
    _: Namespace,
    ctx: Context,
    *,
    label: str | None = None,
    package: PackageRef | None = None,
    version: str | None = None,
    **pages: Any,
) -> Connection[Edge]:
    """Return what was done to labels."""
    arguments = PageArguments(**pages, order_by=service.NEWEST_FIRST)
    return service.log(ctx, arguments, label, package, version)


@resolver("CustomCatalogLabelEvent.id", batch=True)
def event_ids(events: list[Event], ctx: Context) -> list[str]:
    """Return the id of each event."""
    return ids.written(ctx.tx, "event", (event.row_id for event in events))
