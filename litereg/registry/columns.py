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
)
_CATALOG = (
    "id",
    "slug",
    "display_name",
    "description",
    "website",
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
    "created_at",
    "updated_at",
)


def _select(alias: str, names: tuple[str, ...], prefix: str = "") -> str:
    return ",\n    ".join(f"{alias}.{name} AS {prefix}{name}" for name in names)


# user AS u
USER = _select("u", _USER)

# catalog AS c, catalog_access AS a
CATALOG = f"{_select('c', _CATALOG)},\n    a.permissions AS permissions"


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
            _select("v", ("created_at", "updated_at"), prefix),
        )
    )


VERSION = version()

PACKAGE = ",\n    ".join(
    (
        _select("p", _PACKAGE),
        "coalesce(a.permissions, 0) AS permissions",
        _select("c", _CATALOG, "catalog_"),
        "coalesce(ca.permissions, 0) AS catalog_permissions",
        _select("u", _USER, "creator_"),
        version("latest_version_"),
    )
)

# What the columns of a package are taken from, when the viewer may or may not open it.
FROM_ANY_PACKAGE = """package AS p
LEFT JOIN package_access AS a ON a.package_id = p.id AND a.viewer_id = :viewer
JOIN catalog AS c ON c.id = p.catalog_id
LEFT JOIN catalog_access AS ca ON ca.catalog_id = c.id AND ca.viewer_id = :viewer
JOIN user AS u ON u.id = p.creator_id
LEFT JOIN version AS v ON v.id = p.latest_version_id"""

# The same for active packages only.
FROM_PACKAGE = FROM_ANY_PACKAGE.replace("LEFT JOIN package_access", "JOIN package_access").replace(
    "LEFT JOIN catalog_access", "JOIN catalog_access"
)
