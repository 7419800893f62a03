"""What an operation reads is found when it is compiled: each field works when it is asked alone."""

from __future__ import annotations

import pytest
from graphql import GraphQLObjectType, get_named_type, is_required_argument

from litereg.access import ANONYMOUS, Viewer
from litereg.app import make_schema
from litereg.gql.binding import MODEL, RESOLVER
from litereg.gql.documents import Documents
from litereg.gql.executor import Prepared
from litereg.gql.resolver import Resolver
from litereg.store import rows
from tests.client import make_catalog, make_package, package_file, publish
from tests.gql.test_equality import run

# How to come to one or more objects of a type.
WAYS = {
    "Catalog": (
        'catalog(identifier: {catalogSlug: "open"})',
        "myCatalogs",
        'userCatalogs(username: "ann", offSet: 0, limit: 9) { catalogs',
        'searchCatalogs(query: "open", offSet: 0, limit: 9) { catalogs',
    ),
    "Package": (
        'package(identifier: {catalogSlug: "open", packageSlug: "rain"})',
        'catalogPackages(identifier: {catalogSlug: "open"}, offset: 0, limit: 9)',
        'catalog(identifier: {catalogSlug: "open"}) { packages',
        "latestPackages(offSet: 0, limit: 9) { packages",
        "myPackages(offset: 0, limit: 9) { packages",
        'userPackages(username: "ann", offSet: 0, limit: 9) { packages',
        'searchPackages(query: "rain", offSet: 0, limit: 9) { packages',
        'collection(identifier: {collectionSlug: "weather"}) { packages',
    ),
    "Version": (
        'version(identifier: {catalogSlug: "open", packageSlug: "rain", versionMajor: 1,'
        " versionMinor: 0, versionPatch: 0})",
        'package(identifier: {catalogSlug: "open", packageSlug: "rain"}) { latestVersion',
        'package(identifier: {catalogSlug: "open", packageSlug: "rain"}) { versions',
    ),
    "Collection": (
        'collection(identifier: {collectionSlug: "weather"})',
        "collections",
        "latestCollections(offset: 0, limit: 9) { collections",
        "myCollections(offSet: 0, limit: 9) { collections",
    ),
    "User": (
        "me",
        'user(username: "ann")',
        'package(identifier: {catalogSlug: "open", packageSlug: "rain"}) { creator',
        'searchUsers(value: "a", limit: 9, offSet: 0) { users',
    ),
}
VIEWERS = (ANONYMOUS, Viewer(1, "ann", is_admin=True), Viewer(2, "bob", is_admin=False))


def selections(type_, depth=1):
    """Yield each way to select one leaf of *type_*, or of what is in it."""
    for name, field in type_.fields.items():
        if any(map(is_required_argument, field.args.values())):
            continue
        arguments = "(first: 2)" if "first" in field.args else ""
        inner = get_named_type(field.type)
        if not isinstance(inner, GraphQLObjectType):
            yield name
        elif depth:
            yield from (f"{name}{arguments} {{ {rest} }}" for rest in selections(inner, depth - 1))


def documents_of(type_name):
    """Yield a document for each selection, each time another way there."""
    found = list(selections(make_schema().get_type(type_name)))
    for place, selection in enumerate(found):
        for turn, way in enumerate(WAYS[type_name]):
            # Short selections in every way, long ones in one.
            if "{" in selection and turn != place % len(WAYS[type_name]):
                continue
            text = f"{{ {way} {{ {selection}"
            yield text + " }" * (text.count("{") - text.count("}"))


@pytest.fixture
async def filled(registry, people):
    ann = await people("ann")
    await people("bob")
    await make_catalog(ann, "open", is_public=True)
    await make_catalog(ann, "closed")
    rain = await make_package(ann, "open", "rain", True)
    await publish(ann, rain, package_file())
    await publish(ann, rain, package_file("1.1.0", properties=("city", "mm", "day")))
    await make_package(ann, "open", "snow")
    await publish(ann, await make_package(ann, "closed", "hail", True), package_file())
    value = {"collectionSlug": "weather", "name": "Weather"}
    assert (await ann.mutate("createCollection", "name", value=value)).value
    names = {"collectionIdentifier": {"collectionSlug": "weather"}, "packageIdentifier": rain}
    assert (await ann.mutate("addPackageToCollection", "package { isPublic }", **names)).value
    return registry


