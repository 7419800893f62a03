"""The gatekeeper: who somebody is, what they may do, and every decision on it.

What is granted to whom is worked out by two views in the database (`catalog_access` and
`package_access`), which single access and lists share. This module turns their answer into yes or
no. A service gets hold of a package or a catalog only through `require`: whoever forgets to ask has
nothing in hand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, Literal, NamedTuple, Protocol, TypeVar

from litereg.errors import NotAuthenticated, NotAuthorized, NotFound
from litereg.settings import Settings
from litereg.store import Query, Transaction

ANONYMOUS_ID = 0


class Permission(Enum):
    """One permission; a set of them is stored as the sum of its values."""

    MANAGE = 4
    VIEW = 1
    EDIT = 2
    NONE = 8

    @property
    def satisfied_by(self) -> int:
        """The sum of the permissions that include this one: MANAGE implies EDIT implies VIEW."""
        return {"VIEW": 1 | 2 | 4, "EDIT": 2 | 4, "MANAGE": 4, "NONE": 15}[self.name]


# What a list asks for: anything in it can be opened.
VISIBLE = Permission.VIEW.satisfied_by

EVERYTHING = Permission.MANAGE.value | Permission.EDIT.value | Permission.VIEW.value


def permission_sum(permissions: list[Permission]) -> int:
    """Return a list of permissions as the sum that is stored."""
    return sum(permission.value for permission in set(permissions))


def permission_list(stored: int) -> list[Permission]:
    """Return a stored sum as a list, in the order of the enum."""
    return [permission for permission in Permission if stored & permission.value]


class Right(Enum):
    """What an administrator may allow a user beyond what everybody may do."""

    MANAGE_LABELS = "MANAGE_LABELS"


HAS_RIGHT = Query(int, "SELECT 1 FROM user_right WHERE user_id = :viewer AND name = :right")


class Viewer(NamedTuple):
    """Who asks.

    Attributes:
        user_id: the user, or 0 for somebody unknown.
        username: their name as typed, "" for somebody unknown.
        is_admin: whether they look after accounts; it opens no catalog and no package.
        session: SHA-256 of the session token that was presented, if one was.
        key_id: the id of the API key that was presented, if one was.
        is_stale: the last use of that session or key wants to be written down.
    """

    user_id: int
    username: str
    is_admin: bool
    session: bytes | None = None
    key_id: str | None = None
    is_stale: bool = False

    @property
    def is_known(self) -> bool:
        """Whether somebody is logged in."""
        return self.user_id != ANONYMOUS_ID


ANONYMOUS = Viewer(ANONYMOUS_ID, "", is_admin=False)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request carries to say who asks; not checked yet.

    Attributes:
        token: the secret text.
        kind: where it was found: `X-API-Key`, `Authorization: Bearer`, or the session cookie.
    """

    token: str
    kind: Literal["api_key", "bearer", "session"]


class Guarded(Protocol):
    """A row that says what the viewer may do with it."""

    @property
    def permissions(self) -> int:
        """The sum of the permissions the viewer has."""


Row = TypeVar("Row", bound=Guarded)


class Door(Generic[Row]):
    """The only way to a guarded row by its name.

    Its statement takes `:viewer` and the names; only `require` can run it.
    """

    def __init__(self, query: Query[Row], absent: Callable[..., Exception]) -> None:
        self._query = query
        self._absent = absent

    @property
    def query(self) -> Query[Row]:
        """The statement, for the test that prepares every statement."""
        return self._query


def require(
    tx: Transaction, viewer: Viewer, door: Door[Row], needed: Permission, **names: Any
) -> Row:
    """Return the row behind *door* that *names* name, if *viewer* has the permission *needed*.

    Raises:
        NotFound: there is no such row (or whatever else the door says of a missing one).
        NotAuthenticated: it is there, and a viewer who is not known may not.
        NotAuthorized: it is there, and this viewer may not.
    """
    row = tx.first(door._query, viewer=viewer.user_id, **names)
    if row is None:
        raise door._absent(tx, viewer, **names)
    require_permission(viewer, row, needed)
    return row


def require_permission(viewer: Viewer, row: Guarded, needed: Permission) -> None:
    """Raise unless *viewer*, for whom *row* was fetched, has the permission *needed* on it."""
    if not row.permissions & needed.satisfied_by:
        raise refusal(viewer)


def refusal(viewer: Viewer) -> NotAuthenticated | NotAuthorized:
    """Return the error for something *viewer* may not do."""
    return NotAuthorized() if viewer.is_known else NotAuthenticated()


def require_known(viewer: Viewer) -> None:
    """Raise unless somebody is logged in."""
    if not viewer.is_known:
        raise NotAuthenticated()


def require_admin(viewer: Viewer) -> None:
    """Raise unless *viewer* is an administrator."""
    if not viewer.is_admin:
        raise refusal(viewer)


def require_label_reader(viewer: Viewer, settings: Settings) -> None:
    """Raise unless *viewer* may read labels and public packages."""
    if not settings.labels_open_reading:
        require_known(viewer)


def require_label_manager(tx: Transaction, viewer: Viewer, settings: Settings) -> None:
    """Raise unless *viewer* may change labels and what carries them."""
    if not may_change_labels(tx, viewer, settings):
        raise refusal(viewer)


def may_change_labels(tx: Transaction, viewer: Viewer, settings: Settings) -> bool:
    """Return whether *viewer* may change labels and what carries them."""
    if viewer.is_admin or (viewer.is_known and settings.labels_open_changing):
        return True
    right = Right.MANAGE_LABELS.value
    return tx.first(HAS_RIGHT, viewer=viewer.user_id, right=right) is not None


def not_found(reason: str) -> Callable[..., NotFound]:
    """Return what a door says when there is no such row: NotFound with *reason*."""
    return lambda tx, viewer, **names: NotFound(reason)
