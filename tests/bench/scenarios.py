"""What the clients do, named after what people do."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from tests.bench import dataset as made
from tests.bench import documents, texts
from tests.bench.dataset import Dataset

PAGE = 20
# Different requests of one kind; as many things are open in a registry at a time.
VARIETY = 500
# Enough requests for the fastest server, where each can be sent only once.
WRITES_A_SECOND = 5_000
MAX_VERSIONS_A_TURN = 10_000
# What the numbers of new versions begin with after 1: every scenario is played on the same
# registry, and the one that comes later has to publish higher numbers.
MINOR_BESIDE = texts.VERSIONS[-1][1] + 1
MINOR = MINOR_BESIDE + 1
LOG_INS_AT_ONCE = 4
HEAVY_CLIENTS = 4


@dataclass(frozen=True, slots=True)
class Request:
    """One request: a body, and headers beside those of any client; without a body it is a GET."""

    body: str
    headers: dict[str, str]
    path: str = "/graphql"


@dataclass(frozen=True, slots=True)
class Group:
    """Clients that do the same.

    Attributes:
        name: what they do.
        connections: how many they are.
        requests: what they send, in turn.
        once: no request can be sent twice.
    """

    name: str
    connections: int
    requests: list[Request]
    once: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """One time that a scenario is played on a server.

    Attributes:
        number: how many came before it.
        seconds: how long it lasts.
        connections: how many clients there are in all.
    """

    number: int
    seconds: float
    connections: int


@dataclass(frozen=True, slots=True)
class Scenario:
    """Something that people do.

    Attributes:
        name: what it is called.
        groups: the clients of a turn.
        is_read: everybody may do it and nothing is changed: peers can play it too.
    """

    name: str
    groups: Callable[[Dataset, Turn], list[Group]]
    is_read: bool = False


def open_package(dataset: Dataset, turn: Turn) -> list[Group]:
    """Open packages."""
    return [Group("open", turn.connections, opened(dataset))]


def open_with_key(dataset: Dataset, turn: Turn) -> list[Group]:
    """Open packages as somebody who has an API key."""
    return [Group("open", turn.connections, opened(dataset, _key(dataset)))]


def search(dataset: Dataset, turn: Turn) -> list[Group]:
    """Search by words that a few packages have, however many there are."""
    return [Group("search", turn.connections, searches(dataset))]


def search_common(dataset: Dataset, turn: Turn) -> list[Group]:
    """Search by a word that half of all packages have."""
    return [Group("search", turn.connections, [_search(texts.COMMON)])]


def browse_catalog(dataset: Dataset, turn: Turn) -> list[Group]:
    """Look at catalogs with all that they hold."""
    return [Group("browse", turn.connections, browsed(dataset))]


def log_in(dataset: Dataset, turn: Turn) -> list[Group]:
    """Log in, a few at a time: checking a password is slow by design."""
    people = [_log_in(user) for user in range(made.USERS)]
    return [Group("log in", LOG_INS_AT_ONCE, people)]


def publish_version(dataset: Dataset, turn: Turn) -> list[Group]:
    """Publish versions."""
    return [Group("publish", turn.connections, published(dataset, turn, MINOR), once=True)]


def update_package(dataset: Dataset, turn: Turn) -> list[Group]:
    """Change what is said about packages."""
    return [Group("update", turn.connections, updated(dataset, turn))]


def reads_beside_writes(dataset: Dataset, turn: Turn) -> list[Group]:
    """Open packages while as many others publish."""
    half = max(1, turn.connections // 2)
    return [
        Group("open", turn.connections - half, opened(dataset)),
        Group("publish", half, published(dataset, turn, MINOR_BESIDE), once=True),
    ]


def heavy_beside(dataset: Dataset, turn: Turn) -> list[Group]:
    """Open packages while a few others ask as much as they may."""
    heavy = request("Heavy", documents.HEAVY, {"query": texts.COMMON, "limit": 100})
    return [
        Group("open", turn.connections - HEAVY_CLIENTS, opened(dataset)),
        Group("heavy", HEAVY_CLIENTS, [heavy]),
    ]


def mixed(dataset: Dataset, turn: Turn) -> list[Group]:
    """Do a bit of everything: of twenty, twelve open, four search, three browse, one changes."""
    generator = random.Random(turn.number)
    kinds = [(opened(dataset), 12), (searches(dataset), 4), (browsed(dataset), 3)]
    kinds.append((updated(dataset, turn), 1))
    requests = [
        kind[generator.randrange(len(kind))]
        for kind in generator.choices(
            [kind for kind, _ in kinds], [weight for _, weight in kinds], k=VARIETY * 4
        )
    ]
    return [Group("mixed", turn.connections, requests)]


READS = (
    Scenario("open-package", open_package, is_read=True),
    Scenario("search", search, is_read=True),
    Scenario("browse-catalog", browse_catalog, is_read=True),
)
WRITES = (
    Scenario("publish-version", publish_version),
    Scenario("update-package", update_package),
)
OTHERS = (
    Scenario("open-package-with-key", open_with_key),
    Scenario("search-common", search_common),
    Scenario("log-in", log_in),
    Scenario("mixed", mixed),
    Scenario("reads-beside-writes", reads_beside_writes),
    Scenario("heavy-beside", heavy_beside),
)
# What is measured in registries of different sizes.
GROWTH = (*READS, Scenario("search-common", search_common))


def opened(dataset: Dataset, headers: dict[str, str] | None = None) -> list[Request]:
    """Return requests that open packages, spread over the whole registry."""
    return [
        request(
            "OpenPackage",
            documents.OPEN_PACKAGE,
            {"identifier": made.package_ref(package)},
            headers,
        )
        for package in spread(dataset.packages)
    ]


def searches(dataset: Dataset) -> list[Request]:
    """Return requests that search by topics."""
    return [_search(texts.topic(package, dataset.packages)) for package in range(VARIETY)]


def browsed(dataset: Dataset) -> list[Request]:
    """Return requests that look at catalogs."""
    return [
        request(
            "BrowseCatalog",
            documents.BROWSE_CATALOG,
            {"identifier": {"catalogSlug": made.catalog_slug(catalog)}},
        )
        for catalog in spread(dataset.catalogs)
    ]


def published(dataset: Dataset, turn: Turn, minor: int) -> list[Request]:
    """Return requests that publish a version each, one package after another.

    The numbers begin with 1 and *minor*, and rise from turn to turn.
    """
    requests = []
    for number in range(round(turn.seconds * WRITES_A_SECOND)):
        rest, package = divmod(number, dataset.packages)
        version = (1, minor, turn.number * MAX_VERSIONS_A_TURN + rest)
        value = {"packageFile": texts.package_file(package, dataset.packages, version)}
        variables = {"identifier": made.package_ref(package), "value": value}
        requests.append(
            request("PublishVersion", documents.PUBLISH_VERSION, variables, _key(dataset))
        )
    return requests


def updated(dataset: Dataset, turn: Turn) -> list[Request]:
    """Return requests that change what is said about a package each."""
    requests = []
    for package in spread(dataset.packages):
        text = f"{texts.description(package, dataset.packages)} Turn {turn.number}."
        variables = {"identifier": made.package_ref(package), "value": {"description": text}}
        requests.append(
            request("UpdatePackage", documents.UPDATE_PACKAGE, variables, _key(dataset))
        )
    return requests


def _search(query: str) -> Request:
    return request("Search", documents.SEARCH, {"query": query, "offSet": 0, "limit": PAGE})


def _log_in(user: int) -> Request:
    variables = {"username": made.username(user), "password": made.PASSWORD}
    return request("LogIn", documents.LOG_IN, variables)


def spread(count: int) -> list[int]:
    """Return numbers below *count*, far from one another, in an order without a pattern."""
    return random.Random(count).sample(range(count), min(count, VARIETY))


def _key(dataset: Dataset) -> dict[str, str]:
    return {"X-API-Key": dataset.key}


def request(
    name: str | None,
    document: str,
    variables: dict[str, Any],
    headers: dict[str, str] | None = None,
) -> Request:
    """Return a request for the operation *name* of *document*, its only one for None."""
    body = {"query": document, "operationName": name, "variables": variables}
    return Request(orjson.dumps(body).decode(), headers or {})
