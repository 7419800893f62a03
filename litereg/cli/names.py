"""Names as they are typed and shown: `CATALOG/PACKAGE`, `1.2.3`.

About their form only; which of them there are, the registry knows.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import click


class PackageName(NamedTuple):
    """The name of a package in a registry."""

    catalog: str
    package: str

    def __str__(self) -> str:
        """Return the name as people write it."""
        return f"{self.catalog}/{self.package}"

    @property
    def identifier(self) -> dict[str, Any]:
        """The name as the API takes it."""
        return {"catalogSlug": self.catalog, "packageSlug": self.package}


def parse_package(ctx: click.Context, param: click.Parameter, value: str) -> PackageName:
    """Return `CATALOG/PACKAGE` as its two parts; a callback of click's.

    Raises:
        BadParameter: *value* has another form.
    """
    parts = value.split("/")
    if len(parts) != 2 or not all(parts):
        raise click.BadParameter(f"{value!r} is not of the form CATALOG/PACKAGE.")
    return PackageName(*parts)


def parse_number(
    ctx: click.Context, param: click.Parameter, value: str | None
) -> tuple[int, int, int] | None:
    """Return `MAJOR.MINOR.PATCH` as three numbers, None as None; a callback of click's.

    Raises:
        BadParameter: *value* has another form.
    """
    if value is None:
        return None
    found = re.fullmatch(r"(\d{1,10})\.(\d{1,10})\.(\d{1,10})", value, re.ASCII)
    if found is None:
        raise click.BadParameter(f"{value!r} is not a version number such as 1.2.3.")
    major, minor, patch = map(int, found.groups())
    return major, minor, patch


def number(identifier: dict[str, int]) -> str:
    """Return a version's number as people write it, from the identifier that the API gives."""
    parts = (identifier[f"version{part}"] for part in ("Major", "Minor", "Patch"))
    return ".".join(map(str, parts))
