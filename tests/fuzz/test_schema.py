"""Whatever a document asks for, if the schema allows it, it is answered or refused with a reason.

Half of the documents know nothing but the schema (hypothesis-graphql), half know names that are
there and sometimes spell them wrong.
"""

from random import Random

import orjson
import pytest
import pytest_asyncio
from graphql import GraphQLScalarType, print_schema
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from hypothesis_graphql import mutations, nodes, queries

from litereg.access import Credentials
from litereg.app import Registry, make_schema
from litereg.gql.engine import Request
from litereg.registry.users import queries as users
from litereg.settings import Settings
from tests.client import People, make_catalog, make_package, package_file, publish
from tests.gql.documents_of_schema import Writer

pytestmark = [pytest.mark.fuzz, pytest.mark.asyncio(loop_scope="module")]

SCHEMA = make_schema()
SDL = print_schema(SCHEMA)
EXAMPLES = 50
MANY = 10**9
FIELDS = [
    *(("query", name) for name in SCHEMA.query_type.fields),
    *(("mutation", name) for name in SCHEMA.mutation_type.fields),
]
BUILT_IN = ("String", "Int", "Float", "Boolean", "ID")
SCALARS = [
    name
    for name, type_ in SCHEMA.type_map.items()
    if isinstance(type_, GraphQLScalarType) and name not in BUILT_IN
]
TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["2020-10-01T13:54:29.442Z", "null", "[]", package_file(), '{"a": [1, 2.5]}']),
)
CUSTOM = {name: TEXTS.map(nodes.String) for name in SCALARS}
LEAKS = (b"Traceback", b"sqlite3", b"INTERNAL_SERVER_ERROR", b"/litereg/", b"Error(")


class World:
    """A registry, and an administrator in it who comes back when they have closed their account."""

    def __init__(self, registry):
        self.registry = registry
        self._number = 0
        self._credentials = None

    async def somebody(self):
        if self._credentials is None or not await self.registry.engine.knows(self._credentials):
            self._number += 1
            name = "ann" if self._number == 1 else f"ann{self._number}"
            caller = await People(self.registry)(name)
            self._credentials = Credentials(caller.token, "bearer")

            def promote(tx):
                user = users.find_user(tx, name)
                users.set_admin(tx, user.id, True, 0)

            await self.registry.database.write(promote)
            for slug in ("open", "closed"):
                await make_catalog(caller, f"{slug}{self._number}", is_public=slug == "open")
        return self._credentials

    async def check(self, text, variables=None):
        """Send a document as somebody and as nobody; fail unless both answers are in order."""
        for credentials in (None, await self.somebody()):
            request = Request(text, None, variables, address="203.0.113.9")
            answer = await self.registry.engine.answer(request, credentials, "fuzz")
            sent = orjson.dumps(answer.body)
            assert answer.status in (200, 400), (text, variables, answer)
            assert not any(leak in sent for leak in LEAKS), (text, variables, answer)
            for error in answer.body.get("errors", ()):
                assert error["extensions"]["code"], (text, variables, answer)
                assert error["message"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory):
    path = tmp_path_factory.mktemp("schema") / "litereg.db"
    wide = {"max_tries": MANY, "max_tries_in_all": MANY, "max_sign_ups": MANY}
    registry = await Registry.open(Settings(db=str(path), password_cost=4, **wide))
    world = World(registry)
    ann = People(registry).with_token((await world.somebody()).token)
    for slug in ("rain", "snow"):
        ref = await make_package(ann, "open1", slug, is_public=True)
        assert not (await publish(ann, ref, package_file(slug=slug))).errors
    yield world
    await registry.close()


def documents(kind, field):
    make = queries if kind == "query" else mutations
    return make(SDL, fields=[field], custom_scalars=CUSTOM)


@pytest.mark.parametrize(("kind", "field"), FIELDS, ids=lambda part: part)
async def test_documents_that_know_the_schema(world, kind, field):
    @seed(1)
    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=HealthCheck
    )
    @given(documents(kind, field))
    def draw(text):
        drawn.append(text)

    drawn = []
    draw()

    assert len(drawn) >= EXAMPLES or "(" not in drawn[0]
    for text in drawn:
        await world.check(text)


@pytest.mark.parametrize(("kind", "field"), FIELDS, ids=lambda part: part)
async def test_documents_that_know_names(world, kind, field):
    fields = SCHEMA.get_type(kind.capitalize()).fields
    writer = Writer(SCHEMA, Random(field))

    for _ in range(EXAMPLES):
        text, variables = writer.document(kind, frozenset(fields) - {field})
        await world.check(text, variables)


async def test_an_answer_that_gives_away_a_defect_is_noticed(world, monkeypatch):
    def broken(*_args):
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(users, "is_name_taken", broken)

    with pytest.raises(AssertionError):
        await world.check('{ usernameAvailable(username: "ann") }')
