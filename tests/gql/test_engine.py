"""What comes back for a request, and what has become of the database."""

import asyncio
import threading

import pytest

from litereg.access import ANONYMOUS, Viewer
from tests.gql import toy


def errors(answer):
    return [(e["message"], e["extensions"]["code"], e.get("path")) for e in answer.body["errors"]]


async def names(engine):
    return (await engine.ask("mutation { names }")).body["data"]["names"]


async def test_an_answer_without_errors_says_nothing_of_errors(engine):
    answer = await engine.ask('query Find { item(name: "ab") { name parent { name } } }')

    assert answer.status == 200
    assert answer.body == {"data": {"item": {"name": "ab", "parent": {"name": "a"}}}}
    assert answer.operation == "Find"
    assert answer.headers == {}


@pytest.mark.parametrize("text", ["", "  \n", None, 7])
async def test_a_request_without_a_document_cannot_run(engine, text):
    answer = await engine.ask(text)

    assert answer.status == 400
    assert answer.body["errors"][0]["message"].startswith("QUERY_REQUIRED")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{ item(", "GRAPHQL_PARSE_FAILED"),
        ('{ item(name: "a) }', "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ item { name } }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { item }", "GRAPHQL_VALIDATION_FAILED"),
        ("fragment Name on Item { name }", "GRAPHQL_VALIDATION_FAILED"),
        ("type Item { name: String }", "GRAPHQL_VALIDATION_FAILED"),
        ("query ($n: Int!) { items(count: $n) { name } }", "GRAPHQL_VALIDATION_FAILED"),
        ("query One { __typename } query Two { __typename }", "GRAPHQL_VALIDATION_FAILED"),
    ],
)
async def test_what_cannot_run_is_answered_without_data(engine, text, code):
    answer = await engine.ask(text)

    assert answer.status == 400
    assert answer.body.keys() == {"errors"}
    assert {error["extensions"]["code"] for error in answer.body["errors"]} == {code}


async def test_a_document_of_fragments_alone_has_nothing_to_run(engine):
    answer = await engine.ask("directive @x on FIELD")

    assert answer.status == 400


async def test_one_of_several_operations_is_chosen_by_its_name(engine):
    text = 'query One { item(name: "1") { name } } query Two { item(name: "2") { name } }'

    chosen = await engine.ask(text, operation="Two")
    unknown = await engine.ask(text, operation="T" * 200)

    assert chosen.body == {"data": {"item": {"name": "2"}}}
    assert chosen.operation == "Two"
    assert unknown.status == 400
    assert f'There is no operation named "{"T" * 100}"' in errors(unknown)[0][0]


@pytest.mark.parametrize(
    "text", ['mutation { add(name: "x") { name } }', 'query Q { remember(name: "x") }']
)
async def test_what_writes_is_not_done_over_get(engine, text):
    answer = await engine.ask(text, read_only=True)

    assert answer.status == 405
    assert answer.headers == {"Allow": "POST"}
    assert answer.body["errors"][0]["message"] == "GET supports only query operation"
    assert await names(engine) == []


async def test_what_only_reads_is_done_over_get(engine):
    answer = await engine.ask('{ item(name: "a") { name } }', read_only=True)

    assert answer.status == 200


async def test_a_query_that_writes_does_so(engine):
    answer = await engine.ask('{ remember(name: "x") }')

    assert answer.body == {"data": {"remember": "x"}}
    assert await names(engine) == ["x"]


async def test_unknown_credentials_are_refused_with_a_challenge(engine):
    answer = await engine.ask('mutation { add(name: "x") { name } }', "nobody")

    assert answer.status == 401
    assert answer.headers == {"WWW-Authenticate": "Bearer"}
    message = "API_KEY_NOT_FOUND: no such key or session"
    assert errors(answer) == [(message, "UNAUTHENTICATED", None)]
    assert "data" not in answer.body
    assert await names(engine) == []


async def test_credentials_are_checked_for_documents_that_are_known_too(engine):
    text = '{ item(name: "a") { name } }'
    assert (await engine.ask(text, "ann")).status == 200

    assert (await engine.ask(text, "nobody")).status == 401


