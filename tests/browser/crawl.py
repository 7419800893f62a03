"""Follow every link of every page, as a browser without scripts finds them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

from aiohttp import ClientSession

HTML = {"Accept": "text/html"}
# Where addresses stand in our pages.
ATTRIBUTES = {"href", "src", "action", "formaction", "hx-get", "hx-post", "data-schema-url"}
# More pages than this means that links make ever new ones.
MOST = 1_500


class Links(HTMLParser):
    """The addresses in a page: those that are opened, and those that forms are sent to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.opened: set[str] = set()
        self.posted: set[str] = set()
        self._method = "get"
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        """Note the addresses in a tag."""
        found = dict(attributes)
        if tag == "form":
            self._method = (found.get("method") or "get").lower()
        for name in ATTRIBUTES & found.keys():
            is_form = name in {"action", "formaction"}
            posts = name == "hx-post" or (is_form and self._method == "post")
            (self.posted if posts else self.opened).add(found[name] or "")


@dataclass
class Crawl:
    """What following all links came to.

    Attributes:
        opened: address → status, of what was asked for.
        posted: address → status, of what forms are sent to; sent as another site would.
        strays: (page, address) of what leads to this server and out of the prefix.
        elsewhere: addresses of other servers, which are not asked.
    """

    opened: dict[str, int] = field(default_factory=dict)
    posted: dict[str, int] = field(default_factory=dict)
    strays: list[tuple[str, str]] = field(default_factory=list)
    elsewhere: set[str] = field(default_factory=set)

    def unanswered(self) -> dict[str, int]:
        """Return the addresses that a page names and that answer as if there were nothing."""
        missing = {address: status for address, status in self.opened.items() if status >= 400}
        # Forms are not taken from other sites: 403 says that they are taken at all.
        return missing | {a: status for a, status in self.posted.items() if status != 403}


async def crawl(session: ClientSession, url: str) -> Crawl:
    """Follow all links from the page at *url*, the registry's, on the same server."""
    seen = Crawl()
    waiting = deque([f"{url}/"])
    known = set(waiting)
    while waiting:
        page = waiting.popleft()
        assert len(known) < MOST, sorted(known)[:: MOST // 40]
        async with session.get(page, headers=HTML, allow_redirects=False) as answer:
            seen.opened[page] = answer.status
            found = Links(await answer.text()) if answer.content_type == "text/html" else Links("")
            if "Location" in answer.headers:
                found.opened.add(answer.headers["Location"])
        for address in _within(seen, url, page, found.opened) - known:
            known.add(address)
            waiting.append(address)
        for address in _within(seen, url, page, found.posted) - seen.posted.keys():
            async with session.post(address, data={}, allow_redirects=False) as answer:
                seen.posted[address] = answer.status
    return seen


def _within(seen: Crawl, url: str, page: str, addresses: set[str]) -> set[str]:
    """Return those of *addresses* that lead to the registry, without their fragments."""
    within = set()
    for address in addresses:
        target = urldefrag(urljoin(page, address)).url
        if urlsplit(target).netloc != urlsplit(url).netloc:
            seen.elsewhere.add(target)
        elif target == url or target.startswith(f"{url}/"):
            within.add(target)
        else:
            seen.strays.append((page, address))
    return within
