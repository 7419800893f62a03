"""Each field of the schema, for each kind of viewer, on what is public and on what is private.

`authorisation.toml` says who may; nothing here does. What is in lists, counts and texts is the
subject of `test_hidden_things.py`, and permissions on single packages of `test_access.py`.
"""

import tomllib
from pathlib import Path

import pytest
import pytest_asyncio
from graphql import GraphQLObjectType, get_named_type

from litereg.app import make_schema
from tests.contract.calls import STOP, write
from tests.contract.furnished import ROLES, furnish, renew_second_factor

pytestmark = pytest.mark.asyncio(loop_scope="module")

STATED = tomllib.loads((Path(__file__).parent / "authorisation.toml").read_text("utf-8"))
WAYS = STATED.pop("ways")
ROWS = {
    name: dict.fromkeys(text.split(), "all") for name, text in STATED.pop("all").items()
} | STATED
SCHEMA = make_schema()

# What leads to the fields of a namespace.
CALLED = {
    "Query": "query",
    "Mutation": "mutation",
    "CustomCatalogLabelQueries": "query customCatalogLabel",
    "CustomCatalogLabelMutations": "mutation customCatalogLabel",
    "PublicPackageQueries": "query publicPackage",
    "PublicPackageVersionQueries": "query publicPackageVersion",
}
CALLS = [f"{type_}.{name}" for type_ in CALLED for name in ROWS[type_]]

EVERYBODY = set(ROLES) - {"disabled"}
KNOWN = EVERYBODY - {"anonymous"}
OWNER = {"owner"}
MANAGERS = OWNER | {"manager"}
EDITORS = MANAGERS | {"editor"}
VIEWERS = EDITORS | {"viewer"}
ADMINISTRATORS = {"administrator"}


def may_call(place, is_public):
    """Return which roles may call the field at *place*."""
    type_name, _, name = place.partition(".")
    audience = ROWS[type_name][name].partition(":")[0]
    return {
        "everybody": EVERYBODY,
        "known": KNOWN,
        "VIEW": EVERYBODY if is_public else VIEWERS,
        "EDIT": EDITORS,
        "MANAGE": MANAGERS,
        "admin": ADMINISTRATORS,
        "self": OWNER,
    }[audience]


def may_see(type_name, name, is_public):
    """Return which of the roles that were let through see something in a field."""
    # What `user` is asked for in public is nobody of all these.
    about = (
        set() if (type_name, WAYS.get(f"User.{name}", "query user"), is_public) == FAMOUS else OWNER
    )
    return {
        "all": EVERYBODY,
        "known": KNOWN,
        "self": about,
        "flag": EVERYBODY if is_public else about,
        "admin": about | ADMINISTRATORS,
        "member": about | MANAGERS,
        "EDIT": EDITORS,
        "nobody": set(),
    }[ROWS[type_name][name]]


FAMOUS = ("User", "query user", True)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(shared_registry, shared_people):
    return await furnish(shared_registry, shared_people)


def refusal(place, role):
    """Return what somebody who may not call the field at *place* is told: status, text, code."""
    type_name, _, name = place.partition(".")
    reason = ROWS[type_name][name].partition(": ")[2]
    if role == "disabled":
        return 401, "API_KEY_NOT_FOUND: no such key or session", "UNAUTHENTICATED"
    if role == "anonymous":
        return 200, "NOT_AUTHENTICATED", "UNAUTHENTICATED"
    return (200, reason, "BAD_USER_INPUT") if reason else (200, "NOT_AUTHORIZED", "FORBIDDEN")


def told(result, variables):
    """Return the refusal in an answer, or "allowed"; nothing else may be said.

    What was asked for may be repeated.
    """
    errors = [error for error in result.errors if error.path != ["stop"]]
    if not errors:
        return "allowed"
    (error,) = errors
    assert is_empty(result.data)
    assert set(error.extensions) <= {"code"}
    message = error.message
    for asked in variables.values():
        message = message.removesuffix(f": {asked}")
    return result.status, message, error.code


