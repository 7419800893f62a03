import gzip

import pytest

from litereg.server import playground
from litereg.web import built as web_files
from litereg.web.playground import PLAYGROUND_CSP

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
FOR_EVER = "public, max-age=31536000, immutable"


@pytest.fixture
def built(tmp_path, monkeypatch):
    """Put a built playground of three files where the real one would be."""
    folder = tmp_path / "dist"
    folder.mkdir()
    (folder / ".stamp").write_text("0123456789abcdef0123")
    (folder / "playground.js").write_text("let a = 1;")
    (folder / "playground.js.gz").write_bytes(gzip.compress(b"let a = 1;"))
    (folder / "chunk-ABCD2345.js").write_text("let b = 2;")
    (tmp_path / "secret.js").write_text("secret")
    monkeypatch.setattr(playground, "asset_files", lambda: web_files.asset_files(folder))
    monkeypatch.setattr(playground, "asset_version", lambda: web_files.asset_version(folder))
    return folder


@pytest.mark.parametrize(
    ("path", "endpoint"),
    [
        ("/playground", "/graphql"),
        ("/graphql", "/graphql"),
        ("/catalog/api/v1/custom/graphql", "/catalog/api/v1/custom/graphql"),
        ("//catalog/api/v1/custom/graphql", "/catalog/api/v1/custom/graphql"),
    ],
)
@pytest.mark.parametrize("prefix", ["", "/a/b"])
async def test_browsers_get_the_playground_of_the_door_they_open(start, path, endpoint, prefix):
    site = await start(base_url=f"http://registry.example{prefix}")

    async with site.get(path, headers=HTML) as response:
        page = await response.text()

    assert response.status == 200
    assert response.content_type == "text/html"
    assert response.headers["Content-Security-Policy"] == PLAYGROUND_CSP
    assert response.headers["X-Frame-Options"] == "DENY"
    assert f"{prefix}{endpoint}" in page
    assert f"{prefix}/schema.graphql" in page


async def test_a_browser_that_asks_something_gets_its_answer(site):
    params = {"query": "{ hello }"}

    async with site.get("/graphql", params=params, headers=HTML) as response:
        assert await response.json() == {"data": {"hello": "Hello, world!"}}


async def test_who_wants_json_gets_no_page(site):
    async with site.get("/graphql", headers={"Accept": "application/json"}) as response:
        assert response.status == 400
        assert response.content_type == "application/json"


async def test_assets_are_kept_for_ever_where_their_address_changes_with_them(built, start):
    site = await start()

    for path, cached in (
        ("/assets/0123456789abcdef/playground.js", FOR_EVER),
        ("/assets/playground.js", "no-cache"),
        ("/assets/chunk-ABCD2345.js", FOR_EVER),
    ):
        async with site.get(path) as response:
            assert response.status == 200
            assert response.headers["Cache-Control"] == cached
            assert response.content_type.endswith("/javascript")
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["X-Request-Id"]


async def test_assets_are_served_under_the_prefix_too(built, start):
    site = await start(base_url="http://registry.example/a")

    async with site.get("/a/assets/0123456789abcdef/playground.js") as response:
        assert response.status == 200


async def test_assets_are_packed_for_who_can_unpack(built, start):
    site = await start()

    for accepted, encoding in (("gzip", "gzip"), ("identity", None)):
        headers = {"Accept-Encoding": accepted}
        async with site.get("/assets/playground.js", headers=headers) as response:
            assert response.headers.get("Content-Encoding") == encoding
            assert await response.text() == "let a = 1;"
            assert response.headers["Vary"] == "Accept-Encoding"


async def test_an_asset_that_did_not_change_is_not_sent_again(built, start):
    site = await start()

    async with site.get("/assets/playground.js") as response:
        etag = response.headers["ETag"]
    async with site.get("/assets/playground.js", headers={"If-None-Match": etag}) as response:
        assert response.status == 304


@pytest.mark.parametrize(
    "path",
    [
        "/assets/0000000000000000/playground.js",
        "/assets/.stamp",
        "/assets/playground.js.gz",
        "/assets/..%2fsecret.js",
        "/assets/%2e%2e/secret.js",
        "/assets/../secret.js",
        "/assets/0123456789abcdef/..%2f..%2fsecret.js",
        "/assets/playground.js%00",
        "/assets/",
        "/assets",
    ],
)
async def test_nothing_but_what_was_built_is_served(built, start, path):
    site = await start()
    reader, writer = await site.connect()
    writer.write(f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())

    answer = await reader.read()

    assert answer.startswith((b"HTTP/1.1 404 ", b"HTTP/1.0 400 "))
    assert b"secret" not in answer.replace(path.encode(), b"")
    writer.close()


async def test_a_link_that_leads_out_of_the_folder_is_not_followed_by_name(built, start):
    (built / "playground.js.br").symlink_to(built.parent / "secret.js")
    site = await start()

    headers = {"Accept-Encoding": "br"}
    async with site.get("/assets/playground.js", headers=headers) as response:
        assert await response.text() == "let a = 1;"
