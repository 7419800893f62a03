import shutil
import time

import pytest

from litereg.cli.claims import CLAIMS
from litereg.store.backup import back_up, restore
from litereg.store.check import check
from tests.bench.measure import percentile
from tests.dump import dump
from tests.durability.registry import Registry
from tests.durability.server import Server
from tests.durability.writers import Writers

pytestmark = pytest.mark.durability

WRITERS = 4
BACKUPS = 3
# How many writes are acknowledged between two backups, at least.
APART = 60


def test_a_backup_beside_writers_holds_all_that_was_acknowledged(tmp_path, record_property):
    subject = Registry()
    database = tmp_path / "litereg.db"
    server = Server(subject.command(database))
    missing, torn, unasked, seconds, during = set(), set(), set(), [], []
    try:
        subject.introduce(server.connect())
        with Writers(subject, server, WRITERS) as writers:
            for number in range(BACKUPS):
                before = writers.wait_for(APART)
                begin = time.monotonic()
                made = back_up(database, tmp_path / f"backup-{number}.db")
                seconds.append(time.monotonic() - begin)
                during += [writers.acknowledged[n].took_s for n in writers.wait_for(1) - before]
                contents = subject.read_back(made.path)
                missing |= before - contents.whole
                torn |= contents.torn
                unasked |= contents.whole - writers.sent
                assert contents.damage is None
                assert list(check(made.path, CLAIMS)) == []
    finally:
        server.kill()

    record_property(
        "figure",
        f"{BACKUPS} backups beside {WRITERS} writers, {len(writers.acknowledged)} writes "
        f"acknowledged: {len(missing)} missing, {len(torn)} torn, {len(unasked)} unasked; "
        f"{max(seconds):.2f} s the longest; writes meanwhile "
        f"p99 {percentile(sorted(during), 0.99) * 1000:.0f} ms",
    )
    assert (missing, torn, unasked) == (set(), set(), set())


def test_a_restored_registry_answers_everybody_as_before(
    tmp_path, filled_database, record_property
):
    database = shutil.copyfile(filled_database, tmp_path / "litereg.db")
    before = dump(database)
    made = back_up(database, tmp_path / "backup.db")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    restore(made.path, elsewhere / "litereg.db", "then", CLAIMS)

    after = dump(elsewhere / "litereg.db")
    answers = sum(map(len, after.values()))
    record_property("figure", f"{answers} answers to {len(after)} viewers are the same")
    assert after == before
