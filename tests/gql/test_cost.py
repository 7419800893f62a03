"""What an answer may cost, in whatever way a document makes it large."""

import pytest

from litereg.access import ANONYMOUS
from litereg.gql.context import MAX_COST_IN_PLACE
from litereg.gql.engine import Engine, Request
from litereg.settings import Settings
from tests.gql import toy


@pytest.fixture
def small(engine):
    """The engine of the other tests, with little to spend."""
    settings = Settings(max_cost=1_000)
    return Engine(
        engine.engine.schema, engine.engine._database, settings, toy.identify, lambda *_: None
    )


async def ask(engine, text):
    return await engine.answer(Request(text), None, "id-7")


def nested(levels, most, leaf="name"):
    inner = f"{{ children(most: {most}) " * levels + f"{{ {leaf} }}" + " }" * levels
    return f'{{ item(name: "a") {inner} }}'


@pytest.mark.parametrize(
    "text",
    [
        nested(2, 30),
        nested(3, 10),
        "{ items(count: 600) { name } }",
        "{ items(count: 100) { name colour born count parent { name } twin { name born count } } }",
        "{ items(count: 400) { cousins { name } } }",
        # The same through graphql-core's executor, where each field counts ten times.
        "{ items(count: 60) { name count } __schema { description } }",
        'mutation { add(name: "a") { children(most: 600) { name } } }',
    ],
)
async def test_an_answer_that_costs_too_much_is_refused_whole(small, text):
    answer = await ask(small, text)

    assert answer.status == 200
    assert answer.body == {
        "errors": [
            {
                "message": "ANSWER_TOO_LARGE: it may have 1000 fields; ask for pages",
                "extensions": {"code": "LIMIT_EXCEEDED"},
            }
        ],
        "data": None,
    }
    small.close()


async def test_a_change_whose_answer_costs_too_much_is_not_made(small):
    await ask(small, 'mutation { add(name: "a") { children(most: 600) { name } } }')

    assert (await ask(small, "mutation { names }")).body == {"data": {"names": []}}
    small.close()


@pytest.mark.parametrize(
    "text",
    [
        "{ items(count: 300) { name } }",
        "{ items(count: 40) { name } __schema { description } }",
        "{ items(count: 900) { name @skip(if: true) ...Nothing } } fragment Nothing on Item "
        "{ born @include(if: false) }",
    ],
)
async def test_an_answer_just_below_is_given(small, text):
    assert "errors" not in (await ask(small, text)).body
    small.close()


async def test_the_pages_of_this_process_obey_the_same_limit(small):
    answer = await small.run(ANONYMOUS, "{ items(count: 600) { name } }")

    assert answer.body["errors"][0]["extensions"] == {"code": "LIMIT_EXCEEDED"}
    small.close()


async def test_lists_in_lists_cost_what_they_come_to_before_they_are_made(small):
    # A hundred to the ninth: were levels made before they are counted, this would not end.
    answer = await ask(small, nested(9, 100))

    assert answer.body["errors"][0]["message"].startswith("ANSWER_TOO_LARGE")
    small.close()


async def test_what_costs_much_is_done_on_a_thread_and_from_then_on_at_once(engine):
    count = MAX_COST_IN_PLACE
    text = f"{{ items(count: {count}) {{ name }} }}"

    first = await engine.ask(text)

    assert len(first.body["data"]["items"]) == count
    document = engine.engine._documents.find(text)
    assert document.operations[0].effort.heavy
    assert (await engine.ask(text)).body == first.body


async def test_a_change_that_costs_much_is_made_once(engine):
    text = f'mutation {{ add(name: "a") {{ children(most: {MAX_COST_IN_PLACE}) {{ name }} }} }}'

    answer = await engine.ask(text)

    assert len(answer.body["data"]["add"]["children"]) == MAX_COST_IN_PLACE
    assert (await engine.ask("mutation { names }")).body == {"data": {"names": ["a"]}}
