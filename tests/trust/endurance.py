"""Rows about load: more than the server can do, and a lot for a long time."""

from __future__ import annotations

from tests.durability import endurance
from tests.trust.table import Rig, Row

ROWS = (
    Row(
        "D11",
        "100 s at half of what the server can do: no answer with 5xx, memory grows by at most "
        "1 MiB in 10 min once warm, no file stays open, the log stays under 64 MiB",
        Rig(endurance.soak),
    ),
    Row(
        "H5",
        "5 times what the server can do: p99 of what is accepted at most 1 s, the rest 503 with "
        "Retry-After, goodput at least 80 % of the peak",
        Rig(endurance.overload),
    ),
)
