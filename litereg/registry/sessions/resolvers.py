"""GraphQL fields of the sessions room."""

from __future__ import annotations

from litereg.gql.context import Context
from litereg.gql.resolver import resolver
from litereg.registry.sessions import service


@resolver("Query.login", writes=True)
def login_by_query(ctx: Context, *, username: str, password: str) -> str:
    """Log in, as a query."""
    return service.login(ctx, username, password)


@resolver("Mutation.login")
def login(ctx: Context, *, username: str, password: str) -> str:
    """Log in."""
    return service.login(ctx, username, password)


@resolver("Mutation.useLoginLink")
def use_login_link(ctx: Context, *, token: str) -> str:
    """Log in by a one-time link."""
    return service.use_link(ctx, token)


@resolver("Mutation.logout")
def logout(ctx: Context) -> None:
    """Log out."""
    service.logout(ctx.tx, ctx.viewer)
