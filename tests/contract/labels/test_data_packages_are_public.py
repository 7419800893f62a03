"""A data package that everybody may see is a public package of type datapm, and nothing else is."""

from __future__ import annotations

import base64

import pytest

from litereg.store import Query
from tests.client import make_catalog, make_package, package_file, publish
from tests.labels.api import package, version
from tests.labels.runs import counted

RAIN = {"catalogSlug": "Weather", "packageSlug": "rain"}
ROW_IDS = Query(int, "SELECT id FROM public_package ORDER BY id")
PUBLIC_RAIN = package("Weather/rain", "datapm")
PUBLIC_RAIN_1 = version("Weather/rain", "1.0.0", "datapm")
PUBLIC_RAIN_2 = version("Weather/rain", "1.1.0", "datapm")
LABELS_ON = "customCatalogLabelsConnection { totalCount edges { assignedBy node { name } } }"


@pytest.fixture
async def ann(people, labels):
    """The owner of Weather/rain, with two versions, both public; and of Weather/hidden."""
    ann = await people("ann")
    await make_catalog(ann, "Weather", is_public=True)
    ref = await make_package(ann, "Weather", "rain", is_public=True)
    await publish(ann, ref, package_file("1.0.0"))
    await publish(ann, ref, package_file("1.1.0", properties=("city", "mm", "day")))
    hidden = await make_package(ann, "Weather", "hidden")
    await publish(ann, hidden, package_file("1.0.0", "hidden"))
    await labels.create("good", "bad")
    return ann


async def change_package(ann, ref=RAIN, **value):
    changed = await ann.mutate("updatePackage", "displayName", identifier=ref, value=value)
    assert not changed.errors


async def change_catalog(ann, slug, **value):
    changed = await ann.mutate(
        "updateCatalog", "displayName", identifier={"catalogSlug": slug}, value=value
    )
    assert not changed.errors


async def public_names(labels, **where):
    found = await labels.read(
        "publicPackage",
        "searchPackages",
        "totalCount edges { node { type name } }",
        where={"type": "datapm", **where},
    )
    edges = found.value["edges"]
    assert found.value["totalCount"] == len(edges)
    return [edge["node"]["name"] for edge in edges]


async def test_a_public_package_is_found_by_its_names(ann, labels, reader):
    found = await reader.find_package(
        PUBLIC_RAIN, "name type versionsConnection { totalCount edges { node { version } } }"
    )

    assert found.value == {
        "name": "Weather/rain",
        "type": "datapm",
        "versionsConnection": {
            "totalCount": 2,
            "edges": [{"node": {"version": "1.0.0"}}, {"node": {"version": "1.1.0"}}],
        },
    }
    assert await public_names(reader) == ["Weather/rain"]
    assert (await reader.find_version(PUBLIC_RAIN_2)).value["version"] == "1.1.0"


@pytest.mark.parametrize(
    "name", ["weather/rain", "Weather/Rain", "Weather", "Weather/", "Weather/rain/", "/", ""]
)
async def test_its_name_is_compared_exactly(ann, reader, name):
    assert (await reader.find_package(package(name, "datapm"))).value is None
    assert (await reader.find_package(package("Weather/rain", "Datapm"))).value is None


async def test_its_names_are_folded_for_filters_that_say_so(ann, reader):
    assert await public_names(reader, nameEqualFold="WEATHER/RAIN") == ["Weather/rain"]
    assert await public_names(reader, nameContainsFold="weather") == ["Weather/rain"]
    assert await public_names(reader, nameContains="weather") == []
    assert await public_names(reader, typeContainsFold="DATA") == ["Weather/rain"]


async def test_it_carries_labels_that_both_wings_show(ann, labels):
    assert (await labels.label_package(PUBLIC_RAIN, "good")).value is True
    assert (await labels.unlabel_package(PUBLIC_RAIN, "good")).value is True
    assert (await labels.label_version(PUBLIC_RAIN_1, "bad")).value is True
    assert (await labels.label_package(PUBLIC_RAIN, "good")).value is True

    shown = await ann.query(
        "package",
        f"{LABELS_ON} latestVersion {{ {LABELS_ON} }} versions {{ {LABELS_ON} }}",
        identifier=RAIN,
    )

    good = {"totalCount": 1, "edges": [{"assignedBy": "ann", "node": {"name": "good"}}]}
    bad = {"totalCount": 1, "edges": [{"assignedBy": "ann", "node": {"name": "bad"}}]}
    none = {"totalCount": 0, "edges": []}
    assert shown.value == {
        "customCatalogLabelsConnection": good,
        "latestVersion": {"customCatalogLabelsConnection": none},
        "versions": [
            {"customCatalogLabelsConnection": none},
            {"customCatalogLabelsConnection": bad},
        ],
    }
    assert await labels.labels_on_package(PUBLIC_RAIN) == ["good"]
    assert await labels.labels_on_version(PUBLIC_RAIN_1) == ["bad"]
    assert (await labels.label_version(PUBLIC_RAIN_2, "bad")).error.code == "LABEL_CONFLICT"
    assert (await labels.label_package(PUBLIC_RAIN, "bad")).error.code == "LABEL_CONFLICT"


