import json

import pytest

from litereg.labels.imports.entries import NO_VERSION, Entry, UnreadableFile
from litereg.labels.imports.readers import npm_lock
from tests.labels.imports.reading import names, read, read_data, reasons

INSTALLED = {
    ("npm", "@babel/code-frame", "7.24.7"),
    ("npm", "@babel/helper-validator-identifier", "7.29.7"),
    ("npm", "@babel/highlight", "7.25.9"),
    ("npm", "ansi-styles", "3.2.1"),
    ("npm", "chalk", "2.4.2"),
    ("npm", "color-convert", "1.9.3"),
    ("npm", "color-name", "1.1.3"),
    ("npm", "debug", "4.3.4"),
    ("npm", "escape-string-regexp", "1.0.5"),
    ("npm", "fsevents", "2.3.3"),
    ("npm", "has-flag", "3.0.0"),
    ("npm", "js-tokens", "4.0.0"),
    ("npm", "ms", "2.0.0"),
    ("npm", "ms", "2.1.2"),
    ("npm", "picocolors", "1.1.1"),
    ("npm", "supports-color", "5.5.0"),
}


@pytest.mark.parametrize("version", [1, 2, 3])
def test_every_version_of_the_file_names_the_same_packages(version):
    name, found = read_data(f"package-lock-v{version}.json")

    assert name == "npm lockfile"
    assert len(names(found)) == len(INSTALLED)
    assert set(names(found)) == INSTALLED


def test_parts_of_the_project_are_left_out():
    assert reasons(read_data("package-lock-v3.json")[1]) == {
        "lib": npm_lock.OWN_PART,
        "node_modules/local-part": npm_lock.LINK,
    }
    assert reasons(read_data("package-lock-v1.json")[1]) == {"local-part": npm_lock.ELSEWHERE}


def test_an_alias_is_the_package_it_stands_for():
    packages = {"node_modules/lodash": {"name": "@my/lodash", "version": "4.0.0"}}
    tree = {"lodash": {"version": "npm:@my/lodash@4.0.0"}}

    third = read(json.dumps({"lockfileVersion": 3, "packages": packages}))[1]
    first = read(json.dumps({"lockfileVersion": 1, "dependencies": tree}))[1]

    assert names(third) == names(first) == [("npm", "@my/lodash", "4.0.0")]


def test_packages_within_packages_are_found_and_named_by_their_path():
    packages = {"node_modules/a/node_modules/@s/b": {"version": "1.0.0"}}
    tree = {"a": {"version": "1.0.0", "dependencies": {"@s/b": {"version": "2.0.0"}}}}

    third = read(json.dumps({"lockfileVersion": 3, "packages": packages}))[1]
    first = read(json.dumps({"lockfileVersion": 1, "dependencies": tree}))[1]

    assert third == [Entry("npm", "@s/b", "1.0.0", "node_modules/a/node_modules/@s/b")]
    assert first == [
        Entry("npm", "@s/b", "2.0.0", "a > @s/b"),
        Entry("npm", "a", "1.0.0", "a"),
    ]


def test_what_comes_from_elsewhere_is_left_out():
    packages = {
        "node_modules/a": {"version": "1.0.0", "resolved": "git+ssh://git@example.org/a.git#1"},
        "node_modules/b": {"version": "1.0.0", "resolved": "file:../b-1.0.0.tgz"},
        "node_modules/c": {},
    }
    tree = {"a": {"version": "github:ann/a#1"}, "b": {"version": "https://example.org/b.tgz"}}

    third = read(json.dumps({"lockfileVersion": 3, "packages": packages}))[1]
    first = read(json.dumps({"lockfileVersion": 1, "dependencies": tree}))[1]

    assert reasons(third) == {
        "node_modules/a": npm_lock.ELSEWHERE,
        "node_modules/b": npm_lock.ELSEWHERE,
        "node_modules/c": NO_VERSION,
    }
    assert reasons(first) == {"a": npm_lock.ELSEWHERE, "b": npm_lock.ELSEWHERE}


def test_a_shrinkwrap_of_an_old_npm_says_no_version_of_its_own():
    text = json.dumps({"name": "x", "dependencies": {"ms": {"version": "2.0.0"}}})

    assert names(read(text)[1]) == [("npm", "ms", "2.0.0")]


def test_a_package_json_is_no_lockfile():
    text = json.dumps({"name": "x", "dependencies": {"ms": "^2.0.0"}})

    with pytest.raises(UnreadableFile, match="its format is none"):
        read(text)


def test_a_version_of_the_file_that_is_not_known_is_refused():
    with pytest.raises(UnreadableFile, match="lockfileVersion 4 cannot be read"):
        read('{"lockfileVersion": 4, "packages": {}}')
