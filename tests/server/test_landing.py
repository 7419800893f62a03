import pytest

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize(
    "path", ["/", "/some-catalog/some-package", "/docs/schema.gql", "/playground"]
)
async def test_pages_tell_clients_that_this_is_a_registry(start, path):
    site = await start(base_url="https://registry.example/a/")

    async with site.get(path) as response:
        assert response.status == 200
        assert response.headers["x-datapm-version"] == "0.32.46"
        assert response.headers["x-datapm-registry-url"] == "https://registry.example/a"
        assert response.headers["x-datapm-graphql-path"] == "/graphql"


async def test_a_package_that_is_not_there_is_not_told_from_one_that_is(site):
    pages = set()
    for name in ("here", "gone"):
        async with site.get(f"/some-catalog/{name}") as response:
            pages.add((await response.text()).replace(name, "name"))

    assert len(pages) == 1


async def test_people_get_html(start):
    site = await start(registry_name='<b>Ours</b> & "theirs"')

    async with site.get("/a%3Cscript%3E/b%22", headers=HTML) as response:
        page = await response.text()

    assert response.content_type == "text/html"
    assert response.headers["Vary"] == "Accept"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "&lt;b&gt;Ours&lt;/b&gt; &amp; &quot;theirs&quot;" in page
    assert "a&lt;script&gt;/b" in page
    assert "<script" not in page
    assert f'href="{site.url}/playground"' in page


async def test_programs_get_text(site):
    async with site.get("/") as response:
        assert response.content_type == "text/plain"
        assert f"{site.url}/graphql" in await response.text()


async def test_the_port_the_system_chose_is_in_the_address(site):
    async with site.get("/") as response:
        assert response.headers["x-datapm-registry-url"] == site.url
    async with site.get("/", headers={"Host": "localhost:9"}) as response:
        assert response.headers["x-datapm-registry-url"] == "http://localhost:9"


@pytest.mark.parametrize(
    "path",
    ["/docs/a", "/static/a", "/assets/a", "/graphql/a", "/images/a", "/.git/config", "/xray/a"],
)
async def test_our_own_paths_are_no_catalogs(site, path):
    async with site.get(path) as response:
        assert response.status == 404
        assert "x-datapm-registry-url" not in response.headers
