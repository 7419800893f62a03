"""Labels in pages: found, made, changed, put on packages and taken off; files brought in."""

import re

import pytest

LODASH = {"type": "npm", "name": "lodash"}
CSV = b"name,version,type\nlodash,4.17.21,npm\nleft-pad,1.3.0,npm\nbroken\n"
BUTTON = re.compile(r"<button[^>]*>(.*?)</button>")
HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
async def ann(site, people):
    """The administrator ann, who is logged in to the site."""
    ann = await people("ann")
    await site.log_in("ann")
    return ann


@pytest.fixture
async def approved(site, ann):
    """A label."""
    await site.post("/labels", {"name": "approved", "description": "Checked by a person."})
    return {"label": "approved"}


async def test_a_label_is_made_and_found(site, approved):
    found = await site.get("/labels?q=APPR")
    by_description = await site.get("/labels?q=person")
    not_found = await site.get("/labels?q=banned")

    for page in (found, by_description):
        assert 'href="/label?name=approved"' in page.page
        assert "Checked by a person." in page.page
    assert "/label?name=approved" not in not_found.page
    assert "No label has “banned”" in not_found.page


async def test_a_name_that_is_taken_can_be_typed_again(site, approved):
    again = await site.post("/labels", {"name": "approved", "description": "Another."})

    assert again.status == 400
    assert "Some of the labels already exist" in again.page
    assert ">Another.</textarea>" in again.page


async def test_labels_are_shown_page_by_page(site, ann):
    labels = [{"name": f"label {number:03}"} for number in range(60)]
    made = """
        mutation Make($labels: [CreateCustomCatalogLabelInput!]!) {
          customCatalogLabel { createCustomCatalogLabels(labels: $labels) { name } }
        }
    """
    await ann.send(made, labels=labels)

    first = await site.get("/labels")
    more = re.search(r'href="(/labels\?[^"]*after=[^"]+)"', first.page)[1].replace("&amp;", "&")
    second = await site.get(more)

    assert "60 labels" in first.page
    assert "label%20049" in first.page
    assert "label%20050" not in first.page
    assert "label%20050" in second.page
    assert "label%20049" not in second.page
    assert "after=" not in second.page.partition("<main")[2].partition("</main>")[0]


async def test_a_package_carries_a_label_until_it_is_taken_off(site, approved):
    put_on = await site.post("/label/assign", {**approved, **LODASH, "version": ""})
    label = await site.get("/label?name=approved")
    package = await site.get("/public-package?type=npm&name=lodash")
    taken_off = await site.post("/label/remove", {**approved, **LODASH})
    after = await site.get("/label?name=approved")

    assert put_on.headers["Location"] == "/label?name=approved&notice=added"
    assert 'href="/public-package?type=npm&amp;name=lodash"' in label.page.replace(
        "&name", "&amp;name"
    )
    assert "by ann" in label.page
    assert "/label?name=approved" in package.page
    assert taken_off.headers["Location"] == "/label?name=approved&notice=removed"
    assert "No package carries it as a whole." in after.page


async def test_a_version_carries_a_label_until_it_is_taken_off(site, approved):
    version = {**LODASH, "version": "4.17.21"}

    put_on = await site.post("/public-package/assign", {**approved, **LODASH, "version": ""})
    await site.post("/public-package/remove", {**approved, **LODASH})
    await site.post("/public-package/assign", {**approved, **version})
    label = await site.get("/label?name=approved")
    taken_off = await site.post("/public-package/remove", {**approved, **version})
    after = await site.get("/public-package?type=npm&name=lodash")

    address = "/public-package?type=npm&name=lodash"
    assert put_on.headers["Location"] == f"{address}&notice=added"
    assert taken_off.headers["Location"] == f"{address}&notice=removed"
    assert "1 version" in label.page
    assert "4.17.21" in label.page
    assert "4.17.21" in after.page
    assert "/label?name=approved" not in after.page


@pytest.mark.parametrize("path", ["/label/assign", "/public-package/assign"])
async def test_a_second_label_is_refused_beside_what_was_typed(site, approved, path):
    await site.post("/labels", {"name": "banned"})
    await site.post(path, {**approved, **LODASH})

    refused = await site.post(path, {**LODASH, "label": "banned"})

    assert refused.status == 400
    assert "already has a label assigned" in refused.page
    assert 'value="lodash"' in refused.page


