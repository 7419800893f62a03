"""Out of a database into a zip, and back: the same to the byte, or nothing at all."""

import hashlib
import json
import shutil
import sqlite3
import zipfile
from contextlib import closing

import pytest

from litereg.cli.archive import complete_with
from litereg.errors import CannotStart, Conflict, Damaged, InvalidInput
from litereg.exported import SELECTION
from litereg.registry.claims import CLAIMS
from litereg.settings import Settings
from litereg.store.archive.export import export
from litereg.store.archive.load import load
from litereg.store.connection import connect, open_to_read
from litereg.store.migrate import known_migrations, migrate_to
from tests.dump import dump

NAMES = list(known_migrations())
complete = complete_with(Settings())


@pytest.fixture
def database(tmp_path, filled_database):
    return shutil.copyfile(filled_database, tmp_path / "litereg.db")


@pytest.fixture
def archive(tmp_path, filled_database):
    return export(filled_database, tmp_path / "first.zip", SELECTION).path


def loaded(archive, path):
    load(archive, path, complete, CLAIMS)
    return path


def entries(archive):
    with zipfile.ZipFile(archive) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def rebuilt(path, content, compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, text in content.items():
            archive.writestr(name, text)
    return path


@pytest.mark.parametrize("with_secrets", [False, True])
def test_exporting_what_was_loaded_gives_the_same_bytes(database, tmp_path, with_secrets):
    first = export(database, tmp_path / "first.zip", SELECTION, with_secrets=with_secrets).path

    new = loaded(first, tmp_path / "new.db")
    second = export(new, tmp_path / "second.zip", SELECTION, with_secrets=with_secrets).path

    assert second.read_bytes() == first.read_bytes()
    assert first.stat().st_mode & 0o777 == 0o600


def test_a_loaded_registry_answers_everybody_as_before(database, tmp_path):
    before = dump(database)
    archive = export(database, tmp_path / "all.zip", SELECTION, with_secrets=True).path

    after = dump(loaded(archive, tmp_path / "new.db"))

    assert after == before


def test_without_secrets_all_but_the_keys_is_there(database, archive, tmp_path):
    before = dump(database)

    after = dump(loaded(archive, tmp_path / "new.db"))

    assert before["librarian"].pop("keys") != after["librarian"].pop("keys")
    for answers in (*before.values(), *after.values()):
        # These ids are written with a secret of the registry, which stayed behind.
        answers["public packages"] = without_ids(answers["public packages"])
    assert after == before


def without_ids(answer):
    """Return an answer without the ids in it."""
    if isinstance(answer, dict):
        return {name: without_ids(value) for name, value in answer.items() if name != "id"}
    return [without_ids(value) for value in answer] if isinstance(answer, list) else answer


def test_without_secrets_there_is_no_secret_in_it(database, tmp_path):
    with closing(open_to_read(database)) as raw:
        secrets = [row[0] for row in raw.execute("SELECT secret_sha256 FROM api_key")]
        secrets += [row[0] for row in raw.execute("SELECT password_hash FROM user")]
        secrets += [row[0] for row in raw.execute("SELECT secret FROM cursor_secret")]
    shown = [s.hex() if isinstance(s, bytes) else s for s in secrets]

    found = {}
    for with_secrets in (False, True):
        path = tmp_path / f"{with_secrets}.zip"
        export(database, path, SELECTION, with_secrets=with_secrets)
        text = b"".join(entries(path).values()).decode()
        found[with_secrets] = [secret in text for secret in shown]

    assert not any(found[False])
    assert all(found[True])
    assert len(shown) >= 5


def test_an_id_that_was_given_once_is_not_given_again(database, tmp_path):
    connection = connect(database)
    connection.execute("DELETE FROM label WHERE id = (SELECT max(id) FROM label)")
    connection.close()
    archive = export(database, tmp_path / "all.zip", SELECTION).path

    new = loaded(archive, tmp_path / "new.db")

    query = "SELECT seq FROM sqlite_sequence WHERE name = 'label'"
    with closing(open_to_read(database)) as old, closing(open_to_read(new)) as raw:
        assert raw.execute(query).fetchall() == old.execute(query).fetchall()
        assert old.execute(query).fetchone() > old.execute("SELECT max(id) FROM label").fetchone()


def test_files_in_it_are_as_they_were_published(archive, filled_database):
    files = {name: body for name, body in entries(archive).items() if name.startswith("content/")}

    with closing(open_to_read(filled_database)) as raw:
        bodies = [row[0] for row in raw.execute("SELECT body FROM content")]
    assert sorted(files.values()) == sorted(bodies)
    assert all(name == f"content/{hashlib.sha256(b).hexdigest()}" for name, b in files.items())


@pytest.mark.parametrize("count", range(1, len(NAMES)))
def test_an_archive_of_an_older_litereg_can_be_loaded(tmp_path, count):
    with closing(connect(tmp_path / "old.db")) as old:
        migrate_to(old, NAMES[count - 1])
    content = {
        "litereg.json": json.dumps(
            {
                "format": 1,
                "schema": NAMES[count - 1],
                "withSecrets": False,
                "tables": {"viewer": 2, "user": 1, "catalog": 1},
            }
        ),
        "tables/viewer.ndjson": '{"id":0}\n{"id":1}\n',
        "tables/user.ndjson": json.dumps(
            {
                "id": 1,
                "username": "Ann",
                "username_key": "ann",
                "email_address": "a@example.org",
                "email_key": "a@example.org",
                "created_at": 1,
                "updated_at": 2,
            }
        ),
        "tables/catalog.ndjson": json.dumps(
            {
                "id": 1,
                "slug": "Ann",
                "slug_key": "ann",
                "display_name": "Ann",
                "display_name_key": "ann",
                "creator_id": 1,
                "personal_of": 1,
                "created_at": 1,
                "updated_at": 2,
            }
        ),
    }

    new = loaded(rebuilt(tmp_path / "old.zip", content), tmp_path / "new.db")

    with closing(open_to_read(new)) as raw:
        assert raw.execute("SELECT username, created_at FROM user").fetchall() == [("Ann", 1)]
        applied = raw.execute("SELECT name FROM _migration ORDER BY name").fetchall()
    assert [name for (name,) in applied] == NAMES


def first_content(content):
    return next(name for name in content if name.startswith("content/"))


def change_row(content, table, **changes):
    first, _, rest = content[f"tables/{table}.ndjson"].partition(b"\n")
    row = json.dumps(json.loads(first) | changes).encode()
    content[f"tables/{table}.ndjson"] = row + b"\n" + rest


def change_manifest(content, **changes):
    content["litereg.json"] = json.dumps(json.loads(content["litereg.json"]) | changes).encode()


SPOILED = {
    "no manifest": lambda c: c.pop("litereg.json"),
    "manifest is no JSON": lambda c: c.update({"litereg.json": b"{"}),
    "manifest is a list": lambda c: c.update({"litereg.json": b"[]"}),
    "another format": lambda c: change_manifest(c, format=2),
    "a newer schema": lambda c: change_manifest(c, schema="9999_new"),
    "a table that is none": lambda c: change_manifest(c, tables={"../x": 1}),
    "a table that is unknown": lambda c: (
        change_manifest(c, tables=json.loads(c["litereg.json"])["tables"] | {"spoon": 0}),
        c.update({"tables/spoon.ndjson": b""}),
    ),
    "the record of migrations": lambda c: (
        change_manifest(c, tables=json.loads(c["litereg.json"])["tables"] | {"_migration": 0}),
        c.update({"tables/_migration.ndjson": b""}),
    ),
    "a file that is not listed": lambda c: c.update({"more.txt": b"more"}),
    "a path that leads out": lambda c: c.update({"content/../../x": b"more"}),
    "a table's rows are missing": lambda c: c.pop("tables/user.ndjson"),
    "a row is missing": lambda c: c.update(
        {"tables/user.ndjson": c["tables/user.ndjson"].partition(b"\n")[2]}
    ),
    "a line is no JSON": lambda c: c.update({"tables/viewer.ndjson": b'{"id":0}\n{"id":\n'}),
    "the first line is no JSON": lambda c: c.update({"tables/viewer.ndjson": b"zero\n"}),
    "the first line is no object": lambda c: c.update({"tables/viewer.ndjson": b"[[0]]\n"}),
    "a line is a number": lambda c: c.update({"tables/viewer.ndjson": b'{"id":0}\n7\n'}),
    "a column is unknown": lambda c: change_row(c, "user", spoon=1),
    "a column is missing": lambda c: c.update(
        {"tables/viewer.ndjson": c["tables/viewer.ndjson"] + b"{}\n"}
    ),
    "the bytes of content in its row": lambda c: change_row(c, "content", body="00"),
    "a text for a number": lambda c: change_row(c, "user", created_at="soon"),
    "a truth for a number": lambda c: change_row(c, "user", is_admin=True),
    "a number that is too large": lambda c: change_row(c, "user", created_at=2**63),
    "a value that a constraint forbids": lambda c: change_row(c, "user", status="ODD"),
    "bytes that are no hexadecimal": lambda c: change_row(c, "content", sha256="zz"),
    "content without a digest": lambda c: change_row(c, "content", sha256=None),
    "content under another digest": lambda c: change_row(c, "content", sha256="00" * 32),
    "content is missing": lambda c: c.pop(first_content(c)),
    "content has changed": lambda c: c.update({first_content(c): b"other"}),
    "content that no row names": lambda c: c.update({"content/" + "0" * 64: b"x"}),
    "a reference to nothing": lambda c: change_row(c, "version", author_id=99),
    "a latest version that is not": lambda c: change_row(c, "package", latest_version_id=None),
    "two rows with one name": lambda c: change_row(c, "user", username_key="navigator"),
}


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED)
def test_of_an_archive_that_is_not_as_it_should_be_nothing_is_loaded(archive, tmp_path, spoil):
    content = entries(archive)
    spoil(content)
    spoiled = rebuilt(tmp_path / "spoiled.zip", content)

    with pytest.raises((InvalidInput, Damaged)) as refusal:
        load(spoiled, tmp_path / "new.db", complete, CLAIMS)

    assert refusal.value.reason in ("ARCHIVE_INVALID", "ARCHIVE_DAMAGED")
    assert refusal.value.detail
    assert {path.name for path in tmp_path.iterdir()} == {"first.zip", "spoiled.zip"}


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
def test_an_archive_with_a_changed_byte_is_refused(archive, tmp_path, at):
    content = bytearray(archive.read_bytes())
    content[int(len(content) * at)] ^= 0x10
    (tmp_path / "spoiled.zip").write_bytes(content)

    with pytest.raises((InvalidInput, Damaged)):
        load(tmp_path / "spoiled.zip", tmp_path / "new.db", complete, CLAIMS)

    assert not (tmp_path / "new.db").exists()


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_is_compressed_in_another_way_is_refused_before_it_is_unpacked(
    archive, tmp_path, compression
):
    spoiled = rebuilt(tmp_path / "spoiled.zip", entries(archive), compression)
    written = bytearray(spoiled.read_bytes())
    with zipfile.ZipFile(spoiled) as opened:
        start = opened.getinfo("litereg.json").header_offset + 30 + len("litereg.json")
    # The properties that LZMA begins with; these ask for 4 GB of memory.
    written[start + 4 : start + 9] = b"\xff" * 5
    spoiled.write_bytes(written)

    with pytest.raises(InvalidInput, match="it is neither stored nor deflated"):
        load(spoiled, tmp_path / "new.db", complete)

    assert not (tmp_path / "new.db").exists()


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x03\x04"])
def test_what_is_no_zip_is_refused(tmp_path, content):
    (tmp_path / "some.zip").write_bytes(content)

    with pytest.raises(InvalidInput, match="ARCHIVE_INVALID"):
        load(tmp_path / "some.zip", tmp_path / "new.db", complete)


