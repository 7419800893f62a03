"""litereg: a private data-package registry in one process and one SQLite file.

A map of the house, from the door down:

* `cli` starts things; `app` is the one place that knows all the parts.
* `server` speaks HTTP, `web` holds the playground and the pages.
* `registry` (users, catalogs, packages, versions) is one wing; each room in it
  has the same four files: schema.graphql, resolvers.py, service.py, queries.py.
* `gql` is the GraphQL engine, `access` the one gatekeeper, `store` the database.

For programs that embed a registry: `create_app`, `Settings`, `__version__`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from litereg.app import create_app
    from litereg.settings import Settings

__version__ = "0.1.0"

__all__ = ["Settings", "__version__", "create_app"]

_HOMES = {"create_app": "litereg.app", "Settings": "litereg.settings"}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: the version alone costs next to nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
