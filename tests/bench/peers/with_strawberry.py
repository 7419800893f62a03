"""A peer: Strawberry on uvicorn, as its documentation advises for speed.

`python -m tests.bench.peers.with_strawberry DATABASE REGISTRY_URL` keeps parsed and validated
documents, loads what belongs to objects by its data loaders, and writes JSON by orjson.
"""

from __future__ import annotations

import sys
from typing import Any, NewType

import orjson
import strawberry
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.schema.config import StrawberryConfig

from tests.bench.peers.asgi import serve
from tests.bench.peers.rows import Row, Rows, date_text

Date = NewType("Date", int)
PackageFileJSON = NewType("PackageFileJSON", str)
Info = strawberry.Info[Any, None]


@strawberry.input
class PackageIdentifierInput:
    catalog_slug: str
    package_slug: str


@strawberry.input
class CatalogIdentifierInput:
    catalog_slug: str


@strawberry.type
class PackageIdentifier:
    registry_url: str = strawberry.field(name="registryURL")
    catalog_slug: str
    package_slug: str


@strawberry.type
class CatalogIdentifier:
    registry_url: str | None = strawberry.field(name="registryURL")
    catalog_slug: str


@strawberry.type
class VersionIdentifier:
    version_major: int
    version_minor: int
    version_patch: int


@strawberry.type
class User:
    username: str
    description: str | None
    website: str | None


@strawberry.type
class Catalog:
    row: strawberry.Private[Row]
    display_name: str
    description: str | None
    website: str | None
    is_public: bool

    @classmethod
    def of(cls, row: Row) -> Catalog:
        return cls(
            row=row,
            display_name=row["displayName"],
            description=row["description"],
            website=row["website"],
            is_public=bool(row["isPublic"]),
        )

    @strawberry.field
    def identifier(self, info: Info) -> CatalogIdentifier:
        return CatalogIdentifier(
            registry_url=info.context["rows"].url, catalog_slug=self.row["catalogSlug"]
        )

    @strawberry.field
    async def packages(self, info: Info) -> list[Package | None] | None:
        found = await info.context["packages_of"].load(self.row["id"])
        return [Package.of(row) for row in found]


@strawberry.type
class Version:
    row: strawberry.Private[Row]
    created_at: Date
    updated_at: Date

    @classmethod
    def of(cls, row: Row) -> Version:
        return cls(row=row, created_at=row["createdAt"], updated_at=row["updatedAt"])

    @strawberry.field
    def identifier(self) -> VersionIdentifier:
        return VersionIdentifier(
            version_major=self.row["versionMajor"],
            version_minor=self.row["versionMinor"],
            version_patch=self.row["versionPatch"],
        )

    @strawberry.field
    async def package_file(self, info: Info) -> PackageFileJSON | None:
        found = await info.context["contents"].load(self.row["contentId"])
        return found["body"].decode()


@strawberry.type
class Package:
    row: strawberry.Private[Row]
    display_name: str
    description: str | None
    is_public: bool
    created_at: Date
    updated_at: Date

    @classmethod
    def of(cls, row: Row) -> Package:
        return cls(
            row=row,
            display_name=row["displayName"],
            description=row["description"],
            is_public=bool(row["isPublic"]),
            created_at=row["createdAt"],
            updated_at=row["updatedAt"],
        )

    @strawberry.field
    def identifier(self, info: Info) -> PackageIdentifier:
        return PackageIdentifier(
            registry_url=info.context["rows"].url,
            catalog_slug=self.row["catalogSlug"],
            package_slug=self.row["packageSlug"],
        )

    @strawberry.field
    async def catalog(self, info: Info) -> Catalog:
        return Catalog.of(await info.context["catalogs"].load(self.row["catalogId"]))

    @strawberry.field
    async def creator(self, info: Info) -> User:
        row = await info.context["users"].load(self.row["creatorId"])
        return User(
            username=row["username"], description=row["description"], website=row["website"]
        )

    @strawberry.field
    async def latest_version(self, info: Info) -> Version | None:
        id_ = self.row["latestVersionId"]
        return None if id_ is None else Version.of(await info.context["versions"].load(id_))


@strawberry.type
class SearchPackagesResult:
    packages: list[Package] | None
    has_more: bool
    count: int


@strawberry.type
class Query:
    @strawberry.field
    def package(self, info: Info, identifier: PackageIdentifierInput) -> Package | None:
        row = info.context["rows"].first(
            "package", catalogSlug=identifier.catalog_slug, packageSlug=identifier.package_slug
        )
        return row and Package.of(row)

    @strawberry.field
    def catalog(self, info: Info, identifier: CatalogIdentifierInput) -> Catalog | None:
        row = info.context["rows"].first("catalog", catalogSlug=identifier.catalog_slug)
        return row and Catalog.of(row)

    @strawberry.field
    def search_packages(
        self, info: Info, query: str, off_set: int, limit: int
    ) -> SearchPackagesResult:
        page = info.context["rows"].search(query, off_set, limit)
        return SearchPackagesResult(
            packages=[Package.of(row) for row in page["packages"]],
            has_more=page["hasMore"],
            count=page["count"],
        )


class Endpoint(GraphQL):
    """The endpoint, with the rows and with data loaders for each request."""

    def __init__(self, schema: strawberry.Schema, rows: Rows) -> None:
        super().__init__(schema, graphql_ide=None)
        self._rows = rows

    async def get_context(self, request: Any, response: Any) -> dict[str, Any]:
        return {
            "rows": self._rows,
            "catalogs": self._loader("catalogs"),
            "users": self._loader("users"),
            "versions": self._loader("versions"),
            "contents": self._loader("contents"),
            "packages_of": DataLoader(load_fn=self._packages_of),
        }

    def encode_json(self, data: object) -> bytes:
        return orjson.dumps(data)

    def _loader(self, statement: str) -> DataLoader[int, Row]:
        async def load(ids: list[int]) -> list[Row]:
            return self._rows.by_id(statement, ids)

        return DataLoader(load_fn=load)

    async def _packages_of(self, ids: list[int]) -> list[list[Row]]:
        return self._rows.packages_of(ids)


def main(database: str, url: str) -> None:
    """Serve until the process is ended."""
    scalars = {
        Date: strawberry.scalar(name="Date", serialize=date_text),
        PackageFileJSON: strawberry.scalar(name="PackageFileJSON", serialize=str),
    }
    schema = strawberry.Schema(
        Query,
        config=StrawberryConfig(scalar_map=scalars),
        extensions=[ParserCache, ValidationCache],
    )
    serve(Endpoint(schema, Rows(database, url)))


if __name__ == "__main__":
    main(*sys.argv[1:])
