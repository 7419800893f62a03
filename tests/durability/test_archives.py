import hashlib
import random
import shutil
import subprocess
import sys

import pytest

from litereg.store.connection import connect
from tests.cli.processes import LITEREG, environment

pytestmark = pytest.mark.durability

PIECE = 1024 * 1024
PIECES = 64
BOUND_MIB = 24

MEASURED = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
sys.exit(done.returncode)
"""


def peak_mib(folder, *words):
    """Run a command of litereg's, and return the most memory that it held, in MiB."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *LITEREG, *map(str, words)],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return int(done.stdout)


def test_exporting_and_loading_take_no_more_memory_for_more_content(
    tmp_path, filled_database, record_property
):
    large = shutil.copyfile(filled_database, tmp_path / "large.db")
    connection = connect(large)
    source = random.Random(1)
    for _ in range(PIECES):
        body = source.randbytes(PIECE)
        row = (hashlib.sha256(body).digest(), body)
        connection.execute("INSERT INTO content(sha256, body) VALUES (?, ?)", row)
    connection.close()
    small = shutil.copyfile(filled_database, tmp_path / "small.db")

    peaks = {}
    for database in (small, large):
        out, new = database.with_suffix(".zip"), database.with_suffix(".new.db")
        peaks[database.stem] = (
            peak_mib(tmp_path, "export", out, "--db", database),
            peak_mib(tmp_path, "load", out, "--db", new),
        )
        again = database.with_suffix(".again.zip")
        peak_mib(tmp_path, "export", again, "--db", new)
        assert again.read_bytes() == out.read_bytes()

    growth = [more - less for less, more in zip(peaks["small"], peaks["large"], strict=True)]
    record_property(
        "figure",
        f"{PIECES} MiB of content: {growth[0]} MiB more for the export, {growth[1]} for loading; "
        "exported again, byte for byte the same",
    )
    assert max(growth) <= BOUND_MIB
