"""What clients send to the assignments room."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageRef:
    """The name of a public package."""

    type: str
    name: str

    @property
    def key(self) -> tuple[str, str]:
        """Its type and name."""
        return self.type, self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRef:
    """The name of a version of a public package."""

    public_package: PackageRef
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageLabels:
    """Labels and the package they are about."""

    public_package: PackageRef
    label_names: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLabels:
    """Labels and the version they are about."""

    public_package_version: VersionRef
    label_names: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionsLabel:
    """A label and the versions it is about."""

    public_package_versions: list[VersionRef]
    label_name: str
