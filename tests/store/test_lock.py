import os
import signal
import subprocess
import sys

import pytest

from litereg.errors import CannotStart
from litereg.store.lock import ServerLock

HOLD = """
import sys
from pathlib import Path
from litereg.store.lock import ServerLock

ServerLock(Path(sys.argv[1])).acquire()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "litereg.db"


@pytest.fixture
def holder(path):
    """Another process that holds the lock."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout.readline() == b"held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_process_is_refused_and_told_which_is_the_first(path, holder):
    with pytest.raises(CannotStart, match=f"served by the process {holder.pid};") as refusal:
        ServerLock(path).acquire()

    assert refusal.value.reason == "DATABASE_IN_USE"
    assert str(path) in str(refusal.value)


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_the_lock_dies_with_its_process(path, holder, end):
    os.kill(holder.pid, end)
    holder.wait()

    lock = ServerLock(path)
    lock.acquire()
    lock.release()


def test_a_lock_that_was_given_back_can_be_taken_again(path):
    for _ in range(2):
        lock = ServerLock(path)
        lock.acquire()
        with pytest.raises(CannotStart, match=f"process {os.getpid()};"):
            ServerLock(path).acquire()
        lock.release()


def test_giving_back_what_was_never_taken_is_nothing(path):
    ServerLock(path).release()

    assert not path.with_name("litereg.db.lock").exists()


def test_the_lock_lies_beside_the_database_and_is_its_owners_alone(path):
    lock = ServerLock(path)
    lock.acquire()

    file = path.with_name("litereg.db.lock")
    assert file.read_text() == f"{os.getpid()}\n"
    assert file.stat().st_mode & 0o777 == 0o600
    assert not path.exists()
    lock.release()


def test_a_shorter_process_id_leaves_nothing_of_a_longer_one(path):
    path.with_name("litereg.db.lock").write_text("12345678901\n")
    lock = ServerLock(path)

    lock.acquire()

    assert path.with_name("litereg.db.lock").read_text() == f"{os.getpid()}\n"
    lock.release()


def test_a_holder_that_has_not_said_who_it_is_is_unknown(path, holder):
    os.truncate(path.with_name("litereg.db.lock"), 0)

    with pytest.raises(CannotStart, match="process unknown;"):
        ServerLock(path).acquire()
