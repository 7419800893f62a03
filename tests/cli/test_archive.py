"""Exporting and loading a registry from the shell."""

import shutil

import pytest

from tests.cli.processes import litereg


@pytest.fixture
def database(shell, filled_database):
    return shutil.copyfile(filled_database, shell.folder / "litereg.db")


def test_a_served_registry_is_exported_and_loaded_elsewhere(served, tmp_path):
    exported = litereg("export", "all.zip", "--db", served.file, cwd=tmp_path)
    loaded = litereg("load", "all.zip", "--db", "new.db", cwd=tmp_path)
    checked = litereg("check", "new.db", cwd=tmp_path)

    assert exported.returncode == loaded.returncode == checked.returncode == 0, loaded.stderr
    assert exported.stderr == ""
    assert exported.stdout.startswith("Exported             all.zip\nUsers                1\n")
    assert loaded.stdout.startswith("Loaded               new.db\nUsers                1\n")
    assert "Nobody has a password or a key" in loaded.stderr


def test_with_secrets_everybody_can_go_on(database, shell):
    key = shell.done("key", "create", "mine", "--as", "visitor").strip()

    shell.done("export", "all.zip", "--with-secrets")
    said = shell("load", "all.zip", "--db", "new.db")

    assert said.exit_code == 0
    assert "Nobody has" not in said.stderr
    listed = shell.done("key", "list", "--as", "visitor", "--db", "new.db")
    assert key
    assert "mine" in listed


def test_a_dry_run_makes_nothing_and_finds_what_is_wrong(database, shell):
    shell.done("export", "all.zip")
    before = sorted(shell.folder.iterdir())

    good = shell("load", "all.zip", "--dry-run", "--db", "new.db")
    (shell.folder / "bad.zip").write_bytes((shell.folder / "all.zip").read_bytes()[:-100])
    bad = shell("load", "bad.zip", "--dry-run")

    assert good.exit_code == 0
    assert good.stdout.splitlines()[0].split() == ["Tried", "all.zip"]
    assert "nothing was made" in good.stderr
    assert bad.exit_code == 1
    assert "ARCHIVE_INVALID: bad.zip: " in bad.stderr
    assert sorted(shell.folder.iterdir()) == sorted([*before, shell.folder / "bad.zip"])


def test_a_registry_that_is_there_is_not_loaded_over(database, shell):
    shell.done("export", "all.zip")

    refused = shell("load", "all.zip")

    assert refused.exit_code == 1
    assert "FILE_EXISTS: litereg.db is there already" in refused.stderr
