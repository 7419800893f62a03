"""The picture of whatever has none: one or two letters on a tint that its name decides."""

from __future__ import annotations

from typing import Final

from litereg.web.rendering import TEMPLATES, hue, initials

STEP: Final = 30


def picture(name: str) -> str:
    """Return an SVG of the initials of *name*, 64 units square."""
    template = TEMPLATES.get_template("initials.svg")
    return template.render(letters=initials(name), hue=hue(name) * STEP)
