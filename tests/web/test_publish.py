"""Publishing by choosing a file: a new package, and the next version of one."""

import io
import json
import threading

import pytest

from litereg.registry import package_file
from litereg.web import chosen_file
from tests.client import make_catalog, make_package
from tests.web.shelf import FILE, HOSTILE, full_file, shelve

VERSIONS = "versions { identifier { versionMajor versionMinor versionPatch } }"


def chosen(text):
    return io.BytesIO(text.encode() if isinstance(text, str) else text)


def fewer(**changes):
    """Return a file that lacks a property of the usual one."""
    schema = FILE["schemas"][0]
    properties = {"city": schema["properties"]["city"]}
    return full_file(schemas=[schema | {"properties": properties}], **changes)


async def numbers(caller, ref):
    found = (await caller.query("package", VERSIONS, identifier=ref)).value["versions"]
    return [".".join(map(str, version["identifier"].values())) for version in found]


@pytest.fixture
async def ann(people):
    return await people("ann")


async def test_a_newcomer_publishes_by_choosing_a_file(site, ann):
    await site.log_in("ann")

    asked = (await site.get("/new/package")).page
    sent = await site.post(
        "/new/package", {"file": chosen(full_file()), "catalogSlug": "ann", "isPublic": "on"}
    )
    page = (await site.get("/ann/rain")).page

    assert '<option value="ann" selected>' in asked
    assert sent.headers["Location"] == "/ann/rain?notice=published"
    assert "How it rains" in page
    found = await ann.query(
        "package",
        "displayName description isPublic",
        identifier={"catalogSlug": "ann", "packageSlug": "rain"},
    )
    assert found.value == {
        "displayName": "Rain",
        "description": "Rain by city.",
        "isPublic": True,
    }


async def test_a_package_and_its_first_version_are_made_both_or_neither(site, ann):
    await site.log_in("ann")
    broken = json.dumps(json.loads(full_file()) | {"updatedDate": "yesterday"})

    refused = await site.post("/new/package", {"file": chosen(broken), "catalogSlug": "ann"})

    assert refused.status == 400
    assert "/updatedDate" in refused.page or ".updatedDate" in refused.page
    assert (await site.get("/ann/rain")).status == 404


async def test_what_is_typed_names_the_package(site, ann):
    await make_catalog(ann, "weather")
    await site.log_in("ann")
    form = {"catalogSlug": "weather", "packageSlug": "wet", "displayName": "Wet & cold"}

    sent = await site.post("/new/package", form | {"file": chosen(full_file())})
    page = (await site.get("/weather/wet")).page

    assert sent.headers["Location"] == "/weather/wet?notice=published"
    assert "Wet &amp; cold" in page


async def test_a_package_can_be_made_without_a_file(site, ann):
    await site.log_in("ann")

    sent = await site.post("/new/package", {"catalogSlug": "ann", "packageSlug": "later"})
    nothing = await site.post("/new/package", {"catalogSlug": "ann"})

    assert sent.headers["Location"] == "/ann/later?notice=created"
    assert nothing.status == 400
    assert "Choose a package file first" in nothing.page


async def test_a_name_that_is_taken_is_said_beside_its_field(site, ann):
    await shelve(ann)
    await site.log_in("ann")

    refused = await site.post(
        "/new/package", {"catalogSlug": "weather", "file": chosen(full_file())}
    )

    assert refused.status == 400
    assert "Another package of the catalog has that name." in refused.page
    assert '<option value="weather" selected>' in refused.page


async def test_nobody_publishes_into_a_catalog_of_others(site, people, ann):
    await people("bea")
    await make_catalog(ann, "weather", is_public=True)
    await site.log_in("bea")

    page = (await site.get("/new/package?catalog=weather")).page
    refused = await site.post(
        "/new/package", {"catalogSlug": "weather", "file": chosen(full_file())}
    )

    assert 'value="weather"' not in page
    assert refused.status == 403
    assert (await site.get("/weather/rain")).status == 404


async def test_the_next_version_is_published_byte_for_byte(site, ann):
    ref = await shelve(ann)
    await site.log_in("ann")
    text = full_file(version="1.0.1", description="Rain, by city.")

    sent = await site.post("/package/weather/rain/publish", {"file": chosen(text)})
    file = await site.get("/package/weather/rain/1.0.1/download")

    assert sent.headers["Location"] == "/weather/rain?notice=published"
    assert file.page == text
    assert await numbers(ann, ref) == ["1.0.1", "1.0.0"]


async def test_a_number_that_is_too_low_is_refused_with_the_lowest_possible_one(site, ann):
    ref = await shelve(ann)
    await site.log_in("ann")
    text = fewer(version="1.0.1")

    refused = await site.post("/package/weather/rain/publish", {"file": chosen(text)})
    raised = await site.post("/package/weather/rain/publish", {"file": chosen(text), "raise": "on"})

    assert refused.status == 400
    assert "it has to be 2.0.0 or higher" in refused.page
    assert raised.headers["Location"] == "/weather/rain?notice=published"
    assert await numbers(ann, ref) == ["2.0.0", "1.0.0"]


