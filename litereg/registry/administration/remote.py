"""What administrators may do with other people's accounts over the API.

The deeds themselves are those of the shell, in `litereg.registry.administration.service`. An
administrator cannot take rights from themselves here, and a registry keeps an administrator: a
request may close its own viewer's account first and then go on to the others.
"""

from __future__ import annotations

from litereg import access
from litereg.access import Viewer
from litereg.errors import InvalidInput
from litereg.gql.context import Context
from litereg.gql.witness import Deed
from litereg.registry import accounts, mail, names
from litereg.registry.administration import queries, service
from litereg.registry.mail import Letter
from litereg.registry.models import AdminStatus, User
from litereg.registry.pages import Page
from litereg.registry.users.matching import page_matching
from litereg.store import Transaction

MAX_MESSAGE = 250
# What a change of an account's status is called in the log.
STATUS_DEEDS = {"SUSPENDED": "account-suspended", "ACTIVE": "account-activated"}


def get_status(tx: Transaction, viewer: Viewer) -> AdminStatus:
    """Return how much there is in the registry."""
    access.require_admin(viewer)
    return queries.get_status(tx)


def search(tx: Transaction, viewer: Viewer, text: str, offset: int, limit: int) -> Page[User]:
    """Return a page of the users whose names, private ones too, begin with *text*."""
    access.require_admin(viewer)
    return page_matching(tx, text, all_names=True, offset=offset, limit=limit)


def set_admin(ctx: Context, name: str, is_admin: bool) -> None:
    """Make another user an administrator, or no longer one."""
    with ctx.deed("administrator", "made" if is_admin else "taken-back") as deed:
        user = _get_other(ctx, name, deed)
        if not is_admin:
            accounts.require_other_admin(ctx.tx, user)
        service.set_admin(ctx.tx, user.username, is_admin, ctx.now)


def set_status(ctx: Context, name: str, status: str, message: str | None) -> None:
    """Keep another user out, and tell them so with *message*; or let them in again."""
    with ctx.deed(STATUS_DEEDS.get(status, "account-status")) as deed:
        _set_status(ctx, _get_other(ctx, name, deed), status, message)


def _set_status(ctx: Context, user: User, status: str, message: str | None) -> None:
    names.require_length(message, MAX_MESSAGE, "message")
    if status == "SUSPENDED":
        accounts.require_other_admin(ctx.tx, user)
        service.suspend(ctx.tx, user.username, ctx.now)
        letter, text = Letter.ACCOUNT_SUSPENDED, message or ""
        mail.queue(ctx.tx, ctx.settings, letter, user, ctx.now, message=text)
    elif status == "ACTIVE":
        service.activate(ctx.tx, user.username, ctx.now)
    else:
        raise InvalidInput("STATUS_NOT_POSSIBLE", f"an account cannot be made {status}")


def delete(ctx: Context, name: str) -> None:
    """Close another user's account."""
    with ctx.deed("account-closed") as deed:
        user = _get_other(ctx, name, deed)
        accounts.require_other_admin(ctx.tx, user)
        accounts.close(ctx.tx, user.id, ctx.now)


def _get_other(ctx: Context, name: str, deed: Deed) -> User:
    access.require_admin(ctx.viewer)
    user = service.get_user(ctx.tx, name)
    deed.about(user.id, user.username)
    if user.id == ctx.viewer.user_id:
        raise InvalidInput("NOT_ON_ONESELF", "ask another administrator")
    return user
