"""The page of a package: what it shows, and to whom."""

import json

from tests.client import make_catalog, make_package, package_file
from tests.web.shelf import FILE, HOSTILE, full_file, shelve


async def test_a_stranger_sees_what_the_latest_version_holds(site, people):
    await shelve(await people("ann"))

    page = (await site.get("/weather/rain")).page

    assert "<h2>How it rains</h2>" in page
    assert "<strong>all</strong>" in page
    assert "about 12,345 records, one for each day" in page
    assert "Where it rained." in page
    assert '<strong>stations</strong> <span class="tag">http</span>' in page
    assert 'href="https://rain.example/a.csv"' in page
    assert "by adding records" in page
    assert "litereg fetch weather/rain" in page
    assert "datapm fetch" in page
    assert 'href="/weather/rain/1.0.0"' in page
    assert 'href="/package/weather/rain/1.0.0/download"' in page
    assert "Labels</h2>" not in page
    for forbidden in ("/edit", "/publish", "/permissions"):
        assert f"/package/weather/rain{forbidden}" not in page


async def test_statistics_stand_in_the_table(site, people):
    await shelve(await people("ann"))

    page = (await site.get("/weather/rain")).page

    assert "<code>city</code> <small>Town</small>" in page
    assert '<td class="number">300</td><td class="number">45</td>' in page.replace(
        "\n", ""
    ).replace("          ", "")
    assert '<rect width="72" height="9"' in page
    assert '<rect width="36" height="9"' in page
    assert "0.5 to 98,765.2" in page
    assert "in millimetre" in page
    assert page.count(">hidden<") == 1
    assert '<th scope="row" class="inner1"><code>height</code>' in page


async def test_only_who_may_edit_is_led_to_the_pages_for_that(site, people):
    ann, bea = await people("ann"), await people("bea")
    ref = await shelve(ann)
    value = {"username": "bea", "permissions": ["EDIT"]}
    await ann.mutate("setPackagePermissions", "username", identifier=ref, value=value)

    await site.log_in("bea")
    editor = (await site.get("/weather/rain")).page
    await site.log_in("ann")
    manager = (await site.get("/weather/rain")).page

    assert bea.name == "bea"
    assert "/package/weather/rain/edit" in editor
    assert "/package/weather/rain/permissions" not in editor
    assert "/package/weather/rain/permissions" in manager


async def test_labels_are_shown_to_who_may_read_them(site, people):
    ann = await people("ann")
    await shelve(ann)
    made = 'customCatalogLabel { createCustomCatalogLabel(label: {name: "wet & cold"}) { name } }'
    await ann.send(f"mutation {{ {made} }}")
    labels = {
        "publicPackage": {"type": "datapm", "name": "weather/rain"},
        "labelNames": ["wet & cold"],
    }
    document = (
        "mutation($labels: PublicPackageLabelsInput!) { customCatalogLabel {"
        " assignCustomCatalogLabelsToPublicPackage(publicPackageLabels: $labels) } }"
    )
    assert not (await ann.send(document, labels=labels)).errors

    stranger = await site.get("/weather/rain")
    ended = await site.get("/weather/rain", headers={"Cookie": "litereg_session=gone"})
    await site.log_in("ann")
    known = await site.get("/weather/rain")

    assert "wet &amp; cold" not in stranger.page
    assert (ended.status, "wet &amp; cold" in ended.page) == (200, False)
    assert 'href="/label?name=wet%20%26%20cold"' in known.page


async def test_a_private_package_is_shown_to_its_people_only(site, people):
    await people("bea")
    await shelve(await people("ann"), is_public=False)

    anonymous = await site.get("/weather/rain")
    await site.log_in("bea")
    stranger = await site.get("/weather/rain")
    await site.log_in("ann")
    owner = await site.get("/weather/rain")

    assert (anonymous.status, stranger.status, owner.status) == (403, 403, 200)
    assert "/log-in?next=%2Fweather%2Frain" in anonymous.page
    assert "How it rains" not in anonymous.page + stranger.page
    assert "private" in owner.page


async def test_who_may_not_open_the_catalog_is_not_led_there(site, people):
    ann = await people("ann")
    await people("bea")
    ref = await shelve(ann, is_public=False)
    value = {"username": "bea", "permissions": ["MANAGE"]}
    await ann.mutate("setPackagePermissions", "username", identifier=ref, value=value)
    room = "/package/weather/rain"
    pages = ["/weather/rain", "/weather/rain/1.0.0"]
    pages += [f"{room}/{page}" for page in ("publish", "edit", "permissions")]

    await site.log_in("bea")
    guest = [await site.get(page) for page in pages]
    catalog = await site.get("/weather")
    await site.log_in("ann")
    owner = [await site.get(page) for page in pages]

    assert catalog.status == 403
    assert [page.status for page in guest] == [200] * 5
    for page in guest:
        assert '<p class="crumbs">weather / <a href="/weather/rain">rain</a>' in page.page
        assert 'href="/weather"' not in page.page
    for page in owner:
        assert '<p class="crumbs"><a href="/weather">weather</a> / ' in page.page


async def test_after_a_package_is_gone_one_gets_to_a_page_that_one_may_open(site, people):
    ann = await people("ann")
    await people("bea")
    value = {"username": "bea", "permissions": ["MANAGE"]}
    for catalog, is_public in (("weather", False), ("open", True)):
        ref = await shelve(ann, catalog, is_public=is_public)
        await ann.mutate("setPackagePermissions", "username", identifier=ref, value=value)

    await site.log_in("bea")
    hidden = await site.post("/package/weather/rain/disable", {})
    shown = await site.post("/package/open/rain/disable", {})

    assert (hidden.status, hidden.headers["Location"]) == (303, "/me?notice=disabled")
    assert (shown.status, shown.headers["Location"]) == (303, "/open?notice=disabled")


async def test_a_package_without_a_version_says_what_to_do_next(site, people):
    ann = await people("ann")
    await make_catalog(ann, "weather", is_public=True)
    await make_package(ann, "weather", is_public=True)

    stranger = await site.get("/weather/rain")
    await site.log_in("ann")
    owner = await site.get("/weather/rain")

    assert "There is no version yet." in stranger.page
    assert "/publish" not in stranger.page
    assert 'href="/package/weather/rain/publish"' in owner.page


async def test_nothing_in_a_package_file_becomes_markup(site, people):
    text = json.dumps(FILE).replace("Where it rained.", "WHERE").replace("Oslo", "OSLO")
    hostile = json.dumps(HOSTILE)[1:-1]
    for word in ("WHERE", "OSLO", "Town", "stations", "millimetre", "text/csv", "height"):
        text = text.replace(word, hostile)
    await shelve(await people("ann"), text=text)

    page = (await site.get("/weather/rain")).page

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert page.count("&lt;script&gt;alert(1)") >= 7


async def test_addresses_that_would_run_something_are_no_links(site, people):
    source = FILE["sources"][0] | {"configuration": {"uris": ["javascript:alert(1)"]}}
    text = full_file(website="javascript:alert(2)", sources=[source])
    await shelve(await people("ann"), text=text)

    page = (await site.get("/weather/rain")).page

    assert 'href="javascript:' not in page
    assert "<code>javascript:alert(1)</code>" in page
    assert "alert(2)" not in page


async def test_a_file_of_the_first_format_is_shown_too(site, people):
    await shelve(await people("ann"), text=package_file())

    page = await site.get("/weather/rain")

    assert page.status == 200
    assert "<code>mm</code>" in page.page
    assert "no readme" in page.page
