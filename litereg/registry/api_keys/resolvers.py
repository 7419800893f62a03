"""GraphQL fields of the API keys room."""

from __future__ import annotations

from dataclasses import dataclass

from litereg.gql.context import Context
from litereg.gql.resolver import resolver
from litereg.registry.api_keys import service
from litereg.registry.api_keys.service import NewKey, Scope
from litereg.registry.models import ApiKey


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateAPIKey:
    """A key to be made."""

    label: str
    scopes: list[Scope]


MODELS = {"APIKey": ApiKey, "APIKeyWithSecret": NewKey}
INPUTS = {"CreateAPIKeyInput": CreateAPIKey}
ENUMS = {"Scope": Scope}


@resolver("APIKey.scopes")
def scopes(key: ApiKey, ctx: Context) -> list[Scope]:
    """Return what a key may be used for."""
    return service.scope_list(key.scopes)


@resolver("APIKey.lastUsed")
def last_used(key: ApiKey, ctx: Context) -> int | None:
    """Return when a key was last used."""
    return key.last_used_at


@resolver("Query.myAPIKeys")
def my_api_keys(ctx: Context) -> list[ApiKey]:
    """Return the viewer's keys."""
    return service.list_keys(ctx.tx, ctx.viewer)


@resolver("Mutation.createAPIKey")
def create_api_key(ctx: Context, *, value: CreateAPIKey) -> NewKey:
    """Make a key."""
    return service.create_key(ctx, value.label, value.scopes)


@resolver("Mutation.deleteAPIKey")
def delete_api_key(ctx: Context, *, id: str) -> ApiKey:
    """Delete a key."""
    return service.delete_key(ctx, id)
