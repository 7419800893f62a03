"""Sign up, read and change accounts.

Log-in is in `litereg.registry.sessions`, the rules of names in `litereg.registry.names`.
"""

from __future__ import annotations

from dataclasses import replace

from litereg import access
from litereg.access import Viewer
from litereg.errors import Conflict, NotAuthorized
from litereg.gql.context import Context
from litereg.registry import mail, names, passwords
from litereg.registry.api_keys import queries as api_keys
from litereg.registry.catalogs import queries as catalogs
from litereg.registry.email_links import queries as email_links
from litereg.registry.mail import Letter
from litereg.registry.models import User
from litereg.registry.pages import Page
from litereg.registry.sessions import queries as sessions
from litereg.registry.sessions.service import WrongCredentials, begin, digest, token_text
from litereg.registry.users import queries
from litereg.registry.users.inputs import CreateUser, UpdatePassword, UpdateUser
from litereg.store import Transaction

MAX_FIRST_NAME = 30
MAX_LAST_NAME = 150
MAX_GIT_HUB_HANDLE = 255


class UsernameTaken(Conflict):
    """Another user, or a catalog, answers to this name."""

    def __init__(self) -> None:
        super().__init__("USERNAME_NOT_AVAILABLE")


class EmailAddressTaken(Conflict):
    """Another user has this address."""

    def __init__(self) -> None:
        super().__init__("EMAIL_ADDRESS_NOT_AVAILABLE")


def username_available(tx: Transaction, username: str) -> bool:
    """Return whether neither a user nor a catalog has this name."""
    return not queries.is_name_taken(tx, username)


def email_address_available(tx: Transaction, email_address: str) -> bool:
    """Return whether no user has this address."""
    return not queries.is_email_taken(tx, email_address)


def get_me(tx: Transaction, viewer: Viewer) -> User:
    """Return the viewer's account."""
    access.require_known(viewer)
    return queries.get_user(tx, viewer.user_id)


def get_user(tx: Transaction, username: str) -> User:
    """Return an active user.

    Raises:
        NotFound: USER_NOT_FOUND.
    """
    return queries.get_user_named(tx, username)


def search(tx: Transaction, viewer: Viewer, text: str, offset: int, limit: int) -> Page[User]:
    """Return a page of the users whose public names begin with *text*."""
    access.require_known(viewer)
    return queries.page_matching(tx, text, all_names=False, offset=offset, limit=limit)


def display_name(user: User, viewer: Viewer) -> str:
    """Return what to call *user* before *viewer*."""
    known = user.name_is_public or user.id == viewer.user_id
    parts = (user.first_name, user.last_name) if known else ()
    return " ".join(filter(None, parts)) or user.username


def sign_up(ctx: Context, value: CreateUser) -> str | None:
    """Make an account with its catalog and return a session token for it.

    In a registry that sends mail there is none before the address is verified, so None.
    """
    if not ctx.settings.sign_up:
        raise NotAuthorized("SIGN_UP_DISABLED")
    value = replace(
        value, email_address=value.email_address.strip(), username=value.username.strip()
    )
    _require_free(ctx.tx, value.email_address, value.username)
    names.require_unreserved(value.username)
    names.require_length(value.first_name, MAX_FIRST_NAME, "firstName")
    names.require_length(value.last_name, MAX_LAST_NAME, "lastName")
    cost = ctx.settings.password_cost
    password_hash = ctx.slow(passwords.hash_password, value.password, cost)
    user_id = create_account(ctx.tx, value, password_hash, ctx.now)
    if ctx.settings.sends_mail:
        _ask_to_verify(ctx, user_id)
        return None
    return begin(ctx.tx, user_id, ctx.token(), ctx.now)


def create_account(tx: Transaction, value: CreateUser, password_hash: str | None, now: int) -> int:
    """Store an account and its private catalog of the same name; return the user's id.

    The first account of an empty registry is the administrator.
    """
    user_id = queries.insert_user(
        tx,
        value.username,
        value.email_address,
        password_hash,
        (value.first_name or "").strip() or None,
        (value.last_name or "").strip() or None,
        queries.is_empty(tx),
        now,
    )
    if value.ui_dark_mode_enabled:
        queries.update_user(tx, user_id, UpdateUser(ui_dark_mode_enabled=True), now)
    catalogs.insert_personal_catalog(tx, user_id, value.username, now)
    return user_id


