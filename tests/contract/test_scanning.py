"""Files of strangers are looked at by the operator's program before they are stored."""

import asyncio
import base64
import io
import os
import resource
import select
import subprocess
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from PIL import Image

from litereg.app import Registry
from litereg.registry.scanning import MAX_SAID
from litereg.registry.versions import service
from litereg.settings import Settings
from litereg.store import Query
from tests.client import PASSWORD, Caller, People, make_package, package_file, publish

EVIL = "X5O-test-virus"
CONTENTS = Query(int, "SELECT count(*) FROM content", scans="it is a test's")
# Refuses what holds EVIL, as clamdscan would, and keeps what it was given.
LOOKS = f"""cat > "$0.seen"; echo seen >> "$0.count"
if grep -q {EVIL} "$0.seen"; then echo "stream: Test.Virus FOUND"; exit 1; fi"""


@pytest.fixture
def program(tmp_path):
    """Return a function that makes a program of lines for the shell."""

    def program(lines):
        path = tmp_path / "scan"
        path.write_text(f"#!/bin/sh\n{lines}\n")
        path.chmod(0o755)
        return path

    return program


@asynccontextmanager
async def opened(settings, command, **changes):
    registry = await Registry.open(replace(settings, scan_command=str(command), **changes))
    try:
        yield registry
    finally:
        await registry.close()


def picture(text=""):
    """Return a PNG with *text* in it that nobody sees, as it is uploaded, and its bytes."""
    file = io.BytesIO()
    Image.new("RGB", (4, 2), "red").save(file, "PNG")
    body = file.getvalue() + text.encode()
    return {"base64": base64.b64encode(body).decode()}, body


async def set_picture(caller, text=""):
    return await caller.mutate("setMyAvatarImage", image=picture(text)[0])


async def versions(caller, ref):
    asked = "versions { identifier { versionMajor } }"
    return (await caller.query("package", asked, identifier=ref)).value["versions"]


async def stored(registry):
    return await registry.database.read(lambda tx: tx.one(CONTENTS))


def seen_by(path):
    return path.with_name("scan.seen").read_bytes()


async def test_a_harmless_file_is_looked_at_as_it_came_and_stored(settings, program):
    scan = program(LOOKS)
    async with opened(settings, scan) as registry:
        ann = await People(registry)("ann")
        ref = await make_package(ann, "ann")
        text = package_file(description="Regen, \u0434\u043e\u0436\u0434\u044c.")

        published = await publish(ann, ref, text)
        of_version = seen_by(scan)
        set_ = await set_picture(ann)

        assert (published.errors, set_.errors) == ([], [])
        assert of_version == text.encode()
        assert seen_by(scan) == picture()[1]
        assert len(await versions(ann, ref)) == 1
        assert await stored(registry) == 2


async def test_what_is_found_is_refused_and_nothing_is_stored(settings, program, caplog):
    async with opened(settings, program(LOOKS)) as registry:
        ann = await People(registry)("ann")
        ref = await make_package(ann, "ann")

        refusals = [
            await publish(ann, ref, package_file(description=f"About {EVIL}.")),
            await set_picture(ann, EVIL),
        ]

        for refused in refusals:
            assert refused.error.message.startswith("FILE_REFUSED")
            assert refused.error.code == "GRAPHQL_VALIDATION_FAILED"
            assert "Test.Virus" not in refused.error.message
        assert await versions(ann, ref) == []
        assert await stored(registry) == 0
        assert (await publish(ann, ref, package_file())).errors == []
    assert caplog.text.count("the scanner refused a file: stream: Test.Virus FOUND") == 2


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("echo no daemon >&2; exit 2", "exit status 2: no daemon"),
        ("exit 127", "exit status 127"),
        ("kill -9 $$", "exit status -9"),
        ("cat > /dev/null; sleep 600", "timed out after 0.5 seconds"),
        ("cat > /dev/null; exec yes", "timed out after 0.5 seconds"),
        ("exec >&-; sleep 600", "timed out after 0.5 seconds"),
        ("sleep 600 &", "timed out after 0.5 seconds"),
    ],
)
async def test_a_scanner_that_does_not_answer_lets_nothing_pass(
    settings, program, lines, reason, caplog
):
    async with opened(settings, program(lines), scan_timeout_s=0.5) as registry:
        await nothing_passes(registry)

    assert caplog.text.count(reason) == 2


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("/no/such/scanner -", "No such file or directory"),
        ("/etc/passwd", "Permission denied"),
        ("scan 'without end", "No closing quotation"),
        ("  ", "it names no program"),
    ],
)
async def test_a_scanner_that_is_none_lets_nothing_pass(settings, command, reason, caplog):
    async with opened(settings, command) as registry:
        await nothing_passes(registry)

    assert caplog.text.count(reason) == 2


