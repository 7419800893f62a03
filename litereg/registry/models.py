"""What the registry is made of: the rows that its statements return.

Rows are named tuples. They are wide: a package comes with its catalog, its creator and its latest
version, so that a list costs one statement whatever is selected of it. `permissions` is the sum of
what the viewer for whom the row was fetched may do.
"""

from __future__ import annotations

from typing import NamedTuple

from litereg.access import Permission
from litereg.store.rows import partly


@partly("id", "status")
class User(NamedTuple):
    """An account. Private fields are shown as `users.resolvers` decides, never straight."""

    id: int
    username: str
    email_address: str
    first_name: str | None
    last_name: str | None
    location: str | None
    twitter_handle: str | None
    git_hub_handle: str | None
    website: str | None
    description: str | None
    name_is_public: bool
    location_is_public: bool
    twitter_handle_is_public: bool
    git_hub_handle_is_public: bool
    email_address_is_public: bool
    website_is_public: bool
    is_admin: bool
    status: str
    ui_dark_mode_enabled: bool


class CatalogMember(User):
    """A user, listed as a member of a catalog.

    The first clients ask for users there, the newest for users with what they may do; so it is
    both. None stands for what the viewer may not know.
    """

    permissions: list[Permission] | None = None
    package_permissions: list[Permission] | None = None


@partly("id", "permissions")
class Catalog(NamedTuple):
    """A catalog: a named shelf of packages."""

    id: int
    slug: str
    display_name: str
    description: str | None
    website: str
    is_public: bool
    is_unclaimed: bool
    created_at: int
    updated_at: int
    permissions: int


@partly("id", "package_id")
class Version(NamedTuple):
    """One published version of a package, without its package file."""

    id: int
    package_id: int
    catalog_slug: str
    package_slug: str
    major: int
    minor: int
    patch: int
    description: str
    content_id: int
    author_id: int
    update_methods: int
    created_at: int
    updated_at: int

    @property
    def number(self) -> str:
        """The version's number as people write it: `1.2.3`."""
        return f"{self.major}.{self.minor}.{self.patch}"


@partly("id", "permissions", "catalog.id")
class Package(NamedTuple):
    """A package with what its small fields need."""

    id: int
    slug: str
    display_name: str
    description: str | None
    is_public: bool
    fetched_count: int
    created_at: int
    updated_at: int
    permissions: int
    catalog: Catalog
    creator: User
    latest_version: Version | None


@partly("id", "permissions")
class Collection(NamedTuple):
    """A collection: packages of any catalogs, put together by somebody who need not own them."""

    id: int
    slug: str
    name: str
    description: str | None
    is_public: bool
    created_at: int
    updated_at: int
    permissions: int
    creator: User


class ApiKey(NamedTuple):
    """An API key, without its secret."""

    id: str
    label: str
    scopes: int
    created_at: int
    last_used_at: int | None


class Session(NamedTuple):
    """A session that has not ended, known by the digest of its token, which is shown to nobody."""

    token_sha256: bytes
    created_at: int
    last_used_at: int
    expires_at: int


class AdminStatus(NamedTuple):
    """How much there is in a registry; see the schema."""

    active_users: int
    suspended_users: int
    administrators: int
    catalogs: int
    packages: int
    versions: int
    collections: int
    waiting_letters: int
    failed_letters: int
