"""What is told of an answer is short, whatever the answer is."""

import logging

import pytest
from graphql import GraphQLError, parse

from litereg.access import Viewer
from litereg.errors import Conflict, InvalidInput, NotAuthorized, NotFound
from litereg.gql.witness import LOGGER, Deed, Scene, tell

SCENE = Scene("id-1", "192.0.2.1", "Op", Viewer(7, "ann", is_admin=False))


@pytest.fixture
def told(caplog):
    caplog.set_level(logging.INFO, LOGGER)
    return caplog


def error_of(cause, field="package", alias="canary"):
    node = parse(f"{{ {alias}: {field} }}").definitions[0].selection_set.selections[0]
    return GraphQLError("", [node], path=[alias], original_error=cause)


def test_five_hundred_refusals_are_one_line(told):
    errors = [error_of(NotAuthorized(), f"field{n}") for n in range(499)]

    tell(SCENE, (), [*errors, error_of(InvalidInput("TOO_LONG", "canary"))])

    (record,) = told.records
    assert record.getMessage() == "refused"
    assert record.fields == {
        "id": "id-1",
        "reason": "NOT_AUTHORIZED,TOO_LONG",
        "field": "field0,field1,field2,field3,field4",
        "count": 500,
        "by": "ann",
        "by_id": 7,
        "from": "192.0.2.1",
        "operation": "Op",
    }


def test_a_reason_that_is_a_sentence_gives_way_to_its_code(told):
    tell(SCENE, (), [error_of(InvalidInput("Label canary is too long"))])

    assert told.records[0].fields["reason"] == "GRAPHQL_VALIDATION_FAILED"


def test_what_is_not_there_or_taken_is_no_news(told):
    tell(SCENE, (), [error_of(NotFound("PACKAGE_NOT_FOUND")), error_of(Conflict("TAKEN"))])

    assert told.records == []


def test_equal_deeds_are_one_line_and_what_refused_them_is_not_told_again(told):
    deeds = tuple(Deed("log-in", "password", error=NotAuthorized()) for _ in range(30))

    tell(SCENE, deeds, [error_of(deed.error) for deed in deeds])

    (record,) = told.records
    assert record.getMessage() == "log-in"
    assert (record.fields["outcome"], record.fields["count"]) == ("refused", 30)


def given(catalog, user_id, how="VIEW"):
    deed = Deed("permission", how, what=f"catalog/{catalog}")
    deed.about(user_id, f"user{user_id}")
    return deed


def test_of_many_who_are_given_something_the_first_have_a_line_each(told):
    tell(SCENE, [given("a", number) for number in range(1, 101)], None)

    *each, together = [record.fields for record in told.records]
    assert [(fields["user"], fields["how"]) for fields in each] == [
        (f"user{number}", "VIEW") for number in range(1, 11)
    ]
    assert together == {
        "id": "id-1",
        "outcome": "done",
        "how": "VIEW",
        "user_ids": ",".join(map(str, range(11, 101))),
        "what": "catalog/a",
        "count": 90,
        "by": "ann",
        "by_id": 7,
        "from": "192.0.2.1",
        "operation": "Op",
    }


def test_one_request_cannot_flood_the_log(told):
    ways = ("VIEW", "EDIT", "MANAGE")
    deeds = [
        given(catalog, user_id, ways[user_id % 3]) for catalog in "ab" for user_id in range(1000)
    ]

    tell(SCENE, deeds, None)

    assert len(told.records) == 2 * 11
    together = [record.fields for record in told.records if "user_ids" in record.fields]
    assert [(fields["what"], fields["how"]) for fields in together] == [
        ("catalog/a", "several"),
        ("catalog/b", "several"),
    ]
    whom = [record.fields["user_id"] for record in told.records if "user_id" in record.fields]
    whom += [int(id_) for fields in together for id_ in fields["user_ids"].split(",")]
    assert sorted(whom) == sorted([*range(1000), *range(1000)])


def test_deeds_on_several_things_are_told_apart(told):
    tell(SCENE, [given(catalog, 1) for catalog in range(12)], None)

    assert len({record.fields["what"] for record in told.records}) == 12
    assert all(record.fields["user"] == "user1" for record in told.records)
