"""Making an account: what is refused and where it says so, and what follows."""

from dataclasses import replace

import pytest

from tests.client import PASSWORD

ANN = {"username": "ann", "emailAddress": "ann@example.org", "password": PASSWORD}
FORMS = ("/sign-up", "/sign-up/check")


@pytest.fixture
def settings(settings, request):
    """The settings, with those changed that a test asks for."""
    return replace(settings, **getattr(request, "param", {}))


def hint(page, field):
    """Return what stands below a field."""
    return page.partition(f'<small id="{field}-hint">')[2].partition("</small>")[0]


async def test_signing_up_logs_in_and_leads_to_what_is_ones_own(site):
    sent = await site.post("/sign-up", ANN | {"firstName": "Ann", "lastName": ""})
    home = await site.get("/")

    assert sent.status == 303
    assert sent.headers["Location"] == "/me?notice=signed-up"
    assert site.cookie("litereg_session")
    assert "Account of ann" in home.page


@pytest.mark.parametrize("path", ["/", "/sign-up"])
async def test_the_first_account_is_said_to_be_the_administrators(site, people, path):
    empty = await site.get(path)
    await people("ann")
    later = await site.get(path)

    assert "becomes the" in empty.page
    assert "administrator" in empty.page
    assert "administrator" not in later.page


@pytest.mark.parametrize("settings", [{"sign_up": False}], indirect=True)
@pytest.mark.parametrize("path", ["/", "/sign-up"])
async def test_where_nobody_signs_up_nobody_is_asked_to_be_the_first(site, path):
    assert "becomes the" not in (await site.get(path)).page


async def test_the_form_is_for_people_without_an_account(site, people):
    await people("ann")
    before = await site.get("/sign-up")

    await site.log_in("ann")
    after = await site.get("/sign-up")

    assert "<h1>Sign up</h1>" in before.page
    assert after.headers["Location"] == "/me"


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("username", "", "Choose a user name."),
        ("username", "a--b", "letters, digits, and single hyphens"),
        ("username", "a" * 39, "at most 38 characters"),
        ("username", "admin", "needs that name for itself"),
        ("username", "BOB", "That name is taken."),
        ("emailAddress", "ann", "no e-mail address"),
        ("emailAddress", "bob@example.org", "Another account has that e-mail address."),
        ("password", "short", "at least 8 characters"),
        ("password", "lettersonly", "a digit or one of"),
        ("firstName", "x" * 31, "too long"),
    ],
)
async def test_a_refusal_stands_beside_what_was_typed(site, people, field, typed, sentence):
    await people("bob")

    sent = await site.post("/sign-up", ANN | {"lastName": "Onymous", field: typed})

    assert sent.status == 400
    assert sentence in hint(sent.page, field)
    assert sent.page.count('aria-invalid="true"') == 1
    assert 'value="Onymous"' in sent.page
    assert PASSWORD not in sent.page
    assert site.cookie("litereg_session") is None


async def test_all_that_is_wrong_is_said_at_once(site):
    sent = await site.post("/sign-up", {"username": "a--b", "emailAddress": "x", "password": "y"})

    assert sent.page.count('aria-invalid="true"') == 3


async def test_what_was_typed_cannot_become_markup(site):
    markup = '"><script>alert(1)</script>'
    typed = dict.fromkeys(("username", "emailAddress", "firstName", "lastName"), markup)

    for path in FORMS:
        sent = await site.post(path, typed | {"password": markup})
        assert "<script>alert" not in sent.page


async def test_whether_a_name_is_free_is_said_before_it_is_sent(site, people):
    await people("bob")

    free = await site.post("/sign-up/check", {"username": "ann"})
    taken = await site.post("/sign-up/check", {"username": "bob"})
    no_name = await site.post("/sign-up/check", {"username": "a--b"})
    address = await site.post("/sign-up/check", {"emailAddress": "bob@example.org"})

    assert "That one is free." in hint(free.page, "username")
    assert "That name is taken." in hint(taken.page, "username")
    assert 'class="wrong"' in hint(no_name.page, "username")
    assert "Another account has" in hint(address.page, "emailAddress")


async def test_checking_makes_no_account(site, anonymous):
    await site.post("/sign-up/check", ANN)

    available = await anonymous.query("usernameAvailable", username="ann")
    assert available.value is True


@pytest.mark.parametrize("path", FORMS)
async def test_another_site_can_send_none_of_the_forms(site, anonymous, path):
    refused = await site.post(path, ANN, headers={"Sec-Fetch-Site": "cross-site"})

    assert refused.status == 403
    assert (await anonymous.query("usernameAvailable", username="ann")).value is True


@pytest.mark.parametrize("settings", [{"sign_up": False}], indirect=True)
async def test_closed_sign_up_says_so_and_takes_nobody(site, anonymous):
    page = await site.get("/sign-up")
    home = await site.get("/")
    sent = await site.post("/sign-up", ANN)

    assert (page.status, sent.status) == (403, 403)
    assert "takes no new accounts" in page.page
    assert 'name="password"' not in page.page + sent.page
    assert "/sign-up" not in home.page
    assert (await anonymous.query("usernameAvailable", username="ann")).value is True
