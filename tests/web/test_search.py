"""The search page and the suggestions."""

import re

import pytest

from tests.client import make_catalog, make_package
from tests.web.shelf import HOSTILE, shelve

TABS = ("packages", "catalogs", "collections", "public-packages")


def counts(page):
    """Return what stands behind the names of the tabs."""
    found = re.findall(r'>([A-Z][a-z ]+) <span class="count">([\d,]+)</span>', page)
    return {name: int(count.replace(",", "")) for name, count in found}


async def test_everybody_finds_what_they_may_open(site, people):
    ann = await people("ann")
    await shelve(ann)
    await shelve(ann, "hidden", "snow", is_public=False)
    value = {"collectionSlug": "wet", "name": "Rain and more", "isPublic": True}
    await ann.mutate("createCollection", "name", value=value)

    stranger = (await site.get("/search?q=rain")).page
    await site.log_in("ann")
    owner = (await site.get("/search?q=rain")).page

    assert counts(stranger) == {"Packages": 1, "Catalogs": 0, "Collections": 1}
    assert counts(owner) == {"Packages": 2, "Catalogs": 0, "Collections": 1, "Public packages": 1}
    assert "/hidden/snow" not in stranger
    assert 'href="/hidden/snow"' in owner
    assert 'href="/weather/rain"' in stranger


@pytest.mark.parametrize("tab", TABS)
async def test_each_tab_says_when_nothing_was_found(site, people, tab):
    await people("ann")
    await site.log_in("ann")

    page = await site.get(f"/search?q=nothing-like-it&in={tab}")

    assert page.status == 200
    assert "Nothing was found" in page.page


@pytest.mark.parametrize(
    ("tab", "maker"), [("packages", "/new/package"), ("collections", "/new/collection")]
)
async def test_an_empty_list_leads_whoever_may_to_making_the_first(site, people, tab, maker):
    await people("ann")

    stranger = (await site.get(f"/search?in={tab}")).page
    await site.log_in("ann")
    known = (await site.get(f"/search?in={tab}")).page

    assert "There are none here yet" in stranger
    assert f'href="{maker}"' not in stranger
    assert f'There are none here yet. <a href="{maker}">Make the first</a>' in known


async def test_lists_are_turned_by_links(site, people):
    ann = await people("ann")
    await make_catalog(ann, "many", is_public=True)
    for number in range(23):
        await make_package(ann, "many", f"p{number}", is_public=True)

    first = (await site.get("/search?q=&in=packages")).page
    onward = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = (await site.get(onward)).page

    names = [set(re.findall(r'href="(/many/p\d+)"', page)) for page in (first, second)]
    assert (len(names[0]), len(names[1]), len(names[0] | names[1])) == (20, 3, 23)
    assert 'rel="next"' not in second
    assert 'rel="prev" href="/search?in=packages&amp;page=1"' in second


@pytest.mark.parametrize("page", ["-1", "x", "99999999999999", "0"])
async def test_any_page_number_is_answered(site, page):
    assert (await site.get(f"/search?page={page}")).status == 200


async def test_public_packages_are_filtered_by_label_and_type(site, people):
    ann = await people("ann")
    await shelve(ann)
    document = """mutation {
      customCatalogLabel {
        createCustomCatalogLabel(label: {name: "good"}) { name }
        assignCustomCatalogLabelsToPublicPackage(
          publicPackageLabels: {
            publicPackage: {type: "npm", name: "left-pad"}, labelNames: ["good"]
          }
        )
      }
    }"""
    assert not (await ann.send(document)).errors
    await site.log_in("ann")

    both = (await site.get("/search?in=public-packages")).page
    good = (await site.get("/search?in=public-packages&label=good")).page
    data = (await site.get("/search?in=public-packages&type=datapm")).page

    assert "left-pad" in both
    assert "weather/rain" in both
    assert ("left-pad" in good, "weather/rain" in good) == (True, False)
    assert ("left-pad" in data, "weather/rain" in data) == (False, True)
    assert '<option value="good">' in both


async def test_strangers_are_told_to_log_in_for_public_packages(site, people):
    await shelve(await people("ann"))

    page = await site.get("/search?in=public-packages&label=x")

    assert page.status == 200
    assert "whoever is logged in" in page.page
    assert "Public packages <span" not in page.page


async def test_a_broken_cursor_is_refused_in_words(site, people):
    await people("ann")
    await site.log_in("ann")

    page = await site.get("/search?in=public-packages&after=nonsense")

    assert page.status == 400


async def test_what_is_searched_for_cannot_become_markup(site, people):
    await people("ann")
    await site.log_in("ann")

    for address in ("/search", "/search/suggestions"):
        page = await site.get(address, params={"q": HOSTILE, "label": HOSTILE, "in": HOSTILE})
        assert "<script>alert" not in page.page
        assert "<img src=x" not in page.page


async def test_suggestions_are_links_to_what_may_be_meant(site, people):
    ann = await people("ann")
    await shelve(ann, "weather", "we-rain")
    await make_catalog(ann, "we-hide")

    stranger = (await site.get("/search/suggestions?q=we")).page
    nothing = await site.get("/search/suggestions?q=")
    await site.log_in("ann")
    owner = (await site.get("/search/suggestions?q=we")).page

    assert 'href="/weather"' in stranger
    assert 'href="/weather/we-rain"' in stranger
    assert "/we-hide" not in stranger
    assert 'href="/we-hide"' in owner
    assert nothing.status == 200
    assert "<li><a" not in nothing.page.partition('id="suggestions"')[2]
