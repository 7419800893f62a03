"""GraphQL fields of the administration room."""

from __future__ import annotations

from litereg.gql.context import Context
from litereg.gql.resolver import resolver
from litereg.registry.administration import remote
from litereg.registry.models import AdminStatus, User
from litereg.registry.pages import Page

MODELS = {"AdminStatus": AdminStatus}


@resolver("Query.adminStatus")
def status(ctx: Context) -> AdminStatus:
    """Return how much there is in the registry."""
    return remote.get_status(ctx.tx, ctx.viewer)


@resolver("Query.adminSearchUsers")
def search_users(ctx: Context, *, value: str, limit: int, off_set: int) -> Page[User]:
    """Find users by all their names."""
    return remote.search(ctx.tx, ctx.viewer, value, off_set, limit)


@resolver("Mutation.setAsAdmin")
def set_admin(ctx: Context, *, username: str, is_admin: bool) -> None:
    """Make a user an administrator, or no longer one."""
    remote.set_admin(ctx, username, is_admin)


@resolver("Mutation.adminSetUserStatus")
def set_status(ctx: Context, *, username: str, status: str, message: str | None = None) -> None:
    """Keep a user out or let them in again."""
    remote.set_status(ctx, username, status, message)


@resolver("Mutation.adminDeleteUser")
def delete_user(ctx: Context, *, username_or_email_address: str) -> None:
    """Close a user's account."""
    remote.delete(ctx, username_or_email_address)
