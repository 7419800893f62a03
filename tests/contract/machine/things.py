"""Users and what permissions are granted on, as the model of a registry knows them."""

from __future__ import annotations

from dataclasses import dataclass, field

ORDER = ("MANAGE", "VIEW", "EDIT", "NONE")
EVERYTHING = frozenset(("MANAGE", "VIEW", "EDIT"))
INCLUDED_IN = {"VIEW": {"VIEW", "EDIT", "MANAGE"}, "EDIT": {"EDIT", "MANAGE"}, "MANAGE": {"MANAGE"}}
NOTHING = frozenset()


class Refused(Exception):
    """The reason why something is refused."""


@dataclass(eq=False)
class User:
    name: str
    is_admin: bool = False
    is_active: bool = True


@dataclass(eq=False)
class Thing:
    """What permissions are granted on."""

    slug: str
    is_public: bool
    is_active: bool = True
    grants: dict[User, frozenset[str]] = field(default_factory=dict)

    def granted(self, viewer):
        return self.grants.get(viewer, NOTHING)

    def permissions(self, viewer):
        """Return what *viewer* was given and what everybody has."""
        return self.granted(viewer) | ({"VIEW"} if self.is_public else NOTHING)

    def members(self):
        return sorted(
            (user for user in self.grants if user.is_active), key=lambda user: user.name.lower()
        )


@dataclass(eq=False)
class Catalog(Thing):
    owner: User | None = None
    on_packages: dict[User, frozenset[str]] = field(default_factory=dict)


@dataclass(eq=False)
class Version:
    """A version number, and the names of the columns that its package file has."""

    number: tuple[int, int, int]
    columns: frozenset[str]
    is_active: bool = True


@dataclass(eq=False)
class Package(Thing):
    catalog: Catalog = None
    versions: list[Version] = field(default_factory=list)

    def permissions(self, viewer):
        return (
            self.granted(viewer)
            | self.catalog.granted(viewer)
            | self.catalog.on_packages.get(viewer, NOTHING)
            | ({"VIEW"} if self.is_public and self.catalog.is_public else NOTHING)
        )


@dataclass(eq=False)
class Collection(Thing):
    packages: list[Package] = field(default_factory=list)


def may(thing, viewer, needed):
    """Return whether *viewer* has the permission *needed* on *thing*."""
    return bool(thing.permissions(viewer) & INCLUDED_IN[needed])


def told(permissions):
    """Return permissions in the order in which they are told."""
    return [name for name in ORDER if name in permissions]
