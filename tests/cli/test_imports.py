import json
import tracemalloc

import pytest

from litereg.labels.imports.entries import NO_VERSION
from tests.labels.imports.reading import DATA

CATALOG = """{
  publicPackage { searchPackages { edges { node { type name } } } }
  publicPackageVersion { searchVersions { totalCount } }
}"""
CREATE = """mutation { customCatalogLabel {
  createCustomCatalogLabel(label: {name: "approved"}) { name }
} }"""


class Catalog:
    """What is in the catalog of the registry in litereg.db."""

    def __init__(self, shell):
        self._shell = shell

    def data(self):
        return json.loads(self._shell.done("query", "-", "--as", "ann", input=CATALOG))["data"]

    def packages(self):
        edges = self.data()["publicPackage"]["searchPackages"]["edges"]
        return {(edge["node"]["type"], edge["node"]["name"]) for edge in edges}

    def version_count(self):
        return self.data()["publicPackageVersion"]["searchVersions"]["totalCount"]


@pytest.fixture
def catalog(shell, ann):
    return Catalog(shell)


@pytest.fixture
def importing(shell, ann):
    """Run `litereg import` as ann, and return what it says as JSON."""

    def run(*args, **kwargs):
        return json.loads(shell.done("import", *args, "--as", ann, "--json", **kwargs))

    return run


def test_a_lockfile_fills_the_catalog_and_says_what_it_did(shell, ann, catalog):
    said = shell.done("import", DATA / "package-lock-v3.json", "--as", ann)

    assert ("npm", "@babel/code-frame") in catalog.packages()
    assert catalog.version_count() == 16
    assert said.splitlines() == [
        f"Read     {DATA / 'package-lock-v3.json'} (npm lockfile)",
        "Added    16 (15 packages are new)",
        "Known    0",
        "Skipped  2",
        "",
        "Skipped, 1: a part of the project itself",
        f"  {DATA / 'package-lock-v3.json'}, lib: local-part 0.1.0",
        "",
        "Skipped, 1: a link to a folder",
        f"  {DATA / 'package-lock-v3.json'}, node_modules/local-part: local-part",
    ]


def test_every_format_is_imported_at_once_and_known_the_second_time(importing, catalog):
    files = sorted(path for path in DATA.iterdir() if path.suffix != ".md")

    first = importing(*files)
    again = importing(*files)

    assert {file["format"] for file in first["files"]} == {
        "CSV",
        "CycloneDX JSON",
        "CycloneDX XML",
        "SPDX JSON",
        "curation audit",
        "npm lockfile",
        "pylock.toml",
        "requirements",
    }
    assert first["added"] > 90
    assert first["known"] == 0
    assert again["added"] == 0
    assert again["known"] == first["added"] + first["repeated"]
    assert ("Hugging Face", "openai/whisper") in catalog.packages()


def test_what_is_skipped_is_told_with_its_line_or_its_place(shell, importing):
    (shell.folder / "list.csv").write_text("lodash,4.17.21,npm\nbraces,,npm\n")
    (shell.folder / "bill.json").write_text(
        '{"bomFormat": "CycloneDX", "components": [{"purl": "pkg:npm/a"}]}'
    )

    said = importing("list.csv", "bill.json")

    assert said["files"] == [
        {"name": "list.csv", "format": "CSV"},
        {"name": "bill.json", "format": "CycloneDX JSON"},
    ]
    assert said["skipped"] == [
        {"file": "list.csv", "line": 2, "text": "braces, , npm", "reason": NO_VERSION},
        {
            "file": "bill.json",
            "path": "components[0]",
            "text": "pkg:npm/a",
            "reason": NO_VERSION,
        },
    ]
    assert said["notLabelled"] == []


def test_one_file_that_cannot_be_read_stops_the_whole_import(shell, ann, catalog):
    (shell.folder / "broken.json").write_text('{"bomFormat": "CycloneDX", "comp')

    result = shell("import", DATA / "pip-freeze.txt", "broken.json", "--as", ann)

    assert result.exit_code == 1
    assert "Error: broken.json: this is no JSON" in result.stderr
    assert result.stdout == ""
    assert catalog.packages() == set()


def test_a_dry_run_says_the_same_and_changes_nothing(shell, ann, importing, catalog):
    dry = importing(DATA / "pip-freeze.txt", "--dry-run")
    text = shell("import", DATA / "pip-freeze.txt", "--as", ann, "--dry-run")

    assert catalog.packages() == set()
    assert "nothing was changed" in text.stderr
    assert dry["dryRun"] is True
    assert {**dry, "dryRun": False} == importing(DATA / "pip-freeze.txt")


def test_what_is_imported_gets_the_label_unless_it_has_one(shell, ann, importing):
    shell.done("query", "-", "--as", ann, input=CREATE)
    (shell.folder / "list.txt").write_text("pkg:npm/lodash@4.17.21\npkg:npm/ms\n")

    first = importing("list.txt", "--label", "approved")
    again = importing("list.txt", "--label", "approved")
    text = shell.done("import", "list.txt", "--label", "approved", "--as", ann)

    assert (first["labelled"], first["notLabelled"]) == (2, [])
    assert again["labelled"] == 0
    assert again["skipped"] == []
    assert [(left["line"], left["text"]) for left in again["notLabelled"]] == [
        (1, "npm lodash 4.17.21"),
        (2, "npm ms"),
    ]
    assert "Not labelled  2" in text
    assert "Not labelled, 1: A requested package version already has a label assigned." in text


