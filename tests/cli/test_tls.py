"""`litereg serve` with a certificate of one's own."""

import json
import socket
import ssl
from http.client import HTTPSConnection
from urllib.parse import urlencode, urlsplit

import pytest

from tests.certificates import make_certificate
from tests.cli.processes import litereg, serving

CREATE = "mutation($v: CreateUserInput!) { createMe(value: $v) }"
ANN = {"username": "ann", "emailAddress": "ann@example.org", "password": "correct horse 9"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def certificate(tmp_path):
    return make_certificate(tmp_path)


def ask(connection, method, path, body=None, **headers):
    """Return status, headers and text of an answer."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, sent)
    response = connection.getresponse()
    return response.status, response.headers, response.read().decode()


def test_a_registry_is_served_over_https_with_a_cookie_for_it_alone(tmp_path, certificate):
    files = ("--tls-cert", certificate.cert, "--tls-key", certificate.key)
    with serving("serve", "--port", "0", *files, cwd=tmp_path) as running:
        address = urlsplit(running.url)
        assert address.scheme == "https"
        assert running.facts["Playground"] == f"{running.url}/playground"
        connection = HTTPSConnection(address.netloc, context=certificate.client(), timeout=30)
        body = json.dumps({"query": CREATE, "variables": {"v": ANN}})
        status, headers, text = ask(
            connection, "POST", "/graphql", body, Content_Type="application/json"
        )
        assert (status, "errors" in json.loads(text)) == (200, False)
        assert headers["Strict-Transport-Security"]

        form = urlencode({"username": "ann", "password": ANN["password"]})
        mine, others = [
            ask(connection, "POST", "/log-in", form, Origin=origin, **FORM)
            for origin in (running.url, running.url.replace("https:", "http:"))
        ]
        assert mine[0] == 303
        cookie = mine[1]["Set-Cookie"]
        assert cookie.startswith("__Host-litereg_session=")
        assert "Secure" in cookie
        assert others[0] == 403
        shown = {"Cookie": cookie.partition(";")[0], "Accept": "text/html"}
        page = ask(connection, "GET", "/me", **shown)
        assert page[0] == 200
        assert ask(connection, "GET", "/me", Accept="text/html")[0] == 403
        connection.close()

        with socket.create_connection((address.hostname, address.port), 30) as plain:
            plain.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            assert not plain.recv(12).startswith(b"HTTP")
        assert running.stop()[0] == 0
        assert "Traceback" not in running.errors()


def test_who_knows_no_certificate_is_not_talked_to(tmp_path, certificate):
    files = ("--tls-cert", certificate.cert, "--tls-key", certificate.key)
    with serving("serve", "--port", "0", *files, cwd=tmp_path) as running:
        address = urlsplit(running.url)
        connection = HTTPSConnection(
            address.netloc, context=ssl.create_default_context(), timeout=30
        )
        with pytest.raises(ssl.SSLCertVerificationError):
            connection.request("GET", "/")


def test_a_key_for_everybody_is_refused_before_anything_is_made_or_bound(tmp_path, certificate):
    (tmp_path / "server.key").chmod(0o644)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = litereg(
            *("serve", "--port", port, "--tls-cert", certificate.cert),
            *("--tls-key", certificate.key),
            cwd=tmp_path,
        )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"Error: tls_key: {certificate.key} can be read by others than its owner "
        "(mode 0644); chmod 600 it\n"
    )
    assert not (tmp_path / "litereg.db").exists()
