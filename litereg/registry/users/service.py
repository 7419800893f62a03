"""Sign up, read and change accounts.

Log-in is in `litereg.registry.sessions`, the rules of names in `litereg.registry.names`.
"""

from __future__ import annotations

import math
from dataclasses import replace

from litereg import access
from litereg.access import Viewer
from litereg.errors import LimitExceeded, NotAuthenticated, NotAuthorized
from litereg.gql.context import Context
from litereg.registry import accounts, mail, names, rate_limits
from litereg.registry.accounts import EmailAddressTaken, UsernameTaken
from litereg.registry.administration import queries as administration
from litereg.registry.catalogs import queries as catalogs
from litereg.registry.email_links import queries as email_links
from litereg.registry.mail import Letter
from litereg.registry.models import User
from litereg.registry.pages import Page
from litereg.registry.rate_limits import Kind
from litereg.registry.sessions import queries as sessions
from litereg.registry.tokens import digest, token_text
from litereg.registry.users import credentials, queries
from litereg.registry.users.inputs import CreateUser, UpdatePassword, UpdateUser
from litereg.registry.users.matching import page_matching
from litereg.store import Transaction

MAX_GIT_HUB_HANDLE = 255
# New addresses that a user may ask for in each rate_window_s; each of them gets a letter.
MAX_NEW_ADDRESSES = 5


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


def may_close_me(tx: Transaction, viewer: Viewer) -> bool:
    """Return whether the viewer's account can be closed; that of the last administrator cannot."""
    access.require_known(viewer)
    # Not by their row, of which a query fetches what its other fields read.
    return not viewer.is_admin or queries.has_other_admin(tx, viewer.user_id)


def get_user(tx: Transaction, username: str) -> User:
    """Return an active user.

    Raises:
        NotFound: USER_NOT_FOUND.
    """
    return queries.get_user_named(tx, username)


def search(tx: Transaction, viewer: Viewer, text: str, offset: int, limit: int) -> Page[User]:
    """Return a page of the users whose public names begin with *text*."""
    access.require_known(viewer)
    return page_matching(tx, text, all_names=False, offset=offset, limit=limit)


def display_name(user: User, viewer: Viewer) -> str:
    """Return what to call *user* before *viewer*."""
    known = user.name_is_public or user.id == viewer.user_id
    parts = (user.first_name, user.last_name) if known else ()
    return " ".join(filter(None, parts)) or user.username


def sign_up(ctx: Context, value: CreateUser) -> str | None:
    """Make an account with its catalog and return a session token for it.

    None where that is not enough: the address has to be verified first, where mail is sent, or a
    second factor is asked for, which the first log-in sets up.
    """
    with ctx.deed("sign-up") as deed:
        user_id = _make_account(ctx, value)
        deed.about(user_id, queries.get_user(ctx.tx, user_id).username)
        if ctx.settings.sends_mail:
            _ask_to_verify(ctx, user_id)
            return None
        if ctx.settings.requires_second_factor:
            return None
        token = token_text(ctx.token())
        sessions.insert_session(ctx.tx, digest(token), user_id, ctx.now)
        return token


def _make_account(ctx: Context, value: CreateUser) -> int:
    """Make an account, if people may make their own, and return the user's id."""
    if not ctx.settings.sign_up:
        raise NotAuthorized("SIGN_UP_DISABLED")
    value = replace(
        value, email_address=value.email_address.strip(), username=value.username.strip()
    )
    accounts.require_free(ctx.tx, value.email_address, value.username)
    names.require_unreserved(value.username)
    accounts.require_short_names(value)
    rate_limits.begin(ctx, Kind.SIGN_UP)
    password_hash = accounts.hash_new_password(
        ctx, value.password, value.username, value.email_address
    )
    return accounts.create(ctx.tx, value, password_hash, ctx.now)


def update_me(ctx: Context, value: UpdateUser) -> User:
    """Change the viewer's profile and return it; a new name renames their catalog.

    A new address is theirs at once only in a registry that sends no mail.

    Raises:
        LimitExceeded: TOO_MANY_TRIES, for too many new addresses.
    """
    tx, viewer = ctx.tx, ctx.viewer
    access.require_known(viewer)
    if queries.get_user(tx, viewer.user_id).status == "DISABLED":
        # Closed by the same document: a name that it took now, nobody could free again.
        raise NotAuthenticated
    change = _normalised(value)
    if change.username:
        with ctx.deed("new-username"):
            _rename(tx, viewer, change.username, ctx.now)
    if change.email_address:
        with ctx.deed("new-address"):
            change = _with_address(ctx, change, change.email_address)
    queries.update_user(tx, viewer.user_id, change, ctx.now)
    return queries.get_user(tx, viewer.user_id)


