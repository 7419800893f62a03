"""Whoever is given something is told by letter: real letters, a real mail server."""

from dataclasses import replace

import pytest

from litereg.app import Registry
from litereg.registry.administration import service as administration
from litereg.registry.permissions.notices import MAX_LETTERS
from litereg.registry.users import queries as users
from litereg.store import Query
from tests.client import Caller, People, make_catalog, make_package
from tests.contract.test_collections import make_collection
from tests.mailbox import open_mailbox, send_all

WEATHER = {"catalogSlug": "weather"}
RAIN = {"catalogSlug": "weather", "packageSlug": "rain"}
WATER = {"collectionSlug": "water"}
URL = "https://data.example.org/registry"
WAITING = Query(int, "SELECT count(*) FROM mail", scans="it is a test's")


@pytest.fixture
async def mailbox():
    async with open_mailbox() as mailbox:
        yield mailbox


@pytest.fixture
async def sharing(settings, mailbox):
    """Ann with something to share, and others: accounts from before mail was set up."""
    registry = await Registry.open(settings)
    people = People(registry)
    ann, bob, carl = [await people(name) for name in ("ann", "bob", "carl")]
    await make_catalog(ann, "weather")
    await make_package(ann, "weather", "rain")
    await make_collection(ann, "water")
    await registry.close()
    settings = replace(settings, base_url=f"{URL}/", registry_name="Rain", **mailbox.settings)
    registry = await Registry.open(settings)
    callers = [Caller(registry, who.name, who.token) for who in (ann, bob, carl)]
    yield Sharing(registry, mailbox, *callers)
    await registry.close()


class Sharing:
    """A registry that sends mail, ann who shares, and her mailbox, which is everybody's."""

    def __init__(self, registry, mailbox, ann, bob, carl):
        self.registry = registry
        self.mailbox = mailbox
        self.ann, self.bob, self.carl = ann, bob, carl

    async def package(self, permissions, name="bob"):
        value = {"usernameOrEmailAddress": name, "permissions": permissions}
        return await self._shared("setPackagePermissions", "username", identifier=RAIN, value=value)

    async def catalog(self, permissions, on_packages=(), names=("bob",), **message):
        value = [
            {
                "usernameOrEmailAddress": name,
                "permission": permissions,
                "packagePermissions": list(on_packages),
            }
            for name in names
        ]
        return await self._shared(
            "setUserCatalogPermission", identifier=WEATHER, value=value, **message
        )

    async def collection(self, permissions, names=("bob",), **message):
        value = [{"usernameOrEmailAddress": name, "permissions": permissions} for name in names]
        return await self._shared(
            "setUserCollectionPermissions", identifier=WATER, value=value, **message
        )

    async def _shared(self, field, selection="", **arguments):
        result = await self.ann.mutate(field, selection, **arguments)
        await send_all(self.registry)
        return result

    def told(self):
        """Return who was written to, in the order of the letters."""
        return [recipient for (recipient,) in self.mailbox.recipients]


async def test_the_letter_says_who_shares_what_where_it_is_and_what_for(sharing):
    await sharing.catalog(["VIEW"], message="Rain for your model")

    (letter,) = sharing.mailbox.letters
    text = sharing.mailbox.text()
    assert sharing.told() == ["bob@example.org"]
    assert letter["Subject"] == "ann shared the catalog weather with you"
    assert f"\n\n{URL}/weather\n\n" in text
    assert "Hello bob," in text
    assert "Rain for your model" in text
    assert "{{" not in text + sharing.mailbox.html()


@pytest.mark.parametrize(
    ("kind", "words", "path"),
    [
        ("package", "the package weather/rain", "weather/rain"),
        ("collection", "the collection water", "collection/water"),
    ],
)
async def test_packages_and_collections_are_told_of_too(sharing, kind, words, path):
    await getattr(sharing, kind)(["EDIT"])

    assert sharing.told() == ["bob@example.org"]
    assert sharing.mailbox.letters[0]["Subject"] == f"ann shared {words} with you"
    assert f"\n\n{URL}/{path}\n" in sharing.mailbox.text()


