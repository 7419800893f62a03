"""Backing a registry up, checking it and restoring it, from the shell."""

import json
import shutil
import sqlite3

import pytest

from tests.cli.processes import litereg


@pytest.fixture
def database(shell, filled_database):
    return shutil.copyfile(filled_database, shell.folder / "litereg.db")


def damage(path):
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("UPDATE content SET body = x'00' WHERE id = 1")
    connection.close()


def test_a_served_registry_is_backed_up_and_the_copy_is_sound(served, tmp_path):
    made = litereg("backup", "copy.db", "--db", served.file, cwd=tmp_path)
    checked = litereg("check", "copy.db", cwd=tmp_path)

    assert made.returncode == checked.returncode == 0, made.stderr
    assert made.stderr == ""
    assert made.stdout.startswith("Backup   copy.db\nBytes    ")
    assert checked.stdout == ""
    assert checked.stderr == "copy.db is sound.\n"


def test_a_served_registry_can_be_checked(served, tmp_path):
    checked = litereg("check", "--db", served.file, cwd=tmp_path)

    assert (checked.returncode, checked.stdout) == (0, "")


def test_a_served_registry_is_not_replaced(served, tmp_path):
    litereg("backup", "copy.db", "--db", served.file, cwd=tmp_path)

    refused = litereg("restore", "copy.db", "--db", served.file, cwd=tmp_path)

    assert refused.returncode == 3
    assert "is already served by the process" in refused.stderr


def test_what_was_restored_is_what_was_backed_up(database, shell):
    shell.done("backup", "copy.db")
    shell.add_user("zoe")

    said = shell.done("restore", "copy.db")

    assert said.startswith("Restored  litereg.db\nFrom      copy.db\nKept as   litereg.db.before-")
    assert "zoe" not in shell.done("user", "list")
    (aside,) = shell.folder.glob("*.before-restore-*")
    assert "zoe" in shell.done("user", "list", "--db", aside)


def test_damage_is_told_line_by_line(database, shell):
    damage(database)

    told = shell("check")
    as_json = shell("check", "--json")

    assert told.exit_code == as_json.exit_code == 1
    assert told.stdout.startswith("content: the bytes of ")
    assert "`litereg restore`" in told.stderr
    (finding,) = json.loads(as_json.stdout)
    assert finding["place"] == "content"


def test_a_damaged_backup_is_not_to_be_mended_by_a_backup(database, shell):
    shell.done("backup", "copy.db")
    damage(shell.folder / "copy.db")

    told = shell("check", "copy.db")

    assert told.exit_code == 1
    assert "copy.db is damaged: what it holds cannot be trusted." in told.stderr
    assert "litereg restore" not in told.stderr


def test_a_file_that_is_no_registry_is_not_called_a_damaged_one(shell, tmp_path):
    path = tmp_path / "README.md"
    path.write_text("# Read me\n" * 1000)

    told = shell("check", str(path))

    assert told.exit_code == 1
    assert "is no registry of litereg's" in told.stderr
    assert "damaged" not in told.output + told.stderr


def test_a_damaged_registry_is_neither_backed_up_nor_restored(database, shell):
    shell.done("backup", "copy.db")
    (shell.folder / "copy.db.sha256").unlink()
    damage(database)
    damage(shell.folder / "copy.db")

    backup = shell("backup", "another.db")
    restore = shell("restore", "copy.db")

    assert backup.exit_code == restore.exit_code == 1
    assert "DATABASE_DAMAGED: litereg.db: content: the bytes of" in backup.stderr
    assert "DATABASE_DAMAGED: copy.db: content: the bytes of" in restore.stderr
    assert not (shell.folder / "another.db").exists()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["backup", "copy.db"], 2, "litereg.db: No such file"),
        (["check"], 2, "litereg.db: No such file"),
        (["restore", "copy.db"], 2, "copy.db: there is no such file"),
        (["backup"], 2, "Missing argument 'FILE'"),
    ],
)
def test_what_is_not_there_is_named(shell, words, code, said):
    refused = shell(*words)

    assert refused.exit_code == code
    assert said in refused.stderr
    assert list(shell.folder.iterdir()) == []


def test_a_folder_that_is_not_there_is_not_made(database, shell):
    refused = shell("backup", "copies/today.db")

    assert refused.exit_code == 2
    assert "copies/today.db: the folder does not exist; make it first" in refused.stderr
    assert not (shell.folder / "copies").exists()


def test_a_backup_is_not_overwritten(database, shell):
    shell.done("backup", "copy.db")

    refused = shell("backup", "copy.db")

    assert refused.exit_code == 1
    assert "FILE_EXISTS: copy.db is there already" in refused.stderr
