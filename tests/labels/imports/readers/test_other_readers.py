"""Curation audits, package URLs one a line, and pylock.toml."""

import pytest

from litereg.labels.imports.entries import NO_NAME, NO_VERSION, Entry, UnreadableFile
from litereg.labels.imports.readers import curation_audit, pylock
from litereg.labels.imports.type_table import NOT_A_PURL
from tests.labels.imports.reading import names, read, read_data, read_with, reasons


def test_a_curation_audit_names_what_was_blocked():
    name, found = read_data("curation-audit.json")

    assert name == "curation audit"
    assert found == [
        Entry("npm", "minimist", "0.0.8", "[0]"),
        Entry("pypi", "pyyaml", "5.3", "[1]"),
    ]


def test_an_audit_that_blocked_nothing_has_nothing():
    assert read("[]") == ("curation audit", [])


def test_other_objects_in_a_list_are_left_out():
    found = read_with(curation_audit, '[{"blocked_package_name": "a"}, {"name": "b"}, 7]')

    assert reasons(found) == {"[0]": NO_VERSION, "[1]": NO_VERSION}


def test_package_urls_are_read_a_line_each():
    lines = [
        "# what we use",
        "",
        "pkg:npm/%40babel/core@7.24.7",
        "  pkg:maven/org.apache.commons/commons-lang3@3.14.0?type=jar#a/b   # remark",
        "pkg:npm/lodash",
        "lodash@4.17.21",
    ]

    name, found = read("\r\n".join(lines))

    assert name == "package URLs"
    assert found[:3] == [
        Entry("npm", "@babel/core", "7.24.7", 3),
        Entry("maven", "org.apache.commons:commons-lang3", "3.14.0", 4),
        Entry("npm", "lodash", "", 5),
    ]
    assert reasons(found) == {6: NOT_A_PURL}


def test_pips_lockfile_is_read():
    name, found = read_data("pylock.toml")

    assert name == "pylock.toml"
    assert found == [
        Entry("pypi", "click", "8.5.1", "packages[0]"),
        Entry("pypi", "jinja2", "3.1.6", "packages[1]"),
        Entry("pypi", "markupsafe", "3.0.4", "packages[2]"),
    ]


def test_locked_packages_from_elsewhere_are_left_out():
    text = """
        lock-version = "1.0"
        [[packages]]
        name = "a"
        version = "1.0"
        [packages.vcs]
        type = "git"
        [[packages]]
        name = "b"
        [[packages]]
        version = "1.0"
        [[packages]]
        name = "Foo.Bar"
        version = "1.0"
    """

    _, found = read(text)

    assert names(found) == [("pypi", "foo-bar", "1.0")]
    assert reasons(found) == {
        "packages[0]": pylock.NOT_FROM_INDEX,
        "packages[1]": NO_VERSION,
        "packages[2]": NO_NAME,
    }


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('lock-version = "2.0"', "lock-version"),
        ('lock-version = "1.0"\npackages = 7', "no list"),
        ('lock-version = "1.0"\n[[packages', "no TOML"),
        ('lock-version = "1.0"\na = ' + "[" * 20_000, "no TOML"),
        (b'lock-version = "1.0"\n# \xff', "no TOML"),
    ],
)
def test_a_lockfile_that_is_broken_or_too_new_is_refused(text, complaint):
    with pytest.raises(UnreadableFile, match=complaint):
        read_with(pylock, text)


def test_a_lockfile_too_large_for_memory_is_refused(monkeypatch):
    monkeypatch.setattr(pylock, "MAX_BYTES", 10)

    with pytest.raises(UnreadableFile, match="no larger than 10 bytes"):
        read_with(pylock, 'lock-version = "1.0"')