async def nothing_passes(registry):
    ann = await People(registry)("ann")
    ref = await make_package(ann, "ann")

    for failed in (await publish(ann, ref, package_file()), await set_picture(ann)):
        assert failed.error.message == (
            "SCAN_FAILED: the file could not be scanned; nothing was changed"
        )
        assert failed.error.code == "UNAVAILABLE"
    assert await versions(ann, ref) == []
    assert await stored(registry) == 0


async def test_a_scanner_that_takes_too_long_ends_with_all_it_started(settings, program):
    scan = program('sleep 600 & echo $! > "$0.pid"; wait')
    async with opened(settings, scan, scan_timeout_s=2.0) as registry:
        failed = await set_picture(await People(registry)("ann"))

    assert failed.error.message.startswith("SCAN_FAILED")
    assert has_ended(scan)


async def test_what_a_scanner_leaves_behind_ends_with_it(settings, program):
    scan = program('sleep 600 > /dev/null 2>&1 & echo $! > "$0.pid"; cat > /dev/null')
    async with opened(settings, scan) as registry:
        passed = await set_picture(await People(registry)("ann"))

    assert passed.errors == []
    assert has_ended(scan)


def has_ended(scan):
    """Return whether the process whose number *scan* has written down ends soon."""
    try:
        handle = os.pidfd_open(int(scan.with_name("scan.pid").read_text()))
    except ProcessLookupError:
        return True
    # Readable as soon as the process has ended.
    ended, _, _ = select.select([handle], [], [], 30)
    os.close(handle)
    return bool(ended)


async def test_nothing_that_was_sent_is_a_part_of_the_command(settings, program, tmp_path):
    scan = program('printf "%s|" "$@" > "$0.args"; cat > /dev/null')
    command = f"{scan} --no-summary '; touch {tmp_path}/made' $HOME `id` -"
    sent = "$(touch made) `touch made` ; touch made"
    async with opened(settings, command) as registry:
        ann = await People(registry)("ann")
        ref = await make_package(ann, "ann", displayName=sent)
        published = await publish(ann, ref, package_file(description=sent))

    assert published.errors == []
    given = scan.with_name("scan.args").read_text()
    assert given == f"--no-summary|; touch {tmp_path}/made|$HOME|`id`|-|"
    assert not (tmp_path / "made").exists()


async def test_no_secret_is_handed_on(settings, program, monkeypatch):
    monkeypatch.setenv("LITEREG_SMTP_PASSWORD", "s3cret-of-mail")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", "/run/credentials/litereg")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cret-of-others")
    scan = program('env > "$0.env"; ls -l /proc/self/fd > "$0.files"; cat > /dev/null')
    async with opened(settings, scan) as registry:
        assert (await set_picture(await People(registry)("ann"))).errors == []

    variables = scan.with_name("scan.env").read_text()
    assert "PATH=" in variables
    assert "s3cret" not in variables
    assert "LITEREG" not in variables
    assert "credentials" not in variables
    assert "litereg.db" not in scan.with_name("scan.files").read_text()


async def test_what_is_refused_anyway_is_not_looked_at(settings, program):
    scan = program(LOOKS)
    async with opened(settings, scan) as registry:
        people = People(registry)
        ann, bob = await people("ann"), await people("bob")
        ref = await make_package(ann, "ann")
        await publish(ann, ref, package_file())

        refused = [
            await publish(bob, ref, package_file("2.0.0")),
            await publish(people.anonymous, ref, package_file("2.0.0")),
            await publish(ann, ref, package_file(properties=("city",))),
            await publish(ann, ref, "{}"),
            await set_picture(people.anonymous),
        ]

    assert all(answer.errors for answer in refused)
    assert scan.with_name("scan.count").read_text() == "seen\n"


