from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import pytest

from litereg.access import ANONYMOUS, Viewer
from litereg.errors import NotAuthenticated, NotAuthorized
from litereg.labels import errors
from litereg.labels.errors import LabelNotFound
from litereg.labels.imports import service
from litereg.labels.imports.entries import Entry
from litereg.labels.imports.outcome import Verdict
from litereg.registry.administration.service import get_user
from litereg.store import Query
from tests.client import make_catalog, make_package, package_file, publish
from tests.labels.api import package, version

NOW = 1_700_000_000_000


class Row(NamedTuple):
    type: str
    name: str
    version: str
    label: str


CATALOG = Query(
    Row,
    """
    SELECT p.type AS type, p.name AS name, '' AS version, coalesce(l.name, '') AS label
    FROM public_package AS p
    LEFT JOIN package_label AS a ON a.package_id = p.id LEFT JOIN label AS l ON l.id = a.label_id
    UNION ALL
    SELECT v.package_type, v.package_name, v.version, coalesce(l.name, '')
    FROM public_package_version AS v
    LEFT JOIN version_label AS a ON a.version_id = v.id LEFT JOIN label AS l ON l.id = a.label_id
    ORDER BY 1, 2, 3
    """,
)


class Importer:
    """Imports entries as ann, the administrator, and says what is in the catalog then."""

    def __init__(self, registry, viewer):
        self.viewer = viewer
        self.settings = registry.settings
        self._database = registry.database

    async def __call__(self, *entries, label=None, work=service.run, viewer=None, **changes):
        settings = replace(self.settings, **changes)
        return await self._database.write(
            work, viewer or self.viewer, settings, entries, label, NOW, heavy=True
        )

    async def catalog(self):
        rows = await self._database.read(lambda tx: tx.all(CATALOG))
        return [f"{r.type} {r.name} {r.version}".strip() + f" {r.label}".rstrip() for r in rows]


@pytest.fixture
async def importer(registry, labels):
    user = await registry.database.read(get_user, "ann")
    return Importer(registry, Viewer(user.id, user.username, is_admin=True))


def npm(name, number="", place=1):
    return Entry("npm", name, number, place)


def counts(outcome):
    return outcome.added, outcome.known, outcome.repeated, outcome.refused


def reasons(outcome):
    return [Verdict(number).reason for number in outcome.verdicts]


async def test_packages_and_versions_are_registered_and_found_through_the_api(importer, labels):
    outcome = await importer(npm("lodash", "4.17.21"), Entry("pypi", "click", "", 2))

    assert counts(outcome) == (2, 0, 0, 0)
    assert outcome.added_packages == 2
    assert await importer.catalog() == ["npm lodash", "npm lodash 4.17.21", "pypi click"]
    arguments = {"name": "lodash", "type": "npm", "version": "4.17.21"}
    found = await labels.read("publicPackageVersion", "getVersion", "version", **arguments)
    assert found.value == {"version": "4.17.21"}


async def test_what_is_there_is_known_and_what_comes_again_is_repeated(importer):
    await importer(npm("lodash", "4.17.21"))

    outcome = await importer(
        npm("lodash", "4.17.21"),
        npm("lodash", "4.17.20"),
        npm("lodash", "4.17.20"),
        npm("lodash"),
        npm("ms", "2.1.2"),
    )

    assert counts(outcome) == (2, 2, 1, 0)
    assert outcome.added_packages == 1


async def test_what_comes_again_in_another_chunk_is_repeated_too(importer, monkeypatch):
    monkeypatch.setattr(service, "CHUNK", 2)
    await importer(npm("a", "1"))
    entries = [npm("a", "1"), npm("b", "1"), npm("b", "1"), npm("c", "1"), npm("b", "1"), npm("c")]

    outcome = await importer(*entries)

    assert counts(outcome) == (2, 1, 3, 0)
    assert len(outcome.verdicts) == len(entries)


async def test_a_rehearsal_says_the_same_and_changes_nothing(importer, labels):
    await labels.create("approved")
    entries = (npm("lodash", "4.17.21"), npm("ms"), npm("ms"))

    rehearsed = await importer(*entries, label="approved", work=service.rehearse)

    assert await importer.catalog() == []
    assert rehearsed == await importer(*entries, label="approved")


async def test_versions_and_packages_get_the_label(importer, labels):
    await labels.create("approved")

    outcome = await importer(npm("lodash", "4.17.21"), npm("ms"), label="approved")

    assert outcome.labelled == 2
    assert outcome.not_labelled == 0
    assert await importer.catalog() == [
        "npm lodash",
        "npm lodash 4.17.21 approved",
        "npm ms approved",
    ]


