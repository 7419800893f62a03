import pytest
from graphql import GraphQLError

from litereg.gql import scalars

DATE = scalars.as_scalars()["Date"]


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (1_601_560_469_442, "2020-10-01T13:54:29.442Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ],
)
def test_a_date_is_written_in_utc_with_milliseconds(milliseconds, text):
    assert scalars.date_text(milliseconds) == text
    assert DATE["output"](milliseconds) == text


@pytest.mark.parametrize(
    ("given", "milliseconds"),
    [
        ("1970-01-01T00:00:00.001Z", 1),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1970-01-01", 0),
        ("1970-01-01T00:00:01", 1_000),
        ("1969-12-31T23:59:59.999Z", -1),
        (1_601_560_469_442, 1_601_560_469_442),
    ],
)
def test_a_date_is_read_from_a_text_or_from_milliseconds(given, milliseconds):
    assert DATE["input"](given) == milliseconds


@pytest.mark.parametrize("given", ["", "yesterday", "2020-13-01", True, None, 1.5, [], {}])
def test_what_is_no_date_is_refused(given):
    with pytest.raises(GraphQLError, match="Date cannot represent"):
        DATE["input"](given)


def test_void_is_null_whatever_comes():
    assert scalars.as_scalars()["Void"]["output"]("something") is None