def test_a_name_that_stands_twice_is_refused(archive, tmp_path):
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(archive, "a") as opened:
        opened.writestr("tables/user.ndjson", b"")

    with pytest.raises(InvalidInput, match="a name stands in it twice"):
        load(archive, tmp_path / "new.db", complete)


def test_a_line_or_a_file_without_end_is_refused_before_it_fills_the_memory(
    archive, tmp_path, monkeypatch
):
    content = entries(archive)
    content["tables/viewer.ndjson"] = b" " * (5 * 1024 * 1024)
    spoiled = rebuilt(tmp_path / "line.zip", content)
    with pytest.raises(InvalidInput, match="first line is no JSON object"):
        load(spoiled, tmp_path / "new.db", complete)

    monkeypatch.setattr("litereg.store.archive.load.MAX_CONTENT_BYTES", 1000)
    with pytest.raises(InvalidInput, match="longer than 1000 bytes"):
        load(archive, tmp_path / "new.db", complete)


def test_what_is_there_is_not_overwritten(database, archive, tmp_path):
    before = database.read_bytes()

    with pytest.raises(Conflict, match="is there already"):
        load(archive, database, complete)
    with pytest.raises(Conflict, match="is there already"):
        export(database, archive, SELECTION)

    assert database.read_bytes() == before


