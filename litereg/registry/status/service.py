"""What a registry says of itself to everybody."""

from __future__ import annotations

from litereg.registry.users import queries as users
from litereg.store import Transaction


def is_empty(tx: Transaction) -> bool:
    """Return whether the next account is the first, and will be the administrator's."""
    return users.is_empty(tx)
