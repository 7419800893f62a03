"""A registry behind nginx, which runs with the configuration that litereg prints for it."""

import json
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import urlencode, urlsplit

import pytest

from tests.certificates import make_certificate
from tests.cli.processes import litereg, serving
from tests.client import package_file

PATIENCE_S = 30
MAX_BODY = 4_000_000
LOGIN = "mutation($u: String!, $p: String!) { login(username: $u, password: $p) }"
CREATE = "mutation($v: CreateUserInput!) { createMe(value: $v) }"
PACKAGE = "mutation($v: CreatePackageInput!) { createPackage(value: $v) { displayName } }"
VERSION = """
mutation($i: PackageIdentifierInput!, $v: CreateVersionInput!) {
  createVersion(identifier: $i, value: $v) { packageFile }
}
"""
ANN = {"username": "ann", "emailAddress": "ann@example.org", "password": "correct horse 9"}


def free_ports(count):
    taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in taken]
    for one in taken:
        one.close()
    return ports


@contextmanager
def nginx(folder, site, plain, secure):
    """Run nginx with *site* on two free ports inside the block."""
    for printed, here in ((" 80;", f" 127.0.0.1:{plain};"), (" 443 ", f" 127.0.0.1:{secure} ")):
        assert site.count(f"listen{printed}") == 1
        site = site.replace(f"listen{printed}", f"listen{here}")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "\n".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    whole = folder / "nginx.conf"
    whole.write_text(
        f"daemon off;\nmaster_process off;\npid {folder}/pid;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{places}\n{site}\n}}\n"
    )
    errors = folder / "nginx.log"
    process = subprocess.Popen(["nginx", "-e", errors, "-c", whole], stderr=subprocess.PIPE)
    try:
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", secure)).close()
                break
            except ConnectionRefusedError:
                assert process.poll() is None, process.stderr.read()
                assert time.monotonic() < until
        yield
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE_S)


class Site:
    """A registry, with nginx before it.

    Attributes:
        url: its address, nginx's.
        behind: where litereg itself listens, `127.0.0.1:4000`.
    """

    def __init__(self, url, behind, certificate):
        self.url, self.behind = url, behind
        self._certificate = certificate

    def send(self, method, path, body=None, headers=None, *, source="127.0.0.2", direct=False):
        """Return status, headers and text of an answer to a client whose address is *source*."""
        if direct:
            connection = HTTPConnection(self.behind, timeout=PATIENCE_S, source_address=(source, 0))
        else:
            connection = HTTPSConnection(
                urlsplit(self.url).netloc,
                timeout=PATIENCE_S,
                source_address=(source, 0),
                context=self._certificate.client(),
            )
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, response.headers, response.read().decode()
        finally:
            connection.close()

    def ask(self, query, variables, token=None, forwarded=None, **options):
        """Return the body of the answer to a document."""
        headers = {"Content-Type": "application/json"}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        headers |= {"X-Forwarded-For": forwarded} if forwarded else {}
        body = json.dumps({"query": query, "variables": variables})
        return json.loads(self.send("POST", "/graphql", body, headers, **options)[2])


@pytest.fixture
def site(tmp_path):
    if shutil.which("nginx") is None:
        pytest.skip("nginx is not installed")
    certificate = make_certificate(tmp_path)
    behind, plain, secure = free_ports(3)
    url = f"https://127.0.0.1:{secure}"
    flags = ("--port", behind, "--base-url", url, "--max-body-bytes", MAX_BODY)
    files = ("--certificate", certificate.cert, "--key", certificate.key)
    printed = litereg("config", "nginx", *files, *flags, cwd=tmp_path)
    assert printed.returncode == 0, printed.stderr
    proxies = ("--trusted-proxies", "127.0.0.1", "--max-tries", "3")
    with (
        serving("serve", *flags, *proxies, cwd=tmp_path),
        nginx(tmp_path, printed.stdout, plain, secure),
    ):
        yield Site(url, f"127.0.0.1:{behind}", certificate)


def test_people_log_in_over_https(site):
    site.ask(CREATE, {"v": ANN})
    form = urlencode({"username": "ann", "password": ANN["password"]})
    kind = {"Content-Type": "application/x-www-form-urlencoded"}

    status, headers, _ = site.send("POST", "/log-in", form, kind | {"Origin": site.url})
    elsewhere = site.send("POST", "/log-in", form, kind | {"Origin": "https://evil.example"})

    assert status == 303
    assert headers["Set-Cookie"].startswith("__Host-litereg_session=")
    assert "Secure" in headers["Set-Cookie"]
    assert headers["Strict-Transport-Security"]
    assert elsewhere[0] == 403
    cookie = {"Cookie": headers["Set-Cookie"].partition(";")[0], "Accept": "text/html"}
    assert site.send("GET", "/me", headers=cookie)[0] == 200
    assert site.send("GET", "/metrics")[0] == 404


def test_each_client_counts_for_itself_whatever_it_says_of_itself(site):
    def guess(name, **options):
        answer = site.ask(LOGIN, {"u": name, "p": "wrong horse 1"}, **options)
        return answer["errors"][0]["message"].partition(":")[0]

    said = [guess(f"name{n}", forwarded=f"203.0.113.{n}") for n in range(4)]

    assert said[-1] == "TOO_MANY_TRIES"
    assert "TOO_MANY_TRIES" not in said[:-1]
    assert guess("another", source="127.0.0.3") != "TOO_MANY_TRIES"
    # Whoever comes past nginx is not believed either.
    assert guess("more", forwarded="203.0.113.77", direct=True) == "TOO_MANY_TRIES"


def test_long_package_files_pass_and_what_is_too_long_is_refused_by_litereg(site):
    token = site.ask(CREATE, {"v": ANN})["data"]["createMe"]
    rain = {"catalogSlug": "ann", "packageSlug": "rain"}
    made = site.ask(PACKAGE, {"v": rain | {"displayName": "Rain"}}, token)
    assert "errors" not in made, made
    text = package_file(readmeMarkdown="It rains. " * 200_000)

    published = site.ask(VERSION, {"i": rain, "v": {"packageFile": text}}, token)

    assert published["data"]["createVersion"]["packageFile"] == text
    body = json.dumps({"query": "{ __typename }", "x": "y" * (MAX_BODY + 1000)})
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    status, _, text = site.send("POST", "/graphql", body, headers)
    assert status == 413
    assert json.loads(text)["errors"][0]["extensions"]["code"]
