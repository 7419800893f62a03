import json

import pytest

from litereg.labels.imports.entries import Entry, UnreadableFile
from litereg.labels.imports.readers.cyclonedx import NO_PURL
from tests.labels.imports.reading import names, read, read_data, reasons


def test_npms_document_is_read():
    name, found = read_data("spdx-npm.json")

    assert name == "SPDX JSON"
    assert reasons(found) == {}
    assert names(found) == names(read_data("cyclonedx-npm.json")[1])


@pytest.mark.parametrize("category", ["PACKAGE-MANAGER", "PACKAGE_MANAGER"])
@pytest.mark.parametrize("kind", ["purl", "http://spdx.org/rdf/references/purl"])
def test_a_package_url_is_found_in_either_spelling(category, kind):
    reference = {
        "referenceCategory": category,
        "referenceType": kind,
        "referenceLocator": "pkg:maven/org.apache.commons/commons-lang3@3.14.0?type=jar",
    }
    document = {"spdxVersion": "SPDX-2.2", "packages": [{"externalRefs": [reference]}]}

    _, found = read(json.dumps(document))

    name = "org.apache.commons:commons-lang3"
    assert found == [Entry("maven", name, "3.14.0", "packages[0]")]


def test_packages_without_a_package_url_are_left_out():
    other = {
        "referenceCategory": "SECURITY",
        "referenceType": "cpe23Type",
        "referenceLocator": "cpe:2.3:a:x:x:1.0:*:*:*:*:*:*:*",
    }
    purl = {
        "referenceCategory": "PACKAGE-MANAGER",
        "referenceType": "purl",
        "referenceLocator": "pkg:npm/b",
    }
    document = {
        "packages": [
            {"name": "a", "versionInfo": "1", "externalRefs": [other]},
            {"name": "b", "externalRefs": [other, purl], "versionInfo": "2"},
            {"name": "c"},
        ],
        "files": [{"externalRefs": [purl]}],
        "spdxVersion": "SPDX-2.3",
    }

    _, found = read(json.dumps(document))

    assert names(found) == [("npm", "b", "2")]
    assert reasons(found) == {"packages[0]": NO_PURL, "packages[2]": NO_PURL}


@pytest.mark.parametrize(
    "text",
    [
        '{"spdxVersion": "SPDX-3.0"}',
        '{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"}',
    ],
)
def test_spdx_3_is_refused_by_name(text):
    with pytest.raises(UnreadableFile, match=r"cannot be read; SPDX 2\.2 and 2\.3 can"):
        read(text)
