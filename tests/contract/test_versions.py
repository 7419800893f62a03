"""Publishing: which numbers a version may have, what is kept, and what follows a change of name."""

import itertools
import json

import pytest
import pytest_asyncio

from litereg.access import Viewer
from litereg.registry.packages.inputs import PackageRef
from litereg.registry.users import queries as users
from litereg.registry.versions import service
from litereg.registry.versions.resolvers import read_submission
from tests.client import make_catalog, make_package, package_file, publish

pytestmark = pytest.mark.asyncio(loop_scope="module")

NUMBER = "identifier { versionMajor versionMinor versionPatch }"
LATEST = f"latestVersion {{ {NUMBER} }} versions {{ {NUMBER} }}"

WORDED = {"description": "Rain by city, in millimetres."}
WIDER = {"properties": ("city", "mm", "day")}
NARROWER = {"properties": ("city",)}


def number(version):
    return ".".join(str(part) for part in version["identifier"].values())


def named(ref, text):
    parts = zip(("versionMajor", "versionMinor", "versionPatch"), text.split("."), strict=True)
    return {**ref, **{name: int(part) for name, part in parts}}


async def shown(caller, ref):
    """Return the latest version and all versions as numbers."""
    package = (await caller.query("package", LATEST, identifier=ref)).value
    latest = package["latestVersion"] and number(package["latestVersion"])
    return latest, [number(version) for version in package["versions"]]


@pytest.fixture
def registry(shared_registry):
    return shared_registry


@pytest.fixture
def anonymous(shared_people):
    return shared_people.anonymous


@pytest_asyncio.fixture(loop_scope="module")
async def ann(shared_people):
    return await shared_people("ann")


numbers = itertools.count()


@pytest.fixture
def weather():
    """The name of a catalog for one test."""
    return f"weather-{next(numbers)}"


@pytest.fixture
def climate():
    """Another name."""
    return f"climate-{next(numbers)}"


@pytest_asyncio.fixture(loop_scope="module")
async def rain(ann, weather):
    """An empty package of ann's, in a catalog of its own."""
    await make_catalog(ann, weather, is_public=True)
    return await make_package(ann, weather, "rain", is_public=True)


@pytest.mark.parametrize("first", ["0.0.0", "0.0.1", "9.8.7", "2147483647.2147483647.2147483647"])
async def test_the_first_version_may_have_any_number(ann, rain, first):
    result = await publish(ann, rain, package_file(first))

    assert number(result.value) == first
    assert await shown(ann, rain) == (first, [first])


@pytest.mark.parametrize(
    ("changes", "word", "least"),
    [
        (WORDED, "minor", "1.2.4"),
        (WIDER, "compatibile", "1.3.0"),
        (NARROWER, "breaking", "2.0.0"),
    ],
)
@pytest.mark.parametrize("submitted", ["0.9.9", "1.2.2", "1.2.3", None])
async def test_a_number_that_is_too_low_is_refused_with_the_lowest_that_is_not(
    ann, rain, weather, changes, word, least, submitted
):
    await publish(ann, rain, package_file("1.2.3"))
    just_below = {"1.2.4": "1.2.3", "1.3.0": "1.2.999", "2.0.0": "1.999.999"}
    submitted = submitted or just_below[least]

    refused = await publish(ann, rain, package_file(submitted, **changes))
    accepted = await publish(ann, rain, package_file(least, **changes))

    assert refused.status == 200
    assert refused.data is None
    assert refused.error.message == (
        f"{weather}/rain has current version 1.2.3, and this new version has {word} changes - "
        f"requiring a minimum version number of {least}, but you submitted version number "
        f"{submitted}"
    )
    assert refused.error.extensions == {
        "code": "HIGHER_VERSION_REQUIRED",
        "existingVersion": "1.2.3",
        "minNextVersion": least,
    }
    assert number(accepted.value) == least
    assert await shown(ann, rain) == (least, [least, "1.2.3"])


@pytest.mark.parametrize("submitted", ["1.0.0", "1.0.1", "9.0.0", "0.1.0"])
async def test_an_identical_file_is_refused_whatever_its_number(ann, rain, weather, submitted):
    await publish(ann, rain, package_file("1.0.0"))
    later = {"updatedDate": "2021-01-01T00:00:00.000Z"}

    refused = await publish(ann, rain, package_file(submitted, **later))

    assert refused.error.message == (
        f"{weather}/rain/1.0.0 already exists, and the submission is identical to it"
    )
    assert refused.error.extensions == {"code": "VERSION_EXISTS", "existingVersion": "1.0.0"}
    assert await shown(ann, rain) == ("1.0.0", ["1.0.0"])


