"""The page of one's sessions: all are there, and who knows the password can end each."""

import re

import pytest

from tests.client import PASSWORD

PATH = "/me/sessions"
ID = re.compile(r'name="id" value="(\w+)"')


@pytest.fixture
async def elsewhere(people, site, open_site):
    """Another browser in which ann is logged in, as she is in the first one, `site`."""
    await people("ann")
    await site.log_in("ann")
    elsewhere = await open_site()
    await elsewhere.log_in("ann")
    return elsewhere


async def others(site):
    """Return the ids behind the buttons of a page."""
    return ID.findall((await site.get(PATH)).page)


async def is_in(site):
    return (await site.get("/me")).status == 200


async def test_people_who_are_not_logged_in_are_asked_to(site):
    page = await site.get(PATH)

    assert page.status == 403
    assert "Log in first." in page.page


async def test_every_session_is_listed_and_the_one_at_hand_has_no_button(site, elsewhere):
    page = (await site.get(PATH)).page

    # The third is what ann signed up with.
    assert "3 sessions" in page
    assert page.count("this one") == 1
    assert len(ID.findall(page)) == 2
    assert 'aria-current="page">Sessions</a>' in page


async def test_one_is_ended_and_the_others_stay(site, elsewhere):
    (gone,) = set(await others(site)) - set(await others(elsewhere))
    ended = await site.post(PATH, {"id": gone, "password": PASSWORD})

    assert ended.headers["Location"] == f"{PATH}?notice=session-ended"
    assert await is_in(site)
    assert not await is_in(elsewhere)
    assert "2 sessions" in (await site.get(PATH)).page


async def test_all_others_are_ended(site, elsewhere):
    ended = await site.post(PATH, {"password": PASSWORD})
    page = (await site.get(f"{PATH}?notice=sessions-ended")).page

    assert ended.headers["Location"] == f"{PATH}?notice=sessions-ended"
    assert "All other sessions have ended." in page
    assert "1 session<" in page
    assert 'name="password"' not in page
    assert await is_in(site)
    assert not await is_in(elsewhere)


@pytest.mark.parametrize("typed", [{}, {"id": "of no session"}])
async def test_a_wrong_password_or_id_ends_nothing(site, elsewhere, typed):
    refused = await site.post(PATH, {"password": "wrong horse 9", **typed})

    assert refused.status in (403, 404)
    sentence = "That session has ended already." if typed else "That is not your password."
    assert sentence in refused.page
    assert "wrong horse 9" not in refused.page
    assert await is_in(elsewhere)


async def test_forms_of_other_sites_end_nothing(site, elsewhere):
    crossed = await site.post(PATH, {"password": PASSWORD}, headers={"Sec-Fetch-Site": "none-such"})

    assert crossed.status == 403
    assert await is_in(elsewhere)
