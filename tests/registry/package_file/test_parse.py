import json
import subprocess
import sys
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from litereg.errors import InvalidInput
from litereg.registry.package_file import FORMATS, InvalidPackageFile, Semver, parse, reopen
from litereg.registry.package_file.json_text import (
    MAX_CHARACTERS,
    MAX_DEPTH,
    MAX_VALUES,
    read_object,
)
from litereg.registry.package_file.problems import MAX_PROBLEMS, MAX_TEXT
from litereg.registry.package_file.validation import MAX_DESCRIPTION, MAX_EXPLAINED_VALUES

from .samples import ABSENT, complete, edited, minimal, package_file

PREFIX = "INVALID_PACKAGE_FILE_SCHEMA: "

# What the JSON parser says of broken text, whatever it calls the mistake.
PARSER = "line 1 column"


def problems(text):
    """Return what is told about *text*, which must be refused."""
    with pytest.raises(InvalidPackageFile) as caught:
        parse(text)
    assert caught.value.code == "GRAPHQL_VALIDATION_FAILED"
    assert caught.value.reason == "INVALID_PACKAGE_FILE_SCHEMA"
    assert caught.value.message.startswith(PREFIX + "[{")
    return json.loads(caught.value.message.removeprefix(PREFIX))


def nested(levels):
    """Return the text of a package file in which values are inside one another so deep."""
    arrays = levels - 1
    return json.dumps(minimal("0.3.20"))[:-1] + ',"deep":' + "[" * arrays + "]" * arrays + "}"


def test_the_text_is_kept_to_the_character():
    text = "\n" + json.dumps(complete("0.32.1"), indent=3).replace(": 12,", ":12.0,") + " \t"

    file = parse(text)

    assert file.text == text
    assert file.document == complete("0.32.1")


def test_what_the_file_says_is_read():
    file = package_file(complete("0.32.1"))

    assert file.format == "0.32.1"
    assert file.version == Semver(1, 0, 0)
    assert file.package_slug == "river-levels"
    assert file.display_name == "River levels"
    assert file.description == "Water levels of some rivers"
    assert file.updated_at == 1_601_560_469_442
    assert file.readme == "# River levels"
    assert file.license == "CC0"


@pytest.mark.parametrize("value", ["", None, 5, ABSENT])
def test_no_readme_is_none(value):
    document = minimal("0.3.20") | {"readmeMarkdown": "", "readmeFile": "README.md"}

    assert package_file(edited(document, "readmeMarkdown", value)).readme is None


def test_words_for_the_search_index_come_in_the_order_of_the_file():
    document = complete()
    document["schemas"].append({"title": "gauges", "properties": {"gauge": {}, "a": {}}})
    document["schemas"].append({"properties": {}})

    file = package_file(document)

    assert file.schema_titles() == ("levels", "gauges")
    assert file.property_names() == ("level", "inner", "gauge", "a")


def test_a_stored_file_is_reopened_without_being_checked_again():
    text = json.dumps(edited(complete("0.32.1"), "canonical", "by earlier rules"))

    file = reopen(text, "0.32.1")

    assert file.text == text
    assert file.version == Semver(1, 0, 0)


def test_a_file_reopened_is_the_file_that_was_parsed():
    text = json.dumps(complete("0.9.0"))

    assert reopen(text, "0.9.0") == parse(text)


def test_a_problem_is_told_with_the_five_keys_of_the_era():
    document = edited(
        complete("0.32.1"), "schemas.0.properties.level.types.number.recordCount", "x"
    )

    assert problems(json.dumps(document)) == [
        {
            "keyword": "type",
            "dataPath": ".schemas[0].properties.level.types.number.recordCount",
            "schemaPath": "#/definitions/values/properties/recordCount/type",
            "params": {"type": "number"},
            "message": 'the value is not of type "number"',
        }
    ]


@pytest.mark.parametrize(
    ("path", "value", "keyword", "data_path", "params"),
    [
        ("displayName", ABSENT, "required", "", {"missingProperty": "displayName"}),
        ("displayName", "a" * 129, "maxLength", ".displayName", {"limit": 128}),
        ("version", "1", "pattern", ".version", {"pattern": r"^[0-9]+\.[0-9]+\.[0-9]+$"}),
        ("updatedDate", "now", "format", ".updatedDate", {"format": "date-time"}),
        ("readmeFile", "README", "oneOf", "", {}),
        (
            "schemas.0.recordCountPrecision",
            "ROUGH",
            "enum",
            ".schemas[0].recordCountPrecision",
            {"allowedValues": ["EXACT", "APPROXIMATE", "GREATER_THAN"]},
        ),
        (
            "schemas.0.properties",
            {"it's \\ me": {"title": "it", "types": 5}},
            "type",
            ".schemas[0].properties['it\\'s \\\\ me'].types",
            {"type": "object"},
        ),
    ],
)
def test_each_kind_of_problem_names_the_place_and_the_limit(
    path, value, keyword, data_path, params
):
    (problem,) = problems(json.dumps(edited(complete("0.32.1"), path, value)))

    assert (problem["keyword"], problem["dataPath"], problem["params"]) == (
        keyword,
        data_path,
        params,
    )


