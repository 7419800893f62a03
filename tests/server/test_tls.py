import asyncio
import logging
import shutil
import socket
import ssl
import subprocess
import time
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import pytest

from litereg.errors import CannotStart
from litereg.server.logs import REQUESTS
from litereg.server.tls import context_of
from tests.certificates import make_certificate
from tests.server.conftest import running, settings_of
from tests.server.engines import Fixed
from tests.server.test_express import Client, TwoFaced, post
from tests.server.test_guard import BODY, HEAD, PATIENCE_S, Told, closed, read_response

CLOSING = HEAD[:-2] % len(BODY) + b"Connection: close\r\n\r\n"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
async def start(certificate):
    """Return a function that serves an engine over TLS with the settings given."""
    async with AsyncExitStack() as stack:

        async def start(engine=None, **changes):
            settings = settings_of(tls_cert=certificate.cert, tls_key=certificate.key, **changes)
            site = await stack.enter_async_context(running(engine or TwoFaced(), settings))
            assert site.url.startswith("https://127.0.0.1:")
            return site

        yield start


async def connect(site, certificate):
    return await asyncio.open_connection(site.host, site.port, ssl=certificate.client())


async def end(writer):
    """Break a connection off."""
    writer.transport.abort()
    with suppress(OSError):
        await writer.wait_closed()


async def test_requests_are_answered_over_tls_at_once_or_in_the_ordinary_way(start, certificate):
    site = await start()
    reader, writer = await connect(site, certificate)
    client = Client(reader, writer)

    ordinary, express = [await client.ask(post()) for _ in range(2)]

    assert ordinary[2] == {"data": "in the ordinary way"}
    assert express[2] == {"data": "at once"}
    for _, headers, _ in (ordinary, express):
        assert headers["strict-transport-security"].startswith("max-age=")
    ((asked, _, _),) = site.engine.asked
    assert asked.address == "127.0.0.1"
    await end(writer)


@pytest.mark.parametrize(
    ("version", "is_spoken"),
    [("TLSv1_1", False), ("TLSv1_2", True), ("TLSv1_3", True)],
)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated:DeprecationWarning")
async def test_what_is_older_than_tls_1_2_is_not_spoken(start, certificate, version, is_spoken):
    site = await start()
    client = certificate.client()
    client.set_ciphers("ALL:@SECLEVEL=0")
    client.minimum_version = client.maximum_version = ssl.TLSVersion[version]

    assert await asyncio.to_thread(is_agreed, site, client) == is_spoken


def is_agreed(site, client):
    """Return whether a handshake succeeds."""
    with socket.create_connection((site.host, site.port), PATIENCE_S) as plain:
        try:
            client.wrap_socket(plain, server_hostname=site.host).close()
        except OSError:
            return False
    return True


async def test_handshakes_that_are_not_completed_are_given_up(start, certificate):
    site = await start(header_timeout_s=0.05)
    connections = []
    for said in (b"", b"\x16", b"\x16\x03\x01\x02\x00\x01", b"GET / HTTP/1.1\r\n\r\n") * 5:
        reader, writer = await site.connect()
        writer.write(said)
        connections.append((reader, writer))

    for reader, writer in connections:
        await closed(reader)
        await end(writer)

    reader, writer = await connect(site, certificate)
    assert (await Client(reader, writer).ask(post()))[0] == 200
    await end(writer)


async def test_handshakes_count_as_connections(start, certificate):
    site = await start(max_connections=2, header_timeout_s=1000)
    held = [await site.connect() for _ in range(2)]

    assert not await asyncio.to_thread(is_agreed, site, certificate.client())

    for _, writer in held:
        await end(writer)
    async with asyncio.timeout(PATIENCE_S):
        # The server has yet to notice that two have gone.
        while not await asyncio.to_thread(is_agreed, site, certificate.client()):
            pass


async def test_half_heads_stalled_bodies_and_idle_connections_are_given_up(start, certificate):
    site = await start(header_timeout_s=0.1, body_timeout_s=0.1, idle_timeout_s=0.1)
    half, stalled, idle = [await connect(site, certificate) for _ in range(3)]
    half[1].write(HEAD[:20])
    stalled[1].write(HEAD % 1000 + b'{"query"')
    idle[1].write(HEAD % len(BODY) + BODY)

    assert await closed(half[0]) == b""
    assert (await read_response(stalled[0]))[0] == 408
    assert (await closed(idle[0])).startswith(b"HTTP/1.1 200 ")
    for _, writer in (half, stalled, idle):
        await end(writer)


