"""Whatever text is looked for, the database is asked a question that it understands."""

from random import Random

import pytest
import pytest_asyncio

from litereg.app import Registry
from litereg.settings import Settings
from tests.client import People, make_catalog, make_package

pytestmark = [pytest.mark.fuzz, pytest.mark.asyncio(loop_scope="module")]

TEXTS = 2_000
PIECES = [
    '"', "'", "''", '""', "`", ";", "--", "/*", "*/", "(", ")", "[", "]", "{", "}", "%", "_", "\\",
    "*", "^", "+", "-", ":", "|", "&", "!", "<->", "~", "=", ",", ".", "@", "#", "$", "?", "?1",
    ":name", "@p", "$q", "NEAR", "NEAR/2", "AND", "OR", "NOT", "title:", "rowid", "MATCH", "LIKE",
    "ESCAPE", "DROP TABLE user", "UNION SELECT password_hash FROM user", "1=1", "x'00'", "NULL",
    "rain", "snow", "open/rain", " ", "\t", "\n", "\u00a0", "\u200b", "\u202e", "\ufeff",
    "\u0301",
    "\U0001f40e", "\U0010ffff", "ß", "ﬁ", "İ", "\x1b", "\x7f", "a" * 70, "9" * 30, "0x7f",
]  # fmt: skip
QUESTIONS = [
    "query ($t: String!) { searchPackages(query: $t, offSet: 0, limit: 5) { count } }",
    "query ($t: String!) { searchCatalogs(query: $t, offSet: 0, limit: 5) { count } }",
    "query ($t: String!) { searchCollections(query: $t, offset: 0, limit: 5) { count } }",
    "query ($t: String!) { searchUsers(value: $t, offSet: 0, limit: 5) { count } }",
    """query ($t: String!) { autoComplete(startsWith: $t) {
      packages { displayName } catalogs { displayName } users { username } } }""",
    """query ($t: String!) { publicPackage { searchPackages(first: 5, where: {or: [
      {nameContains: $t}, {nameContainsFold: $t}, {nameHasPrefix: $t}, {nameHasSuffix: $t},
      {nameEqualFold: $t}, {nameGT: $t}, {nameIn: [$t]}, {not: {typeContains: $t}}]})
      { totalCount } } }""",
    "query ($t: String!) { user(username: $t) { username } }",
    "query ($t: String!) { usernameAvailable(username: $t) }",
    "mutation ($t: String!) { login(username: $t, password: $t) }",
    """mutation ($t: String!) { createCatalog(value: {slug: $t, displayName: $t, description: $t,
      isPublic: false}) { displayName } }""",
]
# Refusals of the text itself; all else has to be an answer.
REFUSALS = {"GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT", "UNAUTHENTICATED", "LIMIT_EXCEEDED"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ann(tmp_path_factory):
    path = tmp_path_factory.mktemp("injection") / "litereg.db"
    registry = await Registry.open(Settings(db=str(path), password_cost=4))
    people = People(registry)
    ann, bob = await people("ann"), await people("bob")
    await make_catalog(ann, "open", is_public=True)
    for slug in ("rain", "snow"):
        await make_package(ann, "open", slug, is_public=True)
    await make_catalog(bob, "secret")
    await make_package(bob, "secret", "hidden-treasure", displayName="Hidden treasure")
    yield ann
    await registry.close()


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda text: text.split("{")[1].split("(")[0])
async def test_any_text_is_looked_for_and_nothing_hidden_is_found(ann, question):
    random = Random(question)
    for _ in range(TEXTS // len(QUESTIONS)):
        text = "".join(random.choices(PIECES, k=random.randint(1, 12)))

        answer = await ann.send(question, t=text)

        assert {error.code for error in answer.errors} <= REFUSALS, (text, answer.errors)
        for secret in ("hidden-treasure", "Hidden treasure", "$2b$", "sqlite"):
            assert secret not in str(answer.body), text
    total = await ann.send(
        '{ me { username } searchPackages(query: "", offSet: 0, limit: 9) { count } }'
    )
    assert total.data == {"me": {"username": "ann"}, "searchPackages": {"count": 2}}


async def test_of_a_thousand_words_sixteen_are_looked_for(ann):
    words = " ".join(f"word{number}" for number in range(1_000))

    answer = await ann.send(QUESTIONS[0], t=words)

    assert answer.data == {"searchPackages": {"count": 0}}
