"""What clients send to the imports room."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageList:
    """A file that names packages, in base64, perhaps as a data URL."""

    name: str
    base64: str
