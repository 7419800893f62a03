"""A registry that has an administrator keeps one, whatever its administrators do to each other."""

import asyncio

import pytest

from litereg.app import Registry
from litereg.registry.administration import service as administration
from litereg.registry.users import queries as users
from tests.client import Caller

REFUSAL = "LAST_ADMINISTRATOR: make another user an administrator first"


@pytest.fixture
async def ann(people):
    """The administrator; there is no other."""
    return await people("ann")


@pytest.fixture
async def bob(ann, people):
    """Another administrator."""
    bob = await people("bob")
    await ann.mutate("setAsAdmin", username="bob", isAdmin=True)
    return bob


async def administrators(registry):
    """Return the names of the accounts that look after others and can log in."""
    found = await registry.database.read(users.all_users)
    return [user.username for user in found if user.is_admin and user.status == "ACTIVE"]


@pytest.mark.parametrize("field", ["disableMe { username }", "deleteMe"])
async def test_the_last_administrator_cannot_close_the_own_account(registry, ann, people, field):
    await people("carl")

    refused = await ann.send(f"mutation {{ {field} }}")

    assert refused.error.message == REFUSAL
    assert refused.error.code == "GRAPHQL_VALIDATION_FAILED"
    assert await administrators(registry) == ["ann"]
    assert (await ann.query("me", "username")).value == {"username": "ann"}


async def test_with_another_one_an_administrator_can(registry, ann, bob):
    assert (await ann.query("mayCloseMyAccount")).value is True

    closed = await ann.mutate("deleteMe")

    assert closed.errors == []
    assert await administrators(registry) == ["bob"]


async def test_whoever_is_suspended_is_not_another_one(registry, ann, bob):
    await ann.mutate("adminSetUserStatus", username="bob", status="SUSPENDED")
    assert (await ann.query("mayCloseMyAccount")).value is False

    refused = await ann.mutate("deleteMe")

    assert refused.error.message == REFUSAL


async def test_somebody_who_looks_after_nobody_closes_the_own_account_as_before(ann, people):
    carl = await people("carl")

    assert (await carl.query("mayCloseMyAccount")).value is True
    assert (await carl.mutate("deleteMe")).errors == []


# Whoever made a request keeps their rights until its end, also when its first field gave them up.
@pytest.mark.parametrize(
    "second",
    [
        'setAsAdmin(username: "bob", isAdmin: false)',
        'adminSetUserStatus(username: "bob", status: SUSPENDED)',
        'adminDeleteUser(usernameOrEmailAddress: "bob")',
    ],
)
async def test_no_request_removes_both(registry, ann, bob, second):
    first_oneself = await ann.send(f"mutation {{ deleteMe {second} }}")
    first_the_other = await ann.send(f"mutation {{ {second} deleteMe }}")

    assert first_oneself.error.message == REFUSAL
    assert first_the_other.error.message == REFUSAL
    assert await administrators(registry) == ["ann", "bob"]


@pytest.fixture(params=["one registry", "two registries"])
async def rival(request, registry, settings, bob):
    """Bob, by the same registry as ann, or by another on the same file."""
    if request.param == "one registry":
        yield bob
        return
    other = await Registry.open(settings)
    yield Caller(other, "bob", bob.token)
    await other.close()


@pytest.mark.parametrize("how", ["each the other", "each oneself"])
async def test_two_at_the_same_moment_leave_one(registry, ann, rival, how):
    if how == "each oneself":
        answers = await asyncio.gather(ann.mutate("deleteMe"), rival.mutate("deleteMe"))
    else:
        answers = await asyncio.gather(
            ann.mutate("adminDeleteUser", usernameOrEmailAddress="bob"),
            rival.mutate("adminDeleteUser", usernameOrEmailAddress="ann"),
        )

    assert sorted(len(answer.errors) for answer in answers) == [0, 1]
    assert len(await administrators(registry)) == 1


async def test_whoever_has_the_file_may_do_it_all_the_same(registry, ann):
    await registry.database.write(administration.set_admin, "ann", False, 1)

    assert await administrators(registry) == []
