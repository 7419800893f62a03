import json
import os
import signal
import socket
import threading

import pytest

from litereg.app import Started
from litereg.cli.serve import beyond_this_machine, first_account
from litereg.settings import Settings
from tests.cli.processes import curl, get, litereg, printed_curl, serving
from tests.client import PASSWORD

EVERYWHERE = "0.0.0.0"  # noqa: S104 - other machines are what these tests are about
UNENCRYPTED, MACHINE = "Passwords travel unencrypted", "Other machines reach it at port 4000"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("first")


@pytest.fixture(scope="module")
def first(folder):
    """The first minute: a server in an empty folder."""
    with serving("serve", "--port", "0", cwd=folder, more=5) as running:
        yield running


def test_the_start_says_what_was_made_and_where(first, folder):
    assert first.facts["Database"] == f"{folder}/litereg.db (made)"
    assert first.facts["Playground"] == f"{first.url}/playground"
    assert any("the first one will be the administrator" in line for line in first.said)
    assert any(f"Sign up at {first.url}/sign-up" in line for line in first.said)


@pytest.mark.parametrize("changes", [{"sign_up": False}, {"smtp_server": "127.0.0.1"}])
def test_nobody_is_told_to_sign_up_where_that_leads_nowhere(changes):
    started = Started(Settings(**changes), "http://127.0.0.1:4000", is_empty=True)

    said = first_account(started, started.address)

    assert "litereg user add" in said
    assert "createMe" not in said
    assert "/sign-up" not in said


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "127.0.0.1"),
        (EVERYWHERE, "127.0.0.1"),
        ("", "127.0.0.1"),
        ("::", "[::1]"),
        ("::1", "[::1]"),
        ("192.0.2.7", "192.0.2.7"),
        ("data.example.org", "data.example.org"),
    ],
)
def test_the_address_that_is_said_can_be_opened(host, shown):
    settings = Settings(host=host, port=4001)

    assert settings.url == f"http://{shown}:4001"
    assert (settings.hostname, settings.url_port) == (shown.strip("[]"), 4001)


@pytest.mark.parametrize(
    ("address", "changes", "said"),
    [
        ("http://127.0.0.1:4000", {}, []),
        ("http://[::1]:4000", {}, []),
        (f"http://{EVERYWHERE}:4000", {}, [MACHINE, UNENCRYPTED]),
        ("http://[::]:4000", {}, [MACHINE, UNENCRYPTED]),
        ("http://192.0.2.7:4000", {}, [UNENCRYPTED]),
        ("http://[2001:db8::7]:4000", {"trusted_proxies": "2001:db8::1"}, []),
        (f"http://{EVERYWHERE}:4000", {"base_url": "https://data.example.org"}, [UNENCRYPTED]),
        (f"http://{EVERYWHERE}:4000", {"trusted_proxies": "192.0.2.1"}, [MACHINE]),
        (
            f"http://{EVERYWHERE}:4000",
            {"base_url": "https://data.example.org", "trusted_proxies": "192.0.2.1"},
            [],
        ),
        (f"https://{EVERYWHERE}:4000", {"tls_cert": "a.pem", "tls_key": "a.key"}, [MACHINE]),
    ],
)
def test_what_other_machines_can_reach_is_said_to_be_so_and_unencrypted(address, changes, said):
    lines = beyond_this_machine(Started(Settings(**changes), address, is_empty=False))

    assert len(lines) == len(said)
    assert all(line.startswith(start) for line, start in zip(lines, said, strict=True))


def test_on_this_machine_alone_nothing_is_said_of_others(first):
    assert UNENCRYPTED not in "\n".join(first.said)
    assert MACHINE not in "\n".join(first.said)


def test_the_server_answers_at_the_address_it_says(first):
    status, headers, _ = get(first.url)

    assert status == 200
    assert headers["x-datapm-registry-url"] == first.url
    assert json.loads(get(f"{first.url}/readyz")[2]) == {"status": "pass"}
    assert "type Query" in get(f"{first.url}/schema.graphql")[2]


def test_package_file_schemas_are_served_by_number(first):
    start = f"{first.url}/static/datapm-package-file-schema"

    current = json.loads(get(f"{start}-current.json")[2])
    numbered = json.loads(get(f"{start}-v0.9.0.json")[2])
    missing, _, _ = get(f"{start}-v0.0.1.json")

    assert numbered["$id"].endswith("v0.9.0.json")
    assert current["$id"] != numbered["$id"]
    assert missing == 404


def test_the_printed_line_makes_the_first_account_which_is_the_administrator(first, folder, shell):
    answer = curl(printed_curl(first.said))
    listed = json.loads(shell.done("user", "list", "--json", "--db", folder / "litereg.db"))

    assert isinstance(answer["data"]["createMe"], str)
    assert [user["isAdmin"] for user in listed] == [True]


