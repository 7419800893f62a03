"""What holds for every row of the labels wing though no constraint says it; `litereg check` asks.

A label is on a registered package or on a data package, so its reference cannot be declared.
"""

from __future__ import annotations

from litereg.store import Query
from litereg.store.check import Claim

_WHY = "a check reads every row"

LABELLED_PACKAGES_THAT_ARE_NOT_THERE = Query(
    int,
    """
    SELECT a.package_id
    FROM package_label AS a
    WHERE NOT EXISTS (SELECT 1 FROM registered_package AS r WHERE r.id = a.package_id)
      AND NOT EXISTS (SELECT 1 FROM package AS p WHERE p.id = a.package_id)
    ORDER BY a.package_id
    """,
    scans=_WHY,
)

LABELLED_VERSIONS_THAT_ARE_NOT_THERE = Query(
    int,
    """
    SELECT a.version_id
    FROM version_label AS a
    WHERE NOT EXISTS (SELECT 1 FROM version_package AS v WHERE v.id = a.version_id)
    ORDER BY a.version_id
    """,
    scans=_WHY,
)

CLAIMS = (
    Claim(
        "a label is on package {id}, which is not there",
        LABELLED_PACKAGES_THAT_ARE_NOT_THERE,
    ),
    Claim(
        "a label is on version {id}, which is not there",
        LABELLED_VERSIONS_THAT_ARE_NOT_THERE,
    ),
)