@pytest.mark.parametrize("changes", [WORDED, WIDER, NARROWER])
async def test_numbers_may_be_skipped_upwards(ann, rain, changes):
    await publish(ann, rain, package_file("1.0.0"))

    result = await publish(ann, rain, package_file("9.9.9", **changes))

    assert number(result.value) == "9.9.9"


async def test_numbers_are_compared_as_numbers(ann, rain):
    await publish(ann, rain, package_file("1.9.0"))
    await publish(ann, rain, package_file("1.10.0", **WORDED))

    assert await shown(ann, rain) == ("1.10.0", ["1.10.0", "1.9.0"])


@pytest.mark.parametrize("version", ["01.0.0", "1.0", "1.0.0-rc.1", "2147483648.0.0", "v1.0.0"])
async def test_what_is_no_number_of_three_parts_is_refused(ann, rain, version):
    result = await publish(ann, rain, package_file(version))

    assert result.status == 400
    assert "INVALID_PACKAGE_FILE_SCHEMA" in result.error.message


async def test_a_disabled_version_is_gone_and_its_number_stays_taken(ann, rain, anonymous):
    await publish(ann, rain, package_file("1.0.0"))
    await publish(ann, rain, package_file("1.1.0", **WIDER))
    disabled = named(rain, "1.1.0")

    result = await ann.mutate("disableVersion", identifier=disabled)

    assert (result.status, result.value) == (200, None)
    assert await shown(anonymous, rain) == ("1.0.0", ["1.0.0"])
    found = await ann.query("version", NUMBER, identifier=disabled)
    assert found.error.message == "VERSION_NOT_FOUND: 1.1.0"
    again = await ann.mutate("disableVersion", identifier=disabled)
    assert again.error.message == "VERSION_NOT_FOUND: 1.1.0"
    same = await publish(ann, rain, package_file("1.1.0", **WIDER))
    assert same.error.code == "VERSION_EXISTS"
    other = await publish(ann, rain, package_file("1.1.0", **WIDER, **WORDED))
    assert other.error.extensions["minNextVersion"] == "1.1.1"


async def test_a_package_whose_last_version_is_disabled_has_none(ann, rain):
    await publish(ann, rain, package_file("1.0.0"))

    await ann.mutate("disableVersion", identifier=named(rain, "1.0.0"))

    assert await shown(ann, rain) == (None, [])


async def test_a_package_file_comes_back_to_the_character(ann, rain, anonymous):
    document = json.loads(package_file(description="R\u00e9gen \U0001f327 <b>&amp;"))
    keys_turned_round = dict(reversed(document.items()))
    text = json.dumps(keys_turned_round, indent=3, ensure_ascii=False) + "\n\n"
    text = text.replace('"generatedBy"', '"g\\u0065neratedBy"')
    assert "\\u0065" in text

    published = await publish(ann, rain, text)
    read = await anonymous.query("version", "packageFile", identifier=named(rain, "1.0.0"))

    assert published.value["packageFile"] == text
    assert read.value == {"packageFile": text}


async def test_a_slug_in_the_file_may_differ_from_the_packages(ann, rain):
    result = await publish(ann, rain, package_file(slug="called-otherwise-once"))

    assert number(result.value) == "1.0.0"


async def test_two_packages_may_hold_the_same_file(ann, rain, weather):
    snow = await make_package(ann, weather, "snow")

    for ref in (rain, snow):
        assert (await publish(ann, ref, package_file())).value["packageFile"] == package_file()


async def test_publishing_and_disabling_are_changes_of_the_package(ann, rain, weather, registry):
    database = registry.database
    viewer = Viewer((await database.read(users.find_user, "ann")).id, "ann", is_admin=False)
    ref = PackageRef(catalog_slug=weather, package_slug="rain")
    file = read_submission(package_file(updatedDate="1999-12-31T23:59:59.5Z"))
    selection = "updatedAt latestVersion { createdAt updatedAt }"

    await database.write(service.create, viewer, ref, file, 1_600_000_000_123)
    published = await ann.query("package", selection, identifier=rain)
    await ann.mutate("disableVersion", identifier=named(rain, "1.0.0"))
    disabled = await ann.query("package", "updatedAt", identifier=rain)

    assert published.value == {
        "updatedAt": "2020-09-13T12:26:40.123Z",
        "latestVersion": {
            "createdAt": "2020-09-13T12:26:40.123Z",
            "updatedAt": "1999-12-31T23:59:59.500Z",
        },
    }
    assert disabled.value["updatedAt"] > "2020-09-13T12:26:40.123Z"


