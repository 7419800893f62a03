import json
import os
import pty
import re
import signal
import socket
from pathlib import Path

import pytest

from litereg.cli.callers import Remote
from litereg.demo_data import demo_data_folder
from tests.cli.processes import curl, printed_curl, serving

CATALOGUE = json.loads((demo_data_folder() / "catalogs.json").read_text("utf-8"))
PUBLIC = {
    f"{catalog['slug']}/{package['slug']}"
    for catalog in CATALOGUE["catalogs"]
    for package in catalog["packages"]
    if catalog["isPublic"] and package["isPublic"]
}
LOGIN = "mutation($name: String!, $word: String!) { login(username: $name, password: $word) }"


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A demo that runs on a terminal and is kept; sign-up and mail do not matter to it."""
    folder = tmp_path_factory.mktemp("demo")
    ours, theirs = pty.openpty()
    settings = {"TERM": "xterm", "LITEREG_SIGN_UP": "no", "LITEREG_SMTP_SERVER": "127.0.0.1"}
    command = ("demo", "--port", "0", "--keep", "demo.db")
    try:
        with serving(*command, cwd=folder, more=7, stderr=theirs, **settings) as running:
            running.file = folder / "demo.db"
            running.shown = os.read(ours, 65536).decode()
            yield running
    finally:
        os.close(ours)
        os.close(theirs)


def test_the_printed_line_works_as_it_is(demo):
    answer = curl(printed_curl(demo.said))

    assert answer["data"]["me"] == {"username": "librarian"}
    assert len(answer["data"]["latestPackages"]["packages"]) == 3


def test_everybody_sees_what_the_catalogue_calls_public(demo):
    found = Remote(demo.url, None).call("search_packages", query="", offSet=0, limit=100)

    names = [package["identifier"] for package in found["searchPackages"]["packages"]]
    assert {f"{name['catalogSlug']}/{name['packageSlug']}" for name in names} == PUBLIC


def test_a_package_has_the_versions_that_the_catalogue_names(demo):
    identifier = {"catalogSlug": "places", "packageSlug": "time-zones"}

    found = Remote(demo.url, None).call("package", identifier=identifier)["package"]

    assert len(found["versions"]) == 4
    assert found["creator"] == {"username": "librarian"}


def test_collections_labels_and_members_are_those_of_the_catalogue(demo):
    key = re.search(r"X-API-Key: ([^']+)'", printed_curl(demo.said))[1]
    query = """{
        collections { name packages { displayName } }
        customCatalogLabel { searchLabels { edges { node {
            name
            publicPackagesConnection { totalCount }
            publicPackageVersionsConnection { totalCount }
        } } } }
        usersByCatalog(identifier: { catalogSlug: "nature" }) { username }
    }"""

    data = Remote(demo.url, key).send(query, {})["data"]

    collections = {c["name"]: len(c["packages"]) for c in data["collections"]}
    assert collections == {c["name"]: len(c["packages"]) for c in CATALOGUE["collections"]}
    labels = [edge["node"] for edge in data["customCatalogLabel"]["searchLabels"]["edges"]]
    assert [label["name"] for label in labels] == [label["name"] for label in CATALOGUE["labels"]]
    versions = [label["publicPackageVersionsConnection"]["totalCount"] for label in labels]
    assert versions == [len(label["versions"]) for label in CATALOGUE["labels"]]
    assert "navigator" in {user["username"] for user in data["usersByCatalog"]}


def test_the_printed_password_opens_every_account(demo):
    password = demo.facts["Password"].split()[0]
    caller = Remote(demo.url, None)

    for user in CATALOGUE["users"]:
        answer = caller.send(LOGIN, {"name": user["username"], "word": password})
        assert answer["data"]["login"]


def test_a_pipe_gets_no_progress_bar_and_ctrl_c_leaves_nothing(tmp_path):
    with serving("demo", "--port", "0", cwd=tmp_path) as running:
        database = Path(running.facts["Database"].split(" (")[0])
        was_there = database.exists()
        code, _, errors = running.stop(signal.SIGINT)

    assert was_there
    assert code == 0
    assert "Filling" not in errors
    assert not database.parent.exists()
    assert list(tmp_path.iterdir()) == []


def test_a_terminal_gets_a_progress_bar(demo):
    assert "Filling the registry" in demo.shown
    assert "%" in demo.shown


def test_a_kept_demo_is_a_registry_like_any_other(demo, shell):
    found = shell.done("search", "airports", "--db", demo.file, "--as", "navigator")

    assert demo.facts["Database"] == f"{demo.file} (kept)"
    assert "aviation/us-airports" in found


def test_a_file_that_is_there_is_not_overwritten(shell):
    (shell.folder / "demo.db").write_text("precious")

    refused = shell("demo", "--port", "0", "--keep", "demo.db")

    assert refused.exit_code == 1
    assert "demo.db is there already" in refused.stderr
    assert (shell.folder / "demo.db").read_text() == "precious"


def test_a_demo_that_cannot_be_filled_leaves_no_half_of_it(shell):
    refused = shell("demo", "--port", "0", "--keep", "demo.db", LITEREG_MAX_TOKENS="5")

    assert refused.exit_code == 1
    assert list(shell.folder.iterdir()) == []


def test_a_port_that_is_taken_is_named_before_the_filling(shell):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = shell("demo", "--port", port, "--keep", "demo.db")

    assert refused.exit_code == 2
    assert f"127.0.0.1:{port}: Address already in use" in refused.stderr
    assert list(shell.folder.iterdir()) == []
