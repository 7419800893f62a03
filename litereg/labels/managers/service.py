"""Say who may change labels beside the administrators."""

from __future__ import annotations

from litereg import access
from litereg.errors import NotFound
from litereg.gql.context import Context
from litereg.labels.managers import queries


def list_managers(ctx: Context) -> list[str]:
    """Return the usernames of the label managers, in order."""
    access.require_admin(ctx.viewer)
    return queries.list_managers(ctx.tx)


def set_manager(ctx: Context, username: str, is_manager: bool) -> None:
    """Make a user a label manager, or make them none."""
    with ctx.deed("label-manager", "made" if is_manager else "taken-back") as deed:
        access.require_admin(ctx.viewer)
        user = queries.find_user(ctx.tx, username)
        if user is None:
            raise NotFound("USER_NOT_FOUND")
        deed.about(user.id, user.username)
        if is_manager:
            queries.grant(ctx.tx, user.id, ctx.viewer.user_id, ctx.now)
        else:
            queries.revoke(ctx.tx, user.id)