async def test_everybody_else_is_served_while_a_file_is_looked_at(settings, program, tmp_path):
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    async with opened(settings, program(f"cat > /dev/null; read line < {gate}")) as registry:
        people = People(registry)
        ann = await people("ann")
        ref = await make_package(ann, "ann")

        publishing = asyncio.create_task(publish(ann, ref, package_file()))
        # Opens once the scanner waits for it.
        opening = await asyncio.to_thread(open, gate, "w")
        me = await ann.query("me", "username")
        logged_in = await Caller(registry).mutate("login", username="ann", password=PASSWORD)
        changed = await ann.mutate("updateMe", "location", value={"location": "Ghent"})
        is_done = publishing.done()
        with opening:
            opening.write("go on\n")
        published = await publishing

    assert (me.value, changed.value) == ({"username": "ann"}, {"location": "Ghent"})
    assert logged_in.value
    assert not is_done
    assert published.errors == []


async def test_several_people_publish_at_once(settings, program, tmp_path):
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    async with opened(settings, program(f"cat > /dev/null; read line < {gate}")) as registry:
        ann = await People(registry)("ann")
        refs = [await make_package(ann, "ann", f"rain-{number}") for number in range(17)]

        waiting = [asyncio.create_task(publish(ann, ref, package_file())) for ref in refs[:16]]
        opening = await asyncio.to_thread(open, gate, "w")
        refused = await publish(ann, refs[16], package_file())
        # The others find the gate open.
        gate.unlink()
        gate.write_text("go on\n")
        with opening:
            opening.write("go on\n")
        published = await asyncio.gather(*waiting)

    assert [answer.errors for answer in published] == [[]] * 16
    assert refused.error.message.startswith("TOO_MANY_SCANS")
    assert refused.error.code == "UNAVAILABLE"


@pytest.mark.parametrize(("status", "reasons"), [(0, []), (1, ["FILE_REFUSED"])])
async def test_a_scanner_need_not_read_all(settings, program, status, reasons):
    async with opened(settings, program(f"exit {status}")) as registry:
        ann = await People(registry)("ann")
        ref = await make_package(ann, "ann")

        answer = await publish(ann, ref, package_file(readmeMarkdown="x" * 1_000_000))

    assert [error.message.partition(":")[0] for error in answer.errors] == reasons


async def test_the_log_takes_a_line_of_what_is_said(settings, program, caplog):
    said = r'i=0; while [ $i -lt 500 ]; do printf "abc\n"; i=$((i+1)); done; printf "%0900d" 0'
    async with opened(settings, program(f"cat > /dev/null; {said}; exit 1")) as registry:
        assert (await set_picture(await People(registry)("ann"))).errors

    (line,) = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert line == f"the scanner refused a file: {'0' * MAX_SAID}"


async def test_a_scanner_that_talks_without_end_fills_no_memory(settings, program, caplog):
    talks = program("cat > /dev/null; head -c 300000000 /dev/zero; echo; echo the end; exit 1")
    async with opened(settings, talks) as registry:
        ann = await People(registry)("ann")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

        refused = await set_picture(ann)

        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert refused.error.message.startswith("FILE_REFUSED")
    assert "the scanner refused a file: the end" in caplog.text
    assert grown * 1024 < 100_000_000


async def test_without_a_scanner_nothing_is_started_and_nothing_done_twice(settings, monkeypatch):
    assert Settings().scan_command == ""
    monkeypatch.delattr(subprocess, "Popen")
    runs = []
    create = service.create

    def counted(*args):
        runs.append(args)
        return create(*args)

    monkeypatch.setattr(service, "create", counted)
    async with opened(settings, "") as registry:
        ann = await People(registry)("ann")
        ref = await make_package(ann, "ann")

        answers = [await publish(ann, ref, package_file()), await set_picture(ann)]

    assert [answer.errors for answer in answers] == [[], []]
    assert len(runs) == 1
