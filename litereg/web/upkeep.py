"""What looking after a registry takes beyond its API.

Nothing here asks who asks: the pages that use it have been answered something by the API that only
administrators are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from litereg.settings import Source
from litereg.store.backup import Backup


class Health(NamedTuple):
    """How the process and its file are.

    Attributes:
        version: of litereg.
        python: the version of Python.
        database: where the file is.
        database_bytes: how long it is.
        wal_bytes: how long its write-ahead log is, which is copied back into it now and then.
        free_bytes: how much room is left on its disk.
        uptime_s: for how many seconds the process has served it.
    """

    version: str
    python: str
    database: Path
    database_bytes: int
    wal_bytes: int
    free_bytes: int
    uptime_s: float


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What the pages for administrators are given.

    Attributes:
        settings: the settings in force, and where each came from.
        health: tells how the registry is.
        backed_up: a checked backup in a temporary file, gone after the block; raises Damaged or
            StorageFull.
    """

    settings: Sequence[Source]
    health: Callable[[], Health]
    backed_up: Callable[[], AbstractAsyncContextManager[Backup]]
