import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from litereg.errors import InvalidInput
from litereg.registry.column_types import MAX_DEPTH, MAX_OBJECT_PROPERTIES, MAX_OPTIONS
from litereg.registry.profiling import profile_rows, profile_text_rows


def types_of_text(*cells: str) -> dict[str, dict[str, object]]:
    profile = profile_text_rows(["a"], [[cell] for cell in cells])
    return profile["properties"]["a"]["types"]


def types_of(*values: object) -> dict[str, dict[str, object]]:
    profile = profile_rows(["a"], [[value] for value in values])
    return profile["properties"]["a"]["types"]


@pytest.mark.parametrize(
    ("cell", "type_name"),
    [
        ("12", "integer"),
        (" -7 ", "integer"),
        ("0", "integer"),
        ("12.5", "number"),
        (".097", "number"),
        ("-1e-3", "number"),
        ("true", "boolean"),
        ("FALSE", "boolean"),
        ("2012-01-31", "date"),
        ("2012-01-31T08:00:00.000Z", "date-time"),
        ("2012-01-31 08:00", "date-time"),
        ("2012-01-31T08:00:00+02:00", "date-time"),
        ("", "null"),
        ("rain", "string"),
        (" ", "string"),
        ("04015", "string"),
        ("+4852", "string"),
        ("1.", "string"),
        ("1234567890123456789", "string"),
        ("1e999", "string"),
        ("nan", "string"),
        ("2012-02-30", "string"),
        ("2012-01-31T25:00", "string"),
        ("2012/01/31", "string"),
        ("20120131", "integer"),
        ("١٢", "string"),
    ],
)
def test_a_cell_stands_for_what_its_text_says(cell: str, type_name: str):
    assert list(types_of_text(cell)) == [type_name]


def test_numbers_have_reach_precision_and_scale():
    assert types_of_text("13", "12.85", "-0.5") == {
        "number": {
            "recordCount": 3,
            "numberMinValue": -0.5,
            "numberMaxValue": 13,
            "numberMaxPrecision": 4,
            "numberMaxScale": 2,
        }
    }


def test_precision_counts_digits_on_both_sides_of_the_point():
    assert types_of(0.001)["number"]["numberMaxPrecision"] == 3
    assert types_of(1e22)["number"]["numberMaxPrecision"] == 23


def test_whole_numbers_alone_are_integers():
    assert list(types_of(1, 2)) == ["integer"]
    assert list(types_of(1, 2.0)) == ["number"]


def test_truth_values_are_no_numbers():
    assert types_of(True, 1)["boolean"] == {"recordCount": 1}


def test_dates_reach_from_first_to_last_in_time_not_in_spelling():
    found = types_of("2020-01-01T01:00:00+02:00", "2020-01-01T00:00:00Z", "2019-12-31T23:30")

    assert found["date-time"]["dateMinValue"] == "2020-01-01T01:00:00+02:00"
    assert found["date-time"]["dateMaxValue"] == "2020-01-01T00:00:00Z"


def test_text_column_with_cells_of_two_kinds_is_text():
    assert types_of_text("00M", "12", "2012-01-31", "") == {
        "null": {"recordCount": 1},
        "string": {"recordCount": 3, "stringMinLength": 2, "stringMaxLength": 10},
    }


def test_strings_that_are_not_all_dates_are_strings():
    assert list(types_of("2012-01-31", "soon")) == ["string"]


def test_json_values_keep_the_types_they_have():
    assert list(types_of("12", 12, None)) == ["integer", "null", "string"]


def test_words_that_repeat_are_counted_most_frequent_first():
    found = types_of_text("sun", "rain", "sun", "rain", "fog", "sun")

    assert found["string"]["stringOptions"] == {"sun": 3, "rain": 2, "fog": 1}
    assert list(found["string"]["stringOptions"]) == ["sun", "rain", "fog"]


def test_words_that_hardly_repeat_are_not_a_choice():
    assert "stringOptions" not in types_of_text("sun", "rain", "fog")["string"]


def test_more_words_than_a_choice_has_are_text():
    words = [f"word {number}" for number in range(MAX_OPTIONS + 1)] * 3

    assert "stringOptions" not in types_of_text(*words)["string"]
    assert "stringOptions" in types_of_text(*words[:MAX_OPTIONS] * 2)["string"]