def update_my_password(ctx: Context, value: UpdatePassword) -> None:
    """Change the viewer's password; their other sessions, and the links they were given, end.

    Raises:
        LimitExceeded: TOO_MANY_TRIES.
        NotAuthenticated: WRONG_CREDENTIALS, when the old password is not right.
    """
    access.require_known(ctx.viewer)
    with ctx.deed("new-password", "old-password"):
        _change_password(ctx, value)


def _change_password(ctx: Context, value: UpdatePassword) -> None:
    accounts.require_password(ctx, value.old_password)
    me = queries.get_user(ctx.tx, ctx.viewer.user_id)
    password_hash = accounts.hash_new_password(
        ctx, value.new_password, me.username, me.email_address
    )
    credentials.set_password(ctx.tx, ctx.viewer.user_id, password_hash, ctx.now)
    email_links.use_links(ctx.tx, ctx.viewer.user_id, ctx.now)
    sessions.delete_other_sessions(ctx.tx, ctx.viewer.user_id, ctx.viewer.session)
    administration.delete_links(ctx.tx, ctx.viewer.user_id)


def disable_me(ctx: Context) -> User:
    """Close the viewer's account and catalog; every session and key of theirs ends.

    Raises:
        InvalidInput: LAST_ADMINISTRATOR.
    """
    access.require_known(ctx.viewer)
    with ctx.deed("account-closed") as deed:
        deed.about(ctx.viewer.user_id, ctx.viewer.username)
        accounts.require_other_admin(ctx.tx, queries.get_user(ctx.tx, ctx.viewer.user_id))
        accounts.close(ctx.tx, ctx.viewer.user_id, ctx.now)
    return queries.get_user(ctx.tx, ctx.viewer.user_id)


def _ask_to_verify(ctx: Context, user_id: int) -> None:
    """Mail a new user the link that verifies their address; until then they cannot log in."""
    token = token_text(ctx.token())
    queries.set_email_verified(ctx.tx, user_id, False)
    email_links.insert_verify_link(ctx.tx, digest(token), user_id, ctx.now)
    user = queries.get_user(ctx.tx, user_id)
    mail.queue(ctx.tx, ctx.settings, Letter.VERIFY_ACCOUNT, user, ctx.now, token=token)


def _with_address(ctx: Context, change: UpdateUser, email_address: str) -> UpdateUser:
    """Return *change* with the new address, or without it when it has to be verified first."""
    if queries.is_email_taken(ctx.tx, email_address, except_user=ctx.viewer.user_id):
        raise EmailAddressTaken
    user = queries.get_user(ctx.tx, ctx.viewer.user_id)
    if names.key(email_address) == names.key(user.email_address):
        return change
    # They went to the address that is given up, or lead to another new one.
    email_links.use_links(ctx.tx, user.id, ctx.now)
    if not ctx.settings.sends_mail:
        return change
    _ask_to_move(ctx, user, email_address)
    return replace(change, email_address=None)


def _ask_to_move(ctx: Context, user: User, email_address: str) -> None:
    """Mail the link that gives *user* another address to that address, and tell the old one."""
    what = f"new address of {user.id}"
    if not rate_limits.has_one_left(ctx, what, MAX_NEW_ADDRESSES):
        seconds = math.ceil(ctx.settings.rate_window_s / MAX_NEW_ADDRESSES)
        raise LimitExceeded(
            "TOO_MANY_TRIES", f"try again in {seconds} s", retryAfterSeconds=seconds
        )
    token = token_text(ctx.token())
    email_links.insert_verify_link(ctx.tx, digest(token), user.id, ctx.now, email_address)
    at_new = user._replace(email_address=email_address)
    mail.queue(ctx.tx, ctx.settings, Letter.VERIFY_ADDRESS, at_new, ctx.now, token=token)
    letter = Letter.ADDRESS_ASKED_FOR
    mail.queue(ctx.tx, ctx.settings, letter, user, ctx.now, address=email_address)


def _rename(tx: Transaction, viewer: Viewer, username: str, now: int) -> None:
    if queries.is_name_taken(tx, username, except_user=viewer.user_id):
        raise UsernameTaken
    names.require_unreserved(username)
    catalogs.rename_personal_catalog(tx, viewer.user_id, username, now)


def _normalised(value: UpdateUser) -> UpdateUser:
    """Return *value* with texts trimmed, the username in lower case, and empty ones left out."""
    accounts.require_short_names(value)
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
