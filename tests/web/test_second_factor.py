"""Pages of a second factor: the second step of a log-in, and setting one up and off."""

import html
import re
import time
from dataclasses import replace

import pyotp
import pytest

from tests.client import PASSWORD

PATH = "/me/second-factor"
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
CODES = re.compile(r"<li><code>([a-z2-7-]{29})</code></li>")
WRONG = "wrong horse 9"


def hidden(page):
    """Return what the form of a page sends along."""
    return {name: html.unescape(value) for name, value in HIDDEN.findall(page)}


def code_of(secret, steps=0):
    return pyotp.TOTP(secret).at(int(time.time()) + 30 * steps)


async def step_one(site, onward="/me", password=PASSWORD):
    form = {"username": "ann", "password": password, "next": onward}
    return await site.post("/log-in", form)


async def set_up(site):
    """Set an app up by the page; return its secret and the recovery codes."""
    begun = await site.post(PATH, {"do": "begin", "password": PASSWORD})
    sent = hidden(begun.page)
    confirmed = await site.post(
        PATH, {**sent, "do": "confirm", "oneTimeCode": code_of(sent["secret"])}
    )
    return sent["secret"], CODES.findall(confirmed.page)


@pytest.fixture
async def ann(people, site):
    """A browser in which ann is logged in."""
    await people("ann")
    await site.log_in("ann")
    return site


@pytest.fixture
async def secured(ann):
    return await set_up(ann)


async def test_people_who_are_not_logged_in_are_asked_to(site):
    page = await site.get(PATH)

    assert page.status == 403
    assert "Log in first." in page.page


async def test_the_pages_of_an_account_lead_to_it(ann):
    page = await ann.get("/me/password")

    assert f'href="{PATH}"' in page.page


async def test_an_app_is_shown_as_a_picture_and_as_text(ann):
    page = (await ann.post(PATH, {"do": "begin", "password": PASSWORD})).page

    secret = hidden(page)["secret"]
    groups = " ".join(secret[at : at + 4] for at in range(0, 32, 4))
    assert f"<code>{groups}</code>" in page
    assert '<img class="qr" src="data:image/svg+xml' in page
    assert f'<a href="{html.escape(hidden(page)["address"])}">' in page
    assert PASSWORD not in page
    # Nothing of it is in a link to the playground, or in any other.
    assert secret not in re.search(r"<footer>.*</footer>", page, re.S)[0]


async def test_recovery_codes_are_shown_once(ann):
    secret, codes = await set_up(ann)
    page = (await ann.get(PATH)).page

    assert len(set(codes)) == 10
    assert "<strong>10 recovery codes</strong> left" in page
    assert not any(code in page for code in codes)
    assert secret not in page


async def test_a_wrong_code_shows_the_same_app_again(ann):
    begun = await ann.post(PATH, {"do": "begin", "password": PASSWORD})
    sent = hidden(begun.page)

    refused = await ann.post(PATH, {**sent, "do": "confirm", "oneTimeCode": "none"})

    assert refused.status == 403
    assert "That code is not right, or has been used." in refused.page
    assert hidden(refused.page) == sent
    assert '<img class="qr"' in refused.page


async def test_a_wrong_password_begins_nothing(ann):
    refused = await ann.post(PATH, {"do": "begin", "password": WRONG})

    assert refused.status == 403
    assert "That is not your password." in refused.page
    assert "secret" not in hidden(refused.page)
    assert WRONG not in refused.page


async def test_what_the_form_sends_along_is_shown_only_if_it_is_an_app(ann):
    await ann.post(PATH, {"do": "begin", "password": PASSWORD})
    for address in ("javascript:alert(1)", "https://example.org", "otpauth://totp/" + "a" * 5_000):
        sent = {"do": "confirm", "oneTimeCode": "none", "secret": "x", "address": address}
        refused = await ann.post(PATH, sent)

        assert refused.status == 403
        assert address not in refused.page
        assert '<img class="qr"' not in refused.page


async def test_the_second_step_asks_for_the_code_alone(open_site, secured):
    secret, _ = secured
    site = await open_site()

    page = await step_one(site, "/me/api-keys")
    sent = hidden(page.page)
    done = await site.post("/log-in/code", {**sent, "oneTimeCode": code_of(secret, 1)})

    assert page.status == 200
    assert PASSWORD not in page.page
    assert 'type="password"' not in page.page
    assert 'autocomplete="one-time-code"' in page.page
    assert 'inputmode="numeric"' in page.page
    assert page.headers["Cache-Control"] == "no-store"
    assert site.cookie("litereg_session") is not None
    assert done.headers["Location"] == "/me/api-keys?notice=logged-in"
    assert (await site.get("/me")).status == 200


