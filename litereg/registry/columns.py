"""The columns that fill the rows of `litereg.registry.models`, for the statements of all rooms.

Each constant expects the aliases named beside it; the prefix of the result columns says in which
field of a wide row they end.
"""

from __future__ import annotations

_USER = (
    "id",
    "username",
    "email_address",
    "first_name",
    "last_name",
    "location",
    "twitter_handle",
    "git_hub_handle",
    "website",
    "description",
    "name_is_public",
    "location_is_public",
    "twitter_handle_is_public",
    "git_hub_handle_is_public",
    "email_address_is_public",
    "website_is_public",
    "is_admin",
    "status",
    "ui_dark_mode_enabled",
)
_CATALOG = (
    "id",
    "slug",
    "display_name",
    "description",
    "website",
    "is_public",
    "is_unclaimed",
    "created_at",
    "updated_at",
)
_COLLECTION = (
    "id",
    "slug",
    "name",
    "description",
    "is_public",
    "created_at",
    "updated_at",
)
_PACKAGE = (
    "id",
    "slug",
    "display_name",
    "description",
    "is_public",
    "fetched_count",
    "created_at",
    "updated_at",
)


def _select(alias: str, names: tuple[str, ...], prefix: str = "") -> str:
    return ",\n    ".join(f"{alias}.{name} AS {prefix}{name}" for name in names)


def user(prefix: str = "") -> str:
    """Return the columns of a user: user AS u."""
    return _select("u", _USER, prefix)


USER = user()

# catalog AS c, catalog_access AS a
CATALOG = f"{_select('c', _CATALOG)},\n    a.permissions AS permissions"

# collection AS o, collection_access AS oa, user AS ou
COLLECTION = ",\n    ".join(
    (
        _select("o", _COLLECTION),
        "oa.permissions AS permissions",
        _select("ou", _USER, "creator_"),
    )
)

# What the columns of a collection are taken from.
FROM_COLLECTION = """collection AS o
JOIN collection_access AS oa ON oa.collection_id = o.id AND oa.viewer_id = :viewer
JOIN user AS ou ON ou.id = o.creator_id"""


def version(prefix: str = "") -> str:
    """Return the columns of a version: version AS v, package AS p, catalog AS c."""
    names = ("id", "package_id")
    numbers = ("major", "minor", "patch", "description", "content_id", "author_id")
    return ",\n    ".join(
        (
            _select("v", names, prefix),
            f"c.slug AS {prefix}catalog_slug",
            f"p.slug AS {prefix}package_slug",
            _select("v", numbers, prefix),
            _select("v", ("update_methods", "created_at", "updated_at"), prefix),
        )
    )


VERSION = version()


def package(
    prefix: str = "", here: str = "a.permissions", on_catalog: str = "ca.permissions"
) -> str:
    """Return the columns of a package from FROM_PACKAGE.

    *here* and *on_catalog* say what the viewer may do, should that come from somewhere else.
    """
    return ",\n    ".join(
        (
            _select("p", _PACKAGE, prefix),
            f"{here} AS {prefix}permissions",
            _select("c", _CATALOG, f"{prefix}catalog_"),
            f"{on_catalog} AS {prefix}catalog_permissions",
            _select("u", _USER, f"{prefix}creator_"),
            version(f"{prefix}latest_version_"),
        )
    )


PACKAGE = package()

# What the columns of a package are taken from: active packages only.
FROM_PACKAGE = """package AS p
JOIN package_access AS a ON a.package_id = p.id AND a.viewer_id = :viewer
JOIN catalog AS c ON c.id = p.catalog_id
JOIN catalog_access AS ca ON ca.catalog_id = c.id AND ca.viewer_id = :viewer
JOIN user AS u ON u.id = p.creator_id
LEFT JOIN version AS v ON v.id = p.latest_version_id"""

# The same for any package, disabled or not. The views stand in subqueries here, because SQLite
# works out the whole of a view before it joins it from the left.
ANY_PACKAGE = package(
    here="""coalesce((
        SELECT a.permissions
        FROM package_access AS a
        WHERE a.package_id = p.id AND a.viewer_id = :viewer
    ), 0)""",
    on_catalog="""coalesce((
        SELECT ca.permissions
        FROM catalog_access AS ca
        WHERE ca.catalog_id = c.id AND ca.viewer_id = :viewer
    ), 0)""",
)

FROM_ANY_PACKAGE = """package AS p
JOIN catalog AS c ON c.id = p.catalog_id
JOIN user AS u ON u.id = p.creator_id
LEFT JOIN version AS v ON v.id = p.latest_version_id"""