async def test_who_does_not_read_a_long_answer_is_given_up(start, certificate):
    """Also when all of it is encrypted already, and waits where asyncio does not look."""
    size = 40_000_000
    told, log = Told(), logging.getLogger(REQUESTS)
    log.addHandler(told)
    level = log.level
    log.setLevel(logging.INFO)
    try:
        site = await start(Fixed({"data": "x" * size}), idle_timeout_s=0.1)
        client = await asyncio.to_thread(hurried, site, certificate)
        async with asyncio.timeout(PATIENCE_S):
            await told.event.wait()
        assert await asyncio.to_thread(rest_of, client) < size
    finally:
        log.removeHandler(told)
        log.setLevel(level)


def hurried(site, certificate):
    """Return a connection that has asked and does not wait for the answer."""
    plain = socket.create_connection((site.host, site.port), PATIENCE_S)
    client = certificate.client().wrap_socket(plain, server_hostname=site.host)
    client.sendall(HEAD % len(BODY) + BODY)
    return client


def rest_of(client):
    """Read what is left to be read, and return how much that was."""
    count = 0
    with client, suppress(OSError):
        while piece := client.recv(1_000_000):
            count += len(piece)
    return count


async def test_who_reads_a_long_answer_slowly_gets_all_of_it(start, certificate):
    """It takes longer than a connection may be idle, and there is something new all the time."""
    size = 12_000_000
    site = await start(Fixed({"data": "x" * size}), idle_timeout_s=1.0)

    assert await asyncio.to_thread(read_slowly, site, certificate) > size


def read_slowly(site, certificate):
    """Ask, take some three seconds to read the answer, and return its length."""
    with socket.socket() as plain:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
        plain.settimeout(PATIENCE_S)
        plain.connect((site.host, site.port))
        count = 0
        with certificate.client().wrap_socket(plain, server_hostname=site.host) as client:
            client.sendall(CLOSING + BODY)
            while piece := client.recv(64 * 1024):
                count += len(piece)
                time.sleep(0.004)
        return count


async def test_a_stop_does_not_wait_for_handshakes(certificate):
    settings = settings_of(
        tls_cert=certificate.cert,
        tls_key=certificate.key,
        header_timeout_s=1000.0,
        shutdown_timeout_s=1000.0,
    )
    async with asyncio.timeout(PATIENCE_S):
        async with running(TwoFaced(), settings) as site:
            reader, writer = await site.connect()
            writer.write(b"\x16\x03\x01")
            # One that came later is let in: the first has been noticed by then.
            _, other = await connect(site, certificate)
        assert await closed(reader) == b""
    await end(writer)
    await end(other)


def broken_files(folder, certificate):
    """Return settings that name files of no use, each with words of what is said about them."""
    other = make_certificate(folder, "other")
    text = folder / "text"
    text.write_text("neither\n")
    text.chmod(0o600)
    shown = Path(shutil.copyfile(certificate.key, folder / "shown.key"))
    shown.chmod(0o640)
    locked = folder / "locked.key"
    command = ["openssl", "ec", "-in", certificate.key, "-aes256", "-passout", "pass:secret"]
    subprocess.run([*command, "-out", locked], check=True, capture_output=True)
    locked.chmod(0o600)
    cert, key = certificate
    return [
        ({"tls_cert": cert}, "tls_key is not"),
        ({"tls_key": key}, "tls_cert is not"),
        ({"tls_cert": "/nowhere", "tls_key": key}, "tls_cert: /nowhere: No such file"),
        ({"tls_cert": cert, "tls_key": str(folder)}, f"tls_key: {folder}: Is a directory"),
        ({"tls_cert": str(text), "tls_key": key}, "holds no certificate"),
        ({"tls_cert": cert, "tls_key": str(text)}, "holds no key"),
        ({"tls_cert": cert, "tls_key": other.key}, "is not the key of"),
        ({"tls_cert": cert, "tls_key": str(shown)}, "can be read by others"),
        ({"tls_cert": cert, "tls_key": str(locked)}, "has a password"),
        ({"tls_cert": cert, "tls_key": key, "base_url": "http://a.example"}, "is not https"),
    ]


def test_files_of_no_use_are_refused_with_name_and_reason(tmp_path, certificate):
    for settings, words in broken_files(tmp_path, certificate):
        with pytest.raises(CannotStart) as refusal:
            context_of(settings_of(**settings))

        assert refusal.value.reason == "SETTINGS_INVALID"
        assert words in refusal.value.message
        assert "secret" not in refusal.value.message


def test_without_the_settings_there_is_no_tls():
    assert context_of(settings_of()) is None
