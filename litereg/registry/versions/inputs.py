"""What clients send to the versions room."""

from __future__ import annotations

from dataclasses import dataclass

from litereg.registry.package_file import PackageFile
from litereg.registry.packages.inputs import PackageRef


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRef(PackageRef):
    """The name of a version."""

    version_major: int
    version_minor: int
    version_patch: int


@dataclass(frozen=True, slots=True)
class Submission:
    """A package file that somebody wants to publish, with all that is slow already done.

    Attributes:
        file: the file, parsed and checked.
        body: its text as it is stored.
        sha256: the digest of the body.
        search_text: the words that it is found by.
        update_methods: how its sources are updated, as a sum.
    """

    file: PackageFile
    body: bytes
    sha256: bytes
    search_text: str
    update_methods: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateVersion:
    """A package file to be published; read before the transaction begins."""

    package_file: Submission | None = None
