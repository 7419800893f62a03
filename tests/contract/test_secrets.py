"""No secret is found where it does not belong: in the file, its log, a backup, an answer, a log."""

import signal
from pathlib import Path

import pytest

from tests.cli.processes import litereg, serving
from tests.contract.full_flow import Flow

SMTP = "canary-smtp-91be20"


@pytest.fixture(scope="module", params=["text", "json"])
def gone(request, tmp_path_factory):
    """A flow that was gone, and everything that it left: what it is → its bytes."""
    folder = tmp_path_factory.mktemp("secrets")
    changes = {"LITEREG_SMTP_PASSWORD": SMTP, "LITEREG_LOG_FORMAT": request.param}
    with serving("serve", "--port", "0", cwd=folder, more=5, **changes) as running:
        flow = Flow(running.url)
        flow.go()
        left = {"what was answered": "\n".join(flow.answers).encode()}
        left["the command line"] = Path(f"/proc/{running.process.pid}/cmdline").read_bytes()
        backup = litereg("backup", "backup.db", cwd=folder)
        assert backup.returncode == 0, backup.stderr
        for file in folder.iterdir():
            left[f"{file.name} while it is served"] = file.read_bytes()
        code, out, errors = running.stop(signal.SIGTERM)
        assert code == 0
        left["what was printed"] = "\n".join([*running.said, out]).encode()
        left["the log"] = errors.encode()
    for file in folder.iterdir():
        left[file.name] = file.read_bytes()
    left["the settings"] = litereg("config", "show", cwd=folder, **changes).stdout.encode()
    left["the export"] = exported(folder)
    return flow, left


def exported(folder):
    import zipfile

    done = litereg("export", "export.zip", cwd=folder)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(folder / "export.zip") as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


def test_no_secret_is_left_anywhere(gone, record_property):
    flow, left = gone
    secrets = flow.secrets | {"the password of the mail server": SMTP}

    found = [
        (name, place)
        for name, secret in secrets.items()
        for place, content in left.items()
        if secret.encode() in content
    ]

    assert found == []
    record_property("figure", f"0 of {len(secrets)} secrets in {len(left)} places")


def test_there_was_something_to_look_through(gone):
    flow, left = gone

    assert b"ann@example.org" in left["litereg.db"]
    assert b"$2b$04$" in left["litereg.db"]
    assert b"backup.db" in b" ".join(name.encode() for name in left)
    assert {"litereg.db-wal while it is served", "litereg.db-shm while it is served"} <= set(left)
    assert left["the log"].count(b"/graphql") >= 20
    assert len(flow.answers) > 20
    assert any("WRONG_CREDENTIALS" in answer for answer in flow.answers)
    assert sum("WRONG_ONE_TIME_CODE" in answer for answer in flow.answers) == 3
    assert {"a ticket", "a recovery code", "a session by two factors"} <= set(flow.secrets)


def test_no_address_is_logged_with_what_was_asked(gone):
    _, left = gone

    assert b"query=" not in left["the log"]
    assert b"token=" not in left["the log"]
