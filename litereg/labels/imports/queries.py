"""Statements of an import, beside those of the rooms that it fills."""

from __future__ import annotations

from typing import NamedTuple

from litereg.store import Query, Transaction


class LastIds(NamedTuple):
    """The ids behind which packages and versions will be registered from now on."""

    package: int
    version: int


# Where nothing is registered yet, it is the bound above which those ids begin; see the migration.
LAST_IDS = Query(
    LastIds,
    """
    SELECT (SELECT coalesce(max(id), 1099511627776) FROM registered_package) AS package,
        (SELECT coalesce(max(id), 1099511627776) FROM registered_version) AS version
    """,
)


def last_ids(tx: Transaction) -> LastIds:
    """Return the last ids that were given; those of data packages lie below."""
    return tx.one(LAST_IDS)
