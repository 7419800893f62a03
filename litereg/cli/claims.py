"""What both wings claim about their rows, for the commands that check a file."""

from __future__ import annotations

from litereg.labels import claims as labels
from litereg.registry import claims as registry

CLAIMS = (*registry.CLAIMS, *labels.CLAIMS)