async def test_a_wrong_code_can_be_typed_again(open_site, secured):
    secret, _ = secured
    site = await open_site()
    sent = hidden((await step_one(site)).page)

    refused = await site.post("/log-in/code", {**sent, "oneTimeCode": "none"})
    again = await site.post(
        "/log-in/code", {**hidden(refused.page), "oneTimeCode": code_of(secret, 1)}
    )

    assert refused.status == 403
    assert "That code is not right, or has been used." in refused.page
    assert hidden(refused.page) == sent
    assert again.status == 303


async def test_a_recovery_code_will_do(open_site, secured):
    _, codes = secured
    site = await open_site()
    sent = hidden((await step_one(site)).page)

    done = await site.post("/log-in/code", {**sent, "oneTimeCode": "", "recoveryCode": codes[0]})

    assert done.status == 303
    assert "<strong>9 recovery codes</strong> left" in (await site.get(PATH)).page


async def test_a_ticket_that_is_none_leads_back_to_the_log_in(site):
    for path in ("/log-in/code", "/log-in/app"):
        refused = await site.post(path, {"ticket": "none", "oneTimeCode": "123456"})
        opened = await site.get(path)

        assert refused.status == 400
        assert "That took too long. Log in again." in refused.page
        assert 'name="password"' in refused.page
        assert opened.headers["Location"] == "/log-in"


async def test_the_second_step_leads_to_our_own_pages_only(open_site, secured):
    secret, _ = secured
    site = await open_site()
    sent = hidden((await step_one(site)).page) | {"next": "//evil.example"}

    done = await site.post("/log-in/code", {**sent, "oneTimeCode": code_of(secret, 1)})

    assert done.headers["Location"] == "/?notice=logged-in"


async def test_forms_of_other_sites_are_not_taken(ann):
    for path in (PATH, "/log-in/code", "/log-in/app"):
        crossed = await ann.post(path, {"do": "begin"}, headers={"Sec-Fetch-Site": "cross-site"})

        assert crossed.status == 403


async def test_new_codes_and_another_app_and_turning_it_off_take_password_and_code(ann, secured):
    _, codes = secured
    for do in ("renew", "begin", "end"):
        no_code = await ann.post(PATH, {"do": do, "password": PASSWORD, "oneTimeCode": "none"})
        no_password = await ann.post(PATH, {"do": do, "password": WRONG, "oneTimeCode": codes[0]})

        assert "That code is not right, or has been used." in no_code.page
        assert "That is not your password." in no_password.page
        assert no_code.status == no_password.status == 403
        assert CODES.findall(no_code.page + no_password.page) == []
    renewed = await ann.post(PATH, {"do": "renew", "password": PASSWORD, "oneTimeCode": codes[0]})
    new = CODES.findall(renewed.page)
    other = await ann.post(PATH, {"do": "begin", "password": PASSWORD, "oneTimeCode": new[0]})
    ended = await ann.post(PATH, {"do": "end", "password": PASSWORD, "oneTimeCode": new[1]})

    assert len(new) == 10
    assert "secret" in hidden(other.page)
    assert ended.headers["Location"] == f"{PATH}?notice=second-factor-off"
    assert "Set up an app" in (await ann.get(PATH)).page


class TestWhereEverybodyNeedsOne:
    """`second_factor` is `required`."""

    @pytest.fixture
    async def settings(self, settings):
        return replace(settings, second_factor="required")

    async def sign_up(self, site):
        value = {"username": "ann", "emailAddress": "ann@example.org", "password": PASSWORD}
        return await site.post("/sign-up", value)

    async def test_whoever_signs_up_is_led_to_the_log_in(self, site):
        done = await self.sign_up(site)
        page = await site.get(done.headers["Location"])

        assert site.cookie("litereg_session") is None
        assert "Log in, and set up its second factor." in page.page

    async def test_the_first_log_in_sets_it_up(self, site):
        await self.sign_up(site)
        page = await step_one(site, "/me/api-keys")
        sent = hidden(page.page)
        wrong = await site.post("/log-in/app", {**sent, "oneTimeCode": "none"})
        done = await site.post("/log-in/app", {**sent, "oneTimeCode": code_of(sent["secret"])})

        assert page.status == 200
        assert '<img class="qr"' in page.page
        assert PASSWORD not in page.page
        assert wrong.status == 403
        assert hidden(wrong.page) == sent
        assert done.status == 200
        assert len(CODES.findall(done.page)) == 10
        assert 'href="/me/api-keys">I have kept them</a>' in done.page
        assert (await site.get("/me/api-keys")).status == 200

    async def test_nothing_offers_to_turn_it_off(self, site):
        await self.sign_up(site)
        sent = hidden((await step_one(site)).page)
        await site.post("/log-in/app", {**sent, "oneTimeCode": code_of(sent["secret"])})

        page = (await site.get(PATH)).page

        assert 'value="renew"' in page
        assert 'value="end"' not in page
