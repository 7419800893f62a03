"""Statements of the public packages room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from litereg.labels.connections import Source
from litereg.labels.models import PackageRow, PublicPackage, PublicVersion, VersionRow
from litereg.labels.text import fold
from litereg.store import Command, Query, Transaction

# The type of this registry's own data packages.
DATA_PACKAGE = "datapm"
# The ids of data packages and their versions reach so far; those of all others begin behind.
LAST_DATA_ID = 2**40

PACKAGE = "n.type AS node_type, n.name AS node_name"
VERSION = """n.version AS node_version,
    n.package_id AS node_public_package_row_id,
    n.package_type AS node_public_package_type,
    n.package_name AS node_public_package_name"""
NOT_ASSIGNED = "NULL AS assigned_at, NULL AS assigned_by"
ASSIGNED = "a.assigned_at AS assigned_at, assigner.username AS assigned_by"
ASSIGNER = "LEFT JOIN user AS assigner ON assigner.id = a.assigned_by"
PACKAGE_ORDERS = {"NAME": "name", "TYPE": "type"}
VERSION_ORDERS = {"VERSION": "version"}

PACKAGES = Source(
    entity="package",
    shape=PackageRow,
    columns=f"{PACKAGE}, {NOT_ASSIGNED}",
    tables="public_package AS n",
    id="n.id",
    orders=PACKAGE_ORDERS,
    scans="a search without pages reads all packages, and a filter or an order looks at each",
)

PACKAGES_OF_LABELS = Source(
    entity="package",
    shape=PackageRow,
    columns=f"{PACKAGE}, {ASSIGNED}",
    tables=f"""package_label AS a
    JOIN public_package AS n ON n.id = a.package_id AND n.is_data = a.is_data {ASSIGNER}""",
    parent="a.label_id",
    id="a.package_id",
    orders=PACKAGE_ORDERS,
)

VERSIONS = Source(
    entity="version",
    shape=VersionRow,
    columns=f"{VERSION}, {NOT_ASSIGNED}",
    tables="public_package_version AS n",
    id="n.id",
    orders=VERSION_ORDERS,
    scans="a search without pages reads all versions, and a filter or an order looks at each",
)

VERSIONS_OF_LABELS = Source(
    entity="version",
    shape=VersionRow,
    columns=f"{VERSION}, {ASSIGNED}",
    tables=f"""version_label AS a
    JOIN public_package_version AS n ON n.id = a.version_id AND n.is_data = a.is_data
    {ASSIGNER}""",
    parent="a.label_id",
    id="a.version_id",
    orders=VERSION_ORDERS,
)

VERSIONS_OF_PACKAGES = Source(
    entity="version",
    shape=VersionRow,
    columns=f"{VERSION}, {NOT_ASSIGNED}",
    tables="public_package_version AS n",
    parent="n.package_id",
    id="n.id",
    orders=VERSION_ORDERS,
)


class LocatedPackage(NamedTuple):
    """A package that was looked for.

    Attributes:
        place: which of those looked for it is.
        label_id: the label on it, if there is one.
    """

    place: int
    package: PublicPackage
    label_id: int | None


class LocatedVersion(NamedTuple):
    """A version that was looked for."""

    place: int
    version: PublicVersion
    label_id: int | None


LOCATE_PACKAGES = Query(
    LocatedPackage,
    """
    SELECT w.place AS place,
        n.id AS package_row_id,
        n.type AS package_type,
        n.name AS package_name,
        a.label_id AS label_id
    FROM {rows:wanted type name catalog_key package_key} AS w
    JOIN public_package AS n ON n.type = w.type AND n.name = w.name
        AND n.catalog_key = w.catalog_key AND n.package_key = w.package_key
    LEFT JOIN package_label AS a ON a.package_id = n.id
    """,
)

LOCATE_VERSIONS = Query(
    LocatedVersion,
    """
    SELECT w.place AS place,
        n.id AS version_row_id,
        n.version AS version_version,
        n.package_id AS version_public_package_row_id,
        n.package_type AS version_public_package_type,
        n.package_name AS version_public_package_name,
        a.label_id AS label_id
    FROM {rows:wanted package_id version} AS w
    JOIN public_package_version AS n ON n.package_id = w.package_id AND n.version = w.version
    LEFT JOIN version_label AS a ON a.version_id = n.id
    """,
)

INSERT_PACKAGE = Command(
    """
    INSERT INTO registered_package(type, type_folded, name, name_folded, created_at)
    VALUES (:type, :type_folded, :name, :name_folded, :now)
    """
)

INSERT_VERSION = Command(
    """
    INSERT INTO registered_version(package_id, version, version_folded, created_at)
    VALUES (:package_id, :version, :version_folded, :now)
    """
)


def locate_packages(
    tx: Transaction, wanted: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], LocatedPackage]:
    """Return those of the packages *wanted*, by type and name, that there are."""
    parameter = [[type_, name, *_data_package_keys(type_, name)] for type_, name in wanted]
    return {wanted[found.place]: found for found in tx.all(LOCATE_PACKAGES, wanted=parameter)}


def locate_versions(
    tx: Transaction, wanted: Sequence[tuple[int, str]]
) -> dict[tuple[int, str], LocatedVersion]:
    """Return those of the versions *wanted*, by package id and version, that there are."""
    parameter = [list(pair) for pair in wanted]
    return {wanted[found.place]: found for found in tx.all(LOCATE_VERSIONS, wanted=parameter)}


def register_packages(tx: Transaction, packages: Sequence[tuple[str, str]], now: int) -> None:
    """Put packages, by type and name, into the catalog; they must not be there yet."""
    tx.run_many(
        INSERT_PACKAGE,
        [
            {
                "type": type_,
                "type_folded": fold(type_),
                "name": name,
                "name_folded": fold(name),
                "now": now,
            }
            for type_, name in packages
        ],
    )


def register_versions(tx: Transaction, versions: Sequence[tuple[int, str]], now: int) -> None:
    """Put versions, by package id and version, into the catalog; they must not be there yet."""
    tx.run_many(
        INSERT_VERSION,
        [
            {
                "package_id": package_id,
                "version": version,
                "version_folded": fold(version),
                "now": now,
            }
            for package_id, version in versions
        ],
    )


def _data_package_keys(type_: str, name: str) -> tuple[str, str]:
    """Return what the registry's own indexes find a data package by; nothing for others."""
    if type_ != DATA_PACKAGE:
        return "", ""
    catalog_key, _, package_key = fold(name).partition("/")
    return catalog_key, package_key
