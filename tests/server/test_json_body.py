import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litereg.server.json_body import MAX_VALUES, BadJSON, decode, require_shallow

REFUSED = {
    "nothing": b"",
    "half a body": b'{"query":',
    "two values": b"{} {}",
    "a trailing comma": b'{"a": 1,}',
    "single quotes": b"{'a': 1}",
    "a comment": b"{} // {}",
    "a byte order mark": b"\xef\xbb\xbf{}",
    "bytes that are no UTF-8": b'{"a": "\xff"}',
    "half of a pair in UTF-8": b'{"a": "\xed\xa0\x80"}',
    "NaN": b'{"a": NaN}',
    "Infinity": b'{"a": Infinity}',
    "minus Infinity": b'{"a": -Infinity}',
    "a number beyond doubles": b'{"a": 1e999}',
    "a number of 401 digits": b'{"a": ' + b"9" * 401 + b"}",
    "a number of 5,000 digits": b'{"a": ' + b"9" * 5000 + b"}",
    "a key twice": b'{"query": "{a}", "query": "{b}"}',
    "a key twice, once escaped": b'{"a": 1, "\\u0061": 2}',
    "a key twice, deep inside": b'{"variables": {"a": [{"b": 1, "b": 1}]}}',
    "half of a pair": b'{"a": "\\ud800"}',
    "the other half": b'{"a": ["\\uDC00"]}',
    "half of a pair in a key": b'{"\\ud800": 1}',
    "NUL": b'{"a": {"b": ["c\\u0000d"]}}',
    "NUL in a key": b'{"\\u0000": 1}',
    "a raw NUL": b'{"a": "\x00"}',
    "a raw line feed": b'{"a": "\n"}',
    "100,000 lists in each other": b"[" * 100_000,
    "100,000 objects in each other": b'{"a":' * 100_000,
    "a million lists": b"[" + b"[]," * 1_000_000 + b"[]]",
    "a million quotes": b'"' * 1_000_000 + b"," * (MAX_VALUES + 1),
}


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED)
def test_body_is_refused(body):
    with pytest.raises(BadJSON):
        decode(body)


def test_a_double_key_is_named():
    with pytest.raises(BadJSON, match="'query' is given twice"):
        decode(b'{"query": "{a}", "query": "{b}"}')


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"a": "\\ud83d\\ude00"}', {"a": "😀"}),
        (b'{"a": "\\\\u0000"}', {"a": "\\u0000"}),
        (b'{"a": "\xf0\x9f\x98\x80"}', {"a": "😀"}),
        (b' \r\n\t{"a" : [1, -2.5, true, null]} ', {"a": [1, -2.5, True, None]}),
        (b"123456789012345678901234567890", 123456789012345678901234567890),
        (b"9" * 400, 10**400 - 1),
        (b'{"a": 1, "b": {"a": 1}}', {"a": 1, "b": {"a": 1}}),
    ],
)
def test_body_is_read_exactly(body, value):
    assert decode(body) == value


def test_values_in_a_text_are_not_counted():
    package_file = json.dumps(
        [{"name": f'a "{number}",', "of": [1, 2]} for number in range(50_000)]
    )

    assert decode(json.dumps({"file": package_file}).encode()) == {"file": package_file}


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text('ab\\"é'), inner),
    max_leaves=10,
)


@given(JSON, st.booleans())
def test_what_was_written_is_read(value, ascii_only):
    assert decode(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


def nested(levels):
    value = 1
    for level in range(levels):
        value = [value] if level % 2 else {"a": value, "b": 0}
    return value


@pytest.mark.parametrize("levels", [1, 2, 5])
def test_depth_is_counted_in_lists_and_objects(levels):
    require_shallow(nested(levels), levels, "variables")
    with pytest.raises(BadJSON, match=f"deeper than {levels - 1} levels"):
        require_shallow(nested(levels), levels - 1, "variables")


def test_an_empty_list_is_a_level():
    with pytest.raises(BadJSON):
        require_shallow({"a": []}, 1, "variables")
