"""A peer: graphql-core as its documentation begins, behind aiohttp.

`python -m tests.bench.peers.graphql_core DATABASE REGISTRY_URL` parses and validates each request,
and its resolvers run one statement for each object. Nothing is kept from one request to the next.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import orjson
from aiohttp import web
from graphql import GraphQLResolveInfo, GraphQLSchema, build_schema, graphql_sync

from tests.bench.peers.rows import SCHEMA, Row, Rows, date_text
from tests.bench.serving import serve


def make_schema(rows: Rows) -> GraphQLSchema:
    """Return the schema with its resolvers; what has none is read from the row."""
    schema = build_schema(SCHEMA)
    schema.type_map["Date"].coerce_output_value = date_text

    def resolve(type_name: str, field: str, resolver: Any) -> None:
        schema.type_map[type_name].fields[field].resolve = resolver

    def package(_root: Any, _info: GraphQLResolveInfo, identifier: Row) -> Row | None:
        return rows.first("package", **identifier)

    def catalog(_root: Any, _info: GraphQLResolveInfo, identifier: Row) -> Row | None:
        return rows.first("catalog", **identifier)

    def search(_root: Any, _info: GraphQLResolveInfo, query: str, offSet: int, limit: int) -> Row:
        return rows.search(query, offSet, limit)

    def latest_version(package: Row, _info: GraphQLResolveInfo) -> Row | None:
        id_ = package["latestVersionId"]
        return None if id_ is None else rows.by_id("versions", [id_])[0]

    resolve("Query", "package", package)
    resolve("Query", "catalog", catalog)
    resolve("Query", "searchPackages", search)
    resolve("Package", "identifier", lambda source, _info: rows.package_name(source))
    resolve(
        "Package", "catalog", lambda source, _info: rows.by_id("catalogs", [source["catalogId"]])[0]
    )
    resolve(
        "Package", "creator", lambda source, _info: rows.by_id("users", [source["creatorId"]])[0]
    )
    resolve("Package", "latestVersion", latest_version)
    resolve("Catalog", "identifier", lambda source, _info: rows.catalog_name(source))
    resolve("Catalog", "packages", lambda source, _info: rows.packages_of([source["id"]])[0])
    resolve("Version", "identifier", lambda source, _info: source)
    resolve(
        "Version",
        "packageFile",
        lambda source, _info: rows.by_id("contents", [source["contentId"]])[0]["body"].decode(),
    )
    return schema


def main(database: str, url: str) -> None:
    """Serve until the process is ended."""
    schema = make_schema(Rows(database, url))

    async def answer(request: web.Request) -> web.Response:
        asked = orjson.loads(await request.read())
        result = graphql_sync(
            schema,
            asked["query"],
            variable_values=asked.get("variables"),
            operation_name=asked.get("operationName"),
        )
        body = orjson.dumps(result.formatted)
        return web.Response(body=body, content_type="application/json")

    app = web.Application()
    app.router.add_post("/graphql", answer)
    asyncio.run(serve(app))


if __name__ == "__main__":
    main(*sys.argv[1:])
