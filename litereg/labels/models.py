"""What this wing is made of: the rows that its statements return, and the edges of connections.

A `row_id` is a number. The id of a label in the API is the same as text; those of all else are
written by `litereg.labels.ids`.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from litereg.gql.relay import Cursors, Place


class Label(NamedTuple):
    """A label: a name to put on public packages and their versions."""

    row_id: int
    name: str
    description: str
    created_at: int
    created_by: str | None
    updated_at: int
    updated_by: str | None

    @property
    def id(self) -> str:
        """The id as clients see it."""
        return str(self.row_id)


class PublicPackage(NamedTuple):
    """A public package: no more than its type and name."""

    row_id: int
    type: str
    name: str


class PublicVersion(NamedTuple):
    """One version of a public package."""

    row_id: int
    version: str
    public_package: PublicPackage


class Event(NamedTuple):
    """Something that was done to a label; what does not apply to it is None."""

    row_id: int
    happened_at: int
    done_by: str | None
    action: str
    label_row_id: int
    label_name: str
    name: str | None
    former_name: str | None
    public_package: PublicPackage | None
    version: str | None

    @property
    def label_id(self) -> str:
        """The label's id as clients see it."""
        return str(self.label_row_id)


class LabelRow(NamedTuple):
    """A label in a connection, with what is known of the assignment that brought it there."""

    parent: int
    node: Label
    assigned_at: int | None
    assigned_by: str | None


class PackageRow(NamedTuple):
    """A public package in a connection."""

    parent: int
    node: PublicPackage
    assigned_at: int | None
    assigned_by: str | None


class VersionRow(NamedTuple):
    """A version in a connection."""

    parent: int
    node: PublicVersion
    assigned_at: int | None
    assigned_by: str | None


class EventRow(NamedTuple):
    """An event in a connection; nothing brought it there but itself."""

    parent: int
    node: Event
    assigned_at: int | None
    assigned_by: str | None


class Edge(NamedTuple):
    """One row of a connection's page."""

    node: Label | PublicPackage | PublicVersion | Event
    assigned_at: int | None
    assigned_by: str | None
    place: Place
    cursors: Cursors

    @property
    def cursor(self) -> str:
        """Where it stands in the connection's order."""
        return self.cursors.encode(self.place)


class Namespace:
    """Stands for the fields that are grouped under it."""


NAMESPACE = Namespace()


class HasId(Protocol):
    """A data package or version, of which this wing needs to know no more."""

    @property
    def id(self) -> int:
        """Its id, which is that of the public package or version too."""