def update_me(tx: Transaction, viewer: Viewer, value: UpdateUser, now: int) -> User:
    """Change the viewer's profile and return it; a new name renames their catalog."""
    access.require_known(viewer)
    change = _normalised(value)
    if change.email_address and queries.is_email_taken(
        tx, change.email_address, except_user=viewer.user_id
    ):
        raise EmailAddressTaken
    if change.username:
        _rename(tx, viewer, change.username, now)
    if change.email_address:
        # They went to the address that is given up here.
        email_links.use_recover_links(tx, viewer.user_id, now)
    queries.update_user(tx, viewer.user_id, change, now)
    return queries.get_user(tx, viewer.user_id)


def update_my_password(ctx: Context, value: UpdatePassword) -> None:
    """Change the viewer's password; their other sessions and links to a new one end.

    Raises:
        NotAuthenticated: WRONG_CREDENTIALS, when the old password is not right.
    """
    access.require_known(ctx.viewer)
    found = queries.find_secret(ctx.tx, names.key(ctx.viewer.username))
    stored = (found and found.password_hash) or passwords.no_hash(ctx.settings.password_cost)
    if not ctx.slow(passwords.matches, value.old_password, stored):
        raise WrongCredentials
    cost = ctx.settings.password_cost
    password_hash = ctx.slow(passwords.hash_password, value.new_password, cost)
    queries.set_password(ctx.tx, ctx.viewer.user_id, password_hash, ctx.now)
    email_links.use_recover_links(ctx.tx, ctx.viewer.user_id, ctx.now)
    sessions.delete_other_sessions(ctx.tx, ctx.viewer.user_id, ctx.viewer.session)


def disable_me(tx: Transaction, viewer: Viewer, now: int) -> User:
    """Close the viewer's account and catalog; every session and key of theirs ends."""
    access.require_known(viewer)
    close_account(tx, viewer.user_id, now)
    return queries.get_user(tx, viewer.user_id)


def close_account(tx: Transaction, user_id: int, now: int) -> None:
    """Close an account and its catalog; every session and key of it ends."""
    suffix = f"-DISABLED-{now}"
    catalogs.disable_personal_catalog(tx, user_id, suffix, now)
    sessions.delete_sessions(tx, user_id)
    api_keys.delete_keys(tx, user_id)
    queries.disable_user(tx, user_id, suffix, now)


def _ask_to_verify(ctx: Context, user_id: int) -> None:
    """Mail a new user the link that verifies their address; until then they cannot log in."""
    token = token_text(ctx.token())
    queries.set_email_verified(ctx.tx, user_id, False)
    email_links.insert_verify_link(ctx.tx, digest(token), user_id, ctx.now)
    user = queries.get_user(ctx.tx, user_id)
    mail.queue(ctx.tx, ctx.settings, Letter.VERIFY_ACCOUNT, user, ctx.now, token=token)


def _rename(tx: Transaction, viewer: Viewer, username: str, now: int) -> None:
    if queries.is_name_taken(tx, username, except_user=viewer.user_id):
        raise UsernameTaken
    names.require_unreserved(username)
    catalogs.rename_personal_catalog(tx, viewer.user_id, username, now)


def _require_free(tx: Transaction, email_address: str, username: str) -> None:
    if queries.is_email_taken(tx, email_address):
        raise EmailAddressTaken
    if queries.is_name_taken(tx, username):
        raise UsernameTaken


def _normalised(value: UpdateUser) -> UpdateUser:
    """Return *value* with texts trimmed, the username in lower case, and empty ones left out."""
    names.require_length(value.first_name, MAX_FIRST_NAME, "firstName")
    names.require_length(value.last_name, MAX_LAST_NAME, "lastName")
    names.require_length(value.git_hub_handle, MAX_GIT_HUB_HANDLE, "gitHubHandle")
    return replace(
        value,
        username=_filled(value.username and value.username.lower()),
        first_name=_filled(value.first_name),
        last_name=_filled(value.last_name),
        email_address=_filled(value.email_address),
    )


def _filled(text: str | None) -> str | None:
    return (text or "").strip() or None
