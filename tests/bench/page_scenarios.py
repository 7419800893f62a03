"""Pages of the web client, each beside the very operation that feeds it, asked over the API."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from litereg import operations
from tests.bench import dataset as made
from tests.bench import texts
from tests.bench.dataset import Dataset
from tests.bench.measure import Entry, Figures, Plan, play_in_turn
from tests.bench.scenarios import VARIETY, Group, Request, Scenario, Turn, request, spread
from tests.bench.servers import Running

# As a browser asks for a page.
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
RATIOS = ("page ÷ API", "and by CPU")
# What the page of a search asks for beside the words.
FIRST_PAGE: dict[str, Any] = {
    "offset": 0,
    "packages": True,
    "catalogs": False,
    "collections": False,
    "publicPackages": False,
    "readLabels": False,
    "after": None,
}


@dataclass(frozen=True, slots=True)
class Page:
    """A page and what feeds it.

    Attributes:
        name: what it is called in tables.
        operation: the operation of `litereg.operations`.
        asked: what is opened: an address, and the operation's variables there.
    """

    name: str
    operation: str
    asked: Callable[[Dataset], list[tuple[str, dict[str, Any]]]]

    def scenarios(self) -> Sequence[Scenario]:
        """Return what is compared: opening the page, and asking the API the same."""
        return (Scenario(f"{self.name}, page", self._opened), Scenario(self.name, self._answered))

    def _opened(self, dataset: Dataset, turn: Turn) -> list[Group]:
        requests = [Request("", BROWSER, path) for path, _ in self.asked(dataset)]
        return [Group("", turn.connections, requests)]

    def _answered(self, dataset: Dataset, turn: Turn) -> list[Group]:
        document = operations.document(self.operation)
        requests = [request(None, document, variables) for _, variables in self.asked(dataset)]
        return [Group("", turn.connections, requests)]


def home(_: Dataset) -> list[tuple[str, dict[str, Any]]]:
    """Open the first page."""
    return [("/", {})]


def packages(dataset: Dataset) -> list[tuple[str, dict[str, Any]]]:
    """Open packages, spread over the whole registry."""
    refs = [made.package_ref(package) for package in spread(dataset.packages)]
    return [
        (f"/{ref['catalogSlug']}/{ref['packageSlug']}", {"identifier": ref, "readLabels": False})
        for ref in refs
    ]


def searches(dataset: Dataset) -> list[tuple[str, dict[str, Any]]]:
    """Search by words that a few packages have."""
    words = [texts.topic(package, dataset.packages) for package in range(VARIETY)]
    asked = [{"query": word, "where": {"nameContainsFold": word}} | FIRST_PAGE for word in words]
    return [(f"/search?q={quote(one['query'])}", one) for one in asked]


PAGES = (
    Page("home", "home_page", home),
    Page("package", "package_page", packages),
    Page("search", "search_page", searches),
)


def compare(page: Page, server: Running, dataset: Dataset, plan: Plan) -> list[Figures]:
    """Play opening *page* and asking the API the same, in turn."""
    opened, answered = page.scenarios()
    parts = [
        (opened, Entry(server, dataset, "page")),
        (answered, Entry(server, dataset, "API")),
    ]
    return play_in_turn(parts, plan)
