"""GraphQL fields of the status room."""

from __future__ import annotations

from typing import Any, NamedTuple

from litereg.gql.context import Context
from litereg.gql.resolver import resolver
from litereg.registry.status import service

# Of DataPM's clients, the newest that is served whole. They take a smaller version for an old
# registry and say so, so litereg's own would mislead them.
DATAPM_VERSION = "0.32.46"
ACCEPTED = 1


class Status(NamedTuple):
    """What a registry says of itself."""

    status: str
    version: str
    registry_url: str


MODELS = {"RegistryStatusResult": Status}


@resolver("Query.registryStatus")
def registry_status(ctx: Context) -> Status:
    """Return that the registry is there."""
    return Status("SERVING_REQUESTS", DATAPM_VERSION, ctx.settings.url)


@resolver("RegistryStatusResult.isEmpty")
def is_empty(status: Status, ctx: Context) -> bool:
    """Return whether the next account is the first."""
    return service.is_empty(ctx.tx)


@resolver("Mutation.track")
def track(ctx: Context, *, actions: Any) -> int:
    """Accept anything and keep nothing."""
    return ACCEPTED