async def test_whoever_gets_the_packages_alone_is_not_sent_to_the_catalog(sharing):
    await sharing.catalog([], ["VIEW"])

    letter = sharing.mailbox.letters[0]
    assert letter["Subject"] == "ann shared the packages of the catalog weather with you"
    assert f"{URL}/weather" not in sharing.mailbox.text()


async def test_everybody_named_gets_a_letter_of_their_own(sharing):
    await sharing.collection(["VIEW"], names=("bob", "carl@example.org"), message="Look")

    assert sharing.told() == ["bob@example.org", "carl@example.org"]
    assert "Hello carl," in sharing.mailbox.text()


async def test_only_what_was_closed_before_is_news(sharing):
    for permissions in (["VIEW"], ["EDIT", "MANAGE"], ["VIEW"]):
        await sharing.package(permissions)

    assert sharing.told() == ["bob@example.org"]


async def test_nobody_is_flooded_with_letters(sharing):
    for _ in range(MAX_LETTERS + 2):
        await sharing.package(["VIEW"])
        await sharing.ann.mutate("removePackagePermissions", identifier=RAIN, username="bob")
    await sharing.package(["VIEW"], "carl")

    assert sharing.told() == ["bob@example.org"] * MAX_LETTERS + ["carl@example.org"]


@pytest.mark.parametrize("permissions", [[], ["NONE"]])
async def test_nothing_is_no_news(sharing, permissions):
    await sharing.package(permissions)
    await sharing.catalog(permissions, permissions)
    await sharing.collection(permissions)

    assert sharing.told() == []


async def test_nobody_writes_to_themselves(sharing):
    await sharing.ann.mutate("removePackagePermissions", identifier=RAIN, username="ann")

    await sharing.package(["VIEW"], "ann")

    assert sharing.told() == []


async def test_what_is_refused_is_told_to_nobody(sharing):
    unknown = await sharing.catalog(["VIEW"], names=("bob", "nobody@example.org"))
    message = await sharing.collection(["VIEW"], message="see www.example.org")
    alone = await sharing.collection(["VIEW"], names=("bob", "ann"))
    sharing.ann = sharing.carl
    stranger = await sharing.package(["VIEW"])

    reasons = [r.error.message.partition(":")[0] for r in (unknown, message, alone, stranger)]
    assert reasons == [
        "USER_NOT_FOUND",
        "MESSAGE_CANNOT_CONTAIN_URL",
        "LAST_MANAGER",
        "NOT_AUTHORIZED",
    ]
    assert sharing.told() == []
    assert await sharing.registry.database.read(lambda tx: tx.one(WAITING)) == 0


async def test_an_address_that_nobody_has_makes_no_account(sharing):
    refused = await sharing.package(["VIEW"], "new@example.org")
    free = await sharing.ann.query("emailAddressAvailable", emailAddress="new@example.org")

    assert refused.error.message == "USER_NOT_FOUND: new@example.org"
    assert free.value is True


async def test_an_address_that_may_be_somebody_elses_is_not_written_to(sharing):
    def doubt(tx):
        users.set_email_verified(tx, users.find_user(tx, "bob").id, False)

    await sharing.registry.database.write(doubt)
    await sharing.registry.database.write(administration.suspend, "carl", 0)

    await sharing.catalog(["VIEW"], names=("bob", "carl"))

    assert sharing.told() == []


async def test_a_mail_server_that_is_down_keeps_nobody_from_sharing(sharing):
    await sharing.mailbox.close()

    shared = await sharing.package(["VIEW"])

    assert shared.value == {"username": "bob"}
    assert (await sharing.bob.query("package", "displayName", identifier=RAIN)).errors == []
    assert await sharing.registry.database.read(lambda tx: tx.one(WAITING)) == 1
    await sharing.mailbox.open()


async def test_without_a_mail_server_nothing_waits(people, registry):
    ann, _ = await people("ann"), await people("bob")
    await make_collection(ann, "water")
    value = [{"usernameOrEmailAddress": "bob", "permissions": ["VIEW"]}]

    shared = await ann.mutate("setUserCollectionPermissions", identifier=WATER, value=value)

    assert shared.value is None
    assert await registry.database.read(lambda tx: tx.one(WAITING)) == 0