async def test_a_label_is_renamed_and_keeps_what_carries_it(site, approved):
    await site.post("/label/assign", {**approved, **LODASH})

    changed = await site.post(
        "/label", {"label": "approved", "updatedName": "fine & good", "updatedDescription": ""}
    )
    page = await site.get("/label?name=fine+%26+good")

    assert changed.headers["Location"] == "/label?name=fine+%26+good&notice=saved"
    assert "fine &amp; good</span></h1>" in page.page
    assert "Checked by a person." not in page.page
    assert "lodash" in page.page
    assert (await site.get("/label?name=approved")).status == 404


async def test_a_label_that_cannot_be_renamed_says_why(site, approved):
    await site.post("/labels", {"name": "banned"})

    refused = await site.post(
        "/label", {"label": "banned", "updatedName": "approved", "updatedDescription": "New."}
    )

    assert refused.status == 400
    assert "Label with name approved already exists" in refused.page
    assert ">New.</textarea>" in refused.page


async def test_a_label_is_deleted_with_its_assignments(site, approved):
    await site.post("/label/assign", {**approved, **LODASH})

    deleted = await site.post("/label/delete", approved)

    assert deleted.headers["Location"] == "/labels?notice=deleted"
    assert (await site.get("/label?name=approved")).status == 404
    assert "approved" not in (await site.get("/public-package?type=npm&name=lodash")).page


async def test_files_are_tried_and_then_brought_in(site, approved):
    def form(**fields):
        return [("files", ("list.csv", CSV)), *fields.items()]

    tried = await site.post_files("/labels/import", form(dryRun="on"))
    nothing = await site.get("/public-package?type=npm&name=lodash")
    done = await site.post_files("/labels/import", form(label="approved"))
    label = await site.get("/label?name=approved")

    assert "What would happen" in tried.page
    assert nothing.status == 404
    assert "Brought in" in done.page
    assert "list.csv, line 4" in done.page
    assert "left-pad" in label.page
    assert "2 versions" in label.page


async def test_no_file_and_an_unreadable_file_are_refused_in_words(site, ann):
    none = await site.post_files("/labels/import", [("label", "")])
    noise = await site.post_files("/labels/import", [("files", ("noise", b"\x00\x01" * 50))])

    assert (none.status, noise.status) == (400, 400)
    assert "Choose a file first." in none.page
    assert 'role="alert"' in noise.page


async def test_readers_see_labels_and_no_way_to_change_them(site, people, ann, approved):
    await site.post("/label/assign", {**approved, **LODASH})
    await site.post("/log-out", {})
    await people("bob")
    await site.log_in("bob")

    for path in ("/labels", "/label?name=approved", "/public-package?type=npm&name=lodash"):
        page = await site.get(path)
        assert page.status == 200
        assert "approved" in page.page
        assert BUTTON.findall(page.page.partition("<main")[2]) in ([], ["Search"])
    assert (await site.get("/labels/import")).status == 403
    for path, form in (
        ("/labels", {"name": "mine"}),
        ("/label", {"label": "approved", "updatedName": "mine"}),
        ("/label/delete", approved),
        ("/label/assign", {**approved, "type": "npm", "name": "other"}),
        ("/label/remove", {**approved, **LODASH}),
        ("/public-package/remove", {**approved, **LODASH}),
    ):
        assert (await site.post(path, form)).status == 403
    assert "lodash" in (await site.get("/label?name=approved")).page


async def test_strangers_are_asked_to_log_in(site, approved):
    await site.post("/log-out", {})

    for path in ("/labels", "/label?name=approved", "/public-package?type=npm&name=lodash"):
        page = await site.get(path)
        assert page.status == 403
        assert "/log-in?next=" in page.page
        assert "Checked by a person." not in page.page


@pytest.mark.parametrize("path", ["/labels", "/label", "/label/delete", "/label/assign"])
async def test_another_site_cannot_send_the_forms(site, approved, path):
    form = {**approved, "name": "x", "type": "npm", "updatedName": "y"}

    refused = await site.post(path, form, headers={"Sec-Fetch-Site": "cross-site"})

    assert refused.status == 403
    assert "Checked by a person." in (await site.get("/label?name=approved")).page


async def test_nothing_that_people_write_becomes_markup(site, ann):
    await site.post("/labels", {"name": HOSTILE, "description": HOSTILE})
    await site.post("/label/assign", {"label": HOSTILE, "type": HOSTILE, "name": HOSTILE})

    label = re.search(r'href="(/label\?[^"]+)"', (await site.get("/labels")).page)[1]
    package = re.search(r'href="(/public-package\?[^"]+)"', (await site.get(label)).page)[1]
    for path in ("/labels", label, package.replace("&amp;", "&"), "/labels?q=%22%3E%3Cscript%3E"):
        page = await site.get(path)
        assert page.status == 200
        assert "<script>alert" not in page.page
