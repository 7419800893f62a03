"""Rows about the process: its start, its end, and what it does about a full or a slow disk."""

from __future__ import annotations

from tests.durability import full_checkpoint, full_disk, slow_disk, starts, stops
from tests.trust.table import AllOf, Passing, Rig, Row

ROWS = (
    Row(
        "D4",
        "full disk: refused with STORAGE_FULL, reads go on, 0 lost, writing again at most 1 s "
        "after room is made, without a restart, also when it is found in a checkpoint; an upgrade "
        "leaves whole steps, a copy nothing, both a sentence, whatever room there is",
        AllOf(
            Rig(full_disk.fill_disk, full_disk.why_not),
            Rig(full_checkpoint.fill_before_checkpoint, full_checkpoint.why_not),
            Passing("tests/durability/test_full_disk.py"),
        ),
    ),
    Row(
        "D5",
        "SIGTERM under load, 5 times: every request in flight is answered, 0 lost, exit 0 within "
        "10 s, no log left behind",
        Rig(stops.stop_repeatedly),
    ),
    Row(
        "D6",
        "what cannot be served is refused before the address is bound: exit code 2 within 2 s, "
        "one sentence with path and reason",
        Rig(starts.refuse_starts),
        is_timed=True,
    ),
    Row(
        "D7",
        "of servers that race for one file one serves, the others are told its process id; "
        "the lock dies with its holder",
        AllOf(Rig(starts.race_for_the_file), Passing("tests/store/test_lock.py")),
    ),
    Row(
        "D15",
        "a disk that takes 300 ms for every sync: p99 of reads at most 100 ms, writers share "
        "their syncs, 0 lost",
        Rig(slow_disk.bear_slow_syncs, slow_disk.why_not),
        is_timed=True,
    ),
    Row(
        "S12",
        "every file of a registry is for its owner alone, under umask 000 too",
        Passing("tests/cli/test_modes.py"),
    ),
)
