"""Tell people by mail what was shared with them.

A letter goes to whoever could not open something and now was given it by somebody else, at an
address that is known to be theirs. A change of what they may do is no news to write about.
"""

from __future__ import annotations

from typing import NamedTuple

from litereg.access import VISIBLE
from litereg.gql.context import Context
from litereg.registry import mail, names, rate_limits
from litereg.registry.mail import Letter
from litereg.registry.models import Catalog, Collection, Package, User
from litereg.registry.users import credentials

# Letters of this kind that one user gets within a window of the rate limits, whoever shares what:
# their words are a stranger's. What is shared is shared without a letter, too.
MAX_LETTERS = 10


class Shared(NamedTuple):
    """What is shared, as a letter says it.

    Attributes:
        words: such as "the package weather/rain".
        path: where it is, below the registry's address.
    """

    words: str
    path: str

    @classmethod
    def package(cls, package: Package) -> Shared:
        """Return what to say of a package."""
        name = f"{package.catalog.slug}/{package.slug}"
        return cls(f"the package {name}", name)

    @classmethod
    def catalog(cls, catalog: Catalog, permissions: int) -> Shared:
        """Return what to say of a catalog, or of its packages alone when they are all one got."""
        if permissions & VISIBLE:
            return cls(f"the catalog {catalog.slug}", catalog.slug)
        return cls(f"the packages of the catalog {catalog.slug}", "")

    @classmethod
    def collection(cls, collection: Collection) -> Shared:
        """Return what to say of a collection."""
        return cls(f"the collection {collection.slug}", f"collection/{collection.slug}")


def announce(
    ctx: Context, to: User, shared: Shared, before: int, after: int, message: str | None = None
) -> None:
    """Tell *to* of what they were given, if it is news: they had *before* and have *after*."""
    is_news = after & VISIBLE and not before & VISIBLE and to.id != ctx.viewer.user_id
    if is_news and ctx.settings.sends_mail and _is_reachable(ctx, to):
        values = {"shared": shared.words, "path": shared.path, "message": message or ""}
        sharer = ctx.viewer.username
        mail.queue(ctx.tx, ctx.settings, Letter.SHARED, to, ctx.now, sharer=sharer, **values)


def _is_reachable(ctx: Context, user: User) -> bool:
    found = credentials.find_secret(ctx.tx, names.key(user.username))
    if found is None or found.status != "ACTIVE" or not found.is_email_verified:
        return False
    return rate_limits.has_one_left(ctx, f"letter of sharing to {user.id}", MAX_LETTERS)
