import pytest

from tests.server.conftest import SCHEMAS, SDL


@pytest.mark.parametrize("path", ["/schema.graphql", "/docs/schema.gql", "/static/schema.gql"])
async def test_the_schema_is_text_at_every_address_it_ever_had(site, path):
    async with site.get(path) as response:
        assert response.status == 200
        assert response.content_type == "text/plain"
        assert response.charset == "utf-8"
        assert await response.text() == SDL
        assert response.headers["x-datapm-version"]


@pytest.mark.parametrize(
    ("path", "version"),
    [
        ("/docs/datapm-package-file-schema-v1.json", "0.3.20"),
        ("/static/datapm-package-file-schema-v1.json", "0.1.0"),
        ("/static/datapm-package-file-schema-v0.1.0.json", "0.1.0"),
        ("/static/datapm-package-file-schema-current.json", "current"),
    ],
)
async def test_package_file_schemas_are_where_clients_look(site, path, version):
    async with site.get(path) as response:
        assert response.status == 200
        assert await response.json() == SCHEMAS[version]


@pytest.mark.parametrize(
    "version", ["v9.9.9", "v0.1", "v2", "0.1.0", "v0.1.0.0", "v..", "vcurrent"]
)
async def test_a_format_that_was_never_published_is_not_found(site, version):
    async with site.get(f"/static/datapm-package-file-schema-{version}.json") as response:
        assert response.status == 404
        assert "errors" in await response.json()


async def test_crawlers_are_sent_away(site):
    async with site.get("/robots.txt") as response:
        assert await response.text() == "User-agent: *\nDisallow: /\n"
        assert response.content_type == "text/plain"
