"""Run a document inside the process, where it can be seen what it costs."""

from __future__ import annotations

from litereg.access import Viewer
from litereg.gql.context import Context, Memory
from litereg.gql.documents import Documents
from litereg.gql.executor import Prepared

ADMIN = Viewer(1, "ann", is_admin=True)


def prepared(registry, document, compiled=True):
    """Return the one operation of *document*, for the compiled plan or for graphql-core."""
    schema = registry.engine.schema
    operation = Documents(schema, registry.settings).prepare(document, 20_000).operation(None)
    return Prepared(schema, operation, {}, compiled)


def context(registry, tx):
    """Return the first user's context at the beginning of time."""
    return Context(tx, ADMIN, registry.settings, Memory(0, b""))


async def counted(registry, document, compiled=True):
    """Return the data that a query gives, and how many statements that took."""
    operation = prepared(registry, document, compiled)

    def run(tx):
        result = operation.run(context(registry, tx))
        assert not result.errors, result.errors
        return result.data, tx.statements

    return await registry.database.read(run)
