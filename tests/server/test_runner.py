import asyncio
import os
import resource
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest

from litereg.errors import CannotStart
from litereg.server.runner import address, bind, serve, serving
from tests.server.conftest import application, settings_of
from tests.server.engines import Fixed, Gated
from tests.server.test_guard import HEAD, REQUEST, closed, read_response

ROOT = Path(__file__).resolve().parents[2]


class Server:
    """A server that is run by `serve`, in a task."""

    def __init__(self, engine, **changes):
        self.settings = settings_of(**changes)
        self.app = application(self.settings, engine)
        self.cleaned_up = False
        self.app.on_cleanup.append(self._clean_up)

    async def _clean_up(self, app):
        self.cleaned_up = True

    async def start(self):
        ready = asyncio.get_running_loop().create_future()
        self.task = asyncio.create_task(serve(self.app, self.settings, ready.set_result))
        self.url = await ready
        self.where = (urlsplit(self.url).hostname, urlsplit(self.url).port)

    def connect(self):
        return asyncio.open_connection(*self.where)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_lets_what_is_in_flight_be_answered(number):
    engine = Gated()
    server = Server(engine)
    await server.start()
    idle_reader, idle_writer = await server.connect()
    busy = [await server.connect() for _ in range(5)]
    for _, writer in busy:
        writer.write(REQUEST)
    await engine.entered.wait()

    os.kill(os.getpid(), number)

    # Idle connections are closed once no new ones are taken.
    assert await closed(idle_reader) == b""
    with pytest.raises(ConnectionRefusedError):
        await server.connect()
    assert not server.cleaned_up
    engine.gate.set()
    for reader, writer in busy:
        head, _, body = (await closed(reader)).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 ")
        assert b"Connection: close" in head
        assert body == b'{"data":{"query":"{ hello }"}}'
        writer.close()
    await server.task
    assert server.cleaned_up
    idle_writer.close()


async def test_a_body_that_is_on_its_way_when_the_signal_comes_is_waited_for():
    server = Server(Fixed({"data": {"ok": True}}))
    await server.start()
    reader, writer = await server.connect()
    writer.write(HEAD % 40 + b'{"query"')
    idle_reader, idle_writer = await server.connect()
    # An answer on another connection tells that the beginning above has been read.
    idle_writer.write(REQUEST)
    await read_response(idle_reader)

    os.kill(os.getpid(), signal.SIGTERM)
    assert await closed(idle_reader) == b""
    writer.write(b': "{ hello }"}'.ljust(40 - 8))

    assert await read_response(reader) == (200, {"data": {"ok": True}})
    assert await closed(reader) == b""
    await server.task
    writer.close()
    idle_writer.close()


async def test_a_request_that_takes_too_long_is_given_up():
    engine = Gated()
    server = Server(engine, shutdown_timeout_s=0.05)
    await server.start()
    reader, writer = await server.connect()
    writer.write(REQUEST)
    await engine.entered.wait()

    os.kill(os.getpid(), signal.SIGTERM)

    await server.task
    assert server.cleaned_up
    assert await closed(reader) == b""
    writer.close()


async def test_the_address_that_is_reported_answers():
    async with serving(application(settings_of(), Fixed({})), settings_of()) as url:
        assert urlsplit(url).port != 0
        async with aiohttp.ClientSession() as client, client.get(url + "/healthz") as response:
            assert response.status == 200


async def test_the_port_can_be_known_before_the_application_is_made():
    listener = bind(settings_of())
    url = address(listener)

    async with serving(application(settings_of(), Fixed({})), settings_of(), listener) as served:
        assert served == url
        async with aiohttp.ClientSession() as client, client.get(url + "/healthz") as response:
            assert response.status == 200


def test_the_system_gives_up_clients_that_read_nothing_too():
    with bind(settings_of(idle_timeout_s=2.5)) as listener:
        assert listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 2500


async def test_a_port_that_is_taken_is_named_with_the_reason():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        server = Server(Fixed({}), port=port)

        with pytest.raises(CannotStart, match=f"127.0.0.1:{port}: Address already in use"):
            await serve(server.app, server.settings, print)
    assert server.cleaned_up


@pytest.mark.parametrize(
    ("host", "port"), [("192.0.2.1", 0), ("127.0.0.1", 70_000), ("a..b", 0), ("::g", 0)]
)
async def test_an_address_that_cannot_be_listened_on_is_refused(host, port):
    with pytest.raises(CannotStart) as refused:
        bind(settings_of(host=host, port=port))

    assert f"{host}:{port}: " in str(refused.value)


async def test_an_application_that_refuses_to_start_is_not_served():
    server = Server(Fixed({}))

    async def refuse(app):
        raise CannotStart("DATABASE_DAMAGED", "/some/path")

    server.app.on_startup.append(refuse)
    with pytest.raises(CannotStart, match="DATABASE_DAMAGED"):
        await serve(server.app, server.settings, print)


async def test_as_many_files_may_be_open_as_connections():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    settings = settings_of(max_connections=hard - 200)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    try:
        async with serving(application(settings, Fixed({})), settings):
            assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > settings.max_connections
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_ipv6_addresses_are_written_in_brackets():
    try:
        listener = bind(settings_of(host="::1"))
    except CannotStart:
        pytest.skip("this machine has no IPv6")
    with listener:
        assert address(listener).startswith("http://[::1]:")


async def run_program(shutdown_timeout_s):
    """Start the program, ask it something it will not answer, and return it with the connection."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.server.stoppable",
        str(shutdown_timeout_s),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    url = (await process.stdout.readline()).decode().strip()
    connection = await asyncio.open_connection(urlsplit(url).hostname, urlsplit(url).port)
    connection[1].write(REQUEST)
    assert await process.stdout.readline() == b"asked\n"
    return process, connection


async def test_a_stopped_process_exits_with_0():
    process, (reader, writer) = await run_program(0.05)

    process.send_signal(signal.SIGTERM)
    out, err = await process.communicate()

    assert process.returncode == 0, err
    assert out == b"stopped\n"
    assert b"Traceback" not in err
    assert await closed(reader) == b""
    writer.close()


async def test_a_second_signal_ends_the_process_at_once():
    process, (reader, writer) = await run_program(3600)

    process.send_signal(signal.SIGTERM)
    # The listening socket is closed by the first; only then comes the second.
    with suppress(OSError):
        while True:
            _, other = await asyncio.open_connection(*writer.get_extra_info("peername"))
            other.close()
    process.send_signal(signal.SIGINT)
    out, _ = await process.communicate()

    assert process.returncode == 128 + signal.SIGINT
    assert out == b""
    await closed(reader)
    writer.close()
