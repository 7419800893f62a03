"""The rooms of the registry, for the schema."""

from __future__ import annotations

from importlib.resources import files

from litereg.registry.administration import resolvers as administration
from litereg.registry.api_keys import resolvers as api_keys
from litereg.registry.catalogs import resolvers as catalogs
from litereg.registry.collections import resolvers as collections
from litereg.registry.email_links import resolvers as email_links
from litereg.registry.identifiers import resolvers as identifiers
from litereg.registry.images import resolvers as images
from litereg.registry.packages import resolvers as packages
from litereg.registry.permissions import resolvers as permissions
from litereg.registry.search import resolvers as search
from litereg.registry.second_factor import resolvers as second_factor
from litereg.registry.sessions import resolvers as sessions
from litereg.registry.status import resolvers as status
from litereg.registry.users import resolvers as users
from litereg.registry.versions import resolvers as versions

RESOLVERS = (
    users,
    sessions,
    second_factor,
    email_links,
    api_keys,
    identifiers,
    catalogs,
    packages,
    versions,
    collections,
    images,
    permissions,
    administration,
    status,
    search,
)


def sdl() -> str:
    """Return the SDL of the registry: what its rooms share, then each room's own."""
    folder = files("litereg.registry")
    texts = [(folder / "schema.graphql").read_text("utf-8")]
    for room in RESOLVERS:
        package = room.__name__.rpartition(".")[0]
        texts.append((files(package) / "schema.graphql").read_text("utf-8"))
    return "\n".join(texts)
