"""Do what the links in letters are for.

The links that verify an address are made at sign-up and for a new address, in
`litereg.registry.users`.
"""

from __future__ import annotations

from litereg.errors import InvalidInput, LiteregError
from litereg.gql.context import Context
from litereg.gql.witness import Deed
from litereg.registry import accounts, mail, rate_limits
from litereg.registry.accounts import EmailAddressTaken
from litereg.registry.administration import queries as administration
from litereg.registry.email_links import queries
from litereg.registry.email_links.inputs import RecoverPassword
from litereg.registry.email_links.queries import Link
from litereg.registry.mail import Letter
from litereg.registry.models import User
from litereg.registry.rate_limits import Kind
from litereg.registry.sessions import queries as sessions
from litereg.registry.tokens import digest, token_text
from litereg.registry.users import credentials
from litereg.registry.users import queries as users
from litereg.registry.users.inputs import UpdateUser

# Letters with such a link that one user gets within an hour, whoever asks for them.
MAX_AN_HOUR = 3


class BadToken(LiteregError):
    """A token that opens nothing: never did, or no longer."""


def verify_email_address(ctx: Context, token: str, password: str | None) -> None:
    """Note that a user's address is their own, or give them the new one that they asked for.

    A new one takes *password*, the account's: whoever stole a session could ask for an address of
    theirs, and set a new password by it. A wrong one leaves the link as it was.

    Raises:
        BadToken: TOKEN_NOT_VALID, TOKEN_IS_TOO_OLD.
        InvalidInput: PASSWORD_REQUIRED.
        LimitExceeded: TOO_MANY_TRIES.
        NotAuthenticated: WRONG_CREDENTIALS.
        EmailAddressTaken: somebody else has the new one by now.
    """
    with ctx.deed("address-verified") as deed:
        link = queries.find_verify_link(ctx.tx, digest(token))
        if link is None:
            raise BadToken("TOKEN_NOT_VALID")
        deed.about(link.user_id)
        user = users.get_user(ctx.tx, link.user_id)
        if _is_done(link, user):
            return
        if link.used_at is not None:
            raise BadToken("TOKEN_NOT_VALID")
        if ctx.now - link.created_at > queries.VERIFY_LASTS_MS:
            raise BadToken("TOKEN_IS_TOO_OLD")
        if link.email_address is not None:
            if not password:
                raise InvalidInput("PASSWORD_REQUIRED", "a new address takes the password")
            accounts.require_password_of(ctx, user, password)
            _move(ctx, user, link.email_address)
        users.set_email_verified(ctx.tx, link.user_id, True)


def _is_done(link: Link, user: User) -> bool:
    """Return whether there is nothing left for *link* to do; it may be opened again."""
    if link.email_address is None:
        return link.is_email_verified
    return link.used_at is not None and link.email_address == user.email_address


def _move(ctx: Context, user: User, email_address: str) -> None:
    """Give *user* another address, and tell the one before."""
    if users.is_email_taken(ctx.tx, email_address, except_user=user.id):
        raise EmailAddressTaken
    users.update_user(ctx.tx, user.id, UpdateUser(email_address=email_address), ctx.now)
    # Links to a new password went to the address that is given up here.
    queries.use_links(ctx.tx, user.id, ctx.now)
    letter = Letter.ADDRESS_CHANGED
    mail.queue(ctx.tx, ctx.settings, letter, user, ctx.now, address=email_address)


def forgot_my_password(ctx: Context, email_address: str) -> None:
    """Mail a link to a new password, if *email_address* is some user's.

    Nothing tells whether it is: for nobody, as much is looked up and stored.

    Raises:
        LimitExceeded: TOO_MANY_TRIES.
    """
    with ctx.deed("password-forgotten") as deed:
        rate_limits.begin(ctx, Kind.RESET)
        user = users.find_user_by_any_name(ctx.tx, email_address)
        if user is not None:
            deed.about(user.id, user.username)
        _mail_recover_link(ctx, user)


def _mail_recover_link(ctx: Context, user: User | None) -> None:
    """Mail *user* a link to a new password, unless they have had enough of them."""
    tx, now = ctx.tx, ctx.now
    since = now - queries.HOUR_MS
    sent = queries.count_recover_links(tx, user.id if user else 0, since)
    token = token_text(ctx.token())
    if user is None or user.status != "ACTIVE" or sent >= MAX_AN_HOUR:
        queries.insert_recover_link(tx, digest(token), None, now)
        mail.queue_to_nobody(tx, ctx.settings, Letter.RECOVER_PASSWORD, now, token=token)
    else:
        queries.insert_recover_link(tx, digest(token), user.id, now)
        mail.queue(tx, ctx.settings, Letter.RECOVER_PASSWORD, user, now, token=token)


def recover_my_password(ctx: Context, value: RecoverPassword) -> None:
    """Set a new password by the token of a link; every session of the user ends.

    Whoever has the link has the address, so it is verified from now on.

    Raises:
        BadToken: TOKEN_NOT_VALID, TOKEN_NO_LONGER_VALID.
    """
    with ctx.deed("new-password", "letter") as deed:
        _recover(ctx, value, deed)


def _recover(ctx: Context, value: RecoverPassword, deed: Deed) -> None:
    tx, now = ctx.tx, ctx.now
    link = queries.find_recover_link(tx, digest(value.token))
    if link is None:
        raise BadToken("TOKEN_NOT_VALID")
    deed.about(link.user_id)
    if link.used_at is not None or now - link.created_at > queries.RECOVER_LASTS_MS:
        raise BadToken("TOKEN_NO_LONGER_VALID")
    user = users.get_user(tx, link.user_id)
    password_hash = accounts.hash_new_password(
        ctx, value.new_password, user.username, user.email_address
    )
    credentials.set_password(tx, link.user_id, password_hash, now)
    users.set_email_verified(tx, link.user_id, True)
    queries.use_links(tx, link.user_id, now)
    sessions.delete_sessions(tx, link.user_id)
    administration.delete_links(tx, link.user_id)
