"""Publish, search, info and fetch: on a file and at an address, with the same outcome."""

import json

import pytest

from tests.client import package_file


@pytest.fixture
def publish(shell, target, slug):
    """Publish a package file under this test's own name; further words go to the command."""

    def run(*args, version="1.0.0", **changes):
        file = shell.folder / "rain.datapm.json"
        file.write_text(package_file(version, slug, **changes), "utf-8")
        return shell("publish", file, *args, *target)

    return run


def test_a_package_file_is_published_and_fetched_byte_for_byte(shell, target, slug, publish):
    text = package_file(slug=slug, description="Régen, 雨, \\n")
    published = publish(description="Régen, 雨, \\n")

    fetched = shell.done("fetch", f"ann/{slug}", *target)

    assert published.exit_code == 0
    assert published.stdout == f"ann/{slug} 1.0.0 is published.\n"
    assert fetched == text


def test_publishing_the_same_file_again_is_no_failure(slug, publish):
    publish()

    again = publish()

    assert again.exit_code == 0
    assert again.stdout == f"ann/{slug} 1.0.0 is already there.\n"
    assert "Nothing in it is new" in again.stderr


def test_a_version_number_that_is_too_low_is_refused_with_the_lowest_possible(slug, publish):
    publish()

    refused = publish(properties=["mm"])

    assert refused.exit_code == 1
    assert "requiring a minimum version number of 2.0.0" in refused.stderr
    assert "rain.datapm.json to 2.0.0 or higher, or let --bump do it" in refused.stderr


def test_bump_publishes_with_the_lowest_possible_number(shell, target, slug, publish):
    publish()

    bumped = publish("--bump", properties=["mm"])
    fetched = json.loads(shell.done("fetch", f"ann/{slug}", *target))

    assert bumped.stdout == f"ann/{slug} 2.0.0 is published.\n"
    assert fetched["version"] == "2.0.0"
    assert list(fetched["schemas"][0]["properties"]) == ["mm"]
    assert '"version": "1.0.0"' in (shell.folder / "rain.datapm.json").read_text()


def test_the_package_takes_name_and_description_of_the_file(shell, target, slug, publish):
    publish()
    publish(version="1.0.1", displayName="Rainfall", description="More rain.")

    found = json.loads(shell.done("info", f"ann/{slug}", "--json", *target))

    assert (found["displayName"], found["description"]) == ("Rainfall", "More rain.")


def test_a_public_package_in_a_private_catalog_is_said_to_be_closed(slug, publish):
    published = publish("--public")

    assert published.exit_code == 0
    assert "The catalog ann is private" in published.stderr
    assert "`Make public` on the page http://127.0.0.1:" in published.stderr
    assert "/ann opens it." in published.stderr


def test_a_catalog_that_is_not_there_is_not_made(slug, publish):
    refused = publish("--catalog", "no-such-catalog")

    assert refused.exit_code == 1
    assert "CATALOG_NOT_FOUND" in refused.stderr
    assert refused.stdout == ""


def test_any_version_can_be_fetched_into_a_file(shell, target, slug, publish):
    publish()
    publish(version="1.0.1", displayName="Rainfall")
    file = shell.folder / "old.json"

    shell.done("fetch", f"ann/{slug}", "--version", "1.0.0", "-o", file, *target)

    assert file.read_text("utf-8") == package_file(slug=slug)


def test_a_file_that_cannot_be_written_is_named(shell, target, slug, publish):
    publish()

    refused = shell("fetch", f"ann/{slug}", "-o", "nowhere/old.json", *target)

    assert refused.exit_code == 1
    assert "nowhere/old.json: No such file or directory" in refused.stderr


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (["fetch", "ann/no-such-package"], "PACKAGE_NOT_FOUND\n`litereg search` lists"),
        (["fetch", "no-such-catalog/rain"], "CATALOG_NOT_FOUND\nThere is none of that name"),
        (["info", "ann/no-such-package"], "PACKAGE_NOT_FOUND\n`litereg search` lists"),
    ],
)
def test_what_is_not_there_is_refused_with_what_to_do(shell, target, args, reason):
    refused = shell(*args, *target)

    assert refused.exit_code == 1
    assert reason in refused.stderr
    assert refused.stdout == ""


def test_a_version_that_is_not_there_is_refused(shell, target, slug, publish):
    publish()

    refused = shell("fetch", f"ann/{slug}", "--version", "9.0.0", *target)

    assert refused.exit_code == 1
    assert "VERSION_NOT_FOUND" in refused.stderr