def test_what_was_submitted_is_not_repeated():
    document = edited(complete("0.32.1"), "displayName", "<script>" * 20)

    assert "script" not in json.dumps(problems(json.dumps(document)))


def test_only_so_many_problems_are_told():
    document = complete("0.32.1") | {"modifiedProperties": [5] * 100}

    assert len(problems(json.dumps(document))) == MAX_PROBLEMS


def test_of_a_large_file_the_first_problem_is_told():
    small = complete("0.32.1") | {"modifiedProperties": [5] * 10}
    large = complete("0.32.1") | {"modifiedProperties": [5] * MAX_EXPLAINED_VALUES}

    assert len(problems(json.dumps(small))) == 10
    assert len(problems(json.dumps(large))) == 1


def test_a_large_file_without_problems_is_taken():
    large = complete("0.32.1") | {"modifiedProperties": ["a"] * MAX_EXPLAINED_VALUES}

    assert package_file(large).format == "0.32.1"


def test_long_names_are_shortened():
    document = edited(complete("0.32.1"), "schemas.0.properties", {"n" * 5000: {"title": "n"}})

    (problem,) = problems(json.dumps(document))

    assert len(problem["dataPath"]) == MAX_TEXT
    assert problem["dataPath"].endswith("n…")


def test_of_the_unversioned_formats_the_problems_with_the_closest_are_told():
    wrong = minimal("0.3.20") | {"displayName": ""}

    by_type = problems(json.dumps(wrong | {"schemas": [{"source": {"type": "http"}}]}))
    by_protocol = problems(json.dumps(wrong | {"schemas": [{"source": {"protocol": "HTTP"}}]}))

    assert [problem["dataPath"] for problem in by_type] == [".displayName"]
    assert [problem["dataPath"] for problem in by_protocol] == [".displayName"]


@pytest.mark.parametrize(
    ("description", "keyword", "params"),
    [
        ("", "minLength", {"limit": 1}),
        ("a" * (MAX_DESCRIPTION + 1), "maxLength", {"limit": MAX_DESCRIPTION}),
        (None, "type", {"type": "string"}),
        (["text"], "type", {"type": "string"}),
    ],
)
def test_a_description_that_cannot_be_shown_is_refused(description, keyword, params):
    (problem,) = problems(json.dumps(edited(minimal("0.32.1"), "description", description)))

    assert problem["keyword"] == keyword
    assert problem["dataPath"] == ".description"
    assert problem["schemaPath"] == f"#/properties/description/{keyword}"
    assert problem["params"] == params


def test_the_longest_description_is_taken():
    longest = "é" * MAX_DESCRIPTION

    assert package_file(minimal("0.32.1") | {"description": longest}).description == longest


@pytest.mark.parametrize(
    "version", ["01.0.0", "1.00.0", "1.0.00", "2147483648.0.0", "1.0." + "9" * 99]
)
def test_a_version_number_that_cannot_be_counted_is_refused(version):
    (problem,) = problems(json.dumps(minimal("0.32.1") | {"version": version}))

    assert problem["keyword"] == "version"
    assert problem["dataPath"] == ".version"
    assert version[:40] in problem["message"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", PARSER),
        ("{", PARSER),
        ("{} {}", PARSER),
        ("{'a': 1}", PARSER),
        ("\ufeff{}", PARSER),
        ('{"a": NaN}', PARSER),
        ('{"a": -Infinity}', PARSER),
        ('{"a": 1e999}', PARSER),
        ('{"a": 1' + "0" * 400 + "}", PARSER),
        ('{"a": "\\ud800"}', PARSER),
        ('{"a": "\ud800"}', PARSER),
        ('{"a": "\0"}', PARSER),
        ('{"a": ' + "[" * 100_000, PARSER),
        ("null", "is a JSON object"),
        ("5", "is a JSON object"),
        ('"{}"', "is a JSON object"),
        ("[{}]", "is a JSON object"),
        ('{"a": "\\u0000"}', "NUL in a string"),
        ('{"a": {"\\u0000": 1}}', "NUL in a name"),
        ('{"a": 1, "a": 1}', "'a' appears twice"),
        ('{"a": {"b": 1, "c": 2, "\\u0062": 3}}', "'b' appears twice"),
        (nested(MAX_DEPTH + 1), "deeper than 64"),
        (" " * (MAX_CHARACTERS + 1), "longer than"),
        ('{"a": [' + "1," * MAX_VALUES + "1]}", "more than 100000 values"),
    ],
    ids=lambda value: value[:30] if len(value) < 100 else f"{value[:10]}…",
)
def test_text_that_no_honest_publisher_sends_is_refused(text, words):
    (problem,) = problems(text)

    assert problem["keyword"] == "json"
    assert words in problem["message"]


