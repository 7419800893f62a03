"""The log of labels: who did what to which of them, also of what is gone."""

from __future__ import annotations

from random import Random

import pytest

from tests.client import make_catalog, make_package, package_file, publish
from tests.contract.labels.test_label_imports import bring, uploaded
from tests.labels.api import LABELS, LabelsClient, package, version
from tests.labels.imports.reading import DATA

EVENT = "labelName action name formerName doneBy publicPackage { type name } version"
PAGE = f"edges {{ node {{ {EVENT} }} }}"
LODASH, LODASH_1 = package("lodash"), version("lodash", "1")


async def events(client, selection=PAGE, **arguments):
    found = (await client.read(LABELS, "log", selection, **arguments)).value
    return [edge["node"] for edge in found["edges"]]


async def lines(client, **arguments):
    """Return the events, the newest first, as people would write them."""
    found = []
    for event in await events(client, **arguments):
        about = event["publicPackage"] or {"type": "", "name": ""}
        words = (event["action"], event["labelName"], about["type"], about["name"])
        found.append(" ".join(word for word in (*words, event["version"]) if word))
    return found


async def test_everything_that_is_done_to_a_label_is_written_down(labels):
    await labels.create("a", "b")
    await labels.rename("a", updatedDescription="words")
    await labels.rename("a", updatedName="c", updatedDescription="other words")
    await labels.label_package(LODASH, "c")
    await labels.label_versions("b", [version("ms", "1"), version("ms", "2")])
    await labels.unlabel_package(LODASH, "c", "b")
    await labels.unlabel_versions("b", [version("ms", "2"), version("ms", "3")])
    await labels.delete("b", "nope")

    assert await lines(labels) == [
        "DELETED b",
        "REMOVED b npm ms 1",
        "REMOVED b npm ms 2",
        "REMOVED c npm lodash",
        "ASSIGNED b npm ms 2",
        "ASSIGNED b npm ms 1",
        "ASSIGNED c npm lodash",
        "RENAMED c",
        "DESCRIBED c",
        "CREATED b",
        "CREATED c",
    ]


async def test_an_event_says_who_when_and_which_names(labels, people):
    await labels.caller.mutate(
        "setLabelManager", username=(await people("bob")).name, isManager=True
    )
    bob = LabelsClient(await people("bob"))
    await labels.create("a")
    await bob.rename("a", updatedName="b")
    await bob.delete("b")

    found = await events(labels, f"edges {{ node {{ id happenedAt {EVENT} }} cursor }}")

    nothing = {"publicPackage": None, "version": None}
    shown = [
        {name: value for name, value in event.items() if name not in ("id", "happenedAt")}
        for event in found
    ]
    label = {"labelName": "b", **nothing}
    assert shown == [
        {"action": "DELETED", "name": "b", "formerName": None, "doneBy": "bob", **label},
        {"action": "RENAMED", "name": "b", "formerName": "a", "doneBy": "bob", **label},
        {"action": "CREATED", "name": "a", "formerName": None, "doneBy": "ann", **label},
    ]
    assert len({event["id"] for event in found}) == len(found)
    assert all(event["happenedAt"].endswith("Z") for event in found)


async def test_a_label_is_found_by_each_name_it_has_or_had(labels):
    await labels.create("a", "other")
    await labels.rename("a", updatedName="b")
    await labels.delete("b")
    of_b = ["DELETED b", "RENAMED b", "CREATED b"]

    assert await lines(labels, label="a") == of_b
    assert await lines(labels, label="b") == of_b
    assert await lines(labels, label="nope") == []
    await labels.create("a")
    assert await lines(labels, label="a") == ["CREATED a"]
    assert await lines(labels, label="b") == of_b


async def test_packages_and_versions_have_their_own_logs(labels):
    await labels.create("a", "b")
    await labels.label_version(LODASH_1, "a")
    await labels.label_package(LODASH, "b")
    await labels.label_package(package("lodash", "pypi"), "b")

    assert await lines(labels, package=LODASH) == [
        "ASSIGNED b npm lodash",
        "ASSIGNED a npm lodash 1",
    ]
    assert await lines(labels, package=LODASH, version="1") == ["ASSIGNED a npm lodash 1"]
    assert await lines(labels, package=LODASH, version="2") == []
    assert await lines(labels, package=package("nope")) == []


@pytest.mark.parametrize(
    "arguments",
    [
        {"label": "a", "package": LODASH},
        {"label": "a", "version": "1"},
        {"version": "1"},
    ],
)
async def test_a_log_is_of_one_thing(labels, arguments):
    result = await labels.read(LABELS, "log", PAGE, **arguments)

    assert result.message.startswith("LOG_OF_WHAT")


async def test_removing_what_is_not_there_is_no_event(labels):
    await labels.create("a", "b")
    await labels.label_package(LODASH, "a")

    await labels.unlabel_package(LODASH, "b", "nope")
    await labels.unlabel_version(LODASH_1, "a")
    await labels.delete("nope")
    await labels.rename("a")

    assert await lines(labels, label="a") == ["ASSIGNED a npm lodash", "CREATED a"]


async def test_what_was_refused_is_not_in_the_log(labels):
    await labels.create("a")
    await labels.send(
        """mutation { customCatalogLabel {
            createCustomCatalogLabel(label: {name: "b"}) { name }
            deleteCustomCatalogLabel(label: {name: "a"})
            updateCustomCatalogLabel(label: {name: "nope"}) { name }
        } }"""
    )

    assert await lines(labels) == ["CREATED a"]


