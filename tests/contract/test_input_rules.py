"""The rules of names, addresses and passwords, wherever in a request the value stands."""

import pytest
from graphql import GraphQLInputObjectType

from tests.client import PASSWORD
from tests.contract.documents import (
    Variable,
    call,
    call_literally,
    is_nullable,
    put,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

BROKEN = {
    "CatalogSlug": [
        ("", "CATALOG_SLUG_REQUIRED"),
        ("x" * 39, "CATALOG_SLUG_TOO_LONG"),
        ("snow_fall", "CATALOG_SLUG_INVALID"),
        ("snow--fall", "CATALOG_SLUG_INVALID"),
        ("snow-", "CATALOG_SLUG_INVALID"),
        ("-snow", "CATALOG_SLUG_INVALID"),
        ("schn\u00e9e", "CATALOG_SLUG_INVALID"),
    ],
    "PackageSlug": [
        ("", "PACKAGE_SLUG_REQUIRED"),
        ("x" * 101, "PACKAGE_SLUG_TOO_LONG"),
        ("Snow", "PACKAGE_SLUG_INVALID"),
        ("snow..fall", "PACKAGE_SLUG_INVALID"),
        ("snow___fall", "PACKAGE_SLUG_INVALID"),
        ("snow@fall", "PACKAGE_SLUG_INVALID"),
    ],
    "Username": [
        ("", "USERNAME_REQUIRED"),
        ("x" * 39, "USERNAME_TOO_LONG"),
        ("snow_fall", "INVALID_CHARACTERS"),
        ("snow fall", "INVALID_CHARACTERS"),
    ],
    "EmailAddress": [
        ("", "REQUIRED"),
        (f"{'x' * 250}@a.de", "TOO_LONG"),
        ("snow.example.org", "INVALID_FORMAT"),
        ("snow@fall@example.org", "INVALID_FORMAT"),
    ],
    "UsernameOrEmailAddress": [
        ("", "USERNAME_REQUIRED"),
        ("snow_fall", "INVALID_CHARACTERS"),
        ("snow@fall", "INVALID_FORMAT"),
    ],
    "Password": [
        ("", "PASSWORD_REQUIRED"),
        ("melted snow " * 9, "PASSWORD_TOO_LONG"),
        ("snow 12", "PASSWORD_TOO_SHORT"),
        ("only words here", "INVALID_CHARACTERS"),
    ],
}

CATALOG = {"catalogSlug": "weather"}
PACKAGE = {"catalogSlug": "weather", "packageSlug": "rain"}
VERSION = {**PACKAGE, "versionMajor": 1, "versionMinor": 0, "versionPatch": 0}
USER = {"username": "ann", "emailAddress": "ann@example.org", "password": PASSWORD}
NEW_CATALOG = {"slug": "weather", "displayName": "Weather", "isPublic": True}
NEW_PACKAGE = {"catalogSlug": "weather", "packageSlug": "rain", "displayName": "Rain"}

CATALOG_RULES = {"catalogSlug": "CatalogSlug"}
PACKAGE_RULES = {"catalogSlug": "CatalogSlug", "packageSlug": "PackageSlug"}

# Root field, its arguments as they should be, and which rule each member of an input obeys.
INPUTS = [
    (
        "Mutation.createMe",
        {"value": USER},
        {"username": "Username", "emailAddress": "EmailAddress", "password": "Password"},
    ),
    (
        "Mutation.updateMe",
        {"value": {"username": "ann", "emailAddress": "ann@example.org"}},
        {"username": "Username", "emailAddress": "EmailAddress"},
    ),
    (
        "Mutation.updateMyPassword",
        {"value": {"oldPassword": PASSWORD, "newPassword": PASSWORD}},
        {"newPassword": "Password"},
    ),
    ("Query.catalog", {"identifier": CATALOG}, CATALOG_RULES),
    ("Mutation.createCatalog", {"value": NEW_CATALOG}, {"slug": "CatalogSlug"}),
    (
        "Mutation.updateCatalog",
        {"value": {"newSlug": "climate"}, "identifier": CATALOG},
        {"newSlug": "CatalogSlug"},
    ),
    ("Query.package", {"identifier": PACKAGE}, PACKAGE_RULES),
    ("Mutation.createPackage", {"value": NEW_PACKAGE}, PACKAGE_RULES),
    (
        "Mutation.updatePackage",
        {"value": {"newCatalogSlug": "a", "newPackageSlug": "b"}, "identifier": PACKAGE},
        {"newCatalogSlug": "CatalogSlug", "newPackageSlug": "PackageSlug"},
    ),
    ("Query.version", {"identifier": VERSION}, PACKAGE_RULES),
]

ARGUMENTS = [
    ("Query.usernameAvailable", {"username": "ann"}, {"username": "Username"}),
    (
        "Query.emailAddressAvailable",
        {"emailAddress": "ann@example.org"},
        {"emailAddress": "EmailAddress"},
    ),
    ("Query.catalogSlugAvailable", CATALOG, {"catalogSlug": "CatalogSlug"}),
    ("Query.user", {"username": "ann"}, {"username": "Username"}),
    *(
        (
            field,
            {"username": "ann", "password": PASSWORD},
            {"username": "UsernameOrEmailAddress", "password": "Password"},
        )
        for field in ("Query.login", "Mutation.login")
    ),
]


def members(table):
    """Yield each member of the table with its root field, its arguments and its rule."""
    for field, args, rules in table:
        for name, rule in rules.items():
            holder = next(iter(args))
            path = name if table is ARGUMENTS else f"{holder}.{name}"
            yield field, args, path, rule


CASES = [
    pytest.param(field, args, path, value, reason, id=f"{field}-{path}-{value[:12]}-{reason}")
    for table in (INPUTS, ARGUMENTS)
    for field, args, path, rule in members(table)
    for value, reason in BROKEN[rule]
]
IN_INPUTS = [case for case in CASES if "." in case.values[2]]
IN_ARGUMENTS = [case for case in CASES if "." not in case.values[2]]


def require_cannot_run(result, value, reason):
    assert result.status == 400
    assert "data" not in result.body
    assert result.error.message.endswith(f"; {reason}")
    assert result.error.code == "GRAPHQL_VALIDATION_FAILED"
    assert result.error.path is None
    assert not value or value not in str(result.body)


@pytest.mark.parametrize(("field", "args", "path", "value", "reason"), IN_INPUTS)
async def test_a_broken_member_in_a_variable_stops_the_request(
    shared_registry, shared_people, field, args, path, value, reason
):
    broken = put(args, path, value)

    result = await call(shared_registry, shared_people.anonymous, field, broken)

    require_cannot_run(result, value, reason)


@pytest.mark.parametrize(("field", "args", "path", "value", "reason"), IN_INPUTS)
async def test_a_broken_member_in_a_literal_stops_the_request(
    shared_registry, shared_people, field, args, path, value, reason
):
    broken = put(args, path, value)

    result = await call_literally(shared_registry, shared_people.anonymous, field, broken)

    require_cannot_run(result, value, reason)


@pytest.mark.parametrize(("field", "args", "path", "value", "reason"), IN_INPUTS)
async def test_a_broken_variable_inside_a_literal_stops_the_request(
    shared_registry, shared_people, field, args, path, value, reason
):
    open_place = put(args, path, Variable("text"))

    result = await call_literally(
        shared_registry, shared_people.anonymous, field, open_place, {"text": value}
    )

    require_cannot_run(result, value, reason)


@pytest.mark.parametrize("send", [call, call_literally])
@pytest.mark.parametrize(("field", "args", "path", "value", "reason"), IN_ARGUMENTS)
async def test_a_broken_argument_fails_its_field_with_the_bare_reason(
    shared_registry, shared_people, send, field, args, path, value, reason
):
    broken = put(args, path, value)

    result = await send(shared_registry, shared_people.anonymous, field, broken)

    name = field.partition(".")[2]
    assert result.status == 200
    assert result.error.message == reason
    assert result.error.code == "GRAPHQL_VALIDATION_FAILED"
    assert result.error.path == [name]
    assert result.data == (
        {name: None} if is_nullable(shared_registry.engine.schema, field) else None
    )
    assert not value or value not in str(result.body)


async def test_of_two_broken_arguments_the_last_one_is_told(shared_people):
    result = await shared_people.anonymous.mutate("login", username="a_b", password="short")

    assert result.error.message == "PASSWORD_TOO_SHORT"


async def test_every_broken_member_is_told(shared_people):
    value = {"username": "a_b", "emailAddress": "nowhere", "password": "short"}

    result = await shared_people.anonymous.mutate("createMe", value=value)

    assert {error.message.rpartition("; ")[2] for error in result.errors} == {
        "INVALID_CHARACTERS",
        "INVALID_FORMAT",
        "PASSWORD_TOO_SHORT",
    }


@pytest.mark.parametrize(
    ("field", "args", "path"),
    [
        ("Mutation.updateCatalog", INPUTS[5][1], "value.newSlug"),
        ("Mutation.updatePackage", INPUTS[8][1], "value.newCatalogSlug"),
        ("Mutation.updatePackage", INPUTS[8][1], "value.newPackageSlug"),
        ("Mutation.updateMe", INPUTS[1][1], "value.emailAddress"),
    ],
)
@pytest.mark.parametrize("send", [call, call_literally])
async def test_null_breaks_no_rule(shared_registry, shared_people, send, field, args, path):
    result = await send(shared_registry, shared_people.anonymous, field, put(args, path, None))

    assert result.status == 200
    assert result.error.code != "GRAPHQL_VALIDATION_FAILED"


# What a member or an argument is called → the rules that may stand on it.
NAMED = {
    "catalogSlug": {"CatalogSlug"},
    "newCatalogSlug": {"CatalogSlug"},
    "slug": {"CatalogSlug"},
    "newSlug": {"CatalogSlug"},
    "packageSlug": {"PackageSlug"},
    "newPackageSlug": {"PackageSlug"},
    "collectionSlug": {"CollectionSlug"},
    "newCollectionSlug": {"CollectionSlug"},
    "username": {"Username", "UsernameOrEmailAddress"},
    "emailAddress": {"EmailAddress"},
    "password": {"Password"},
    "newPassword": {"Password"},
}


def named_members(schema):
    """Yield the place, the name and the rule of each argument and member whose name has rules."""
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLInputObjectType):
            holders = {type_.name: type_.fields}
        elif type_.name in ("Query", "Mutation"):
            holders = {f"{type_.name}.{name}": field.args for name, field in type_.fields.items()}
        else:
            continue
        for holder, found in holders.items():
            yield from ((holder, name, rule_of(m)) for name, m in found.items() if name in NAMED)


def rule_of(member):
    names = [directive.name.value for directive in member.ast_node.directives or ()]
    return next((name.removeprefix("valid") for name in names if name.startswith("valid")), None)


async def test_whatever_names_something_obeys_the_rule_of_such_names(shared_registry):
    found = list(named_members(shared_registry.engine.schema))

    assert [place for place in found if place[2] not in NAMED[place[1]]] == []
    assert {name for _, name, _ in found} >= {"catalogSlug", "packageSlug", "username", "password"}
