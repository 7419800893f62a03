"""Package files as pages show them: kept within a bound, bounded on the page, in words."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litereg.registry.package_file import normalise
from litereg.web import statistics
from litereg.web.package_files import LONG_TEXT, PackageFiles
from tests.web.shelf import full_file


class Counted:
    """Reads contents, and counts how often."""

    def __init__(self):
        self.reads = 0

    def __call__(self, document):
        self.reads += 1
        return normalise(document)


async def test_a_file_is_read_once():
    contents_of = Counted()
    files = PackageFiles(contents_of)

    shown = [await files.shown(full_file()) for _ in range(3)]

    assert contents_of.reads == 1
    assert shown[0] is shown[2]
    assert "How it rains" in shown[0].readme


async def test_what_is_kept_stays_within_its_bound():
    contents_of = Counted()
    one = (await PackageFiles(contents_of).shown(full_file())).size
    files = PackageFiles(contents_of, max_bytes=int(2.5 * one))
    texts = [full_file(version=f"1.0.{patch}") for patch in range(3)]

    for text in texts:
        await files.shown(text)
    reads = contents_of.reads
    await files.shown(texts[2])
    assert contents_of.reads == reads

    await files.shown(texts[0])
    assert contents_of.reads == reads + 1


async def test_a_file_that_is_larger_than_the_bound_is_shown_and_not_kept():
    contents_of = Counted()
    files = PackageFiles(contents_of, max_bytes=10)

    for _ in range(2):
        assert "How it rains" in (await files.shown(full_file())).readme

    assert contents_of.reads == 2


async def test_a_long_file_is_shown_in_part():
    count = statistics.MAX_ROWS + 7
    properties = {f"p{i}": {"title": f"p{i}", "type": "string"} for i in range(count)}
    schema = {"title": "wide", "description": "x" * LONG_TEXT, "properties": properties}

    shown = await PackageFiles(normalise).shown(json.dumps({"schemas": [schema] * 3}))

    assert shown.schemas.count("<tr>") == 3 * (statistics.MAX_ROWS + 1)
    assert shown.schemas.count("more properties than a page can show") == 3


def test_most_frequent_values_get_the_longest_bars():
    options = [("a", 1), ("b", 1000), ("c", 500), *((str(i), 2) for i in range(9))]

    bars = statistics.bars(options)

    assert [bar.text for bar in bars[:2]] == ["b", "c"]
    assert [bar.width for bar in bars[:3]] == [72, 36, 1]
    assert len(bars) == statistics.MAX_BARS


NUMBERS = st.one_of(
    st.none(), st.integers(-(10**20), 10**20), st.floats(allow_nan=False, allow_infinity=False)
)
NAMES = st.sampled_from(["string", "null", "number", "array", "object", "x"])
STATISTICS = st.dictionaries(
    st.sampled_from(
        ["recordCount", "numberMinValue", "numberMaxValue", "stringMinLength", "stringMaxLength"]
    ),
    NUMBERS,
)
OPTIONS = st.dictionaries(st.text(max_size=3), NUMBERS, max_size=9)


@given(st.dictionaries(NAMES, STATISTICS), OPTIONS)
def test_whatever_a_file_claims_the_table_can_be_drawn(types, options):
    types.setdefault("string", {})["stringOptions"] = options
    entry = {"title": "a", "types": types}
    (schema,) = normalise({"schemas": [{"properties": {"a": entry}}]}).schemas

    (row,) = statistics.rows(schema.properties)

    assert all(1 <= bar.width <= statistics.BAR_WIDTH for bar in row.bars)


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"numberMinValue": 1990, "numberMaxValue": 2020}, "1990 to 2020"),
        ({"numberMinValue": 5, "numberMaxValue": 1234567}, "5 to 1,234,567"),
        ({"stringMinLength": 2, "stringMaxLength": 2}, "2 characters"),
        (
            {"dateMinValue": "2020-01-01T00:00:00.000Z", "dateMaxValue": "2021-02-03T04:05:06Z"},
            "2020-01-01 to 2021-02-03T04:05:06",
        ),
        ({"arrayMinLength": 0, "arrayMaxLength": 3}, "0 to 3 items"),
    ],
)
def test_ranges_are_said_in_words(stated, said):
    entry = {"title": "a", "types": {"x": stated}}
    (schema,) = normalise({"schemas": [{"properties": {"a": entry}}]}).schemas

    assert statistics.rows(schema.properties)[0].facts == [said]
