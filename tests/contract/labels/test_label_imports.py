"""Bringing packages into the catalog through the API, as the web page does."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from litereg.app import Registry
from litereg.labels.imports.entries import NO_VERSION
from litereg.operations import document
from tests.client import Caller
from tests.labels.api import LabelsClient, package, version
from tests.labels.imports.reading import DATA

REPORT = """
  dryRun label files { name format } added addedPackages known repeated labelled
  skippedCount skipped { file line path text reason }
  notLabelledCount notLabelled { file line path text reason }
"""


def uploaded(content, name="list"):
    raw = content.encode() if isinstance(content, str) else content
    return {"name": name, "base64": base64.b64encode(raw).decode()}


async def bring(client, *files, selection=REPORT, **arguments):
    return await client.caller.mutate(
        "importPublicPackages", selection, files=list(files), **arguments
    )


async def everything(client):
    """Return the names of all packages, and of all versions."""
    found = await client.caller.send(
        """{ publicPackage { searchPackages { edges { node { type name } } } }
        publicPackageVersion { searchVersions {
            edges { node { version publicPackage { type name } } } } } }"""
    )
    packages = found.data["publicPackage"]["searchPackages"]["edges"]
    versions = found.data["publicPackageVersion"]["searchVersions"]["edges"]
    return [edge["node"] for edge in packages], [edge["node"] for edge in versions]


async def test_a_lockfile_fills_the_catalog_and_says_what_it_did(labels):
    lockfile = (DATA / "package-lock-v3.json").read_bytes()

    report = (await bring(labels, uploaded(lockfile, "package-lock.json"))).value

    assert report["files"] == [{"name": "package-lock.json", "format": "npm lockfile"}]
    assert (report["added"], report["addedPackages"], report["known"]) == (16, 15, 0)
    assert (report["dryRun"], report["label"], report["labelled"]) == (False, None, 0)
    assert report["skippedCount"] == 2
    assert report["skipped"][0] == {
        "file": "package-lock.json",
        "line": None,
        "path": "lib",
        "text": "local-part 0.1.0",
        "reason": "a part of the project itself",
    }
    packages, versions = await everything(labels)
    assert package("@babel/code-frame") in packages
    assert len(versions) == 16


async def test_several_files_are_one_import(labels):
    first = uploaded("lodash,4.17.21,npm\nbraces,,npm\n", "a.csv")
    second = uploaded("pkg:npm/lodash@4.17.21\npkg:npm/ms@2.1.2\n", "b.txt")

    report = (await bring(labels, first, second)).value

    assert [file["format"] for file in report["files"]] == ["CSV", "package URLs"]
    assert (report["added"], report["repeated"], report["skippedCount"]) == (2, 1, 1)
    assert report["skipped"] == [
        {"file": "a.csv", "line": 2, "path": None, "text": "braces, , npm", "reason": NO_VERSION}
    ]


async def test_what_is_imported_gets_the_label_unless_it_has_one(labels):
    await labels.create("banned", "approved")
    await labels.label_version(version("ms", "2.1.2"), "banned")

    listed = uploaded("pkg:npm/ms@2.1.2\npkg:npm/lodash@4.17.21\npkg:npm/braces\n")
    report = (await bring(labels, listed, label="approved")).value

    assert (report["label"], report["labelled"], report["notLabelledCount"]) == ("approved", 2, 1)
    assert [(left["line"], left["text"]) for left in report["notLabelled"]] == [(1, "npm ms 2.1.2")]
    assert await labels.labels_on_version(version("lodash", "4.17.21")) == ["approved"]
    assert await labels.labels_on_package(package("braces")) == ["approved"]
    assert await labels.labels_on_version(version("ms", "2.1.2")) == ["banned"]


async def test_a_dry_run_says_the_same_and_changes_nothing(labels):
    await labels.create("approved")
    arguments = {"label": "approved"}
    freeze = uploaded((DATA / "pip-freeze.txt").read_bytes())

    dry = (await bring(labels, freeze, dryRun=True, **arguments)).value
    nothing = await everything(labels)
    real = (await bring(labels, freeze, **arguments)).value

    assert nothing == ([], [])
    assert dry["dryRun"] is True
    assert dry | {"dryRun": False} == real
    assert real["labelled"] > 10


async def test_a_dry_run_leaves_what_its_document_changed_before(labels):
    document = """mutation ($files: [PublicPackageListInput!]!) {
        customCatalogLabel { createCustomCatalogLabel(label: {name: "kept"}) { name } }
        importPublicPackages(files: $files, label: "kept", dryRun: true) { labelled }
    }"""

    sent = await labels.send(document, "importPublicPackages", files=[uploaded("pkg:npm/ms@1")])

    assert sent.value == {"labelled": 1}
    assert await labels.names() == ["kept"]
    assert await everything(labels) == ([], [])


async def test_one_file_that_cannot_be_read_stops_the_whole_import(labels):
    broken = uploaded('{"bomFormat": "CycloneDX", "comp', "sbom.json")

    result = await bring(labels, uploaded("pkg:npm/ms@2.1.2"), broken)

    assert result.error.message.startswith("IMPORT_UNREADABLE: sbom.json: this is no JSON")
    assert result.data is None
    assert await everything(labels) == ([], [])


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ({"name": "a", "base64": "bG9kYXNo!"}, "IMPORT_UNREADABLE: a: it is not sent in base64"),
        ({"name": "a", "base64": "bG9"}, "IMPORT_UNREADABLE: a: it is not sent in base64"),
        ({"name": "\ud800", "base64": ""}, "INVALID_TEXT"),
        (
            {"name": "a", "base64": base64.b64encode(b"\0\1 no format").decode()},
            "IMPORT_UNREADABLE",
        ),
    ],
)
async def test_what_is_no_file_is_refused_with_its_reason(labels, sent, reason):
    result = await bring(labels, sent)

    assert result.error.message.startswith(reason)
    assert result.error.code != "INTERNAL_SERVER_ERROR"


async def test_browsers_may_send_data_urls_and_shells_broken_lines(labels):
    plain = uploaded("pkg:npm/lodash@4.17.21\npkg:npm/ms@2.1.2\n")["base64"]
    url = {"name": "a", "base64": f"data:text/plain;charset=utf-8;base64,{plain}"}
    lines = {"name": "b", "base64": f"{plain[:20]}\n{plain[20:]}\n"}

    report = (await bring(labels, url, lines)).value

    assert (report["added"], report["repeated"]) == (2, 2)


async def test_only_so_many_entries_are_taken(labels, serve_with):
    some = await serve_with(labels, max_import_entries=3)
    full = uploaded("pkg:npm/a@1\npkg:npm/b@1\n# two\nnothing\n")
    too_full = uploaded("pkg:npm/a@1\npkg:npm/b@1\nnothing\npkg:npm/c@1\n")

    refused = await bring(some, too_full)
    taken = await bring(some, full)

    assert refused.error.message == "TOO_MANY_ENTRIES: at most 3 entries are imported at once"
    assert refused.error.code == "LIMIT_EXCEEDED"
    assert (taken.value["added"], taken.value["skippedCount"]) == (2, 1)


async def test_an_import_has_more_time_than_other_changes(labels, serve_with):
    hurried = await serve_with(labels, execution_timeout_s=1e-9)
    await labels.create("a")
    versions = [version("ms", str(number)) for number in range(500)]
    listed = uploaded("".join(f"pkg:npm/ms@{number}\n" for number in range(500)))

    refused = await hurried.caller.send(
        """mutation ($label: PublicPackageVersionsLabelInput!) { customCatalogLabel {
            assignCustomCatalogLabelToPublicPackageVersions(publicPackageVersionsLabel: $label)
        } }""",
        label={"labelName": "a", "publicPackageVersions": versions},
    )
    imported = await bring(hurried, listed, label="a")

    assert "EXECUTION_TIMEOUT" in str(refused.body)
    assert imported.value["labelled"] == 500


async def test_a_hundred_files_are_taken_and_no_more(labels):
    files = [uploaded(f"pkg:npm/p{number}@1") for number in range(101)]

    refused = await bring(labels, *files)
    taken = await bring(labels, *files[:100])

    assert refused.error.message.startswith("TOO_MANY_FILES")
    assert taken.value["added"] == 100


async def test_a_document_imports_twice_at_most(labels):
    def document(count):
        fields = [f"i{n}: importPublicPackages(files: [$f{n}]) {{ added }}" for n in range(count)]
        declared = ", ".join(f"$f{n}: PublicPackageListInput!" for n in range(count))
        return f"mutation ({declared}) {{ {' '.join(fields)} }}"

    files = {f"f{n}": uploaded(f"pkg:npm/p{n}@1") for n in range(3)}
    refused = await labels.caller.send(document(3), **files)
    taken = await labels.caller.send(document(2), f0=files["f0"], f1=files["f1"])

    assert refused.errors[0].message.startswith("TOO_MANY_LARGE_REQUESTS")
    assert await everything(labels) == (
        [package("p0"), package("p1")],
        [version("p0", "1"), version("p1", "1")],
    )
    assert taken.data == {"i0": {"added": 1}, "i1": {"added": 1}}


async def test_remarks_are_asked_for_by_number_and_count_into_the_answer(labels, serve_with):
    some = await serve_with(labels, max_nodes=4)
    three = uploaded("pkg:npm/x\none\ntwo\nthree\n")

    first = await bring(some, three, selection="skippedCount skipped(first: 2) { line }")
    none = await bring(some, three, selection="skipped(first: 0) { line }")
    twice = await bring(some, three, selection="a: skipped { line } b: skipped { line }")
    negative = await bring(some, three, selection="skipped(first: -1) { line }")

    assert first.value == {"skippedCount": 3, "skipped": [{"line": 2}, {"line": 3}]}
    assert none.value == {"skipped": []}
    assert twice.error.message.startswith("TOO_MANY_NODES")
    assert negative.error.message == "`first` cannot be less than zero."


async def test_only_those_who_may_change_labels_may_import(labels, reader, anonymous):
    listed = uploaded("pkg:npm/ms@2.1.2")

    stranger = await bring(LabelsClient(anonymous), listed)
    denied = await bring(reader, listed)
    await labels.caller.mutate("setLabelManager", username="bob", isManager=True)
    allowed = await bring(reader, listed)

    assert (stranger.error.message, denied.error.message) == ("NOT_AUTHENTICATED", "NOT_AUTHORIZED")
    assert allowed.value["added"] == 1


async def test_whoever_may_not_import_has_nothing_read(reader):
    result = await bring(reader, {"name": "a", "base64": "no base64 at all"})

    assert result.error.message == "NOT_AUTHORIZED"


async def test_a_label_that_is_not_there_is_told_before_anything_is_read(labels):
    result = await bring(labels, {"name": "a", "base64": "no base64 at all"}, label="nope")

    assert result.error.message.startswith("The following labels were not found:[ nope].")


async def test_the_table_of_types_is_the_servers(labels, registry, tmp_path):
    table = tmp_path / "types.toml"
    table.write_text('cargo = "Crates"\n')
    listed = uploaded("pkg:cargo/rand@0.8.5")
    changed = replace(registry.settings, labels_type_table=str(table))
    other = await Registry.open(changed)
    try:
        client = LabelsClient(Caller(other, "ann", labels.caller.token))
        await bring(client, listed)
        table.write_text("cargo = 7\n")
        broken = await bring(client, listed)
    finally:
        await other.close()

    assert (await everything(labels))[0] == [package("rand", "Crates")]
    assert broken.error.message == (
        "IMPORT_TYPE_TABLE_UNREADABLE: labels_type_table names a file that cannot be read as one"
    )
    assert broken.error.code == "UNAVAILABLE"


async def test_pages_and_the_command_line_send_the_same_document(labels):
    sent = await labels.send(
        document("import_public_packages"),
        "importPublicPackages",
        files=[uploaded("pkg:npm/ms@2.1.2")],
        dryRun=False,
        remarks=10,
    )

    assert sent.value["added"] == 1