def test_null_words_stand_for_no_value():
    profile = profile_text_rows(["a"], [["NA"], ["1"]], null_words=frozenset({"NA"}))

    assert list(profile["properties"]["a"]["types"]) == ["integer", "null"]


def test_not_a_number_is_null():
    assert types_of(float("nan"), float("inf")) == {"null": {"recordCount": 2}}
    assert profile_rows(["a"], [[float("nan")]])["samples"] == [{"a": None}]


def test_nested_values_are_described_as_from_format_0_31_5():
    assert types_of({"at": [1, 2.5]}, {"at": [], "by": None})["object"] == {
        "recordCount": 2,
        "objectProperties": {
            "at": {
                "title": "at",
                "types": {
                    "array": {
                        "recordCount": 2,
                        "arrayMinLength": 0,
                        "arrayMaxLength": 2,
                        "arrayTypes": {
                            "number": {
                                "recordCount": 2,
                                "numberMinValue": 1,
                                "numberMaxValue": 2.5,
                                "numberMaxPrecision": 2,
                                "numberMaxScale": 1,
                            }
                        },
                    }
                },
            },
            "by": {"title": "by", "types": {"null": {"recordCount": 1}}},
        },
    }


def test_what_is_nested_too_deep_is_counted_not_described():
    value: object = 1
    for _ in range(MAX_DEPTH + 50):
        value = [value]

    assert json.dumps(types_of(value)).count("arrayTypes") == MAX_DEPTH


def test_object_with_too_many_keys_is_counted_not_described():
    crowded = {str(key): key for key in range(MAX_OBJECT_PROPERTIES + 1)}

    assert types_of(crowded, {"a": 1}) == {"object": {"recordCount": 2}}


def test_value_that_json_has_not_is_refused():
    with pytest.raises(TypeError, match="bytes"):
        profile_rows(["a"], [[b"1"]])


def test_short_row_ends_in_nulls_and_blank_line_is_no_row():
    profile = profile_text_rows(["a", "b"], [["1"], [], ["2", "3"]])

    assert profile["recordCount"] == 2
    assert profile["properties"]["b"]["types"]["null"] == {"recordCount": 1}


def test_row_longer_than_the_titles_is_refused():
    with pytest.raises(InvalidInput, match="row 2 has 2 cells for 1 columns"):
        profile_text_rows(["a"], [["1"], ["1", "2"]])


def test_title_that_occurs_twice_is_refused():
    with pytest.raises(InvalidInput, match="'a'"):
        profile_rows(["a", "b", "a"], [])


def test_table_without_rows_has_columns_without_types():
    assert profile_rows(["a"], []) == {
        "recordCount": 0,
        "properties": {"a": {"title": "a", "types": {}}},
        "samples": [],
    }


def test_samples_are_spread_over_the_rows_and_start_with_the_first():
    samples = profile_rows(["a"], ([number] for number in range(1000)), sample_size=4)["samples"]

    first, second, third, fourth = [sample["a"] for sample in samples]
    assert first == 0
    assert 200 <= second <= 300
    assert 450 <= third <= 550
    assert 700 <= fourth <= 800


def test_samples_have_the_type_that_the_column_turned_out_to_have():
    profile = profile_text_rows(["a", "b"], [["1", "1"], ["x", "2"]])

    assert profile["samples"] == [{"a": "1", "b": 1}, {"a": "x", "b": 2}]


def test_no_samples_when_none_are_wanted():
    assert profile_rows(["a"], [[1], [2], [3]], sample_size=0)["samples"] == []


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=50)
@given(st.lists(JSON_VALUES, max_size=20))
def test_every_json_value_is_counted_exactly_once(values: list[object]):
    profile = profile_rows(["a"], [[value] for value in values])

    types = profile["properties"]["a"]["types"]
    assert sum(found["recordCount"] for found in types.values()) == len(values)
    json.dumps(profile, allow_nan=False)


@settings(max_examples=50)
@given(st.lists(st.text(max_size=12) | st.from_regex(r"-?[0-9.]{1,6}", fullmatch=True), max_size=9))
def test_every_text_cell_is_counted_exactly_once(cells: list[str]):
    types = types_of_text(*cells)

    assert sum(found["recordCount"] for found in types.values()) == len(cells)
    assert len(types.keys() - {"null"}) <= 1