async def test_it_is_read_in_pages_while_more_happens(labels):
    await labels.create(*(f"label {number}" for number in range(10)))
    seen, cursor = [], None

    while True:
        selection = f"{PAGE[:-1]}}} pageInfo {{ hasNextPage endCursor }}"
        arguments = {"first": 3} | ({"after": cursor} if cursor else {})
        page = (await labels.read(LABELS, "log", selection, **arguments)).value
        seen += [edge["node"]["labelName"] for edge in page["edges"]]
        await labels.rename(seen[-1], updatedDescription=str(len(seen)))
        if not page["pageInfo"]["hasNextPage"]:
            break
        cursor = page["pageInfo"]["endCursor"]

    assert seen == [f"label {number}" for number in range(9, -1, -1)]


async def test_only_so_many_events_are_kept(labels, serve_with):
    few = await serve_with(labels, labels_log_max=3)
    await few.create("a", "b")
    await few.label_versions("a", [version("ms", str(number)) for number in range(5)])

    assert await lines(labels) == [
        "ASSIGNED a npm ms 4",
        "ASSIGNED a npm ms 3",
        "ASSIGNED a npm ms 2",
    ]
    await few.delete("a")
    assert [event["labelName"] for event in await events(labels)] == ["a"] * 3
    none = await serve_with(labels, labels_log_max=0)
    await none.create("c")
    assert await lines(labels) == []


async def test_imports_are_in_the_log(labels):
    await labels.create("a")

    await bring(labels, uploaded((DATA / "pip-freeze.txt").read_bytes()), label="a", dryRun=True)
    tried = await lines(labels)
    report = await bring(labels, uploaded((DATA / "pip-freeze.txt").read_bytes()), label="a")

    assert tried == ["CREATED a"]
    assert len(await lines(labels)) == 1 + report.value["labelled"]


async def test_what_happened_to_a_data_package_shows_while_everybody_may_see_it(labels, reader):
    ann = labels.caller
    await make_catalog(ann, "weather", is_public=True)
    ref = await make_package(ann, "weather", is_public=True)
    await publish(ann, ref, package_file("1.0.0"))
    await labels.create("a")
    rain = package("weather/rain", "datapm")
    await labels.label_version({"publicPackage": rain, "version": "1.0.0"}, "a")
    await labels.label_package(rain, "a")

    async def show(is_public):
        value = {"isPublic": is_public}
        assert not (
            await ann.mutate("updatePackage", "isPublic", identifier=ref, value=value)
        ).errors

    assigned = ["ASSIGNED a datapm weather/rain", "ASSIGNED a datapm weather/rain 1.0.0"]
    assert await lines(reader, package=rain) == assigned
    await show(False)
    assert await lines(reader, package=rain) == []
    assert await lines(reader) == await lines(labels) == ["CREATED a"]
    await labels.delete("a")
    assert await lines(reader) == ["DELETED a", "CREATED a"]
    await show(True)
    removed = ["REMOVED a datapm weather/rain", "REMOVED a datapm weather/rain 1.0.0"]
    assert await lines(reader, package=rain) == [*removed, *assigned]


REPLAY = """{ customCatalogLabel {
    log { edges { node { action labelId name formerName publicPackage { name } version } } }
    searchLabels { edges { node {
        id
        name
        publicPackagesConnection { edges { node { name } } }
        publicPackageVersionsConnection { edges { node { version publicPackage { name } } } }
    } } }
} }"""


@pytest.mark.parametrize("seed", range(3))
async def test_whoever_does_again_what_the_log_says_comes_to_what_is_there(labels, seed):
    random = Random(seed)
    for _ in range(200):
        await do_something(labels, random)

    found = (await labels.send(REPLAY)).body["data"]["customCatalogLabel"]

    events = [edge["node"] for edge in reversed(found["log"]["edges"])]
    names, carriers = replayed(events)
    there = [edge["node"] for edge in found["searchLabels"]["edges"]]
    assert names == {label["id"]: label["name"] for label in there}
    assert carriers == {(label["id"], *carrier) for label in there for carrier in carried(label)}
    assert len({event["action"] for event in events}) == 5


async def do_something(client, random):
    """Change something at random; much of it is refused, and some of it changes nothing."""
    name, other = random.choices("abcd", k=2)
    target = package(random.choice("xyz"))
    versions = [
        {"publicPackage": package(random.choice("xyz")), "version": random.choice("12")}
        for _ in range(random.randrange(4))
    ]
    match random.randrange(9):
        case 0 | 1:
            await client.create(*{name, other})
        case 2:
            await client.rename(name, updatedName=other)
        case 3:
            await client.delete(*{name, other})
        case 4:
            await client.label_package(target, name)
        case 5 | 6:
            await client.label_versions(name, versions)
        case 7:
            await client.unlabel_package(target, name, other)
        case 8:
            await client.unlabel_versions(name, versions)


def replayed(events):
    """Return what labels there are after *events*, the oldest first, and what carries which."""
    names, carriers = {}, set()
    for event in events:
        label, about = event["labelId"], event["publicPackage"]
        carrier = (label, about["name"], event["version"]) if about else None
        match event["action"]:
            case "CREATED":
                assert label not in names
                names[label] = event["name"]
            case "RENAMED":
                assert names[label] == event["formerName"]
                names[label] = event["name"]
            case "DELETED":
                assert names.pop(label) == event["name"]
            case "ASSIGNED":
                assert label in names
                assert carrier not in carriers
                carriers.add(carrier)
            case "REMOVED":
                carriers.remove(carrier)
    return names, carriers


def carried(label):
    """Yield what carries a label: name, and version unless it is a package as a whole."""
    for edge in label["publicPackagesConnection"]["edges"]:
        yield edge["node"]["name"], None
    for edge in label["publicPackageVersionsConnection"]["edges"]:
        yield edge["node"]["publicPackage"]["name"], edge["node"]["version"]