async def test_the_same_file_again_is_said_to_be_there(site, ann):
    await shelve(ann)
    await site.log_in("ann")

    refused = await site.post("/package/weather/rain/publish", {"file": chosen(full_file())})

    assert refused.status == 400
    assert "Version 1.0.0 is there already, with the same content." in refused.page


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Choose a package file first"),
        (b"\xff\xfe", "This is no package file"),
        (b"[]", "a package file is a JSON object"),
        (b"{", "This is no package file"),
        (b"{}", "required"),
        (json.dumps({"version": HOSTILE}).encode(), "required"),
    ],
)
async def test_what_is_no_package_file_is_refused_in_words(site, ann, content, words):
    await shelve(ann)
    await site.log_in("ann")

    for path in ("/package/weather/rain/publish", "/new/package"):
        form = {"file": io.BytesIO(content), "catalogSlug": "ann"}
        refused = await site.post(path, form)
        assert refused.status == 400
        assert words in refused.page or "Choose a name for the address" in refused.page
        assert "<script>alert" not in refused.page


@pytest.mark.parametrize("path", ["/package/weather/rain/publish", "/new/package"])
async def test_strangers_and_other_sites_publish_nothing(site, people, ann, path):
    await people("bea")
    ref = await shelve(ann)
    form = {"catalogSlug": "weather", "packageSlug": "snow"}
    text = full_file(version="1.0.1", description="Not ann's.")

    anonymous = await site.post(path, form | {"file": chosen(text)})
    await site.log_in("bea")
    stranger = await site.post(path, form | {"file": chosen(text)})
    await site.log_in("ann")
    other_site = await site.post(
        path, form | {"file": chosen(text)}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert (anonymous.status, stranger.status, other_site.status) == (403, 403, 403)
    assert await numbers(ann, ref) == ["1.0.0"]
    assert (await site.get("/weather/snow")).status == 404


async def test_a_version_is_disabled_after_asking(site, ann):
    ref = await shelve(ann)
    await site.log_in("ann")

    asked = await site.get("/package/weather/rain/1.0.0/disable")
    done = await site.post("/package/weather/rain/1.0.0/disable", {})

    assert "Disable Rain 1.0.0?" in asked.page
    assert done.headers["Location"] == "/weather/rain?notice=version-disabled"
    assert await numbers(ann, ref) == []


async def test_a_package_moves_and_is_renamed_by_its_form(site, ann):
    await shelve(ann)
    await make_catalog(ann, "archive")
    await site.log_in("ann")
    form = {"displayName": "Old rain", "newPackageSlug": "old-rain", "newCatalogSlug": "archive"}

    page = (await site.get("/package/weather/rain/edit")).page
    sent = await site.post("/package/weather/rain/edit", form)

    assert '<option value="weather" selected>' in page
    assert sent.headers["Location"] == "/package/archive/old-rain/edit?notice=saved"
    assert "Old rain" in (await site.get("/archive/old-rain")).page


async def test_a_package_is_shared_and_disabled(site, people, ann):
    await people("bea")
    await shelve(ann, is_public=False)
    await site.log_in("ann")

    shared = await site.post(
        "/package/weather/rain/permissions", {"user": "bea", "permissions": "VIEW"}
    )
    listed = (await site.get("/package/weather/rain/permissions")).page
    await site.log_in("bea")
    seen = await site.get("/weather/rain")
    refused = await site.get("/package/weather/rain/permissions")
    await site.log_in("ann")
    disabled = await site.post("/package/weather/rain/disable", {})

    assert shared.headers["Location"] == "/package/weather/rain/permissions?notice=saved"
    assert "Permission of bea" in listed
    assert (seen.status, refused.status) == (200, 403)
    assert disabled.headers["Location"] == "/weather?notice=disabled"
    assert (await site.get("/weather/rain")).status == 404


async def test_a_collection_is_made_by_a_form(site, ann):
    await site.log_in("ann")
    form = {"collectionSlug": "wet", "name": "", "description": "All of it."}

    made = await site.post("/new/collection", form)
    taken = await site.post("/new/collection", form)

    assert made.headers["Location"] == "/collection/wet?notice=created"
    assert taken.status == 400
    assert "Another collection has that name." in taken.page
    assert "All of it." in taken.page


def test_a_file_keeps_everything_but_its_number():
    file = chosen_file.read(full_file().encode())

    assert file.renumbered("9.0.0").document == FILE | {"version": "9.0.0"}
    assert json.loads(file.renumbered("9.0.0").text) == FILE | {"version": "9.0.0"}


@pytest.mark.parametrize(("length", "on_the_loop"), [(1_000, True), (200_000, False)])
async def test_a_long_file_is_read_on_a_thread_as_one_over_the_api_is(
    site, ann, monkeypatch, length, on_the_loop
):
    await make_package(ann, "ann", "rain")
    threads = []
    parse = package_file.parse

    def parse_and_tell(text):
        threads.append(threading.current_thread())
        return parse(text)

    monkeypatch.setattr(package_file, "parse", parse_and_tell)
    await site.log_in("ann")
    text = full_file(unknown="x" * length)

    done = await site.post("/package/ann/rain/publish", {"file": chosen(text)})

    assert done.status == 303, done.page
    assert [thread is threading.main_thread() for thread in threads] == [on_the_loop]
