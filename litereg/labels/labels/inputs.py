"""What clients send to the labels room."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateLabel:
    """A label to be made."""

    name: str
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateLabel:
    """What to change about a label; None stays as it is."""

    name: str
    updated_name: str | None = None
    updated_description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRef:
    """The name of a label."""

    name: str