def tricky_text(random):
    return json.dumps("".join(random.choices('a":\\ ,{}[]', k=random.randrange(5))))


def value_as_written(random, levels):
    """A value as JSON text, with at most so many *levels* inside one another."""
    kind = random.random()
    if levels and kind < 0.4:
        return object_as_written(random, levels - 1)
    if levels and kind < 0.6:
        values = [value_as_written(random, levels - 1) for _ in range(random.randrange(3))]
        return f"[{','.join(values)}]"
    return random.choice([tricky_text(random), tricky_text(random), "1", "null"])


def object_as_written(random, levels):
    """An object as JSON text, with spaces and escapes anywhere; its names need not differ."""
    pairs = []
    for _ in range(random.randrange(5)):
        name = random.choice([tricky_text(random), '"a"', '"\\u0061"', '":"'])
        before, after = random.choices(["", " ", "\n", "\t", "\r"], k=2)
        pairs.append(f"{name}{before}:{after}{value_as_written(random, levels)}")
    return "{" + ",".join(pairs) + "}"


def names_twice(text):
    """Return whether some object of *text* has a name twice."""
    found = []
    json.loads(text, object_pairs_hook=lambda pairs: found.append(len(dict(pairs)) < len(pairs)))
    return any(found)


def test_a_name_that_appears_twice_is_seen_however_it_is_written():
    texts = [object_as_written(Random(number), levels=3) for number in range(3_000)]
    twice = {text: names_twice(text) for text in texts}
    assert 500 < sum(twice.values()) < 2_500

    for text, is_twice in twice.items():
        try:
            read_object(text)
        except InvalidPackageFile as refusal:
            assert is_twice, text
            assert "appears twice in one object" in refusal.message
        else:
            assert not is_twice, text


def test_as_deep_as_allowed_is_taken():
    assert parse(nested(MAX_DEPTH)).text == nested(MAX_DEPTH)


def test_numbers_that_only_look_odd_are_taken():
    text = (
        json.dumps(minimal("0.3.20"))[:-1] + ', "odd": [-0, 1e308, 1e-999, 123456789012345678901]}'
    )

    assert parse(text).text == text


def test_the_validator_is_not_loaded_before_it_is_needed():
    program = (
        "import sys, litereg.registry.package_file as room;"
        "assert 'jsonschema_rs' not in sys.modules;"
        "room.schema_of('0.9.0');"
        "assert 'jsonschema_rs' not in sys.modules"
    )

    subprocess.run([sys.executable, "-c", program], check=True)


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "types", "title", "properties", "a"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


@st.composite
def altered(draw):
    """A complete package file in which a few places hold something else."""
    document = complete(draw(st.sampled_from([None, *FORMATS[2:]])))
    for _ in range(draw(st.integers(1, 3))):
        holder = document
        while True:
            key = draw(
                st.sampled_from(list(holder) if isinstance(holder, dict) else range(len(holder)))
            )
            if not holder[key] or not isinstance(holder[key], dict | list) or draw(st.booleans()):
                break
            holder = holder[key]
        holder[key] = draw(JSON_VALUES)
    return json.dumps(document)


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(exclude_categories=())) | JSON_VALUES.map(json.dumps))
def test_any_text_is_taken_or_refused_and_nothing_else(text):
    try:
        parse(text)
    except InvalidInput as refusal:
        assert isinstance(json.loads(refusal.message.removeprefix(PREFIX)), list)


@settings(max_examples=150, deadline=None)
@given(altered())
def test_whatever_stands_in_a_file_that_is_taken_can_be_read(text):
    try:
        file = parse(text)
    except InvalidPackageFile:
        return

    assert file.text == text
    assert isinstance(file.schema_titles(), tuple)
    assert isinstance(file.property_names(), tuple)
    assert isinstance(file.updated_at, int)
