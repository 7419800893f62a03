"""Whatever bytes a file has, a reader reads it or refuses it with the one error for that."""

import contextlib
import io
import json

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from litereg.labels.imports import recognise
from litereg.labels.imports.entries import Entry, Skipped, UnreadableFile
from litereg.labels.imports.type_table import TypeTable
from tests.labels.imports.reading import DATA, read

FORMATS = [value for value in vars(recognise).values() if isinstance(value, recognise.Format)]
FILES = [path.read_bytes() for path in sorted(DATA.iterdir()) if path.suffix != ".md"]
# Pieces that mean something to some reader, so that random files get past its first line.
WORDS = st.sampled_from(
    [
        b"pkg:npm/a@1", b"pkg:", b"%00", b"%ff", b"@", b"/", b"?", b"#", b"\n", b"\r", b",", b'"',
        b"==", b"===", b"; ", b"(", b"[", b"]", b"{", b"}", b":", b"\\\n", b" --hash=", b"-e ",
        b"://", b"lock-version = \"1.0\"\n", b"[[packages]]\n", b"name = ", b"version = ",
        b"1" * 5_000,
        b"1e999", b"\\ud800", b"\\u0000", b'{"bomFormat":"CycloneDX","components":[', b'{"purl":',
        b'{"lockfileVersion":3,"packages":{', b'"node_modules/a":{"version":"1"}', b"}}",
        b'{"spdxVersion":"SPDX-2.3","packages":[', b'[{"blocked_package_name":"a"',
        b'<bom xmlns="http://cyclonedx.org/schema/bom/1.5">', b"<components>", b"<component>",
        b"<purl>", b"</purl>", b"</component>", b"<!DOCTYPE ", b"<![CDATA[", b"<?xml ", b"&#0;",
        b"\xff\xfe", b"\xef\xbb\xbf", b"\x00", b"1979-05-27", b"null", b"true", b"a", b"lodash",
    ]
)  # fmt: skip
CONTENT = st.one_of(st.binary(max_size=300), st.lists(WORDS, max_size=20).map(b"".join))


def check(found):
    for each in found:
        assert isinstance(each, (Entry, Skipped))
        assert isinstance(each.place, (int, str))
        # What is yielded can be stored and printed.
        json.dumps(each, ensure_ascii=False).encode()
        if isinstance(each, Entry):
            assert each.type.strip()
            assert each.name.strip()
            assert "\0" not in "".join(each[:3])
        else:
            assert len(each.text) <= 200


@pytest.mark.parametrize("reader", FORMATS, ids=lambda found: found.name)
@hypothesis_settings(max_examples=50, deadline=None)
@given(content=CONTENT)
def test_a_reader_reads_or_refuses(reader, content):
    with contextlib.suppress(UnreadableFile):
        check(reader.read(io.BytesIO(content), TypeTable()))


@hypothesis_settings(max_examples=100, deadline=None)
@given(content=CONTENT)
def test_a_file_is_recognised_or_refused(content):
    with contextlib.suppress(UnreadableFile):
        check(read(content)[1])


@hypothesis_settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(data):
    content = data.draw(st.sampled_from(FILES))
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 50)))

    with contextlib.suppress(UnreadableFile):
        check(read(content[:start] + data.draw(CONTENT) + content[end:])[1])
