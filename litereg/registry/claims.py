"""What holds for every row of the registry though no constraint says it; `litereg check` asks."""

from __future__ import annotations

from litereg.store import Query
from litereg.store.check import Claim

_WHY = "a check reads every row"

PACKAGES_NOT_INDEXED = Query(
    int,
    """
    SELECT p.id
    FROM package AS p
    JOIN catalog AS c ON c.id = p.catalog_id
    WHERE p.is_active = 1
      AND c.is_active = 1
      AND NOT EXISTS (SELECT 1 FROM package_search WHERE rowid = p.id)
    ORDER BY p.id
    """,
    scans=_WHY,
)

CATALOGS_NOT_INDEXED = Query(
    int,
    """
    SELECT c.id
    FROM catalog AS c
    WHERE c.is_active = 1 AND NOT EXISTS (SELECT 1 FROM catalog_search WHERE rowid = c.id)
    ORDER BY c.id
    """,
    scans=_WHY,
)

COLLECTIONS_NOT_INDEXED = Query(
    int,
    """
    SELECT c.id
    FROM collection AS c
    WHERE c.is_active = 1 AND NOT EXISTS (SELECT 1 FROM collection_search WHERE rowid = c.id)
    ORDER BY c.id
    """,
    scans=_WHY,
)

PACKAGES_WITH_A_WRONG_LATEST_VERSION = Query(
    int,
    """
    SELECT p.id
    FROM package AS p
    WHERE p.is_active = 1
      AND p.latest_version_id IS NOT (
          SELECT v.id
          FROM version AS v
          WHERE v.package_id = p.id AND v.is_active = 1
          ORDER BY v.major DESC, v.minor DESC, v.patch DESC
          LIMIT 1
      )
    ORDER BY p.id
    """,
    scans=_WHY,
)

USERS_WITHOUT_A_CATALOG_OF_THEIR_NAME = Query(
    int,
    """
    SELECT u.id
    FROM user AS u
    JOIN catalog AS c ON c.personal_of = u.id
    WHERE u.status <> 'DISABLED' AND (c.is_active = 0 OR c.slug_key <> u.username_key)
    ORDER BY u.id
    """,
    scans=_WHY,
)

CLAIMS = (
    Claim("package {id} is missing from the search index", PACKAGES_NOT_INDEXED),
    Claim("catalog {id} is missing from the search index", CATALOGS_NOT_INDEXED),
    Claim("collection {id} is missing from the search index", COLLECTIONS_NOT_INDEXED),
    Claim(
        "the latest version of package {id} is not its highest",
        PACKAGES_WITH_A_WRONG_LATEST_VERSION,
    ),
    Claim(
        "user {id} has no catalog of the same name",
        USERS_WITHOUT_A_CATALOG_OF_THEIR_NAME,
    ),
)