async def test_its_labels_are_filtered_and_paged_from_the_other_wing_too(ann, labels):
    await labels.label_package(PUBLIC_RAIN, "good")

    shown = await ann.query(
        "package",
        'none: customCatalogLabelsConnection(where: {name: "bad"}) { totalCount } '
        "page: customCatalogLabelsConnection(first: 0) { pageInfo { hasNextPage } }",
        identifier=RAIN,
    )

    assert shown.value == {"none": {"totalCount": 0}, "page": {"pageInfo": {"hasNextPage": True}}}


async def test_labels_stick_through_renames_and_moves(ann, labels):
    await labels.label_package(PUBLIC_RAIN, "good")
    await labels.label_version(version("Weather/rain", "1.0.0", "datapm"), "bad")
    await make_catalog(ann, "climate", is_public=True)

    await change_package(ann, newPackageSlug="wet")
    assert await labels.labels_on_package(PUBLIC_RAIN) is None
    assert await labels.labels_on_package(package("Weather/wet", "datapm")) == ["good"]
    ref = {"catalogSlug": "Weather", "packageSlug": "wet"}
    await change_package(ann, ref, newCatalogSlug="climate")
    assert await labels.labels_on_package(package("climate/wet", "datapm")) == ["good"]
    await change_catalog(ann, "climate", newSlug="sky")

    assert await labels.labels_on_package(package("sky/wet", "datapm")) == ["good"]
    assert await public_names(labels) == ["sky/wet"]


async def hide_package(ann):
    await change_package(ann, isPublic=False)


async def hide_catalog(ann):
    await change_catalog(ann, "Weather", isPublic=False)


async def disable_package(ann):
    assert not (await ann.mutate("disablePackage", "displayName", identifier=RAIN)).errors


async def disable_catalog(ann):
    ref = {"catalogSlug": "Weather"}
    assert not (await ann.mutate("disableCatalog", "displayName", identifier=ref)).errors


CARRIERS = """publicPackagesConnection { totalCount edges { node { name } } }
publicPackageVersionsConnection { totalCount edges { node { version } } }"""
NOTHING = {"totalCount": 0, "edges": []}


@pytest.mark.parametrize("hide", [hide_package, hide_catalog, disable_package, disable_catalog])
async def test_labels_vanish_with_what_carries_them(ann, labels, hide):
    await labels.label_version(PUBLIC_RAIN_1, "bad")
    await labels.label_package(PUBLIC_RAIN, "bad")

    await hide(ann)

    assert (await labels.find("bad", CARRIERS)).value == {
        "publicPackagesConnection": NOTHING,
        "publicPackageVersionsConnection": NOTHING,
    }
    assert await labels.names(where={"hasPublicPackages": True}) == []
    assert await labels.names(where={"hasPublicPackageVersions": True}) == []
    assert await labels.names(where={"hasPublicPackagesWith": [{"type": "datapm"}]}) == []
    assert await labels.labels_on_package(PUBLIC_RAIN) is None
    assert await labels.labels_on_version(PUBLIC_RAIN_1) is None
    assert await public_names(labels) == []


async def test_a_private_package_shows_no_labels_and_gets_them_back(ann, labels):
    await labels.label_package(PUBLIC_RAIN, "good")
    await change_package(ann, isPublic=False)

    shown = await ann.query("package", LABELS_ON, identifier=RAIN)
    assert shown.value == {"customCatalogLabelsConnection": NOTHING}
    assert (await labels.unlabel_package(PUBLIC_RAIN, "good")).value is True
    await change_package(ann, isPublic=True)

    assert await labels.labels_on_package(PUBLIC_RAIN) == ["good"]
    assert (await labels.label_package(PUBLIC_RAIN, "bad")).error.code == "LABEL_CONFLICT"


