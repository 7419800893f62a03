import pytest

from litereg.registry.package_file import Contents, Source, Values, normalise

from .samples import complete, minimal


def properties(entries):
    """Return *entries* as the normalised properties of a schema."""
    return normalise({"schemas": [{"properties": entries}]}).schemas[0].properties


def one_property(entry):
    """Return *entry* as a normalised property."""
    (found,) = properties({"level": entry})
    return found


@pytest.mark.parametrize(
    ("entry", "types"),
    [
        ({"type": "string"}, ("string",)),
        ({"type": ["string", "null", "string"]}, ("null", "string")),
        ({"type": ["string"], "valueTypes": {"number": {}}}, ("string",)),
        ({"valueTypes": {"string": {}, "null": {}}}, ("null", "string")),
        ({"types": {"date-time": {}, "null": {}}}, ("date-time", "null")),
        ({"types": {"date": {}}, "type": "string"}, ("date",)),
        ({"types": {}, "type": "string"}, ("string",)),
        ({"type": [5, None]}, ()),
        ({"type": 5}, ()),
        ({}, ()),
        (True, ()),
    ],
)
def test_types_are_found_wherever_a_format_puts_them(entry, types):
    assert one_property(entry).types == types


@pytest.mark.parametrize(
    "entry",
    [
        {"type": "object", "properties": {"inner": {}}},
        {"types": {"object": {"objectProperties": {"inner": {}}}}},
        {"types": {"array": {"arrayTypes": {"object": {"objectProperties": {"inner": {}}}}}}},
        {
            "types": {
                "object": {"objectProperties": {"inner": {}}},
                "array": {"arrayTypes": {"array": {"arrayTypes": {"object": {}}}}},
            },
            "properties": {"inner": {"title": "wins"}},
        },
    ],
)
def test_inner_properties_are_found_wherever_a_format_puts_them(entry):
    assert [inner.name for inner in one_property(entry).properties] == ["inner"]


def test_what_a_property_itself_says_wins_over_what_its_types_say():
    entry = {
        "properties": {"inner": {"title": "own"}},
        "types": {"object": {"objectProperties": {"inner": {"title": "other"}}}},
    }

    assert one_property(entry).properties[0].title == "own"


def test_a_property_keeps_what_is_shown_of_it():
    entry = {
        "title": "Level",
        "description": "In metres",
        "type": "string",
        "format": "email",
        "unit": "m",
        "hidden": True,
        "recordCount": 10,
        "recordsNotPresent": 2,
        "byteCount": 80,
    }

    found = one_property(entry)

    assert (found.name, found.title, found.description) == ("level", "Level", "In metres")
    assert (found.format, found.unit, found.hidden) == ("email", "m", True)
    assert (found.record_count, found.records_missing, found.byte_count) == (10, 2, 80)


@pytest.mark.parametrize("key", ["types", "valueTypes"])
def test_statistics_are_read_from_every_format(key):
    statistics = {
        "recordCount": 12,
        "stringMinLength": 1,
        "stringMaxLength": 4,
        "numberMinValue": "-0.5",
        "numberMaxValue": "9",
        "numberMaxPrecision": 3,
        "numberMaxScale": 2,
        "dateMinValue": "2020-01-01",
        "dateMaxValue": "2020-12-31",
        "arrayMinLength": 0,
        "arrayMaxLength": 7,
        "stringOptions": {"high": 3, "low": "many"},
        "contentLabels": [{"label": "geo"}, {"label": 5}, "loose"],
        "arrayTypes": {"null": {}},
    }
    nothing = dict.fromkeys(Values.__dataclass_fields__) | {
        "options": (),
        "labels": (),
        "items": (),
    }

    assert one_property({key: {"number": statistics}}).values == (
        Values(
            type="number",
            record_count=12,
            string_min_length=1,
            string_max_length=4,
            number_min=-0.5,
            number_max=9,
            number_max_precision=3,
            number_max_scale=2,
            date_min="2020-01-01",
            date_max="2020-12-31",
            array_min_length=0,
            array_max_length=7,
            options=(("high", 3),),
            labels=("geo",),
            items=(Values(**nothing | {"type": "null"}),),
        ),
    )


@pytest.mark.parametrize("value", ["nine", "1e5", "0x9", "NaN", "9" * 5000, True, None, [], {}])
def test_what_is_no_number_counts_as_absent(value):
    assert one_property({"recordCount": value}).record_count is None


def test_a_schema_keeps_what_is_shown_of_it():
    (schema,) = normalise(complete()).schemas

    assert (schema.title, schema.description, schema.unit) == ("levels", "One row a day", "day")
    assert (schema.types, schema.format, schema.hidden) == (("object",), None, False)
    assert (schema.record_count, schema.byte_count) == (12, 480)
    assert schema.record_count_precision == "EXACT"
    assert schema.parser == {"mimeType": "text/csv", "configuration": {"delimiter": ","}}
    assert [entry.name for entry in schema.properties] == ["level", "gauge"]


def test_an_approximate_count_is_told_as_later_formats_do():
    schemas = [{"recordCountApproximate": True}, {"recordCountApproximate": False}]

    found = normalise({"schemas": schemas}).schemas

    assert [schema.record_count_precision for schema in found] == ["APPROXIMATE", None]


def test_a_source_inside_a_schema_goes_by_the_title_of_the_schema():
    schemas = [
        {"title": "levels", "source": {"protocol": "HTTP", "configuration": {"url": "u"}}},
        {"source": {"type": "http", "uri": "u", "lastUpdateHash": "cafe"}},
        {"title": "none", "source": {}},
    ]

    assert normalise({"schemas": schemas}).sources == (
        Source("levels", "HTTP", {"configuration": {"url": "u"}}, {}, ("levels",)),
        Source("", "http", {"uri": "u"}, {}, ("",)),
    )


def test_a_source_beside_the_schemas_is_kept_without_what_each_update_changes():
    (inner, beside) = normalise(complete()).sources

    assert inner.slug == "levels"
    assert beside == Source(
        slug="levels-csv",
        type="http",
        settings={
            "uris": ["https://rivers.example/levels.csv"],
            "configuration": {"uris": ["https://rivers.example/levels.csv"]},
            "connectionConfiguration": {"timeout": 5},
            "credentialsIdentifier": "gauge",
            "updateConfiguration": {"every": "day"},
            "updateCredentialsIdentifier": "gauge",
        },
        streams={
            "levels": {
                "configuration": {"header": True},
                "schemaTitles": ["levels"],
                "updateMethods": ["BATCH_FULL_SET"],
            }
        },
        schema_titles=("levels",),
    )


def test_a_source_of_an_odd_shape_is_read_as_far_as_it_goes():
    sources = [{"streamSets": [{"schemaTitles": "levels"}, 5]}, "loose"]

    assert normalise({"sources": sources}).sources == (
        Source("", None, {}, {"": {"schemaTitles": "levels"}}, ()),
    )


def test_a_file_without_contents_has_none():
    assert normalise(minimal("0.32.1")) == Contents(schemas=(), sources=())
