"""Every setting of litereg: the table of them, and where their values come from."""

from litereg.settings.loading import Source, in_force, load, sources
from litereg.settings.table import COMPATIBLE, STRICT, Settings, table

__all__ = ["COMPATIBLE", "STRICT", "Settings", "Source", "in_force", "load", "sources", "table"]
