"""What pages are about: a catalog, a package or a collection, by its address and in the API.

Each has a page that shows it, and a room of pages in which those who may do so change it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the three kinds of things that people make and share.

    Attributes:
        name: the API's word for it, which is also the name of the field that it is read by.
        page: the route of the page that shows it.
        room: how the routes of the pages begin on which it is changed.
        fields: the fields of its identifier, by their names in the routes.
        sharing: the last part of the route of the page that says who may do what.
    """

    name: str
    page: str
    room: str
    fields: Mapping[str, str]
    sharing: str = "members"

    def identifier(self, request: web.Request) -> dict[str, str]:
        """Return which one the address of *request* names, as the API takes it."""
        return {field: request.match_info[part] for part, field in self.fields.items()}

    @staticmethod
    def name_of(subject: Mapping[str, Any]) -> str:
        """Return the name for people of what the API answered."""
        # A collection has a name where the others have a display name.
        return str(subject.get("displayName") or subject.get("name"))

    def page_of(self, identifier: Mapping[str, Any]) -> str:
        """Return the path of the page that shows the one that *identifier* names."""
        return self._filled(self.page, identifier)

    def room_of(self, identifier: Mapping[str, Any]) -> str:
        """Return how the paths begin on which the one that *identifier* names is changed."""
        return self._filled(self.room, identifier)

    def _filled(self, route: str, identifier: Mapping[str, Any]) -> str:
        names = {
            part: quote(str(identifier[field]), safe="") for part, field in self.fields.items()
        }
        return route.format(**names)


CATALOG: Final = Kind("catalog", "/{catalog}", "/catalog/{catalog}", {"catalog": "catalogSlug"})
PACKAGE: Final = Kind(
    "package",
    "/{catalog}/{package}",
    "/package/{catalog}/{package}",
    {"catalog": "catalogSlug", "package": "packageSlug"},
    sharing="permissions",
)
COLLECTION: Final = Kind(
    "collection",
    "/collection/{collection}",
    "/collection/{collection}",
    {"collection": "collectionSlug"},
)
KINDS: Final = (CATALOG, PACKAGE, COLLECTION)
