"""The page of a version, and the file that can be downloaded from it."""

import json

import pytest

from litereg.web import tree
from litereg.web.changes import SENTENCES, in_words, subject
from tests.client import publish
from tests.web.shelf import FILE, HOSTILE, full_file, shelve


async def test_a_version_says_what_it_changed_since_the_one_before(site, people):
    ann = await people("ann")
    ref = await shelve(ann)
    schema = FILE["schemas"][0]
    properties = {
        "city": schema["properties"]["city"],
        "gauge": schema["properties"]["gauge"],
        "snow": {"title": "snow", "types": {"number": {"recordCount": 1}}},
    }
    text = full_file(version="2.0.0", schemas=[schema | {"properties": properties}])
    assert not (await publish(ann, ref, text)).errors

    first = (await site.get("/weather/rain/1.0.0")).page
    second = (await site.get("/weather/rain/2.0.0")).page

    assert "This is the first version." in first
    assert "What changed since 1.0.0" in second
    assert (
        '<li class="removed"><b>removed</b> property mm of schema rain, which was hidden' in second
    )
    assert '<li class="added"><b>added</b> property snow of schema rain' in second


async def test_a_disabled_version_is_not_the_one_before(site, people):
    ann = await people("ann")
    ref = await shelve(ann)
    for version in ("1.0.1", "1.0.2"):
        text = full_file(version=version, description=f"Rain, {version}.")
        assert not (await publish(ann, ref, text)).errors
    number = {"versionMajor": 1, "versionMinor": 0, "versionPatch": 1}
    await ann.mutate("disableVersion", identifier=ref | number)

    last, gone = await site.get("/weather/rain/1.0.2"), await site.get("/weather/rain/1.0.1")

    assert "What changed since 1.0.0" in last.page
    assert gone.status == 404
    assert "The package has no such version." in gone.page


async def test_the_file_is_shown_as_a_tree_and_as_text(site, people):
    text = full_file(description=HOSTILE)
    await shelve(await people("ann"), text=text)

    as_tree = (await site.get("/weather/rain/1.0.0")).page
    as_text = (await site.get("/weather/rain/1.0.0?as=text")).page

    assert '<b>packageSlug</b> <span class="string">rain</span>' in as_tree
    assert "<summary><b>schemas</b>" in as_tree
    assert "&#34;packageSlug&#34;: &#34;rain&#34;" in as_text
    assert "<summary><b>schemas</b>" not in as_text
    assert "<script>alert" not in as_tree + as_text


async def test_the_download_is_the_file_byte_for_byte_and_runs_nothing(site, people):
    text = json.dumps(json.loads(full_file(description="Rain \u00fc <b>by</b> city")), indent=3)
    await shelve(await people("ann"), text=text)

    response = await site.get("/package/weather/rain/1.0.0/download")

    assert response.page == text
    disposition = 'attachment; filename="rain-1.0.0.datapm.json"'
    assert response.headers["Content-Disposition"] == disposition
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.content_type == "application/json"


@pytest.mark.parametrize(
    "path", ["/weather/rain/1.0.0", "/package/weather/rain/1.0.0/download", "/weather/rain"]
)
async def test_a_private_version_is_for_its_people(site, people, path):
    await people("bea")
    await shelve(await people("ann"), is_public=False)

    anonymous = await site.get(path)
    await site.log_in("bea")
    stranger = await site.get(path)
    await site.log_in("ann")
    owner = await site.get(path)

    assert (anonymous.status, stranger.status, owner.status) == (403, 403, 200)
    assert "Rain by city" not in anonymous.page + stranger.page


@pytest.mark.parametrize("number", ["1.0", "v1.0.0", "1.0.0.0", "99999999999.0.0", "9.9.9"])
async def test_what_is_no_version_is_not_there(site, people, number):
    await shelve(await people("ann"))

    assert (await site.get(f"/weather/rain/{number}")).status in (400, 404)


async def test_only_editors_are_offered_to_disable_a_version(site, people):
    await shelve(await people("ann"))

    stranger = (await site.get("/weather/rain/1.0.0")).page
    await site.log_in("ann")
    owner = (await site.get("/weather/rain/1.0.0")).page

    assert "/package/weather/rain/1.0.0/disable" not in stranger
    assert "/package/weather/rain/1.0.0/disable" in owner


def test_pointers_are_said_in_words():
    assert subject("#") == "the package"
    assert subject("#/a~1b") == "schema a/b"
    assert subject("#/a/properties/b~0c") == "property b~c of schema a"
    assert subject("#/a/properties/b/properties/c") == "property b.c of schema a"
    assert subject("#/sources/d") == "source d"
    assert in_words([{"type": "ADD_SCHEMA", "pointer": "#/{}"}])[0].text == "schema {}"


async def test_every_kind_of_change_has_words(registry):
    kinds = registry.engine.schema.type_map["PackageDifferenceType"].values

    assert set(SENTENCES) == set(kinds)


def test_a_tree_is_bounded_in_all_directions():
    wide = tree.tree({"a": list(range(5_000)), "b": "x" * 9_999})
    deep = None
    for _ in range(60):
        deep = [deep, *range(200)]

    assert wide.inner[0].more == 5_000 - tree.MAX_CHILDREN
    assert len(wide.inner[1].text) < 500
    assert count(tree.tree(deep)) <= tree.MAX_NODES + 60


def count(node):
    return 1 + sum(map(count, node.inner))


@pytest.mark.parametrize(
    "address",
    [
        "/weather/rain/{}.0.0",
        "/package/weather/rain/{}.0.0/download",
        "/package/weather/rain/{}.0.0/disable",
    ],
)
@pytest.mark.parametrize("number", ["9" * 5000, "9" * 11, "٩"])
async def test_a_number_that_no_version_has_is_not_found(site, people, address, number):
    await shelve(await people("ann"))
    await site.log_in("ann")

    assert (await site.get(address.format(number))).status == 404