async def test_what_has_a_label_keeps_it_and_the_rest_goes_on(importer, labels):
    await labels.create("banned", "approved")
    await labels.label_version(version("lodash", "4.17.20"), "banned")
    await labels.label_package(package("ms"), "banned")

    outcome = await importer(
        npm("lodash", "4.17.20"),
        npm("lodash", "4.17.21"),
        npm("ms", "2.1.2"),
        npm("ms"),
        label="approved",
    )

    assert counts(outcome) == (2, 2, 0, 0)
    assert (outcome.labelled, outcome.not_labelled) == (1, 3)
    assert reasons(outcome) == [
        errors.VERSION_HAS_LABEL,
        "",
        errors.PACKAGE_HAS_LABEL,
        errors.PACKAGE_HAS_LABEL,
    ]
    assert await importer.catalog() == [
        "npm lodash",
        "npm lodash 4.17.20 banned",
        "npm lodash 4.17.21 approved",
        "npm ms banned",
        "npm ms 2.1.2",
    ]


async def test_the_same_label_again_is_reported_as_the_api_does(importer, labels):
    await labels.create("approved")
    await importer(npm("lodash", "4.17.21"), label="approved")

    again = await importer(npm("lodash", "4.17.21"), label="approved")
    fine = await importer(npm("lodash", "4.17.21"), label="approved", labels_reassign_is_fine=True)

    assert reasons(again) == [errors.VERSION_HAS_LABEL]
    assert reasons(fine) == [""]
    assert (again.labelled, fine.labelled) == (0, 0)


@pytest.mark.parametrize("chunk", [1, 2, 1_000])
async def test_what_is_named_twice_is_labelled_once(importer, labels, monkeypatch, chunk):
    monkeypatch.setattr(service, "CHUNK", chunk)
    await labels.create("approved")
    await importer(npm("old", "1"), npm("whole"))
    entries = (npm("old", "1"), npm("new", "1"), npm("whole"), npm("fresh"))

    outcome = await importer(*entries, *entries, label="approved")

    assert (outcome.labelled, outcome.not_labelled) == (4, 0)


async def test_a_labels_own_listing_can_be_brought_back_in_any_order(importer, labels):
    await labels.create("approved")

    outcome = await importer(npm("ms"), npm("ms", "2.1.2"), label="approved")

    assert outcome.not_labelled == 0
    assert await importer.catalog() == ["npm ms approved", "npm ms 2.1.2 approved"]


async def test_a_label_that_is_not_there_stops_the_import(importer):
    with pytest.raises(LabelNotFound, match=r"were not found:\[ nope\]"):
        await importer(npm("lodash", "4.17.21"), label="nope")

    assert await importer.catalog() == []


async def test_only_those_who_may_change_labels_may_import(importer, registry, people):
    await people("bob")
    user = await registry.database.read(get_user, "bob")
    bob = Viewer(user.id, user.username, is_admin=False)

    with pytest.raises(NotAuthenticated):
        await importer(npm("a"), viewer=ANONYMOUS)
    with pytest.raises(NotAuthorized):
        await importer(npm("a"), viewer=bob)
    await importer(npm("b"), viewer=bob, labels_open_changing=True)

    assert await importer.catalog() == ["npm b"]


async def test_a_closed_catalog_is_filled_by_imports(importer):
    assert counts(await importer(npm("a", "1"), labels_strict=True)) == (1, 0, 0, 0)


async def test_data_packages_are_labelled_and_never_made(importer, labels):
    await make_catalog(labels.caller, "acme", is_public=True)
    ref = await make_package(labels.caller, "acme", is_public=True)
    await publish(labels.caller, ref, package_file())
    await labels.create("approved")

    outcome = await importer(
        Entry("datapm", "acme/rain", "1.0.0", 1),
        Entry("datapm", "acme/rain", "9.0.0", 2),
        Entry("datapm", "acme/snow", "1.0.0", 3),
        Entry("datapm", "acme/snow", "", 4),
        label="approved",
    )

    refused = Verdict.DATA_PACKAGE.reason
    assert counts(outcome) == (0, 1, 0, 3)
    assert reasons(outcome) == ["", refused, refused, refused]
    assert (outcome.labelled, outcome.not_labelled) == (1, 0)
    assert await importer.catalog() == ["datapm acme/rain", "datapm acme/rain 1.0.0 approved"]


async def test_names_that_look_alike_are_different_packages(importer):
    names = ["a", "A", "a ", "ä", "a\u0308", "a%", "a_", "a'\"\\", "\U0001d11e"]

    outcome = await importer(*(npm(name, "1") for name in names))

    assert counts(outcome) == (len(names), 0, 0, 0)
    assert outcome.added_packages == len(names)