async def test_names_of_versions_follow_the_names_of_what_holds_them(
    ann, anonymous, rain, weather, climate
):
    await publish(ann, rain, package_file())
    full = (
        "catalogSlug packageSlug registryHostname registryPort registryURL "
        "versionMajor versionMinor versionPatch"
    )
    selection = (
        "identifier { catalogSlug packageSlug } catalog { identifier { catalogSlug } } "
        f"latestVersion {{ identifier {{ {full} }} package {{ identifier {{ packageSlug }} }} }}"
    )

    rename = {"newPackageSlug": "rainfall", "newCatalogSlug": weather}
    await ann.mutate("updatePackage", "displayName", identifier=rain, value=rename)
    await ann.mutate(
        "updateCatalog",
        "displayName",
        identifier={"catalogSlug": weather.upper()},
        value={"newSlug": climate.title()},
    )
    ref = {"catalogSlug": climate, "packageSlug": "rainfall"}
    package = (await anonymous.query("package", selection, identifier=ref)).value

    assert package["identifier"] == {"catalogSlug": climate.title(), "packageSlug": "rainfall"}
    assert package["catalog"] == {"identifier": {"catalogSlug": climate.title()}}
    assert package["latestVersion"] == {
        "identifier": {
            "catalogSlug": climate.title(),
            "packageSlug": "rainfall",
            "registryHostname": "127.0.0.1",
            "registryPort": 4000,
            "registryURL": "http://127.0.0.1:4000",
            "versionMajor": 1,
            "versionMinor": 0,
            "versionPatch": 0,
        },
        "package": {"identifier": {"packageSlug": "rainfall"}},
    }
    for lost, reason in ((rain, "CATALOG_NOT_FOUND"), (ref | rain, "CATALOG_NOT_FOUND")):
        found = await anonymous.query("package", "displayName", identifier=lost)
        assert found.error.message == reason


async def test_a_package_moves_with_its_versions(ann, anonymous, rain, climate):
    await publish(ann, rain, package_file())
    await make_catalog(ann, climate, is_public=True)
    await make_package(ann, climate, "rain")

    move = {"newCatalogSlug": climate.title(), "newPackageSlug": "rainfall"}
    await ann.mutate("updatePackage", "displayName", identifier=rain, value=move)

    moved = {"catalogSlug": climate, "packageSlug": "rainfall"}
    version = await anonymous.query(
        "version", "identifier { catalogSlug packageSlug }", identifier=named(moved, "1.0.0")
    )
    assert version.value == {"identifier": moved}
    left = await anonymous.query("package", "displayName", identifier=rain)
    assert left.error.message == "PACKAGE_NOT_FOUND"


async def test_a_disabled_package_shows_where_it_is_kept_and_frees_its_name(ann, rain, weather):
    await publish(ann, rain, package_file())

    selection = f"identifier {{ packageSlug }} {LATEST}"
    disabled = await ann.mutate("disablePackage", selection, identifier=rain)

    assert disabled.value["identifier"]["packageSlug"].startswith("rain-DISABLED-")
    assert number(disabled.value["latestVersion"]) == "1.0.0"
    assert (await publish(ann, rain, package_file())).error.message == "PACKAGE_NOT_FOUND"
    await make_package(ann, weather, "rain")
    assert await shown(ann, rain) == (None, [])
    assert number((await publish(ann, rain, package_file("0.1.0"))).value) == "0.1.0"


