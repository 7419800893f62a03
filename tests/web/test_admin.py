"""Pages for administrators: nobody else gets in, and what is done there is done."""

import asyncio
import base64
import hashlib
import re
import sqlite3
from contextlib import closing

import pytest

from litereg import __version__
from litereg.store.check import check
from litereg.web.rendering import bytes_, duration
from tests.client import PASSWORD

PAGES = ("/admin", "/admin/users", "/admin/settings", "/admin/backup")
DEEDS = ("status", "administrator", "labels", "delete")
SUSPEND = {"username": "bob", "status": "SUSPENDED"}


@pytest.fixture
async def ann(site, people):
    """The administrator ann, who is logged in to the site."""
    ann = await people("ann")
    await site.log_in("ann")
    return ann


@pytest.fixture
async def bob(ann, people):
    return await people("bob")


async def told(caller, selection):
    return (await caller.query("me", selection)).value


@pytest.mark.parametrize("path", PAGES)
async def test_only_administrators_get_in(site, people, path):
    await people("ann")
    await people("bob")
    stranger = await site.get(path)
    await site.log_in("bob")
    known = await site.get(path)
    menu = (await site.get("/")).page
    await site.log_in("ann")
    administrator = await site.get(path)

    assert (stranger.status, known.status, administrator.status) == (403, 403, 200)
    assert "Log in first." in stranger.page
    assert "Not allowed" in known.page
    for page in (stranger.page, known.page):
        assert "litereg.db" not in page
        assert "max_body_bytes" not in page
        assert "ann@example.org" not in page
    assert 'href="/admin"' not in menu
    assert 'href="/admin">Administration</a>' in administrator.page


@pytest.mark.parametrize("path", [*(f"/admin/users/{deed}" for deed in DEEDS), "/admin/backup"])
async def test_nobody_else_can_press_the_buttons(site, people, path):
    await people("ann")
    bob = await people("bob")
    typed = SUSPEND | {"on": "on", "typed": "bob"}
    stranger = await site.post(path, typed)
    await site.log_in("bob")
    known = await site.post(path, typed)
    await site.log_in("ann")
    crossed = await site.post(path, typed, headers={"Sec-Fetch-Site": "cross-site"})

    assert (stranger.status, known.status, crossed.status) == (403, 403, 403)
    assert stranger.content_type == known.content_type == "text/html"
    assert await told(bob, "username isAdmin status") == {
        "username": "bob",
        "isAdmin": False,
        "status": "ACTIVE",
    }


async def test_health_says_what_is_there(site, bob):
    page = re.sub(r"\s+", " ", (await site.get("/admin")).page)

    assert '<a href="/admin/users">2</a>, 1 administrator among them' in page
    assert "<dt>Catalogs</dt> <dd>2</dd>" in page
    assert f"<dd>{__version__}</dd>" in page
    assert "litereg.db</code>" in page
    assert "could not be sent" not in page


async def test_settings_say_where_they_came_from_and_show_no_secret(registry, open_site, people):
    await people("ann")
    site = await open_site(
        smtp_password="very secret words",
        max_depth=14,
        origins={"smtp_password": "LITEREG_SMTP_PASSWORD"},
    )
    await site.log_in("ann")

    page = re.sub(r"\s+", " ", (await site.get("/admin/settings")).page)

    def row(name):
        return page.partition(f"<code>{name}</code>")[2].partition("</tr>")[0]

    assert "<code>(set)</code>" in row("smtp_password")
    assert "<td>LITEREG_SMTP_PASSWORD</td>" in row("smtp_password")
    assert "very secret words" not in page
    assert "<code>14</code>" in row("max_depth") and "<td>program</td>" in row("max_depth")
    assert "<code>true</code>" in row("sign_up") and "<td>default</td>" in row("sign_up")


async def test_a_user_is_suspended_and_let_in_again(site, bob):
    suspended = await site.post("/admin/users/status", SUSPEND)
    page = (await site.get("/admin/users")).page
    assert suspended.headers["Location"] == "/admin/users?notice=saved"
    assert '<span class="tag private">suspended</span>' in page
    assert (await bob.query("me", "username")).status == 401

    await site.post("/admin/users/status", {"username": "bob", "status": "ACTIVE"})

    again = await site.post("/log-in", {"username": "bob", "password": PASSWORD})
    assert again.status == 303


async def test_a_user_becomes_an_administrator_and_none_again(site, bob):
    await site.post("/admin/users/administrator", {"username": "bob", "on": "on"})
    assert await told(bob, "isAdmin") == {"isAdmin": True}

    await site.post("/admin/users/administrator", {"username": "bob"})
    assert await told(bob, "isAdmin") == {"isAdmin": False}


