"""Labels: put on 500 versions at once, and read back page by page.

Clients of the labels API write what they mean into the document itself, so that hardly any document
comes twice and each is parsed and checked anew; others send variables. Both are played.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from time import perf_counter

from litereg.gql.relay import Cursors, Place
from litereg.labels.ids import SECRET
from litereg.store.connection import connect
from tests.bench.dataset import NOW, Dataset
from tests.bench.measure import Figures, Plan, Sample, percentile
from tests.bench.scenarios import Group, Scenario, Turn, request

# The label that is read, and the one that is put on what is new.
SHELF, FRESH = "shelf", "fresh"
AT_ONCE = 500
PAGE = 100
# Fewer packages than versions, as lockfiles have them.
VERSIONS_A_PACKAGE = 10
ASSIGNERS = 4
# Enough for the fastest server: each call labels versions that no other names.
CALLS_A_SECOND = 150
# Where pages begin: more places than documents are kept.
PLACES = 2_000

ASSIGN = """mutation Assign($label: PublicPackageVersionsLabelInput!) {
  customCatalogLabel {
    assignCustomCatalogLabelToPublicPackageVersions(publicPackageVersionsLabel: $label)
  }
}"""
READ = """query Read($name: String!, $after: Cursor) {
  customCatalogLabel { getLabel(name: $name) {
    name
    description
    publicPackageVersionsConnection(first: 100, after: $after) {
      edges { node { version publicPackage { name type } } }
      pageInfo { hasNextPage endCursor }
    }
  } }
}"""

# Rows as litereg writes them, for what is there already and for what SQLite alone takes.
LABEL = """
INSERT INTO label(
    name, name_folded, description, description_folded, created_at, created_by, updated_at,
    updated_by
) VALUES (:name, :name, '', '', :now, 1, :now, 1)
"""
PACKAGE = """
INSERT INTO registered_package(type, type_folded, name, name_folded, created_at)
VALUES ('npm', 'npm', :name, :name, :now)
"""
VERSION = """
INSERT INTO registered_version(package_id, version, version_folded, created_at)
VALUES (:package_id, :version, :version, :now)
"""
ASSIGNMENT = """
INSERT INTO version_label(label_id, is_data, version_id, assigned_at, assigned_by)
VALUES (:label_id, 0, :version_id, :now, 1)
"""
EVENT = """
INSERT INTO label_event(happened_at, user_id, action, label_id, package_id, version_id)
VALUES (:now, 1, 'ASSIGNED', :label_id, :package_id, :version_id)
"""


def furnish(dataset: Dataset, labelled: int) -> None:
    """Put a label on that many versions of *dataset*, and make one that is on nothing."""
    with closing(connect(dataset.path)) as raw:
        raw.execute("BEGIN")
        shelf = raw.execute(LABEL, {"name": SHELF, "now": NOW}).lastrowid
        raw.execute(LABEL, {"name": FRESH, "now": NOW})
        for start in range(0, labelled, AT_ONCE):
            names = list(_names("shelved", start, min(AT_ONCE, labelled - start)))
            _label_rows(raw, shelf, names)
        raw.execute("COMMIT")


def assign_versions(dataset: Dataset, turn: Turn) -> list[Group]:
    """Put a label on 500 versions that are not in the catalog yet, a few clients at a time."""
    requests = [
        request("Assign", ASSIGN, {"label": _assignment(names)}, _key(dataset))
        for names in _calls("variables", turn)
    ]
    return [Group("assign", ASSIGNERS, requests, once=True)]


def assign_in_literals(dataset: Dataset, turn: Turn) -> list[Group]:
    """Do the same, with the versions written into the document."""
    requests = [
        request(None, _in_literals(_assignment(names)), {}, _key(dataset))
        for names in _calls("literals", turn)
    ]
    return [Group("assign", ASSIGNERS, requests, once=True)]


def read_pages(dataset: Dataset, turn: Turn) -> list[Group]:
    """Read pages of what carries a label, from anywhere in the list."""
    requests = [
        request("Read", READ, {"name": SHELF, "after": cursor}, _key(dataset))
        for cursor in cursors(dataset)
    ]
    return [Group("read", turn.connections, requests)]


def read_pages_in_literals(dataset: Dataset, turn: Turn) -> list[Group]:
    """Do the same, with label and cursor written into the document."""
    document = "{\n" + READ.partition("{\n")[2].replace("$name", f'"{SHELF}"')
    requests = [
        request(None, document.replace("$after", f'"{cursor}"'), {}, _key(dataset))
        for cursor in cursors(dataset)
    ]
    return [Group("read", turn.connections, requests)]


ASSIGNING = (
    Scenario("assign-500-versions", assign_versions),
    Scenario("assign-500-in-literals", assign_in_literals),
)
READING = (
    Scenario("read-label-page", read_pages),
    Scenario("read-label-page-in-literals", read_pages_in_literals),
)


def cursors(dataset: Dataset) -> list[str]:
    """Return cursors of places in the list of what carries the label, in no order."""
    with closing(connect(dataset.path)) as raw:
        (secret,) = raw.execute(SECRET.sql).fetchone()
        ids = [
            row[0]
            for row in raw.execute(
                "SELECT a.version_id FROM version_label AS a JOIN label AS l ON l.id = a.label_id"
                f" WHERE l.name = '{SHELF}' ORDER BY a.version_id"
            )
        ]
    # Behind the last of them, pages would be short.
    whole = ids[: max(1, len(ids) - PAGE)]
    places = random.Random(len(ids)).sample(whole, min(len(whole), PLACES))
    made = Cursors(lambda: secret, "version", None)
    return [made.encode(Place(None, place)) for place in places]


def floor(dataset: Dataset, plan: Plan) -> Figures:
    """Return what it takes to write the same rows with SQLite alone, a COMMIT for each 500."""
    found = Figures("SQLite alone")
    with closing(connect(dataset.path)) as raw:
        raw.execute("PRAGMA synchronous=FULL")
        (label,) = raw.execute(f"SELECT id FROM label WHERE name = '{FRESH}'").fetchone()
        for number in range(1, plan.rounds + 1):
            latencies = []
            spent, started = os.times(), perf_counter()
            for names in _calls("alone", plan.turn(number)):
                begun = perf_counter()
                if begun - started > plan.seconds:
                    break
                raw.execute("BEGIN IMMEDIATE")
                _label_rows(raw, label, names)
                raw.execute("COMMIT")
                latencies.append((perf_counter() - begun) * 1_000)
            seconds, now = perf_counter() - started, os.times()
            cpu_s = now.user + now.system - spent.user - spent.system
            found.groups["assign"].append(_sample(sorted(latencies), seconds))
            found.cpu_us.append(cpu_s / len(latencies) * 1e6)
    return found


def _sample(ordered: Sequence[float], seconds: float) -> Sample:
    middle, slowest = percentile(ordered, 0.5), percentile(ordered, 0.99)
    return Sample(len(ordered) / seconds, middle, slowest, len(ordered), 0)


def _label_rows(
    raw: sqlite3.Connection, label: int | None, names: Sequence[tuple[str, str]]
) -> None:
    """Write the rows of labelled versions, by package and version, all of them new."""
    packages: dict[str, int | None] = {}
    for package, version in names:
        if package not in packages:
            packages[package] = raw.execute(PACKAGE, {"name": package, "now": NOW}).lastrowid
        row = {"package_id": packages[package], "version": version, "now": NOW}
        row |= {"label_id": label, "version_id": raw.execute(VERSION, row).lastrowid}
        raw.execute(ASSIGNMENT, row)
        raw.execute(EVENT, row)


def _calls(kind: str, turn: Turn) -> Iterator[list[tuple[str, str]]]:
    """Yield the versions of one call after the other; no two turns name the same."""
    for number in range(round(turn.seconds * CALLS_A_SECOND)):
        yield list(_names(f"{kind}-{turn.number}", number * AT_ONCE, AT_ONCE))


def _names(kind: str, start: int, count: int) -> Iterator[tuple[str, str]]:
    for number in range(start, start + count):
        package, patch = divmod(number, VERSIONS_A_PACKAGE)
        yield f"{kind}-{package}", f"1.0.{patch}"


def _assignment(names: Sequence[tuple[str, str]]) -> dict[str, object]:
    versions = [
        {"publicPackage": {"name": package, "type": "npm"}, "version": version}
        for package, version in names
    ]
    return {"labelName": FRESH, "publicPackageVersions": versions}


def _in_literals(assignment: dict[str, object]) -> str:
    """Return the mutation with *assignment* written out; keys of objects have no quotes there."""
    text = json.dumps(assignment)
    for key in ("labelName", "publicPackageVersions", "publicPackage", "name", "type", "version"):
        text = text.replace(f'"{key}": ', f"{key}: ")
    return "mutation {\n" + ASSIGN.partition("{\n")[2].replace("$label", text)


def _key(dataset: Dataset) -> dict[str, str]:
    return {"X-API-Key": dataset.key}