async def test_a_disabled_catalog_takes_its_packages_along_and_frees_its_name(ann, rain, weather):
    await publish(ann, rain, package_file())
    catalog = {"catalogSlug": weather}

    selection = "identifier { catalogSlug } packages { displayName }"
    disabled = await ann.mutate("disableCatalog", selection, identifier=catalog)

    kept_as = disabled.value["identifier"]["catalogSlug"]
    assert kept_as.startswith(f"{weather}-DISABLED-")
    assert disabled.value["packages"] == []
    for slug in (weather, kept_as):
        found = await ann.query("catalog", "displayName", identifier={"catalogSlug": slug})
        assert found.error.message == "CATALOG_NOT_FOUND"
    await make_catalog(ann, weather)
    empty = await ann.query("catalog", "packages { displayName }", identifier=catalog)
    assert empty.value == {"packages": []}
    lost = await ann.query("package", "displayName", identifier=rain)
    assert lost.error.message == "PACKAGE_NOT_FOUND"


async def test_what_is_left_out_or_empty_stays(ann, rain):
    described = {"displayName": "Rainfall", "description": "All of it"}
    selection = "displayName description isPublic"
    await ann.mutate("updatePackage", selection, identifier=rain, value=described)

    nothing = {"displayName": "", "description": None, "isPublic": None}
    result = await ann.mutate("updatePackage", selection, identifier=rain, value=nothing)

    assert result.value == described | {"isPublic": True}


def disable(major):
    """Return the field that disables the version *major*.0.0 of WEATHER/rain."""
    return (
        'disableVersion(identifier: {catalogSlug: "WEATHER", packageSlug: "rain", '
        f"versionMajor: {major}, versionMinor: 0, versionPatch: 0}})"
    )


def named_so(document, weather, climate):
    return document.replace("WEATHER", weather).replace("CLIMATE", climate)


def create(slug):
    return (
        f'createCatalog(value: {{slug: "{slug}", displayName: "New", isPublic: true}})'
        " { displayName }"
    )


@pytest.mark.parametrize(
    ("fields", "failed", "data"),
    [
        ([disable(1), disable(9)], "b", {"a": None, "b": None}),
        ([disable(9), disable(1)], "a", {"a": None, "b": None}),
        ([disable(1), disable(1)], "b", {"a": None, "b": None}),
        ([create("CLIMATE"), create("WEATHER")], "b", None),
        ([create("WEATHER"), create("CLIMATE")], "a", None),
        ([create("CLIMATE"), disable(9)], "b", None),
        ([disable(1), create("WEATHER")], "b", None),
        ([disable(1), disable(9), create("CLIMATE")], "b", None),
    ],
)
async def test_a_mutation_of_which_one_field_fails_did_nothing(
    ann, rain, weather, climate, fields, failed, data
):
    await publish(ann, rain, package_file("1.0.0"))
    body = " ".join(f"{key}: {field}" for key, field in zip("abc", fields, strict=False))

    result = await ann.send(named_so(f"mutation {{ {body} }}", weather, climate))

    assert result.status == 200
    assert result.error.path == [failed]
    assert result.data == data
    assert (await ann.query("catalogSlugAvailable", catalogSlug=climate)).value is True
    assert await shown(ann, rain) == ("1.0.0", ["1.0.0"])


async def test_a_mutation_that_fails_below_its_root_did_nothing(ann, climate):
    document = (
        'mutation { createCatalog(value: {slug: "CLIMATE", displayName: "", isPublic: true}) '
        '{ packages { versions { author { username } } } } login(username: "ann", '
        'password: "not the one 1") }'
    )

    result = await ann.send(document.replace("CLIMATE", climate))

    assert result.data is None
    assert result.error.message == "WRONG_CREDENTIALS"
    assert (await ann.query("catalogSlugAvailable", catalogSlug=climate)).value is True


async def test_a_mutation_all_of_whose_fields_succeed_did_all_of_it(ann, rain, weather, climate):
    await publish(ann, rain, package_file("1.0.0"))

    document = f"mutation {{ a: {create('CLIMATE')} b: {disable(1)} }}"
    result = await ann.send(named_so(document, weather, climate))

    assert result.errors == []
    assert result.data == {"a": {"displayName": "New"}, "b": None}
    assert await shown(ann, rain) == (None, [])


async def test_later_fields_of_a_mutation_see_what_earlier_ones_did(ann, climate):
    package = (
        'createPackage(value: {catalogSlug: "CLIMATE", packageSlug: "rain", displayName: "Rain"})'
        " { catalog { displayName packages { displayName } } }"
    )

    document = f"mutation {{ {create('CLIMATE')} {package} }}"
    result = await ann.send(document.replace("CLIMATE", climate))

    assert result.data["createPackage"] == {
        "catalog": {"displayName": "New", "packages": [{"displayName": "Rain"}]}
    }
