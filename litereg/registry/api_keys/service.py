"""Make, list and delete API keys. What a key looks like is in `litereg.registry.tokens`."""

from __future__ import annotations

import uuid
from enum import Enum
from typing import NamedTuple

from litereg import access
from litereg.access import Viewer
from litereg.errors import Conflict, InvalidInput, NotFound
from litereg.gql.context import Context
from litereg.registry import mail, names
from litereg.registry.api_keys import queries
from litereg.registry.mail import Letter
from litereg.registry.models import ApiKey
from litereg.registry.tokens import digest, key_token, new_secret
from litereg.registry.users import queries as users
from litereg.store import Transaction

MAX_LABEL = 100


class Scope(Enum):
    """What a key may be used for; a set of them is stored as the sum of its values."""

    MANAGE_API_KEYS = 1
    READ_PRIVATE_ASSETS = 2
    MANAGE_PRIVATE_ASSETS = 4


class NewKey(NamedTuple):
    """A key that was just made, with the secret that is shown this once."""

    id: str
    label: str
    secret: str
    token: str
    scopes: list[Scope]
    created_at: int


def scope_list(stored: int) -> list[Scope]:
    """Return a stored sum of scopes as a list."""
    return [scope for scope in Scope if stored & scope.value]


def list_keys(tx: Transaction, viewer: Viewer) -> list[ApiKey]:
    """Return the viewer's keys, newest first."""
    access.require_known(viewer)
    return queries.list_keys(tx, viewer.user_id)


def create_key(ctx: Context, label: str, scopes: list[Scope]) -> NewKey:
    """Make a key for the viewer and tell them by mail.

    Raises:
        InvalidInput: ALL_SCOPES_REQUIRED, or the label is too long.
        Conflict: APIKEY_LABEL_NOT_AVIALABLE.
    """
    access.require_known(ctx.viewer)
    if set(scopes) != set(Scope):
        raise InvalidInput("ALL_SCOPES_REQUIRED")
    with ctx.deed("new-key") as deed:
        key = add_key(ctx.tx, ctx.viewer.user_id, label, ctx.token(), ctx.now)
        deed.what = key.id
    user = users.get_user(ctx.tx, ctx.viewer.user_id)
    mail.queue(ctx.tx, ctx.settings, Letter.NEW_API_KEY, user, ctx.now, api_key_label=label)
    return key


def add_key(tx: Transaction, user_id: int, label: str, random: bytes, now: int) -> NewKey:
    """Store a key with all scopes, made of 32 *random* bytes."""
    names.require_length(label, MAX_LABEL, "label")
    if queries.has_label(tx, user_id, label):
        raise Conflict("APIKEY_LABEL_NOT_AVIALABLE")
    key_id = str(uuid.UUID(bytes=digest(random.hex())[:16], version=4))
    secret = new_secret(random)
    scopes = sum(scope.value for scope in Scope)
    queries.insert_key(tx, key_id, user_id, label, digest(secret), scopes, now)
    return NewKey(key_id, label, secret, key_token(key_id, secret), list(Scope), now)


def delete_key(ctx: Context, key_id: str) -> ApiKey:
    """Delete one of the viewer's keys and return it as it was.

    Raises:
        NotFound: API_KEY_NOT_FOUND, also for somebody else's key.
    """
    access.require_known(ctx.viewer)
    with ctx.deed("key-deleted") as deed:
        key = queries.find_key(ctx.tx, ctx.viewer.user_id, key_id)
        if key is None:
            raise NotFound("API_KEY_NOT_FOUND", key_id)
        deed.what = key.id
        queries.delete_key(ctx.tx, key_id)
        return key
