"""What administrators may do with other people's accounts over the API.

The deeds themselves are those of the shell, in `litereg.registry.administration.service`. An
administrator cannot take rights from themselves here, so the registry never stays without one.
"""

from __future__ import annotations

from litereg import access
from litereg.access import Viewer
from litereg.errors import InvalidInput
from litereg.gql.context import Context
from litereg.registry import accounts, mail, names
from litereg.registry.administration import queries, service
from litereg.registry.mail import Letter
from litereg.registry.models import AdminStatus, User
from litereg.registry.pages import Page
from litereg.registry.users import queries as users
from litereg.store import Transaction

MAX_MESSAGE = 250


def get_status(tx: Transaction, viewer: Viewer) -> AdminStatus:
    """Return how much there is in the registry."""
    access.require_admin(viewer)
    return queries.get_status(tx)


def search(tx: Transaction, viewer: Viewer, text: str, offset: int, limit: int) -> Page[User]:
    """Return a page of the users whose names, private ones too, begin with *text*."""
    access.require_admin(viewer)
    return users.page_matching(tx, text, all_names=True, offset=offset, limit=limit)


def set_admin(tx: Transaction, viewer: Viewer, name: str, is_admin: bool, now: int) -> None:
    """Make another user an administrator, or no longer one."""
    user = _get_other(tx, viewer, name)
    service.set_admin(tx, user.username, is_admin, now)


def set_status(ctx: Context, name: str, status: str, message: str | None) -> None:
    """Keep another user out, and tell them so with *message*; or let them in again."""
    user = _get_other(ctx.tx, ctx.viewer, name)
    names.require_length(message, MAX_MESSAGE, "message")
    if status == "SUSPENDED":
        service.suspend(ctx.tx, user.username, ctx.now)
        letter, text = Letter.ACCOUNT_SUSPENDED, message or ""
        mail.queue(ctx.tx, ctx.settings, letter, user, ctx.now, message=text)
    elif status == "ACTIVE":
        service.activate(ctx.tx, user.username, ctx.now)
    else:
        raise InvalidInput("STATUS_NOT_POSSIBLE", f"an account cannot be made {status}")


def delete(tx: Transaction, viewer: Viewer, name: str, now: int) -> None:
    """Close another user's account."""
    accounts.close(tx, _get_other(tx, viewer, name).id, now)


def _get_other(tx: Transaction, viewer: Viewer, name: str) -> User:
    access.require_admin(viewer)
    user = service.get_user(tx, name)
    if user.id == viewer.user_id:
        raise InvalidInput("NOT_ON_ONESELF", "ask another administrator")
    return user
