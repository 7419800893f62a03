"""Statements of the versions room."""

from __future__ import annotations

from typing import NamedTuple

from litereg.registry import columns
from litereg.registry.models import Version
from litereg.registry.versions.inputs import Submission
from litereg.store import Command, Query, Transaction, content

FROM = """version AS v
JOIN package AS p ON p.id = v.package_id
JOIN catalog AS c ON c.id = p.catalog_id"""


class StoredFile(NamedTuple):
    """A package file as it lies in the database."""

    format: str
    sha256: bytes
    body: bytes

    @property
    def text(self) -> str:
        """The text that was published; checked against its checksum."""
        return content.verified(self.sha256, self.body).decode("utf-8")


class VersionFile(NamedTuple):
    """A version's package file."""

    version_id: int
    file: StoredFile


class Body(NamedTuple):
    """A piece of content and its id."""

    id: int
    sha256: bytes
    body: bytes


BY_ID = Query(
    Version,
    f"""
    SELECT {columns.VERSION}
    FROM {FROM}
    WHERE v.id = :id
    """,
)

BY_NUMBER = Query(
    Version,
    f"""
    SELECT {columns.VERSION}
    FROM {FROM}
    WHERE v.package_id = :package_id AND v.major = :major AND v.minor = :minor
      AND v.patch = :patch AND v.is_active = 1
    """,
)

OF_PACKAGES = Query(
    Version,
    f"""
    SELECT {columns.VERSION}
    FROM {FROM}
    WHERE v.package_id IN ({{ids}}) AND v.is_active = 1
    ORDER BY v.major DESC, v.minor DESC, v.patch DESC
    """,
)

HIGHEST_FILE = Query(
    StoredFile,
    """
    SELECT v.format AS format, d.sha256 AS sha256, d.body AS body
    FROM version AS v
    JOIN content AS d ON d.id = v.content_id
    WHERE v.package_id = :package_id
    ORDER BY v.major DESC, v.minor DESC, v.patch DESC
    LIMIT 1
    """,
)

LATEST_FILE = Query(
    StoredFile,
    """
    SELECT v.format AS format, d.sha256 AS sha256, d.body AS body
    FROM package AS p
    JOIN version AS v ON v.id = p.latest_version_id
    JOIN content AS d ON d.id = v.content_id
    WHERE p.id = :package_id
    """,
)

BODIES = Query(
    Body,
    """
    SELECT d.id AS id, d.sha256 AS sha256, d.body AS body
    FROM content AS d
    WHERE d.id IN ({ids})
    """,
)

FILES = Query(
    VersionFile,
    """
    SELECT v.id AS version_id, v.format AS file_format, d.sha256 AS file_sha256, d.body AS file_body
    FROM version AS v
    JOIN content AS d ON d.id = v.content_id
    WHERE v.id IN ({ids})
    """,
)

INSERT = Query(
    int,
    """
    INSERT INTO version(
        package_id, major, minor, patch, description, format, content_id, author_id,
        update_methods, created_at, updated_at
    )
    VALUES (
        :package_id, :major, :minor, :patch, :description, :format, :content_id, :author_id,
        :update_methods, :now, :updated_at
    )
    RETURNING id
    """,
)

DISABLE = Command("UPDATE version SET is_active = 0 WHERE id = :id")


def get_version(tx: Transaction, version_id: int) -> Version:
    """Return a version by id."""
    return tx.one(BY_ID, id=version_id)


def find_version(
    tx: Transaction, package_id: int, major: int, minor: int, patch: int
) -> Version | None:
    """Return an active version of a package by its number."""
    return tx.first(BY_NUMBER, package_id=package_id, major=major, minor=minor, patch=patch)


def list_versions(tx: Transaction, package_ids: list[int]) -> list[Version]:
    """Return the active versions of several packages, the highest first."""
    return tx.all(OF_PACKAGES, ids=package_ids)


def highest_file(tx: Transaction, package_id: int) -> StoredFile | None:
    """Return the package file with the highest number ever published, disabled ones included."""
    return tx.first(HIGHEST_FILE, package_id=package_id)


def latest_file(tx: Transaction, package_id: int) -> StoredFile | None:
    """Return the package file of a package's latest active version."""
    return tx.first(LATEST_FILE, package_id=package_id)


def texts_by_content(tx: Transaction, content_ids: list[int]) -> dict[int, str]:
    """Return texts by their content's id, each checked against its checksum, in one statement."""
    return {
        found.id: content.verified(found.sha256, found.body).decode("utf-8")
        for found in tx.all(BODIES, ids=content_ids)
    }


def files_by_version(tx: Transaction, version_ids: list[int]) -> dict[int, StoredFile]:
    """Return package files by their version's id, in one statement."""
    return {found.version_id: found.file for found in tx.all(FILES, ids=version_ids)}


def insert_version(
    tx: Transaction, package_id: int, new: Submission, content_id: int, author_id: int, now: int
) -> int:
    """Store a version and return its id."""
    file = new.file
    return tx.one(
        INSERT,
        package_id=package_id,
        major=file.version.major,
        minor=file.version.minor,
        patch=file.version.patch,
        description=file.description,
        format=file.format,
        content_id=content_id,
        author_id=author_id,
        update_methods=new.update_methods,
        now=now,
        updated_at=file.updated_at,
    )


def disable_version(tx: Transaction, version_id: int) -> None:
    """Take a version out of its package."""
    tx.run(DISABLE, id=version_id)