async def test_a_failed_field_is_null_and_the_others_are_there(engine):
    answer = await engine.ask('{ missing { name } item(name: "a") { name } }')

    assert answer.status == 200
    assert answer.body["data"] == {"missing": None, "item": {"name": "a"}}
    assert answer.body["errors"] == [
        {
            "message": "THING_NOT_FOUND: missing",
            "locations": [{"line": 1, "column": 3}],
            "path": ["missing"],
            "extensions": {"code": "BAD_USER_INPUT", "place": "here"},
        }
    ]


@pytest.mark.parametrize("field", ["broken", "nothingWhereSomethingMustBe"])
async def test_a_defect_is_told_by_the_requests_id_alone(engine, field, caplog):
    answer = await engine.ask(f"{{ {field} }}")

    message = "Internal server error (request id-7)"
    assert answer.status == 200
    assert errors(answer) == [(message, "INTERNAL_SERVER_ERROR", [field])]
    assert "id-7" in caplog.text
    assert "Traceback" in caplog.text
    assert "secret" not in str(answer.body)


async def test_a_defect_outside_any_field_is_told_no_more(engine, caplog):
    answer = await engine.ask("{ __typename }", "crash")

    message = "Internal server error (request id-7)"
    assert answer.status == 500
    assert errors(answer) == [(message, "INTERNAL_SERVER_ERROR", None)]
    assert "identify is broken" in caplog.text


async def test_of_many_errors_twenty_are_told(engine):
    fields = " ".join(f"f{number}: missing {{ name }}" for number in range(25))

    answer = await engine.ask(f"{{ {fields} }}", "ann")

    assert len(answer.body["errors"]) == 20
    assert len(answer.body["data"]) == 25


async def test_of_many_invalid_fields_a_few_are_told(engine):
    answer = await engine.ask("{ a b c d e f g h i j }")

    assert answer.status == 400
    assert len(answer.body["errors"]) == 6
    assert "Too many validation errors" in errors(answer)[-1][0]


@pytest.mark.parametrize(
    ("fields", "data"),
    [
        ('a: addQuietly(name: "x") b: fail(reason: "NO")', {"a": None, "b": None}),
        ('b: fail(reason: "NO") a: addQuietly(name: "x")', {"a": None, "b": None}),
        ('a: add(name: "x") { name } b: fail(reason: "NO")', None),
        ('... on Mutation { a: add(name: "x") { name } } b: fail(reason: "NO")', None),
        ('...Add b: fail(reason: "NO")', None),
    ],
)
async def test_a_mutation_that_failed_shows_and_leaves_nothing(engine, fields, data):
    fragment = 'fragment Add on Mutation { a: add(name: "x") { name } }'

    answer = await engine.ask(f"mutation {{ {fields} }} {fragment if '...Add' in fields else ''}")

    assert answer.status == 200
    assert answer.body["data"] == data
    assert errors(answer) == [("NO", "BAD_USER_INPUT", ["b"])]
    assert await names(engine) == []


async def test_a_broken_constraint_is_a_defect_and_rolls_back(engine, caplog):
    answer = await engine.ask('mutation { a: add(name: "x") { name } b: add(name: "x") { name } }')

    assert errors(answer)[0][1] == "INTERNAL_SERVER_ERROR"
    assert "UNIQUE" not in str(answer.body)
    assert await names(engine) == []


async def test_fields_of_a_mutation_run_in_order(engine):
    answer = await engine.ask(
        'mutation { b: addQuietly(name: "b") names a: addQuietly(name: "a") }'
    )

    assert answer.body == {"data": {"b": None, "names": ["b"], "a": None}}


async def test_who_was_answered_is_told_once_per_answer(engine):
    await engine.ask("{ __typename }")
    await engine.ask("{ __typename }", "ann")
    await engine.ask('mutation { fail(reason: "NO") }', "ann")
    await engine.ask("{", "ann")

    assert [name for name, _ in engine.answered] == ["", "ann", ""]


async def test_large_requests_are_prepared_on_a_thread_and_answered_alike(engine):
    text = "query ($value: Box!) { box(value: $value) }"
    box = {"name": "a", "more": [{"name": "b"}]}

    light = await engine.ask(text, value=box)
    heavy = await engine.ask(text, heavy=True, value=box)
    rejected = await engine.ask(text, heavy=True, value={"name": "too long"})

    assert light.body == heavy.body
    assert rejected.status == 400