def test_what_is_not_there_is_named(tmp_path, archive):
    with pytest.raises(CannotStart, match=r"absent\.zip: No such file"):
        load(tmp_path / "absent.zip", tmp_path / "new.db", complete)
    with pytest.raises(CannotStart, match=r"absent\.db: No such file"):
        export(tmp_path / "absent.db", tmp_path / "all.zip", SELECTION)
    with pytest.raises(CannotStart, match="nowhere"):
        load(archive, tmp_path / "nowhere" / "new.db", complete)


def test_an_older_database_is_not_exported_by_rules_that_do_not_fit_it(tmp_path):
    with closing(connect(tmp_path / "old.db")) as old:
        migrate_to(old, NAMES[0])

    with pytest.raises(CannotStart, match="brings it up to date"):
        export(tmp_path / "old.db", tmp_path / "all.zip", SELECTION)


def test_what_litestream_keeps_in_the_file_is_not_exported(database, archive, tmp_path):
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("CREATE TABLE _litestream_seq(id INTEGER PRIMARY KEY, seq INTEGER)")
    connection.close()

    again = export(database, tmp_path / "again.zip", SELECTION).path

    assert again.read_bytes() == archive.read_bytes()


def test_of_damaged_content_no_export_is_made(database, tmp_path):
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("UPDATE content SET body = x'00' WHERE id = 3")
    connection.close()

    with pytest.raises(Damaged, match="CONTENT_DAMAGED"):
        export(database, tmp_path / "all.zip", SELECTION)

    assert [path.name for path in tmp_path.iterdir()] == ["litereg.db"]
