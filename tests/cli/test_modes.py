"""Nobody but their owner reads the files of a registry, however careless the shell is."""

import os
import urllib.request

import pytest

from tests.cli.processes import litereg, serving

OWNER_ONLY = 0o600


@pytest.fixture
def careless():
    """A shell in which every new file is for everybody, unless it says otherwise."""
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder):
    return {file.name: file.stat().st_mode & 0o777 for file in folder.iterdir()}


def test_every_file_of_a_served_registry_is_for_its_owner_alone(tmp_path, careless):
    with serving("serve", "--port", "0", cwd=tmp_path) as running:
        urllib.request.urlopen(f"{running.url}/readyz").close()
        account = ("--email", "ann@example.org", "--password-stdin")
        litereg("user", "add", "ann", *account, cwd=tmp_path, input="correct horse 9\n")
        litereg("backup", "copy.db", cwd=tmp_path)
        litereg("export", "all.zip", cwd=tmp_path)
        found = modes(tmp_path)

    expected = {
        "litereg.db",
        "litereg.db-wal",
        "litereg.db-shm",
        "litereg.db.lock",
        "copy.db",
        "copy.db.sha256",
        "all.zip",
    }
    assert set(found) == expected
    assert set(found.values()) == {OWNER_ONLY}


def test_so_is_what_is_restored_loaded_and_kept(tmp_path, careless, filled_database):
    (tmp_path / "litereg.db").write_bytes(filled_database.read_bytes())
    (tmp_path / "litereg.db").chmod(OWNER_ONLY)
    litereg("backup", "copy.db", cwd=tmp_path)
    litereg("export", "all.zip", cwd=tmp_path)

    restored = litereg("restore", "copy.db", cwd=tmp_path)
    loaded = litereg("load", "all.zip", "--db", "new.db", cwd=tmp_path)

    assert restored.returncode == loaded.returncode == 0
    found = modes(tmp_path)
    assert "new.db" in found
    assert any("before-restore" in name for name in found)
    assert {name for name, mode in found.items() if mode != OWNER_ONLY} == set()
