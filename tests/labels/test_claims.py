"""`litereg check` notices labels on what is not there."""

from __future__ import annotations

import shutil

import pytest

from litereg.cli.claims import CLAIMS
from litereg.labels.assignments import queries as assignments
from litereg.labels.labels import queries as labels
from litereg.labels.labels.inputs import CreateLabel
from litereg.labels.public_packages import queries as public_packages
from litereg.store import Transaction
from litereg.store.check import check
from litereg.store.connection import connect


@pytest.fixture
def path(tmp_path, original):
    """A file with a label on a package and a version of each kind."""
    path = shutil.copyfile(original, tmp_path / "litereg.db")
    raw = connect(path)
    tx = Transaction(raw)
    raw.execute("BEGIN")
    labels.insert_labels(tx, [CreateLabel(name="a")], 1, 0)
    label = labels.find_label(tx, "a").row_id
    public_packages.register_packages(tx, [("npm", "x")], 0)
    package = public_packages.locate_packages(tx, [("npm", "x")])["npm", "x"].package.row_id
    public_packages.register_versions(tx, [(package, "1")], 0)
    version = public_packages.locate_versions(tx, [(package, "1")])[package, "1"].version.row_id
    for package_id in (1, package):
        assignments.label_package(tx, label, package_id, 1, 0)
    assignments.label_versions(tx, label, [1, version], 1, 0)
    raw.execute("COMMIT")
    raw.close()
    return path


def found(path):
    return [str(finding) for finding in check(path, CLAIMS)]


def test_labels_on_what_is_there_are_fine(path):
    assert found(path) == []


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (
            "UPDATE package_label SET package_id = 99 WHERE is_data = 1",
            "registry: a label is on package 99, which is not there",
        ),
        (
            "UPDATE package_label SET package_id = 1099511627999 WHERE is_data = 0",
            "registry: a label is on package 1099511627999, which is not there",
        ),
        (
            "UPDATE version_label SET version_id = 99 WHERE is_data = 1",
            "registry: a label is on version 99, which is not there",
        ),
        (
            "UPDATE version_label SET version_id = 1099511627999 WHERE is_data = 0",
            "registry: a label is on version 1099511627999, which is not there",
        ),
    ],
)
def test_labels_on_what_is_not_there_are_found(path, statement, expected):
    raw = connect(path)
    raw.execute(statement)
    raw.close()

    assert found(path) == [expected]
