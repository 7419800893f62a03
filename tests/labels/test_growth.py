"""What is asked often costs the same in a catalog ten times as large."""

from __future__ import annotations

import pytest

from litereg.labels.assignments import queries as assignments
from litereg.labels.connections import Form, page_query
from litereg.labels.history import queries as history
from litereg.labels.labels import queries as labels
from litereg.labels.labels.inputs import CreateLabel
from litereg.labels.public_packages import queries as public_packages
from litereg.store import Transaction
from litereg.store.connection import connect
from litereg.store.migrate import migrate
from litereg.store.statement import each

PARENT = "label 0"
# What is looked up and listed is in the catalog from its first rows on.
FEW, MANY = 400, 4_000
PAGE = {"limit": 101, "after_id": 0, "after_value": ""}
BY_ID = Form(None, False, False, True, False, False, False, "")
BY_NAME = BY_ID._replace(column="name")
NEWEST = BY_ID._replace(descending=True, has_after=False)


class Catalog:
    """A database that grows."""

    def __init__(self, raw):
        self.raw = raw
        self.tx = Transaction(raw)
        self.size = 0

    def grow(self, size):
        """Have *size* labels, packages and versions, and an event for each."""
        numbers = range(self.size, size)
        made = [CreateLabel(name=f"label {number}") for number in numbers]
        labels.insert_labels(self.tx, made, None, 0)
        keys = [("npm", f"package {number}") for number in numbers]
        public_packages.register_packages(self.tx, keys, 0)
        found = public_packages.locate_packages(self.tx, keys)
        wanted = [(package.package.row_id, "1") for package in found.values()]
        public_packages.register_versions(self.tx, wanted, 0)
        versions = public_packages.locate_versions(self.tx, wanted)
        ids = [version.version.row_id for version in versions.values()]
        # The first label is on the first two hundred, another one on all that come.
        first, rest = (ids[:200], ids[200:]) if self.size == 0 else ([], ids)
        for name, some in ((PARENT, first), ("label 1", rest)):
            label = labels.find_label(self.tx, name)
            assignments.label_versions(self.tx, label.row_id, some, None, 0)
        self.size = size

    def work(self, query, **values):
        """Return how many steps SQLite takes for a statement, to the ten."""
        tens = 0

        def count():
            nonlocal tens
            tens += 1

        self.raw.set_progress_handler(count, 10)
        try:
            self.raw.execute(query.sql, each(values)).fetchall()
        finally:
            self.raw.set_progress_handler(None, 0)
        return tens * 10

    def label(self):
        return labels.find_label(self.tx, PARENT).row_id

    def package(self):
        key = ("npm", "package 0")
        return public_packages.locate_packages(self.tx, [key])[key].package.row_id


@pytest.fixture(scope="module")
def sizes(tmp_path_factory):
    """Two catalogs, the second of them ten times as large."""
    opened = []
    for size in (FEW, MANY):
        path = tmp_path_factory.mktemp("growth") / "litereg.db"
        raw = connect(path)
        migrate(raw, path)
        raw.execute("BEGIN")
        catalog = Catalog(raw)
        catalog.grow(FEW)
        catalog.grow(size)
        opened.append(catalog)
    yield opened
    for catalog in opened:
        catalog.raw.close()


WANTED = [["npm", f"package {number}", "", ""] for number in range(100)]
ASKED = {
    "labels by id": lambda c: c.work(page_query(labels.LABELS, BY_ID), **PAGE),
    "labels by name": lambda c: c.work(page_query(labels.LABELS, BY_NAME), **PAGE),
    "labels by their names": lambda c: c.work(
        labels.BY_NAMES, names=[f"label {number}" for number in range(100)]
    ),
    "packages by id": lambda c: c.work(page_query(public_packages.PACKAGES, BY_ID), **PAGE),
    "versions by id": lambda c: c.work(page_query(public_packages.VERSIONS, BY_ID), **PAGE),
    "versions of a label": lambda c: c.work(
        page_query(public_packages.VERSIONS_OF_LABELS, BY_ID), parent=c.label(), **PAGE
    ),
    "versions of a package": lambda c: c.work(
        page_query(public_packages.VERSIONS_OF_PACKAGES, BY_ID), parent=c.package(), **PAGE
    ),
    "packages by their names": lambda c: c.work(public_packages.LOCATE_PACKAGES, wanted=WANTED),
    "versions by their names": lambda c: c.work(
        public_packages.LOCATE_VERSIONS, wanted=[[c.package(), "1"]] * 100
    ),
    "the log": lambda c: c.work(page_query(history.EVENTS, NEWEST), **PAGE),
    "the log of a label": lambda c: c.work(
        page_query(history.EVENTS_OF_LABEL, NEWEST), parent=c.label(), **PAGE
    ),
    "the log of a package": lambda c: c.work(
        page_query(history.EVENTS_OF_PACKAGE, NEWEST), parent=c.package(), **PAGE
    ),
    "a label by a name it had": lambda c: c.work(history.LABEL_CALLED, name="label 7"),
    "keeping the log short": lambda c: c.work(history.PRUNE, kept_events=1_000_000),
}


@pytest.mark.parametrize("asked", ASKED)
def test_it_costs_the_same_however_large_the_catalog_is(sizes, asked):
    few, many = (ASKED[asked](catalog) for catalog in sizes)

    assert few <= 12_000
    assert many - few <= few * 0.05 + 30
