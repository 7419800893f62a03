"""Rows about what is stored: kills, power cuts, full disks, backups, upgrades, corruption."""

from __future__ import annotations

from tests.durability import litestream
from tests.trust.table import Passing, Rig, Row

ROWS = (
    Row(
        "D1",
        "kill -9 while writing: 0 acknowledged writes lost, 0 torn, integrity ok",
        Passing("tests/durability/test_kill9.py"),
    ),
    Row(
        "D2",
        "power cuts: 0 writes lost, 0 torn, 0 files corrupt; without waiting for the disk, some",
        Passing("tests/durability/test_power_cuts.py"),
    ),
    Row(
        "D3",
        "backups under 4 writers: 0 writes acknowledged before one are missing from it; "
        "a restored registry answers everybody as before",
        Passing("tests/durability/test_backups.py"),
    ),
    Row(
        "D8",
        "100 of 100 bits that flip in stored content are found by `litereg check`, and none is "
        "ever served",
        Passing("tests/durability/test_corruption.py", "tests/store/test_check.py"),
    ),
    Row(
        "D9",
        "a registry of every older schema is upgraded and read through the API; kill -9 at each "
        "statement leaves whole steps; a newer schema is refused; what was is kept and named",
        Passing("tests/upgrades/test_kills.py", "tests/upgrades/test_upgrades.py"),
    ),
    Row(
        "D10",
        "a lost machine with Litestream beside the server: at most the last 2 s are lost, restored "
        "within 30 s, and what is restored passes the check",
        Rig(litestream.lose_the_machine, litestream.why_not),
        is_timed=True,
    ),
    Row(
        "D14",
        "exporting, loading and exporting again gives the same bytes; 64 MiB of content cost at "
        "most 24 MiB of memory; of an archive that is not in order nothing is loaded",
        Passing("tests/durability/test_archives.py", "tests/store/test_archive.py"),
    ),
)
