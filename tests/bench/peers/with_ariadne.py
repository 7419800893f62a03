"""A peer: Ariadne on uvicorn, with what it offers for speed.

`python -m tests.bench.peers.with_ariadne DATABASE REGISTRY_URL` keeps parsed and validated
documents, loads what belongs to objects by data loaders, and writes JSON by orjson.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import Any

import orjson
from aiodataloader import DataLoader
from ariadne import ObjectType, QueryType, ScalarType, make_executable_schema
from ariadne.asgi import GraphQL
from ariadne.asgi.handlers import GraphQLHTTPHandler
from graphql import DocumentNode, GraphQLError, GraphQLResolveInfo, GraphQLSchema, parse, validate
from starlette.requests import Request
from starlette.responses import Response

from tests.bench.peers.asgi import serve
from tests.bench.peers.rows import SCHEMA, Row, Rows, date_text

query = QueryType()
package = ObjectType("Package")
catalog = ObjectType("Catalog")
version = ObjectType("Version")
date = ScalarType("Date", serializer=date_text)


@query.field("package")
def resolve_package(_root: Any, info: GraphQLResolveInfo, identifier: Row) -> Row | None:
    return info.context["rows"].first("package", **identifier)


@query.field("catalog")
def resolve_catalog(_root: Any, info: GraphQLResolveInfo, identifier: Row) -> Row | None:
    return info.context["rows"].first("catalog", **identifier)


@query.field("searchPackages")
def resolve_search(
    _root: Any,
    info: GraphQLResolveInfo,
    query: str,
    offSet: int,
    limit: int,
) -> Row:
    return info.context["rows"].search(query, offSet, limit)


@package.field("identifier")
def resolve_package_name(source: Row, info: GraphQLResolveInfo) -> Row:
    return info.context["rows"].package_name(source)


@package.field("catalog")
def resolve_package_catalog(source: Row, info: GraphQLResolveInfo) -> Any:
    return info.context["catalogs"].load(source["catalogId"])


@package.field("creator")
def resolve_creator(source: Row, info: GraphQLResolveInfo) -> Any:
    return info.context["users"].load(source["creatorId"])


@package.field("latestVersion")
def resolve_latest_version(source: Row, info: GraphQLResolveInfo) -> Any:
    id_ = source["latestVersionId"]
    return None if id_ is None else info.context["versions"].load(id_)


@catalog.field("identifier")
def resolve_catalog_name(source: Row, info: GraphQLResolveInfo) -> Row:
    return info.context["rows"].catalog_name(source)


@catalog.field("packages")
def resolve_packages(source: Row, info: GraphQLResolveInfo) -> Any:
    return info.context["packages_of"].load(source["id"])


@version.field("identifier")
def resolve_version_name(source: Row, _info: GraphQLResolveInfo) -> Row:
    return source


@version.field("packageFile")
async def resolve_package_file(source: Row, info: GraphQLResolveInfo) -> str:
    found = await info.context["contents"].load(source["contentId"])
    return found["body"].decode()


class FastJSON(GraphQLHTTPHandler):
    """The endpoint's handler, with orjson in place of the standard library's writer."""

    async def create_json_response(self, request: Request, result: dict, success: bool) -> Response:
        status = 200 if success else 400
        return Response(orjson.dumps(result), status, media_type="application/json")


class Loaders:
    """Makes what resolvers are given of each request."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def __call__(self, request: Any, data: Any) -> dict[str, Any]:
        """Return the context of one request."""
        return {
            "rows": self._rows,
            "catalogs": self._loader("catalogs"),
            "users": self._loader("users"),
            "versions": self._loader("versions"),
            "contents": self._loader("contents"),
            "packages_of": DataLoader(self._packages_of),
        }

    def _loader(self, statement: str) -> DataLoader:
        async def load(ids: list[int]) -> list[Row]:
            return self._rows.by_id(statement, ids)

        return DataLoader(load)

    async def _packages_of(self, ids: list[int]) -> list[list[Row]]:
        return self._rows.packages_of(ids)


@lru_cache(maxsize=500)
def parsed(text: str) -> DocumentNode:
    """Return the document of *text*, kept."""
    return parse(text)


# Kept by the document itself: `parsed` returns the same one for the same text.
_valid: dict[int, DocumentNode] = {}


def validated(
    schema: GraphQLSchema, document: DocumentNode, *args: Any, **kwargs: Any
) -> list[GraphQLError]:
    """Return what is wrong with *document*, looked for once."""
    if _valid.get(id(document)) is document:
        return []
    errors = validate(schema, document, *args, **kwargs)
    if not errors:
        _valid[id(document)] = document
    return errors


def main(database: str, url: str) -> None:
    """Serve until the process is ended."""
    schema = make_executable_schema(SCHEMA, query, package, catalog, version, date)
    app = GraphQL(
        schema,
        context_value=Loaders(Rows(database, url)),
        query_parser=lambda _context, data: parsed(data["query"]),
        query_validator=validated,
        http_handler=FastJSON(),
    )
    serve(app)


if __name__ == "__main__":
    main(*sys.argv[1:])
