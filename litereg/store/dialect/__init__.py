"""What differs between database engines, as a small table of slots.

Every statement is one text for all engines; `{slot}` marks the few places where they part. SQLite
is the only engine that fills the table today.
"""

from litereg.store.dialect.sqlite import SQLITE, Dialect

__all__ = ["SQLITE", "Dialect"]