async def test_a_long_document_is_answered_as_a_short_one(engine):
    text = '{ item(name: "a") { name } }'

    assert (await engine.ask(text + " " * 5_000)).body == (await engine.ask(text)).body


async def test_this_process_can_ask_for_any_viewer(engine):
    text = "query ($name: String!) { item(name: $name) { name } }"

    answer = await engine.engine.run(Viewer(7, "bob", is_admin=False), text, {"name": "a"})
    bare = await engine.engine.run(ANONYMOUS, "{ __typename }")

    assert answer.body == {"data": {"item": {"name": "a"}}}
    assert bare.body == {"data": {"__typename": "Query"}}


async def test_a_long_read_is_answered_all_the_same(engine):
    answer = await engine.ask('{ long item(name: "a") { name } }')

    assert answer.body == {"data": {"long": 20_000, "item": {"name": "a"}}}


async def test_what_holds_the_loop_twice_in_a_row_goes_to_a_thread(engine, monkeypatch):
    heavy = []
    for too_long in (True, False, True, True, False):
        monkeypatch.setattr("litereg.gql.engine.MAX_HOLD_S", -1 if too_long else 60)
        heavy.append((await engine.ask("{ __typename }")).heavy)

    # The last one went to a thread, and turned out to be short there.
    assert heavy == [False, False, False, True, False]


async def test_a_read_without_end_is_ended_with_a_reason(engine):
    answer = await engine.ask("{ endless }")

    assert "EXECUTION_TIMEOUT" in str(answer.body)
    assert "INTERNAL" not in str(answer.body)
    assert (await engine.ask('{ item(name: "a") { name } }')).status == 200


async def test_slow_work_is_done_once_and_its_result_used_again(engine):
    answer = await engine.ask('{ a: slow(text: "x", times: 2) b: slow(text: "x") }')

    assert answer.body == {"data": {"a": "X0X1", "b": "X0"}}
    assert toy.done == ["x", "x"]


async def test_a_document_may_ask_for_little_slow_work(engine):
    answer = await engine.ask('{ slow(text: "x", times: 3) }')

    assert answer.status == 400
    assert errors(answer)[0][0].startswith("TOO_MANY_PASSWORDS")
    assert len(toy.done) == 2


async def test_when_much_slow_work_waits_more_is_turned_away(engine):
    toy.held["x"] = threading.Event()
    text = '{ slow(text: "x") }'
    waiting = [asyncio.create_task(engine.ask(text)) for _ in range(16)]
    # Each of them runs until it waits for its slow work.
    await asyncio.sleep(0)

    refused = await engine.ask(text)
    others = await engine.ask('{ item(name: "a") { name } }')
    toy.held["x"].set()
    answers = await asyncio.gather(*waiting)

    assert refused.status == 503
    assert refused.headers == {"Retry-After": "1"}
    assert errors(refused)[0][1] == "UNAVAILABLE"
    assert others.status == 200
    assert {answer.body["data"]["slow"] for answer in answers} == {"X0"}


async def test_long_work_has_a_line_of_its_own(engine):
    toy.held["x"] = threading.Event()
    waiting = [asyncio.create_task(engine.ask('{ slowest(text: "x") }')) for _ in range(4)]
    await asyncio.sleep(0)

    refused = await engine.ask('{ slowest(text: "y") }')
    quick = await engine.ask('{ slow(text: "y") }')
    toy.held["x"].set()
    answers = await asyncio.gather(*waiting)

    assert refused.status == 503
    assert errors(refused)[0][0].startswith("TOO_MANY_LARGE_REQUESTS")
    assert quick.body == {"data": {"slow": "Y0"}}
    assert {answer.body["data"]["slowest"] for answer in answers} == {"X0"}


async def test_random_bytes_differ_from_place_to_place_and_from_one_request_to_the_next(engine):
    text = "mutation { a: draw b: draw }"

    drawn = [(await engine.ask(text)).body["data"] for _ in range(2)]

    assert len({value for data in drawn for value in data.values()}) == 4
    assert all(len(value) == 64 for data in drawn for value in data.values())


async def test_the_name_of_the_type_is_null_for_nobody(engine):
    answer = await engine.ask('mutation { __typename fail(reason: "NO") }')

    assert answer.body["data"] is None