async def test_a_user_may_manage_labels_and_no_more(site, ann, bob):
    await site.post("/admin/users/labels", {"username": "bob", "on": "on"})
    assert (await ann.query("labelManagers")).value == ["bob"]
    await site.post("/admin/users/administrator", {"username": "bob", "on": "on"})
    page = (await site.get("/admin/users")).page
    assert 'administrator</span> <span class="tag">manages labels</span>' in page

    await site.post("/admin/users/labels", {"username": "bob"})
    assert (await ann.query("labelManagers")).value == []


async def test_an_account_is_deleted_by_typing_its_name(site, bob):
    wrong = await site.post("/admin/users/delete", {"username": "bob", "typed": "ann"})
    assert wrong.status == 400
    assert "Nothing was deleted" in wrong.page
    assert await told(bob, "username") == {"username": "bob"}

    deleted = await site.post(
        "/admin/users/delete", {"username": "bob", "typed": "Bob", "q": "b & b"}
    )

    assert deleted.headers["Location"] == "/admin/users?q=b%20%26%20b&notice=deleted"
    assert (await bob.query("me", "username")).status == 401


@pytest.mark.parametrize("deed", ["status", "administrator", "delete"])
async def test_administrators_cannot_lock_themselves_out(site, ann, deed):
    own = {"username": "ann", "status": "SUSPENDED", "typed": "ann"}

    refused = await site.post(f"/admin/users/{deed}", own)

    assert refused.status == 400
    assert "own account" in refused.page
    assert await told(ann, "isAdmin status") == {"isAdmin": True, "status": "ACTIVE"}
    assert "Change ann" not in refused.page


async def test_users_are_found_by_private_names_that_are_not_shown(site, bob):
    await bob.mutate("updateMe", "username", value={"firstName": "Bertram"})

    found = (await site.get("/admin/users?q=bertr")).page
    none = (await site.get("/admin/users?q=%3Cscript%3E")).page

    assert "Change bob" in found
    assert "Bertram" not in found
    assert "bob@example.org" not in found
    assert "Nobody is called so." in none
    assert "<script>" not in none


async def test_a_deed_that_is_none_is_not_there(site, ann):
    assert (await site.post("/admin/users/anything", {})).status == 404


async def test_a_backup_is_sound_and_what_it_says_it_is(site, bob, tmp_path):
    sent = await site.post("/admin/backup", {})
    body = await sent.read()

    path = tmp_path / "copy.db"
    path.write_bytes(body)
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    assert sent.status == 200
    assert sent.headers["Repr-Digest"] == f"sha-256=:{digest}:"
    assert sent.headers["Cache-Control"] == "no-store"
    assert re.fullmatch(
        r'attachment; filename="litereg-\d{8}T\d{6}Z\.db"', sent.headers["Content-Disposition"]
    )
    assert list(check(path)) == []
    with closing(sqlite3.connect(path)) as copy:
        assert copy.execute("SELECT count(*) FROM user").fetchone() == (2,)


async def test_backups_asked_for_at_once_are_whole_or_refused(site, ann, tmp_path):
    sent = await asyncio.gather(*(site.post("/admin/backup", {}) for _ in range(4)))

    assert {response.status for response in sent} <= {200, 503}
    assert 200 in {response.status for response in sent}
    for number, response in enumerate(sent):
        if response.status == 200:
            path = tmp_path / f"{number}.db"
            path.write_bytes(await response.read())
            assert list(check(path)) == []


async def test_nothing_of_a_backup_stays_behind(site, ann, registry):
    folder = registry.database.path.parent
    before = {path.name for path in folder.iterdir()}

    await site.post("/admin/backup", {})

    assert {path.name for path in folder.iterdir()} == before


async def test_a_message_is_offered_where_it_can_be_sent(open_site, people):
    for name in ("ann", "bob"):
        await people(name)
    for smtp_server in ("", "127.0.0.1"):
        site = await open_site(smtp_server=smtp_server, smtp_from_address="a@example.org")
        await site.log_in("ann")

        page = (await site.get("/admin/users")).page

        assert ('name="message"' in page) is bool(smtp_server)


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1_000, "1.0 kB"),
        (1_540_000, "1.5 MB"),
        (10**15, "1,000.0 TB"),
    ],
)
def test_lengths_are_written_for_people(count, text):
    assert bytes_(count) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (59.9, "0 minutes"),
        (60, "1 minute"),
        (3 * 3600 + 12 * 60, "3 hours 12 minutes"),
        (86_400 * 2 + 60, "2 days 0 hours"),
    ],
)
def test_times_are_written_for_people(seconds, text):
    assert duration(seconds) == text
