"""Set and find the pictures of users, catalogs, packages and collections.

What may be uploaded is decided in `litereg.registry.images.pictures`.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from litereg import access
from litereg.access import Permission, Viewer
from litereg.errors import LiteregError, NotAuthenticated, NotAuthorized, NotFound
from litereg.gql.context import Context
from litereg.gql.slow import Line
from litereg.registry import names
from litereg.registry.catalogs import queries as catalogs
from litereg.registry.collections import queries as collections
from litereg.registry.images import queries
from litereg.registry.images.inputs import Upload
from litereg.registry.images.pictures import Picture, make_picture
from litereg.registry.images.queries import Stored
from litereg.registry.packages import queries as packages
from litereg.registry.scanning import Scanner
from litereg.registry.users import queries as users
from litereg.store import Transaction, content


class Kind(Enum):
    """What a picture is for; the value is its width and height in pixels."""

    AVATAR = (500, 500)
    COVER = (1000, 500)


class Owner(Enum):
    """What can have pictures."""

    USER = "USER"
    CATALOG = "CATALOG"
    PACKAGE = "PACKAGE"
    COLLECTION = "COLLECTION"


class Subject(NamedTuple):
    """What a picture is of, and its names; a package's begin with its catalog's."""

    owner: Owner
    names: tuple[str, ...]


def set_mine(ctx: Context, kind: Kind, upload: Upload) -> None:
    """Set a picture of the viewer's own."""
    access.require_known(ctx.viewer)
    _set(ctx, Owner.USER, ctx.viewer.user_id, kind, upload)


def set_picture(ctx: Context, subject: Subject, kind: Kind, upload: Upload) -> None:
    """Set a picture of a catalog, a package or a collection.

    Raises:
        ImageRefused: IMAGE_FORMAT_NOT_SUPPORTED, IMAGE_TOO_LARGE.
        FileRefused, ScanFailed: where a scanner is set.
    """
    owner_id = _require(ctx.tx, ctx.viewer, subject, Permission.EDIT)
    _set(ctx, subject.owner, owner_id, kind, upload)


def delete_picture(tx: Transaction, viewer: Viewer, subject: Subject, kind: Kind) -> None:
    """Take a picture of a catalog, a package or a collection away, if there is one."""
    owner_id = _require(tx, viewer, subject, Permission.EDIT)
    queries.delete_image(tx, subject.owner.value, owner_id, kind.name)


def find_picture(tx: Transaction, viewer: Viewer, subject: Subject, kind: Kind) -> Stored | None:
    """Return a picture; None when there is none, or the viewer may not open what it is of.

    Pictures of users are for everybody.
    """
    try:
        if subject.owner is Owner.USER:
            owner_id = _user_id(tx, *subject.names)
        else:
            owner_id = _require(tx, viewer, subject, Permission.VIEW)
    except (NotFound, NotAuthenticated, NotAuthorized):
        return None
    found = queries.find_image(tx, subject.owner.value, owner_id, kind.name)
    if found is not None:
        content.verified(found.sha256, found.body)
    return found


def _set(ctx: Context, owner: Owner, owner_id: int, kind: Kind, upload: Upload) -> None:
    scanner = Scanner.of(ctx.settings)
    work = (make_picture, upload.base64, *kind.value, scanner)
    made: Picture | LiteregError = ctx.slow(
        *work, line=Line.SCANS if scanner is not None else Line.SHORT
    )
    if isinstance(made, LiteregError):
        raise made
    uploader_id = ctx.viewer.user_id
    queries.set_image(ctx.tx, owner.value, owner_id, kind.name, made, uploader_id, ctx.now)


def _user_id(tx: Transaction, username: str) -> int:
    user = users.find_user(tx, username)
    if user is None:
        raise NotFound("USER_NOT_FOUND", username)
    return user.id


def _require(tx: Transaction, viewer: Viewer, subject: Subject, needed: Permission) -> int:
    """Return the id of what *subject* names, if the viewer has the permission *needed* on it."""
    keys = [names.key(name) for name in subject.names]
    match subject.owner, keys:
        case Owner.CATALOG, [key]:
            return access.require(tx, viewer, catalogs.CATALOG, needed, catalog_key=key).id
        case Owner.PACKAGE, [catalog_key, key]:
            by = {"catalog_key": catalog_key, "package_key": key}
            return access.require(tx, viewer, packages.PACKAGE, needed, **by).id
        case Owner.COLLECTION, [key]:
            door = collections.COLLECTION
            return access.require(tx, viewer, door, needed, collection_key=key).id
    raise ValueError(subject)
