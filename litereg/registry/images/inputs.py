"""What clients send to the images room."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """An image in base64, perhaps as a data URL."""

    base64: str
