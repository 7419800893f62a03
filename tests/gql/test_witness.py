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
