"""Every setting of litereg: the table of them, and where their values come from."""

from litereg.settings.loading import Source, in_force, load, sources
from litereg.settings.table import (
    BCRYPT,
    COMPATIBLE,
    OPTIONAL,
    REQUIRED,
    SCRYPT,
    STRICT,
    Settings,
    table,
)

__all__ = [
    "BCRYPT",
    "COMPATIBLE",
    "OPTIONAL",
    "REQUIRED",
    "SCRYPT",
    "STRICT",
    "Settings",
    "Source",
    "in_force",
    "load",
    "sources",
    "table",
]
