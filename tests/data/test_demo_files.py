import json
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from litereg import demo_data
from litereg.demo_data import demo_data_folder
from litereg.errors import NotFound
from litereg.registry import package_file

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
FILES = sorted((DATA / "packages").rglob("*.datapm.json"))
CATALOGUE = json.loads((DATA / "catalogs.json").read_text(encoding="utf-8"))
SOURCES = tomllib.loads((DATA / "sources.toml").read_text(encoding="utf-8"))["source"]
REGISTRIES = {"npm": "npm", "pip": "pypi"}

every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)


def packages() -> dict[str, dict[str, Any]]:
    """Every package of the catalogue by `catalog/package`, with its catalog under `catalog`."""
    return {
        f"{catalog['slug']}/{package['slug']}": package | {"catalog": catalog}
        for catalog in CATALOGUE["catalogs"]
        for package in catalog["packages"]
    }


def path_of(name: str, version: str) -> Path:
    return DATA / "packages" / f"{name}-{version}.datapm.json"


def text_of(name: str, version: str) -> str:
    return path_of(name, version).read_text(encoding="utf-8")


@every_file
def test_file_is_called_by_its_slug_and_version(path: Path):
    document = json.loads(path.read_text(encoding="utf-8"))

    assert path.name == f"{document['packageSlug']}-{document['version']}.datapm.json"


@every_file
def test_registry_accepts_the_file(path: Path):
    text = path.read_text(encoding="utf-8")

    assert package_file.parse(text).text == text


@every_file
def test_file_has_what_a_page_shows(path: Path):
    document = json.loads(path.read_text(encoding="utf-8"))

    assert len(document["description"]) <= 256
    assert document["readmeMarkdown"].startswith("# ")
    for schema in document["schemas"]:
        assert schema["recordCount"] > 0
        assert 0 < len(schema["samples"]) <= 3
        assert all(entry["description"] for entry in schema["properties"].values())


@every_file
def test_counts_of_each_property_add_up_to_the_records(path: Path):
    for schema in json.loads(path.read_text(encoding="utf-8"))["schemas"]:
        for entry in schema["properties"].values():
            types = entry["types"] if "types" in entry else entry["valueTypes"]
            counts = [found["recordCount"] for found in types.values()]
            assert sum(counts) == schema["recordCount"]


def test_catalogue_names_every_file_and_only_files_that_exist():
    named = {
        path_of(name, version)
        for name, package in packages().items()
        for version in package["versions"]
    }

    assert named == set(FILES)


@pytest.mark.parametrize("name", packages())
def test_versions_ascend_by_the_smallest_step_their_changes_ask_for(name: str):
    files = [package_file.parse(text_of(name, v)) for v in packages()[name]["versions"]]

    for older, newer in pairwise(files):
        assert newer.version == package_file.smallest_next_version(older, newer)


def test_there_are_patches_minor_and_major_steps_to_look_at():
    numbers = [
        [package_file.Semver.parse(version) for version in package["versions"]]
        for package in packages().values()
    ]

    steps = {
        "major"
        if newer.major != older.major
        else "minor"
        if newer.minor != older.minor
        else "patch"
        for history in numbers
        for older, newer in pairwise(history)
    }
    assert steps == {"major", "minor", "patch"}
    assert sum(len(history) > 1 for history in numbers) >= 3


def test_files_are_in_many_of_the_published_formats():
    formats = {package_file.parse(path.read_text(encoding="utf-8")).format for path in FILES}

    assert {"0.3.20", "0.1.0", "0.4.0", "0.8.1", "0.9.0", "0.31.5", "0.32.1"} <= formats


def test_some_catalog_and_some_package_of_a_public_catalog_are_private():
    assert any(not catalog["isPublic"] for catalog in CATALOGUE["catalogs"])
    assert any(
        package["catalog"]["isPublic"] and not package["isPublic"]
        for package in packages().values()
    )


def test_every_owner_and_member_is_a_user_of_the_catalogue():
    known = {user["username"] for user in CATALOGUE["users"]}

    for holder in [*CATALOGUE["catalogs"], *CATALOGUE["collections"]]:
        assert {holder["owner"], *holder.get("members", {})} <= known


def test_users_belong_to_no_real_domain():
    for user in CATALOGUE["users"]:
        assert user["emailAddress"] == f"{user['username']}@example.org"


def test_collections_hold_packages_of_the_catalogue():
    for collection in CATALOGUE["collections"]:
        assert set(collection["packages"]) <= packages().keys()


def labelled() -> Iterator[tuple[str, str, str | None]]:
    """Type, name and version (None for the whole package) of all that carries a label."""
    for label in CATALOGUE["labels"]:
        for target in [*label["packages"], *label["versions"]]:
            yield target["type"], target["name"], target.get("version")


def test_labelled_data_packages_are_open_to_everyone():
    for kind, name, version in labelled():
        if kind == "datapm":
            package = packages()[name]
            assert package["isPublic"]
            assert package["catalog"]["isPublic"]
            assert version is None or version in package["versions"]


def test_labelled_software_packages_are_the_sources_of_the_data():
    sources = {(REGISTRIES[one["from"]], one["name"], one["version"]) for one in SOURCES}
    software = {target for target in labelled() if target[0] != "datapm"}

    assert {target for target in software if target[2]} == sources
    assert {target[:2] for target in software} == {source[:2] for source in sources}


def test_no_label_is_on_a_package_and_on_its_version():
    for label in CATALOGUE["labels"]:
        whole = {(target["type"], target["name"]) for target in label["packages"]}
        single = {(target["type"], target["name"]) for target in label["versions"]}
        assert not whole & single


def test_readme_states_the_hash_of_every_data_file():
    readme = (DATA / "README.md").read_text(encoding="utf-8")

    for source in SOURCES:
        assert f"{source['name']} {source['version']}" in readme
        for path, sha256 in source["files"].items():
            assert f"`{path}`" in readme
            assert f"`{sha256}`" in readme


def test_all_files_together_stay_small():
    carried = [DATA / "catalogs.json", *FILES]

    assert sum(path.stat().st_size for path in carried) <= 400_000


def test_checkout_has_the_demo_data_beside_the_package():
    assert demo_data_folder() == DATA


def test_wheel_has_the_demo_data_inside_the_package(tmp_path, monkeypatch):
    package = tmp_path / "litereg"
    (package / "_data").mkdir(parents=True)
    (package / "_data" / "catalogs.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(demo_data, "__file__", str(package / "demo_data.py"))

    assert demo_data_folder() == package / "_data"


def test_installation_without_demo_data_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(demo_data, "__file__", str(tmp_path / "litereg" / "demo_data.py"))

    with pytest.raises(NotFound, match="DEMO_DATA_NOT_FOUND"):
        demo_data_folder()
