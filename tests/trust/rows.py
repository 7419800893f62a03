"""All rows, in the order of the table. A new kind of promise is a new file, and a line here."""

from __future__ import annotations

from tests.trust import durability, endurance, hostility, processes
from tests.trust.table import Row

ROWS: tuple[Row, ...] = (*durability.ROWS, *processes.ROWS, *endurance.ROWS, *hostility.ROWS)
