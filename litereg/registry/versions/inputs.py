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


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateVersion:
    """A package file to be published; parsed and checked while the request was read."""

    package_file: PackageFile | None = None
