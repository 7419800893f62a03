"""Fill a registry with the demo's data, with passwords that tests know."""

from __future__ import annotations

from pathlib import Path

from litereg.cli.demo_registry import Demo
from litereg.cli.local import LocalRegistry
from litereg.settings import Settings
from tests.client import PASSWORD


def fill(path: Path) -> None:
    """Make a registry at *path* with something of every kind in it."""
    with LocalRegistry.open(Settings(db=str(path), password_cost=4), make=True) as registry:
        Demo(PASSWORD).fill(registry, lambda: None)
