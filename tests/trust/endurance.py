"""Rows about what a server has to bear: load, a lot of it for long, and a clock that steps."""

from __future__ import annotations

from tests.durability import clock, endurance, memory, slow_clients
from tests.trust.table import Rig, Row

ROWS = (
    Row(
        "D11",
        "100 s at half of what the server can do: no answer with 5xx, memory grows by at most "
        "1 MiB in 10 min once warm, no file stays open, the log stays under 64 MiB",
        Rig(endurance.soak),
        is_timed=True,
    ),
    Row(
        "D12",
        "at most 256 MiB of memory through the whole hostile corpus beside 500 connections",
        Rig(memory.hold),
    ),
    Row(
        "D13",
        "clock steps of an hour and a year, forward and back: never more than 10 guesses at a "
        "password, nobody waits for longer than 5 min, no session ends or lasts beyond the step, "
        "pages stay in order",
        Rig(clock.step_the_clock, clock.why_not),
    ),
    Row(
        "H4",
        "300 half heads closed within 12 s, 50 stalled bodies answered 408 within 20 s, p99 of "
        "good requests meanwhile at most 100 ms; of 1,100 connections 1,000 admitted",
        Rig(slow_clients.bear_slow_clients),
        is_timed=True,
    ),
    Row(
        "H5",
        "5 times what the server can do: p99 of what is accepted at most 1 s, the rest 503 with "
        "Retry-After, goodput at least 80 % of the peak",
        Rig(endurance.overload),
        is_timed=True,
    ),
)