def test_a_package_without_a_version_cannot_be_fetched(shell, target, slug):
    create = "mutation($v: CreatePackageInput!) { createPackage(value: $v) { displayName } }"
    value = json.dumps({"catalogSlug": "ann", "packageSlug": slug, "displayName": "Rain"})
    shell.done("query", "-", "--var", f"v={value}", *target, input=create)

    refused = shell("fetch", f"ann/{slug}", *target)

    assert refused.exit_code == 1
    assert f"ann/{slug} has no version yet" in refused.stderr


def test_info_shows_what_a_package_is(shell, target, slug, publish):
    publish()
    publish(version="1.0.1", displayName="Rainfall")

    lines = shell.done("info", f"ann/{slug}", *target).splitlines()
    facts = dict(line.split(None, 1) for line in lines)

    assert facts["Package"] == f"ann/{slug}"
    assert facts["Name"] == "Rainfall"
    assert facts["Versions"] == "1.0.1, 1.0.0"
    assert facts["Open"].split() == ["to", "its", "members"]
    assert facts["Made"].endswith(" by ann")


def test_search_finds_packages_by_words(shell, target, slug, publish):
    word = f"zephyr{len(slug)}"
    publish(displayName=f"Wind called {word}", description="It blows. " * 20)

    lines = shell.done("search", word, *target).splitlines()
    found = json.loads(shell.done("search", word, "--json", *target))

    assert lines[0].split() == ["PACKAGE", "VERSION", "NAME", "DESCRIPTION"]
    assert lines[1].split()[:2] == [f"ann/{slug}", "1.0.0"]
    assert lines[1].endswith("…")
    assert found["count"] == 1
    assert found["packages"][0]["identifier"]["packageSlug"] == slug


def test_search_that_finds_nothing_says_so_beside_the_result(shell, target):
    result = shell("search", "nosuchwordanywhere", *target)

    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "Nothing found.\n"


def test_a_long_result_says_how_to_go_on(shell, target, slug, publish):
    publish()
    publish_other = shell.folder / "other.datapm.json"
    publish_other.write_text(package_file(slug=f"{slug}-other"), "utf-8")
    shell.done("publish", publish_other, *target)

    result = shell("search", "--limit", "1", "--offset", "1", *target)

    assert len(result.stdout.splitlines()) == 2
    assert "--offset 2 goes on" in result.stderr or result.stderr == ""


def test_nobody_finds_and_opens_nothing_private(shell, target, slug, publish):
    publish()
    nobody = target[:2]

    found, own = [
        json.loads(shell.done("search", slug, "--json", *who)) for who in (nobody, target)
    ]
    refused = [shell("info", f"ann/{slug}", *nobody), shell("fetch", f"ann/{slug}", *nobody)]

    assert (found["count"], own["count"]) == (0, 1)
    assert [result.exit_code for result in refused] == [1, 1]
    assert all("NOT_AUTHENTICATED" in result.stderr for result in refused)


def test_control_characters_of_strangers_do_not_reach_the_terminal(shell, target, slug, publish):
    publish(description="Rain \x1b[31mred\x07")

    shown = shell.done("info", f"ann/{slug}", *target)

    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "Rain  [31mred" in shown


def test_a_file_that_is_no_package_file_is_refused_before_anything_is_sent(shell, target, slug):
    file = shell.folder / "rain.datapm.json"
    document = json.loads(package_file(slug=slug))
    del document["version"]
    file.write_text(json.dumps(document))

    refused = shell("publish", file, *target)

    assert refused.exit_code == 1
    assert "rain.datapm.json: INVALID_PACKAGE_FILE_SCHEMA" in refused.stderr
    assert "version" in refused.stderr
    assert "PACKAGE_NOT_FOUND" in shell("info", f"ann/{slug}", *target).stderr


def test_a_file_that_is_no_text_is_refused(shell, ann):
    (shell.folder / "rain.datapm.json").write_bytes(b"\xff\xfe\x00")

    refused = shell("publish", "rain.datapm.json", "--as", ann)

    assert refused.exit_code == 1
    assert "rain.datapm.json: this is no UTF-8 text" in refused.stderr


@pytest.mark.parametrize(
    "args",
    [
        ["publish", "missing.datapm.json"],
        ["info", "rain"],
        ["info", "ann/rain/1.0.0"],
        ["fetch", "ann/rain", "--version", "1.0"],
        ["fetch", "ann/"],
        ["search", "--limit", "many"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_meant_is_wrong_use(shell, args):
    assert shell(*args).exit_code == 2