def is_empty(data):
    """Return whether there is nothing but null in an answer."""
    return data is None or (isinstance(data, dict) and all(map(is_empty, data.values())))


async def test_every_field_of_the_schema_has_a_row_and_every_row_a_field():
    there = {
        (type_.name, name)
        for type_ in SCHEMA.type_map.values()
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__")
        for name in type_.fields
    }
    rows = {(type_name, name) for type_name, names in ROWS.items() for name in names}

    assert sorted(there - rows) == []
    assert sorted(rows - there) == []
    assert set(ROWS) - set(CALLED) == {way for way in WAYS if "." not in way}


@pytest.mark.parametrize("place", CALLS)
async def test_a_field_answers_whom_it_should_and_tells_others_nothing(world, place):
    callers, shelves = world
    type_name, _, name = place.partition(".")
    outcomes, expected = {}, {}
    for shelf in shelves:
        for role, caller in callers.items():
            case = f"{role}, {'public' if shelf.is_public else 'private'}"
            is_object = isinstance(
                get_named_type(SCHEMA.get_type(type_name).fields[name].type), GraphQLObjectType
            )
            document, variables = write(
                SCHEMA, f"{CALLED[type_name]} {name}", "__typename" * is_object, shelf, caller
            )
            if document.startswith("mutation"):
                document = f"{document[:-1]} {STOP} }}"
            outcomes[case] = told(await caller.send(document, **variables), variables)
            allowed = role in may_call(place, shelf.is_public)
            expected[case] = "allowed" if allowed else refusal(place, role)

    assert outcomes == expected


def ways():
    """Yield each way to an object with the fields that are looked at there."""
    for type_name in ROWS:
        if type_name in CALLED:
            continue
        by_way = {}
        for name in ROWS[type_name]:
            way = WAYS.get(f"{type_name}.{name}", WAYS[type_name])
            by_way.setdefault(way, []).append(name)
        for way, names in by_way.items():
            yield pytest.param(type_name, way, names, id=f"{type_name} by {way}")


def found(data, way):
    """Return the object at the end of *way*, the last one of each list."""
    value = data["it"]
    for name in way.split()[2:]:
        value = value[-1] if isinstance(value, list) else value
        value = value[name]
    return value[-1] if isinstance(value, list) else value


@pytest.mark.parametrize(("type_name", "way", "names"), list(ways()))
async def test_an_object_shows_each_field_to_whom_it_should(
    world, shared_registry, type_name, way, names
):
    callers, shelves = world
    fields = SCHEMA.get_type(type_name).fields
    selection = " ".join(
        name
        if not isinstance(get_named_type(fields[name].type), GraphQLObjectType)
        else f"{name} {{ __typename }}"
        for name in names
    )
    outcomes, expected = {}, {}
    for shelf in shelves:
        for role, caller in callers.items():
            case = f"{role}, {'public' if shelf.is_public else 'private'}"
            document, variables = write(SCHEMA, way, selection, shelf, caller)
            if "SecondFactor" in way:
                # What works once is tried again and again.
                await shared_registry.database.write(renew_second_factor)
            result = await caller.send(document, **variables)
            refused = refused_at(way, role, shelf.is_public)
            if refused is None:
                shown = found(result.data, way)
                outcomes[case] = {name for name in names if shown[name] is not None}
                expected[case] = {
                    name for name in names if role in may_see(type_name, name, shelf.is_public)
                }
            else:
                outcomes[case], expected[case] = told(result, variables), refusal(refused, role)

    assert outcomes == expected


def refused_at(way, role, is_public):
    """Return the place along *way* that somebody may not call, if there is one."""
    kind, *names = way.split()
    type_name = kind.capitalize()
    for name in names:
        place = f"{type_name}.{name}"
        if type_name in CALLED and role not in may_call(place, is_public):
            return place
        type_name = get_named_type(SCHEMA.get_type(type_name).fields[name].type).name
    return None