def test_a_second_server_is_refused_and_the_first_one_named(first, folder):
    second = litereg("serve", "--port", "0", cwd=folder)

    assert second.returncode == 3
    assert f"already served by the process {first.process.pid}" in second.stderr
    assert second.stdout == ""


def test_all_that_can_be_set_counts_and_accounts_are_nothing_to_talk_about(shell):
    shell.add_user("ann", "--db", "other.db")
    settings = {"LITEREG_DB": "other.db", "LITEREG_PORT": "1", "LITEREG_LOG_FORMAT": "json"}
    flags = ("--port", "0", "--host", EVERYWHERE, "--base-url", "https://data.example/a/b/")
    flags += ("--trusted-proxies", "127.0.0.1")

    with serving("serve", *flags, cwd=shell.folder, **settings) as running:
        code, rest, errors = running.stop(signal.SIGINT)

    assert running.facts["Database"] == f"{shell.folder}/other.db (opened)"
    assert running.facts["Address"] == "https://data.example/a/b"
    assert running.facts["Playground"] == "https://data.example/a/b/playground"
    assert (code, rest) == (0, "")
    assert [json.loads(line) for line in errors.splitlines()]


def test_open_shows_the_registry_in_the_browser(tmp_path):
    pipe, browser = tmp_path / "pipe", tmp_path / "browser"
    os.mkfifo(pipe)
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > {pipe}\n')
    browser.chmod(0o700)
    opened = []
    reader = threading.Thread(target=lambda: opened.append(pipe.read_text()), daemon=True)
    reader.start()

    flags = ("--port", "0", "--open", "--host", EVERYWHERE, "--no-sign-up")
    with serving("serve", *flags, cwd=tmp_path, BROWSER=str(browser)) as running:
        reader.join(timeout=30)
        code, rest, errors = running.stop()

    assert opened == [running.url]
    assert code == 0
    assert "litereg user add" in rest
    assert "curl" not in rest
    assert "Traceback" not in errors


def test_strangers_cannot_become_the_administrator(shell):
    refused = shell("serve", "--host", EVERYWHERE, "--port", "0")

    assert refused.exit_code == 2
    assert "whoever signs up first becomes the administrator" in refused.stderr
    assert refused.stdout == ""


def test_a_port_that_is_taken_is_named(shell):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = shell("serve", "--port", port)

    assert refused.exit_code == 2
    assert f"127.0.0.1:{port}: Address already in use" in refused.stderr


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--db", "nowhere/litereg.db"], "nowhere/litereg.db: the directory does not exist"),
        (["--db", "text.db"], "text.db: this file is not a SQLite database"),
        (["--db", "folder"], "folder: this is a directory"),
        (["--host", "no.such.host.invalid"], "no.such.host.invalid:"),
        (["--labels-type-table", "absent.toml"], "absent.toml: No such file or directory"),
        (["--labels-type-table", "text.db"], "labels_type_table: text.db: this is no TOML"),
        (["--scan-command", "no-such-scanner -"], "no program no-such-scanner that can be run"),
        (["--scan-command", "/etc/passwd"], "no program /etc/passwd that can be run"),
        (["--scan-command", "scan 'it"], "scan_command: scan 'it: No closing quotation"),
        (["--scan-command", " "], "it names no program"),
        (["--port", "70000"], "70000"),
        (["--base-url", "data.example.org"], "--base-url (base_url): 'data.example.org' is no"),
        (["--base-url", "ftp://data.example.org"], "begins with http:// or https://"),
        (["--password-rules", "lax"], "'lax' is none of compatible, strict"),
        (["--base-url", "https:///registry"], "and names a host"),
        (["--base-url", "https://data.example.org:http"], "--base-url (base_url)"),
        (["--password-cost", "high"], "'high' is not a valid integer"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_served_ends_with_a_sentence(shell, args, said):
    (shell.folder / "text.db").write_text("this is no database at all")
    (shell.folder / "folder").mkdir()

    refused = shell("serve", "--port", "0", *args)

    assert refused.exit_code == 2
    assert said in refused.stderr
    assert refused.stdout == ""


def test_a_refusal_frees_the_file_for_the_next_command(shell):
    shell("serve", "--host", EVERYWHERE, "--port", "0")

    assert shell.add_user("ann").exit_code == 0
    assert shell("serve", "--port", "70000").exit_code == 2


def test_a_refusal_of_a_whole_process_is_one_sentence(tmp_path):
    refused = litereg("serve", "--db", "nowhere/litereg.db", cwd=tmp_path, input=PASSWORD)

    assert refused.returncode == 2
    assert refused.stderr == "Error: nowhere/litereg.db: the directory does not exist\n"