def test_a_label_that_is_not_there_leaves_the_catalog_as_it_is(shell, ann, catalog):
    result = shell("import", DATA / "pip-freeze.txt", "--label", "nope", "--as", ann)

    assert result.exit_code == 1
    assert "The following labels were not found:[ nope]." in result.stderr
    assert catalog.packages() == set()


def test_a_pipe_is_read_from_standard_input(importing, catalog):
    said = importing("-", input="click==8.1.8\n")

    assert said["files"] == [{"name": "(stdin)", "format": "requirements"}]
    assert catalog.packages() == {("pypi", "click")}


def test_the_type_table_comes_from_a_flag_or_a_setting(shell, importing, catalog):
    (shell.folder / "types.toml").write_text('cargo = "Crates"\n')
    (shell.folder / "other.toml").write_text('cargo = "Rust"\n')
    (shell.folder / "list.txt").write_text("pkg:cargo/rand@0.8.5\n")

    importing("list.txt")
    importing("list.txt", LITEREG_LABELS_TYPE_TABLE="types.toml")
    importing("list.txt", "--type-table", "other.toml", LITEREG_LABELS_TYPE_TABLE="types.toml")

    assert catalog.packages() == {("cargo", "rand"), ("Crates", "rand"), ("Rust", "rand")}


def test_a_type_table_that_cannot_be_read_is_named(shell, ann):
    (shell.folder / "types.toml").write_text("cargo = 7\n")
    args = ("import", DATA / "pip-freeze.txt", "--as", ann)

    broken = shell(*args, "--type-table", "types.toml")
    absent = shell(*args, LITEREG_LABELS_TYPE_TABLE="absent.toml")

    assert (broken.exit_code, absent.exit_code) == (1, 1)
    assert "types.toml: cargo: a text is wanted" in broken.stderr
    assert "absent.toml: No such file or directory" in absent.stderr


def test_the_text_shows_the_first_of_each_reason_and_json_all(shell, ann, importing):
    lines = [f"package-{number}>=1.0\n" for number in range(25)]
    (shell.folder / "requirements.txt").write_text("".join(lines))

    text = shell.done("import", "requirements.txt", "--as", ann)
    said = importing("requirements.txt")

    assert "requirements.txt, line 20: package-19>=1.0" in text
    assert "line 21:" not in text
    assert text.endswith("  and 5 more; --json lists all\n")
    assert len(said["skipped"]) == 25


def test_a_terminal_is_not_sent_what_a_file_hides(shell, ann):
    (shell.folder / "requirements.txt").write_text("click==8.1.8\nfoo \x1b[2J bar\n")

    assert "\x1b" not in shell.done("import", "requirements.txt", "--as", ann)


def test_nobody_may_import(shell, catalog):
    result = shell("import", DATA / "pip-freeze.txt")

    assert result.exit_code == 1
    assert "NOT_AUTHENTICATED" in result.stderr
    assert "--as USER" in result.stderr
    assert catalog.packages() == set()


def test_a_registry_at_an_address_says_the_same_as_one_in_a_file(shell, importing, served):
    (shell.folder / "list.csv").write_text(f"addressed,1.0,npm\naddressed,,npm\n{'x' * 300},,npm\n")
    remote = ("--url", served.url, "--key", served.key)
    args = ("import", "list.csv", DATA / "pip-freeze.txt", "--dry-run")

    here = importing(*args[1:])
    there = json.loads(shell.done(*args, "--json", *remote))
    text = shell.done(*args, *remote)

    assert there == here
    assert text == shell.done(*args, "--as", "ann")
    assert here["added"] > 10
    assert [remark["line"] for remark in here["skipped"][:2]] == [2, 3]


def test_what_is_imported_at_an_address_is_there(shell, served):
    (shell.folder / "list.csv").write_text("sent-along,1.0,npm\n")
    remote = ("--url", served.url, "--key", served.key)

    first = json.loads(shell.done("import", "list.csv", "--json", *remote))
    again = json.loads(shell.done("import", "list.csv", "--json", *remote))
    nobody = shell("import", "list.csv", "--url", served.url)

    assert (first["added"], again["added"], again["known"]) == (1, 0, 1)
    assert nobody.exit_code == 1
    assert "NOT_AUTHENTICATED" in nobody.stderr


def test_a_registry_at_an_address_has_a_type_table_of_its_own(shell, served):
    (shell.folder / "types.toml").write_text("")
    args = ("import", DATA / "pip-freeze.txt", "--type-table", "types.toml")

    result = shell(*args, "--url", served.url, "--key", served.key)

    assert result.exit_code == 2
    assert "--type-table is for a file" in result.stderr


@pytest.mark.parametrize("count", [10_000, pytest.param(100_000, marks=pytest.mark.fuzz)])
def test_memory_does_not_grow_with_the_import(shell, importing, count):
    def rows(amount):
        return "".join(f"package-{i // 3},{i % 3}.0.{i},npm\n" for i in range(amount))

    def peak(amount):
        (shell.folder / "list.csv").write_text(rows(amount))
        tracemalloc.start()
        try:
            assert importing("list.csv", "--dry-run")["added"] == amount
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    few = peak(2_000)

    assert peak(count) - few < 2_000_000
