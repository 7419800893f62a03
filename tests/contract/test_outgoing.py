"""The server opens no connection, whatever addresses it is given, but to its own mail server."""

import asyncio
import re
import subprocess
import sys

import pytest

from tests.cli.processes import Running, environment
from tests.contract.full_flow import HOSTILE_URLS, Flow
from tests.mailbox import open_mailbox

AUDIT = re.compile(r"AUDIT (\S+) (.*)")


@pytest.fixture
def serve(tmp_path):
    """Return a function that serves a registry, and tells afterwards what it connected to."""

    def serve(work, **changes):
        with (tmp_path / "errors").open("w+") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.contract.audited", "serve", "--port", "0"],
                cwd=tmp_path,
                env=environment(**changes),
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
            running = Running(process, errors, 0)
            try:
                work(running.url)
            finally:
                running.stop()
                process.stdout.close()
            errors.seek(0)
            return AUDIT.findall(errors.read())

    return serve


def test_no_address_that_somebody_wrote_is_ever_asked(serve, record_property):
    flows = []

    def work(url):
        flows.append(Flow(url))
        flows[0].go()

    connected = serve(work)

    # Finding out what it is to listen on is the only question it has.
    assert {event for event, _ in connected} <= {"socket.getaddrinfo"}
    assert all("127.0.0.1" in what for _, what in connected)
    assert any(HOSTILE_URLS[0] in answer for answer in flows[0].answers)
    record_property("figure", "0 connections")


async def test_the_mail_server_is_the_only_one_that_is_asked(serve):
    async with open_mailbox() as box:
        changes = {
            "LITEREG_SMTP_SERVER": "127.0.0.1",
            "LITEREG_SMTP_PORT": str(box.port),
            "LITEREG_SMTP_FROM_ADDRESS": "registry@example.org",
        }
        value = {"username": "ann", "emailAddress": "ann@example.org", "password": "a horse 99"}

        def work(url):
            Flow(url).post("mutation ($v: CreateUserInput!) { createMe(value: $v) }", {"v": value})
            asyncio.run_coroutine_threadsafe(box.arrival(), loop).result(20)

        loop = asyncio.get_running_loop()
        connected = await asyncio.to_thread(serve, work, **changes)

    wheres = {what for event, what in connected if event == "socket.connect"}
    assert wheres == {f"('127.0.0.1', {box.port})"}
