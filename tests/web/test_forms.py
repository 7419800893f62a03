"""Forms as browsers send them, and what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litereg.server.replies import Refused
from litereg.web.forms import MAX_FIELDS, MAX_FORM_BYTES, parse_form

BOUNDARY = "----frontier"
PARTS = f"multipart/form-data; boundary={BOUNDARY}"
TEXTS = "application/x-www-form-urlencoded"


def part(name, value, filename=None):
    file = f'; filename="{filename}"\r\nContent-Type: text/csv' if filename is not None else ""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
    return head.encode() + value + b"\r\n"


END = f"--{BOUNDARY}--\r\n".encode()


def test_texts_are_read_as_they_were_typed():
    form = parse_form(TEXTS, b"name=a+b%26c&note=+x+&may=VIEW&may=EDIT&empty=")

    assert form.raw("note") == " x "
    assert form.text("note") == "x"
    assert form.text("name") == "a b&c"
    assert form.all("may") == ["VIEW", "EDIT"]
    assert form.flag("empty")
    assert not form.flag("absent")
    assert form.text("absent") == ""


@given(st.binary(max_size=500))
def test_a_file_comes_in_byte_for_byte(content):
    body = part("note", "é".encode()) + part("file", content, "a.csv") + END

    form = parse_form(PARTS, body)

    assert form.text("note") == "é"
    assert form.file("file") == content


def test_a_file_that_was_not_chosen_is_empty():
    assert parse_form(PARTS, part("file", b"", "") + END).file("file") == b""


@given(st.binary(max_size=300))
def test_no_body_of_parts_breaks_the_reader(body):
    try:
        parse_form(PARTS, body)
    except Refused as refused:
        assert refused.status == 400


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/json"])
def test_what_is_no_form_is_refused(content_type):
    with pytest.raises(Refused) as refused:
        parse_form(content_type, b"a=b")

    assert refused.value.status == 415


@pytest.mark.parametrize("body", [b"a=b&" * (MAX_FIELDS + 1)])
def test_more_fields_than_any_form_has_are_refused(body):
    with pytest.raises(Refused) as refused:
        parse_form(TEXTS, body)

    assert refused.value.status == 400


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (TEXTS, b"label=a%00b"),
        (TEXTS, b"label=a\0b"),
        (PARTS, part("label", b"a\0b") + END),
        (PARTS, part("file", b"a", "b\0.csv") + END),
    ],
)
def test_a_text_that_no_database_keeps_as_it_came_is_refused(content_type, body):
    with pytest.raises(Refused) as refused:
        parse_form(content_type, body)

    assert refused.value.status == 400


def test_a_long_form_of_texts_alone_is_refused_before_it_is_read():
    with pytest.raises(Refused) as refused:
        parse_form(TEXTS, b"a=" + b"%41" * (MAX_FORM_BYTES // 3))

    assert refused.value.status == 413


@pytest.mark.parametrize("filename", [None, "a.csv"])
def test_more_parts_than_any_form_has_are_refused_whatever_they_are_called(filename):
    body = part("a", b"b", filename) * (MAX_FIELDS + 1) + END

    with pytest.raises(Refused) as refused:
        parse_form(PARTS, body)

    assert refused.value.status == 400


@pytest.mark.parametrize("filename", [None, "a.csv"])
def test_as_many_parts_as_a_form_may_have_are_read(filename):
    form = parse_form(PARTS, part("a", b"b", filename) * MAX_FIELDS + END)

    assert len(form.all("a") or form.chosen("a")) == MAX_FIELDS
