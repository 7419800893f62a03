"""Pages that were made for strangers are shown again, and only where nothing is different."""

from pathlib import Path

from litereg.web import rendering
from litereg.web.kept import Kept
from litereg.web.rendering import Pages
from tests.client import make_catalog, make_package


async def test_strangers_see_a_change_at_once_and_nothing_of_whoever_is_logged_in(site, people):
    ann = await people("ann")
    await make_catalog(ann, "weather", is_public=True)
    before = (await site.get("/")).page
    again = (await site.get("/")).page

    await make_package(ann, "weather", "rain", is_public=True)
    after = (await site.get("/")).page
    await site.log_in("ann")
    hers = (await site.get("/")).page
    await site.post("/log-out", {})
    stranger = (await site.get("/")).page

    assert before == again
    assert "/weather/rain" not in before
    assert "/weather/rain" in after
    assert "Account of ann" in hers
    assert stranger == after


def test_what_was_typed_is_part_of_what_a_page_is_made_of():
    pages = Pages()

    first = pages.fill_for_strangers("initials.svg", {"letters": "A", "hue": 30})
    other = pages.fill_for_strangers("initials.svg", {"letters": "B", "hue": 30})

    assert b">A<" in first.replace(b" ", b"").replace(b"\n", b"")
    assert first != other
    assert pages.fill_for_strangers("initials.svg", {"letters": "A", "hue": 30}) is first


def test_what_pages_share_is_made_once_and_not_for_each_page():
    folder = Path(rendering.__file__).with_name("templates")

    assert [file.name for file in folder.iterdir() if "with context" in file.read_text()] == []


async def test_pages_of_registries_with_other_prefixes_stand_side_by_side(open_site, people):
    ann = await people("ann")
    await make_catalog(ann, "weather", is_public=True)
    await make_package(ann, "weather", "rain", is_public=True)
    here, there = await open_site(), await open_site(base_url="https://example.org/a/b")

    for site, prefix in ((here, ""), (there, "/a/b"), (here, "")):
        page = (await site.get("/")).page
        assert f'<a href="{prefix}/weather/rain">' in page
        assert f'<a href="{prefix}/search?in=catalogs">' in page


def test_what_cannot_be_written_down_is_made_anew():
    pages = Pages()

    made = [
        pages.fill_for_strangers("initials.svg", {"letters": "A", "hue": 30, "more": object()})
        for _ in range(2)
    ]

    assert made[0] == made[1]
    assert made[0] is not made[1]


def test_what_is_asked_for_again_stays_longest():
    kept = Kept[str](max_bytes=2)
    kept.keep(b"a", "A", 1)
    kept.keep(b"b", "B", 1)

    kept.find(b"a")
    kept.keep(b"c", "C", 1)

    assert [kept.find(digest) for digest in (b"a", b"b", b"c")] == ["A", None, "C"]
