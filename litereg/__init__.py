"""litereg: a private data-package registry in one process and one SQLite file.

A map of the house, from the door down:

* `cli` starts things; `app` is the one place that knows all the parts.
* `server` speaks HTTP, `web` holds the playground and the pages.
* `registry` (users, catalogs, packages, versions) is one wing; each room in it
  has the same four files: schema.graphql, resolvers.py, service.py, queries.py.
* `gql` is the GraphQL engine, `access` the one gatekeeper, `store` the database.
"""

__version__ = "0.1.0"
