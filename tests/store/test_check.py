"""What a check finds, and what it leaves as it was."""

import shutil
import sqlite3
import subprocess

import pytest

from litereg.errors import CannotStart
from litereg.registry.claims import CLAIMS
from litereg.store.check import check, check_copy
from tests.durability import full_disk


@pytest.fixture
def path(tmp_path, filled_database):
    path = tmp_path / "litereg.db"
    shutil.copyfile(filled_database, path)
    return path


def spoil(path, *statements):
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def found(path):
    return [str(finding) for finding in check(path, CLAIMS)]


def test_a_sound_file_has_no_findings_and_is_not_touched(path):
    before = path.read_bytes()
    seen = []

    assert list(check(path, CLAIMS, lambda done, whole: seen.append((done, whole)))) == []

    assert path.read_bytes() == before
    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1] > 0


def test_writers_need_not_wait_for_a_check(path):
    writer = sqlite3.connect(path, isolation_level=None, timeout=0)
    writer.execute("PRAGMA journal_mode=WAL")
    findings = check(path, CLAIMS, lambda done, whole: writer.execute("UPDATE user SET website=''"))

    assert list(findings) == []
    writer.close()


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE content SET body = x'00' WHERE id = 1", "content: the bytes of "),
        ("UPDATE content SET sha256 = randomblob(32) WHERE id = 2", "(row 2) have changed"),
        ("DELETE FROM content WHERE id = 1", "references: row 1 of version refers to a missing"),
        ("UPDATE package_search_content SET c0 = 'other'", "search: the index package_search and"),
        ("DELETE FROM catalog_search_data WHERE id > 10", "search: the index catalog_search and"),
        ("DELETE FROM package_search WHERE rowid = 3", "registry: package 3 is missing from the"),
        ("DELETE FROM catalog_search", "registry: catalog 1 is missing from the search index"),
        (
            "UPDATE package SET latest_version_id = NULL WHERE id = 2",
            "registry: the latest version of package 2 is not its highest",
        ),
        (
            "UPDATE catalog SET slug_key = 'other' WHERE personal_of = 1",
            "registry: user 1 has no catalog of the same name",
        ),
        (
            "UPDATE catalog SET personal_of = NULL WHERE personal_of = 1",
            "references: row 1 of user refers to a missing row of catalog",
        ),
        ("DROP INDEX version_by_content", "schema: the index version_by_content is not as"),
        ("CREATE TABLE mine(a)", "schema: the table mine is not as litereg makes it"),
        (
            "CREATE TRIGGER _litestream_mine AFTER INSERT ON session BEGIN "
            "UPDATE user SET is_admin = 1; END",
            "schema: the trigger _litestream_mine is not as litereg makes it",
        ),
        (
            "CREATE UNIQUE INDEX _litestream_mine ON session(user_id)",
            "schema: the index _litestream_mine is not as litereg makes it",
        ),
        ("INSERT INTO _migration(name) VALUES ('9999_new')", "schema: written by a newer litereg"),
        ("DELETE FROM _migration WHERE name < '0002'", "schema: migrations are missing"),
    ],
)
def test_what_is_wrong_is_found(path, statement, expected):
    spoil(path, "PRAGMA foreign_keys=OFF", statement)

    findings = found(path)

    assert any(expected in finding for finding in findings), findings


def test_a_broken_index_of_sqlite_is_found(path):
    spoil(
        path,
        "PRAGMA writable_schema=ON",
        "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema"
        " WHERE name = 'package_by_slug') WHERE name = 'package_by_creation'",
    )

    assert any(finding.startswith("structure: ") for finding in found(path))


@pytest.mark.parametrize("content", [b"", b"no database " * 1000, b"SQLite format 3\0" * 100])
def test_what_is_no_database_of_litereg_is_a_finding(tmp_path, content):
    path = tmp_path / "other.db"
    path.write_bytes(content)

    assert found(path) != []
    assert path.read_bytes() == content


def test_a_file_of_another_kind_is_called_so_and_nothing_more(tmp_path):
    path = tmp_path / "README.md"
    path.write_bytes(b"# Read me\n" * 1000)

    assert found(path) == ["file: it does not begin as a SQLite database does"]


def test_a_database_of_another_program_is_called_so(tmp_path):
    spoil(tmp_path / "other.db", "CREATE TABLE content(id INTEGER PRIMARY KEY, sha256, body)")

    assert found(tmp_path / "other.db") == [
        "file: it is a SQLite database, but not one of litereg's"
    ]


def test_a_file_that_is_not_there_is_refused_and_not_made(tmp_path):
    with pytest.raises(CannotStart, match="No such file"):
        found(tmp_path / "absent.db")
    assert list(tmp_path.iterdir()) == []


def test_a_definition_that_is_no_text_any_more_is_a_finding(path):
    sound = b"tablepackage_grantpackage_grant"
    whole = path.read_bytes()
    assert sound in whole
    path.write_bytes(whole.replace(sound, sound.replace(b"pac", b"p\xc3c", 1)))

    assert found(path) != []


def test_the_short_check_of_a_copy_sees_changed_content(path):
    assert list(check_copy(path)) == []

    spoil(path, "UPDATE content SET body = x'00' WHERE id = 1")

    assert [finding.place for finding in check_copy(path)] == ["content"]


def test_what_litestream_keeps_in_the_file_is_nothing_wrong(path):
    spoil(path, "CREATE TABLE _litestream_seq(id INTEGER PRIMARY KEY, seq INTEGER)")

    assert found(path) == []


@pytest.mark.skipif(full_disk.why_not() is not None, reason="needs a disk to write-protect")
def test_a_served_file_on_a_disk_that_cannot_be_written_can_be_checked(path, tmp_path):
    spoil(path, "PRAGMA journal_mode=WAL")
    with full_disk.mounted(tmp_path / "disk", "size=8m") as disk:
        shutil.copyfile(path, disk / "litereg.db")
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)

        assert found(disk / "litereg.db") == []
