"""Which registry a command talks to, and what it says when there is none."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

ME = "query Me { me { username } }"


class Answering(BaseHTTPRequestHandler):
    """Says what the server was told to say to every POST."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, dict(self.headers)))
        status, headers, body = self.server.says
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) + self.server.missing))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        """Keep quiet."""


@contextmanager
def web_server(status, body=b"", cut=False, **headers):
    """Answer every POST; *cut* promises one byte more than comes."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        server.says, server.asked, server.missing = (status, headers, body), [], int(cut)
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", server.asked
        finally:
            server.shutdown()
            thread.join()


def test_an_address_may_end_with_a_slash_or_with_graphql(shell, served):
    for url in (served.url, f"{served.url}/", f"{served.url}/graphql"):
        assert "ann" in shell.done("query", "-", "--url", url, "--key", served.key, input=ME)


def test_address_and_key_may_come_from_the_environment(shell, served):
    variables = {"LITEREG_URL": served.url, "LITEREG_KEY": served.key}

    assert "ann" in shell.done("query", "-", input=ME, **variables)


def test_a_file_on_the_command_line_beats_an_address_in_the_environment(shell, served, ann):
    variables = {"LITEREG_URL": "http://127.0.0.1:1", "LITEREG_KEY": served.key}

    assert "ann" in shell.done("query", "-", "--as", ann, input=ME, **variables)


@pytest.mark.parametrize(
    "args",
    [
        ["--url", "http://127.0.0.1:1", "--as", "ann"],
        ["--url", "http://127.0.0.1:1", "--db", "litereg.db"],
        ["--key", "secret"],
        ["--key", "secret", "--as", "ann"],
    ],
    ids=" ".join,
)
def test_a_file_and_an_address_at_once_are_wrong_use(shell, args):
    assert shell("query", "-", *args, input=ME).exit_code == 2


def test_a_wrong_key_is_refused_with_what_to_do(shell, served):
    refused = shell("query", "-", "--url", served.url, "--key", "wrong", input=ME)

    assert refused.exit_code == 1
    assert "API_KEY_NOT_FOUND" in refused.stderr
    assert "litereg key create" in refused.stderr


@pytest.mark.parametrize("url", ["127.0.0.1:4000", "file:///etc/passwd", "ftp://127.0.0.1/"])
def test_only_http_addresses_are_opened(shell, url):
    refused = shell("search", "--url", url)

    assert refused.exit_code == 1
    assert "begins with http:// or https://" in refused.stderr


def test_an_address_where_nobody_listens_is_named(shell):
    refused = shell("search", "--url", "http://127.0.0.1:1")

    assert refused.exit_code == 1
    assert "http://127.0.0.1:1/graphql: Connection refused; is a registry served" in refused.stderr


@pytest.mark.parametrize(("status", "body"), [(200, b"<html>"), (200, b"[]"), (500, b"{}")])
def test_an_address_that_is_no_registry_is_named(shell, status, body):
    with web_server(status, body) as (url, _):
        refused = shell("search", "--url", url)

    assert refused.exit_code == 1
    assert f"{url}/graphql: status {status}, and no GraphQL answer" in refused.stderr


@pytest.mark.parametrize("body", [b"nothing here", b'{"errors": [{"message": "not found"}]}'])
def test_an_address_below_a_registry_is_told_from_its_own(shell, body):
    with web_server(404, body) as (url, _):
        refused = shell("search", "--url", f"{url}/some/where")

    assert refused.exit_code == 1
    assert f"{url}/some/where/graphql: there is no registry at that address." in refused.stderr
    assert "--url takes that of its first page" in refused.stderr


def test_a_key_does_not_follow_a_redirect(shell):
    with web_server(200) as (elsewhere, asked), web_server(302, Location=elsewhere) as (url, _):
        refused = shell("search", "--url", url, "--key", "secret")

    assert refused.exit_code == 1
    assert f"moved to {elsewhere}" in refused.stderr
    assert asked == []


def test_what_a_registry_says_cannot_steer_the_terminal(shell):
    body = b'{"errors": [{"message": "no \\u001b[2Jway"}]}'

    with web_server(400, body) as (url, _):
        refused = shell("search", "--url", url)

    assert refused.stderr == "Error: no  [2Jway\n"


def test_json_is_printed_so_that_neither_terminal_nor_encoding_suffers(shell):
    body = b'{"data": {"a": "\\u96e8 \\u009b2J \\ud800 \\u001b"}}'

    with web_server(200, body) as (url, _):
        printed = shell.done("query", "-", "--url", url, input=ME)

    assert json.loads(printed) == json.loads(body)
    assert "雨" in printed
    assert {c for c in printed if not c.isprintable()} == {"\n"}


def test_an_answer_that_breaks_off_is_refused(shell):
    with web_server(200, b"{", cut=True) as (url, _):
        refused = shell("search", "--url", url)

    assert refused.exit_code == 1
    assert f"{url}/graphql: " in refused.stderr


def test_a_database_file_that_is_not_there_is_named_and_not_made(shell):
    refused = shell("search", "--db", "missing.db")

    assert refused.exit_code == 2
    assert "missing.db: there is no such file" in refused.stderr
    assert list(shell.folder.iterdir()) == []