@pytest.mark.parametrize("type_name", WAYS)
async def test_each_field_alone_is_answered_by_the_plan_as_graphql_core_does(filled, type_name):
    schema = filled.engine.schema
    documents = Documents(schema, filled.settings)
    answered = set()
    for text in documents_of(type_name):
        operation = documents.prepare(text, 20_000).operation(None)
        for viewer in VIEWERS:
            plain = Prepared(schema, operation, {}, compiled=False)
            fast = Prepared(schema, operation, {})

            expected = await run(filled, plain, viewer)
            answer = await run(filled, fast, viewer)

            assert answer == expected, text
            if b'"errors":[]' in expected:
                assert fast._plan is not None, text
                answered.add(text)
    assert len(answered) > 0.9 * len(set(documents_of(type_name)))


def test_every_type_that_is_fetched_in_part_is_tried():
    partly = {
        name
        for name, type_ in make_schema().type_map.items()
        if rows.always_fetched(type_.extensions.get(MODEL)) is not None
        # Full names are these rows again, selected by `identifier`.
        and not name.endswith("Identifier")
    }

    assert partly == set(WAYS)


async def test_a_resolver_that_reads_more_than_it_says_is_answered_all_the_same(
    filled, monkeypatch
):
    schema = filled.engine.schema
    extensions = schema.get_type("Package").fields["updateMethods"].extensions
    liar = extensions[RESOLVER]._replace(reads=())
    monkeypatch.setitem(extensions, RESOLVER, liar)
    text = '{ package(identifier: {catalogSlug: "open", packageSlug: "rain"}) { updateMethods } }'
    operation = Documents(schema, filled.settings).prepare(text, 1_000).operation(None)
    prepared = Prepared(schema, operation, {})

    answer = await run(filled, prepared, ANONYMOUS)

    assert answer == b'{"data":{"package":{"updateMethods":[]}},"errors":[]}'
    assert prepared._plan is None


async def test_what_a_resolver_only_hands_on_is_answered_all_the_same(filled, monkeypatch):
    schema = filled.engine.schema
    field = schema.get_type("Package").fields["displayName"]
    liar = Resolver(
        "Package.displayName", lambda source, ctx: source.display_name, False, False, ()
    )
    monkeypatch.setitem(field.extensions, RESOLVER, liar)
    text = '{ package(identifier: {catalogSlug: "open", packageSlug: "rain"}) { displayName } }'
    operation = Documents(schema, filled.settings).prepare(text, 1_000).operation(None)

    answer = await run(filled, Prepared(schema, operation, {}), ANONYMOUS)

    assert answer == b'{"data":{"package":{"displayName":"Rain"}},"errors":[]}'


async def test_rows_inside_other_rows_are_read_as_their_resolvers_say(filled):
    schema = filled.engine.schema
    text = """
    {
      usersByPackage(identifier: {catalogSlug: "open", packageSlug: "rain"}) {
        username user { isAdmin }
      }
    }
    """
    operation = Documents(schema, filled.settings).prepare(text, 1_000).operation(None)
    prepared = Prepared(schema, operation, {})

    answer = await run(filled, prepared, VIEWERS[1])

    assert b'{"username":"ann","user":{"isAdmin":true}}' in answer
    assert prepared._plan is not None


async def test_what_is_changed_is_worked_out_from_whole_rows(filled):
    schema = filled.engine.schema
    text = 'mutation { updateMe(value: {location: "Bern"}) { username } }'
    operation = Documents(schema, filled.settings).prepare(text, 1_000).operation(None)

    assert operation.plan({})._projection is None