async def test_a_disabled_version_vanishes_alone(ann, labels):
    await labels.label_versions("good", [PUBLIC_RAIN_1, PUBLIC_RAIN_2])
    number = {"versionMajor": 1, "versionMinor": 0, "versionPatch": 0}

    await ann.mutate("disableVersion", identifier={**RAIN, **number})

    found = (await labels.find("good", CARRIERS)).value
    assert found["publicPackageVersionsConnection"] == {
        "totalCount": 1,
        "edges": [{"node": {"version": "1.1.0"}}],
    }


async def test_nothing_registers_a_data_package_and_private_ones_read_as_absent(ann, labels):
    for name in ("Weather/hidden", "Weather/nothing", "nowhere/nothing", "no slash"):
        refused = await labels.label_package(package(name, "datapm"), "good")
        version_refused = await labels.label_version(version(name, "1.0.0", "datapm"), "good")
        assert refused.message == f"Package datapm:{name} was not found in the catalog"
        assert version_refused.message == refused.message
        assert refused.error.code == "PACKAGE_NOT_FOUND"
    unknown = await labels.label_versions(
        "good", [PUBLIC_RAIN_1, version("Weather/rain", "9.0.0", "datapm")]
    )

    assert unknown.message == (
        "Package version datapm:Weather/rain:9.0.0 was not found in the catalog"
    )
    assert await labels.labels_on_version(PUBLIC_RAIN_1) == []
    assert await public_names(labels) == ["Weather/rain"]


async def test_the_same_name_in_another_type_is_another_package(ann, labels):
    await labels.label_package(package("Weather/rain", "npm"), "bad")
    await labels.label_package(PUBLIC_RAIN, "good")

    assert await labels.labels_on_package(package("Weather/rain", "npm")) == ["bad"]
    assert await labels.labels_on_package(PUBLIC_RAIN) == ["good"]
    carried = (await labels.find("good", CARRIERS)).value["publicPackagesConnection"]
    assert carried["totalCount"] == 1


async def test_what_a_viewer_may_not_read_leaves_the_package_alone(ann, labels, anonymous):
    await labels.label_package(PUBLIC_RAIN, "good")

    shown = await anonymous.send(
        """query ($ref: PackageIdentifierInput!) { package(identifier: $ref) {
            displayName
            customCatalogLabelsConnection { totalCount }
            latestVersion { customCatalogLabelsConnection { totalCount } }
        } }""",
        ref=RAIN,
    )

    assert {error.message for error in shown.errors} == {"NOT_AUTHENTICATED"}
    assert shown.data["package"] == {
        "displayName": "Rain",
        "customCatalogLabelsConnection": None,
        "latestVersion": {"customCatalogLabelsConnection": None},
    }


async def test_the_ids_of_both_kinds_never_meet(ann, labels, registry):
    for number in range(5):
        await labels.label_package(package(f"p{number}"), "good")
    await labels.label_package(PUBLIC_RAIN, "good")

    found = await labels.read("publicPackage", "searchPackages", "edges { node { id } }")

    ids = [edge["node"]["id"] for edge in found.value["edges"]]
    assert len(set(ids)) == 6
    rows = await registry.database.read(lambda tx: tx.all(ROW_IDS))
    assert [id_ > 2**40 for id_ in rows] == [False] + [True] * 5


async def test_ids_and_cursors_do_not_count_what_is_hidden(ann, labels):
    """Neighbours in the order of rows have nothing in common, so nothing between them is seen."""
    for number in range(40):
        await labels.label_package(package(f"p{number}"), "good")

    found = await labels.read("publicPackage", "searchPackages", "edges { cursor node { id } }")

    edges = found.value["edges"]
    for texts in ([edge["node"]["id"] for edge in edges], [edge["cursor"] for edge in edges]):
        # The first byte of a cursor is its version.
        raw = [base64.urlsafe_b64decode(text + "==")[1:] for text in texts]
        assert len({len(bytes_) for bytes_ in raw}) == 1
        for place in range(len(raw[0])):
            assert len({bytes_[place] for bytes_ in raw}) > 20


async def test_labels_of_many_data_packages_cost_two_statements(ann, labels, registry):
    await labels.label_package(PUBLIC_RAIN, "good")
    for slug in ("snow", "hail"):
        await make_package(ann, "Weather", slug, is_public=True)
    document = "{ myCatalogs { packages { displayName %s } } }"

    _, without = await counted(registry, document % "")
    data, statements = await counted(registry, document % LABELS_ON)

    packages = [package for catalog in data["myCatalogs"] for package in catalog["packages"]]
    counts = [package["customCatalogLabelsConnection"]["totalCount"] for package in packages]
    assert sorted(counts) == [0, 0, 0, 1]
    assert statements == without + 2
