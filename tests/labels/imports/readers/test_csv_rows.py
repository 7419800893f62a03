import io

import pytest

from litereg.labels.imports.entries import NO_NAME, NO_TYPE, NO_VERSION, Entry, UnreadableFile
from litereg.labels.imports.readers import csv_rows
from litereg.labels.imports.type_table import TypeTable
from tests.labels.imports.reading import names, read, read_data, read_with, reasons


def test_what_the_listing_client_prints_is_taken_back():
    name, found = read_data("label-listing.csv")

    assert name == "CSV"
    assert reasons(found) == {}
    assert found == [
        Entry("npm", "@babel/core", "7.24.7", 4),
        Entry("npm", "lodash", "4.17.21", 5),
        Entry("maven", "org.apache.commons:commons-lang3", "3.14.0", 6),
        Entry(
            "docker",
            "library/node",
            "sha256:5f21943fe97b24ae1740da6d7b9c56ac43fe3495acb47c1b232b0a352b02a25c",
            7,
        ),
        Entry("Hugging Face", "openai/whisper", "169d4a4341b33bc18d8881c4b69c2e104e1cc0af", 8),
        Entry("npm", "some-package", "", 9),
    ]


@pytest.mark.parametrize(
    "header",
    [
        "name,version,type",
        "name, version, type",
        "package_name,package_version,package_type",
        "blocked_package_name,blocked_package_version,type",
        '"name","version","type","status","id","repo_key"',
        "Name,Version,Type",
    ],
)
def test_a_header_is_no_package(header):
    name, found = read(f"{header}\nlodash,4.17.21,npm\n")

    assert name == "CSV"
    assert found == [Entry("npm", "lodash", "4.17.21", 2)]


def test_no_header_is_needed():
    assert read("lodash,4.17.21,npm")[1] == [Entry("npm", "lodash", "4.17.21", 1)]


def test_a_package_called_name_is_one():
    assert names(read("name,0.0.2,npm\nname,version,type\n")[1]) == [("npm", "name", "0.0.2")]


def test_fields_are_padded_as_people_like():
    _, found = read('  lodash ,\t4.17.21 ,  npm  \r\n"braces", "2.3.2", "npm"\r\n')

    assert names(found) == [("npm", "lodash", "4.17.21"), ("npm", "braces", "2.3.2")]


def test_further_columns_are_passed_over():
    row = 'lodash,4.17.21,npm,approved,17,npm-remote,"a reason\nover two lines, quoted"\n'

    _, found = read(f"{row}braces,2.3.2,npm\n")

    assert found == [Entry("npm", "lodash", "4.17.21", 1), Entry("npm", "braces", "2.3.2", 3)]


def test_names_are_kept_as_they_are_written():
    _, found = read("Django_Rest.Framework,3.15,pypi\nJSONStream,1.3.5,npm\n")

    assert names(found) == [
        ("pypi", "Django_Rest.Framework", "3.15"),
        ("npm", "JSONStream", "1.3.5"),
    ]


def test_rows_that_name_no_version_of_a_package_are_left_out_with_their_line():
    rows = ["lodash,4.17.21,npm", "", "braces,2.3.2", ",1.0,npm", "x,,npm", "x,1.0,"]

    _, found = read("\n".join(rows))

    assert names(found) == [("npm", "lodash", "4.17.21")]
    assert reasons(found) == {
        3: csv_rows.TOO_FEW,
        4: NO_NAME,
        5: NO_VERSION,
        6: NO_TYPE,
    }


def test_a_quote_that_is_not_closed_is_refused_instead_of_swallowing_the_rest():
    rows = 'lodash,4.17.21,npm\n"braces,2.3.2,npm\nms,2.1.2,npm\n'

    with pytest.raises(UnreadableFile, match="line 2 is not CSV"):
        read_with(csv_rows, rows)


def test_rows_are_read_one_after_the_other():
    class Endless(io.BytesIO):
        def readline(self, size=-1):
            return b"lodash,4.17.21,npm\n"

    rows = csv_rows.read(Endless(), TypeTable())

    assert next(rows) == Entry("npm", "lodash", "4.17.21", 1)
    assert next(rows) == Entry("npm", "lodash", "4.17.21", 2)
