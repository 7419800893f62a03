"""What is true of every page, wide and narrow, light and dark, whoever opens it."""

import pytest

from tests.browser.places import ADMIN, EVERYBODY, PLACES, pages_of
from tests.browser.visits import HEIGHT, SCHEMES, WIDTHS, barriers_in, storage_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

HTML = {"Accept": "text/html"}
VISITS = [
    pytest.param(place, person, id=f"{place.path} {person or 'stranger'}")
    for place in PLACES
    for person in place.people
]
# The labels with a line of words that does not begin beside their box.
WORDS_BELOW_BOXES = """() => [...document.querySelectorAll("label.box")]
  .filter((label) => {
    const words = document.createRange();
    words.selectNodeContents(label.lastChild);
    const edge = label.querySelector("input").getBoundingClientRect().right;
    return [...words.getClientRects()].some((line) => line.width > 0 && line.left < edge);
  })
  .map((label) => label.textContent.trim())"""
each_visit = pytest.mark.parametrize(("place", "person"), VISITS)


async def test_every_page_has_a_row(demo):
    assert pages_of(demo.routes) == {place.route for place in PLACES}


@each_visit
async def test_a_page_opens_with_one_heading(visited, place, person):
    seen = await visited(place, person)

    assert seen.status == place.status
    assert len(seen.headings) == 1


@each_visit
async def test_a_page_never_scrolls_sideways(visited, place, person):
    assert (await visited(place, person)).sticking_out == {}


@each_visit
async def test_a_page_shuts_nobody_out(visited, place, person):
    assert (await visited(place, person)).barriers == {scheme: [] for scheme in SCHEMES}


@each_visit
async def test_a_page_asks_its_own_server_only_and_keeps_its_policy(visited, demo, place, person):
    seen = await visited(place, person)

    # Of a page that is refused, a browser complains once.
    refused = f"error: Failed to load resource: the server responded with a status of {seen.status}"
    assert [text for text in seen.watch.complaints if not text.startswith(refused)] == []
    assert seen.watch.hosts <= {"", demo.url.partition("://")[2]}


async def test_places_that_are_not_for_a_person_are_refused(browser, demo):
    answers = set()
    for person in EVERYBODY:
        async with storage_of(browser, demo, person) as context:
            for place in PLACES:
                if person not in place.people:
                    asked = demo.url + place.path
                    answer = await context.request.get(asked, headers=HTML, max_redirects=0)
                    answers.add((place.path, person, answer.status))

    assert [answer for answer in answers if answer[2] not in (303, 403, 404)] == []


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_the_account_menu_shuts_nobody_out(browser, demo, scheme):
    async with storage_of(browser, demo, ADMIN, color_scheme=scheme) as context:
        page = await context.new_page()
        await page.goto(demo.url)
        await page.get_by_label("Account of").click()

        assert await barriers_in(page, "#account") == []


async def test_sessions_are_whole_on_a_phone(browser, demo):
    async with storage_of(browser, demo, ADMIN) as context:
        page = await context.new_page()
        await page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
        await page.goto(f"{demo.url}/me/sessions")
        table = page.get_by_role("region", name="Sessions")

        # What is to be scrolled to lies below the buttons, which stay in sight.
        assert await table.evaluate("(part) => part.scrollWidth - part.clientWidth") == 0


async def test_the_words_of_a_box_stand_beside_it_on_a_phone(browser, demo):
    async with storage_of(browser, demo, ADMIN) as context:
        page = await context.new_page()
        await page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
        await page.goto(f"{demo.url}/me/profile")

        assert await page.evaluate(WORDS_BELOW_BOXES) == []
