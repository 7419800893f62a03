import json

import pytest

from litereg.labels.imports.entries import NO_VERSION, Entry, UnreadableFile
from litereg.labels.imports.readers import cyclonedx, cyclonedx_xml
from litereg.labels.imports.type_table import NOT_A_PURL
from tests.labels.imports.reading import names, read, read_data, read_with, reasons

BOM = '<bom xmlns="http://cyclonedx.org/schema/bom/1.5">%s</bom>'


def test_the_same_bill_reads_alike_as_json_and_as_xml():
    kind, as_json = read_data("cyclonedx-python.json")
    xml_kind, as_xml = read_data("cyclonedx-python.xml")

    assert (kind, xml_kind) == ("CycloneDX JSON", "CycloneDX XML")
    assert names(as_json) == names(as_xml)
    assert len(names(as_json)) == 12
    assert ("pypi", "flask-sqlalchemy", "3.1.1") in names(as_json)
    assert reasons(as_json) == {"metadata.component": cyclonedx.NO_PURL}
    assert list(reasons(as_xml).values()) == [cyclonedx.NO_PURL]


def test_npms_bill_is_read_with_what_it_is_about():
    _, found = read_data("cyclonedx-npm.json")

    assert len(names(found)) == 18
    assert names(found)[0] == ("npm", "example", "1.0.0")
    assert ("npm", "@babel/code-frame", "7.24.7") in names(found)


def test_components_of_components_count_and_tools_do_not():
    inner = {"name": "inner", "version": "1", "purl": "pkg:npm/inner@1"}
    outer = {"components": [inner], "name": "outer", "version": "2", "purl": "pkg:npm/outer@2"}
    about = {"name": "about", "purl": "pkg:npm/about@3", "components": [inner]}
    tool = {"name": "tool", "purl": "pkg:npm/tool@4"}
    bill = {
        "components": [outer],
        "metadata": {"component": about, "tools": {"components": [tool]}},
        "services": [{"name": "service", "purl": "pkg:npm/service@5"}],
        "bomFormat": "CycloneDX",
    }

    _, found = read(json.dumps(bill))

    assert found == [
        Entry("npm", "inner", "1", "components[0].components[0]"),
        Entry("npm", "outer", "2", "components[0]"),
        Entry("npm", "inner", "1", "metadata.component.components[0]"),
        Entry("npm", "about", "3", "metadata.component"),
    ]


def test_xml_components_of_components_count_and_tools_do_not():
    inner = "<component><name>i</name><purl>pkg:npm/inner@1</purl></component>"
    text = BOM % (
        "<metadata>"
        "<tools><components><component><purl>pkg:npm/tool@4</purl></component></components></tools>"
        f"<component><purl>pkg:npm/about@3</purl><components>{inner}</components></component>"
        "</metadata>"
        f"<components>\n<component><components>{inner}</components><version>2</version>"
        "<purl>pkg:npm/outer</purl><pedigree><ancestors><component><purl>pkg:npm/old@0</purl>"
        "</component></ancestors></pedigree></component></components>"
    )

    _, found = read(text)

    assert names(found) == [
        ("npm", "inner", "1"),
        ("npm", "about", "3"),
        ("npm", "inner", "1"),
        ("npm", "outer", "2"),
    ]
    assert found[3].place == 2


def test_a_component_needs_a_package_url_and_a_version():
    bill = {
        "bomFormat": "CycloneDX",
        "components": [
            {"group": "org.example", "name": "a", "version": "1"},
            {"name": "b", "purl": "pkg:npm/b"},
            {"name": "c", "purl": "npm:c@1"},
            {"name": "d", "purl": "pkg:npm/d", "version": "2"},
            {"name": "e", "purl": 5},
        ],
    }

    _, found = read(json.dumps(bill))

    assert names(found) == [("npm", "d", "2")]
    assert reasons(found) == {
        "components[0]": cyclonedx.NO_PURL,
        "components[1]": NO_VERSION,
        "components[2]": NOT_A_PURL,
        "components[4]": cyclonedx.NO_PURL,
    }
    assert found[0].text == "org.example/a 1"


ENTITIES = '<!DOCTYPE bom [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTER = '<!DOCTYPE bom [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
PARAMETER = '<!DOCTYPE bom [<!ENTITY % a SYSTEM "http://127.0.0.1/a"> %a;]>'


@pytest.mark.parametrize("declaration", [ENTITIES, OUTER, PARAMETER, '<!DOCTYPE bom SYSTEM "a">'])
def test_a_document_type_ends_the_reading(declaration):
    text = declaration + BOM % "<components><component><purl>&a;</purl></component></components>"

    with pytest.raises(UnreadableFile, match="document type"):
        read(text)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("<html><body/></html>", "not CycloneDX"),
        ('<bom xmlns="http://example.org/other"/>', "not CycloneDX"),
        ("<bom/>", "not CycloneDX"),
        ('<bom xmlns="http://cyclonedx.org/schema/bom/1.5">', "no XML"),
        (BOM % "&a;", "no XML"),
        (BOM % "\x00", "no XML"),
        ('<?xml version="1.0" encoding="x-none"?>' + BOM % "", "no XML"),
        (BOM % ("<a>" * 200), "nested deeper"),
    ],
)
def test_what_is_no_bill_of_materials_is_refused(text, complaint):
    with pytest.raises(UnreadableFile, match=complaint):
        read_with(cyclonedx_xml, text)


def test_xml_says_itself_how_it_is_encoded():
    component = "<components><component><name>ä</name></component></components>"
    latin = '<?xml version="1.0" encoding="iso-8859-1"?>' + BOM % component

    for raw in (latin.encode("latin-1"), (BOM % component).encode("utf-16")):
        (found,) = read(raw)[1]

        assert found.text == "ä"


def test_an_element_of_another_namespace_is_none_of_a_component():
    purls = '<x:purl xmlns:x="http://example.org/x">pkg:npm/x@1</x:purl><purl>pkg:npm/a@1</purl>'
    text = BOM % f"<components><component>{purls}</component></components>"

    assert names(read(text)[1]) == [("npm", "a", "1")]
