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


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
        (-30_610_224_000_000, "1000-01-01T00:00:00.000Z"),
    ],
)
def test_early_years_have_four_digits(milliseconds, text):
    assert scalars.date_text(milliseconds) == text


@pytest.mark.parametrize("given", [2**63, -(10**30), 253_402_300_800_000])
def test_moments_that_no_date_can_show_are_refused(given):
    with pytest.raises(GraphQLError):
        scalars.parse_date(given)
