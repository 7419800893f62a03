"""What stands at the addresses of pages, for people and for programs."""

import re

import pytest

from litereg.registry.names import RESERVED

PROGRAM = {"Accept": "*/*"}


@pytest.mark.parametrize(
    "path", ["/", "/some-catalog/some-package", "/docs/schema.gql", "/playground"]
)
async def test_pages_tell_clients_that_this_is_a_registry(open_site, path):
    site = await open_site(base_url="https://registry.example/a/")

    response = await site.get(path, headers=PROGRAM)

    assert response.status == 200
    assert response.headers["x-datapm-version"] == "0.32.46"
    assert response.headers["x-datapm-registry-url"] == "https://registry.example/a"
    assert response.headers["x-datapm-graphql-path"] == "/graphql"


async def test_a_program_cannot_tell_a_package_that_is_there_from_one_that_is_not(site):
    pages = set()
    for name in ("here", "gone"):
        response = await site.get(f"/some-catalog/{name}", headers=PROGRAM)
        pages.add(response.page.replace(name, "name"))

    assert len(pages) == 1


async def test_people_get_html(open_site):
    site = await open_site(registry_name='<b>Ours</b> & "theirs"')

    response = await site.get("/")

    assert response.content_type == "text/html"
    assert response.headers["Vary"] == "Accept, Cookie"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert "&lt;b&gt;Ours&lt;/b&gt; &amp; &#34;theirs&#34;" in response.page
    assert "<b>Ours" not in response.page


async def test_what_is_not_there_is_a_page_for_people_and_json_for_programs(site):
    page = await site.get("/some-catalog/some-package")
    address = await site.get("/no/such/address/at/all")
    program = await site.get("/no/such/address/at/all", headers=PROGRAM)

    assert (page.status, address.status, program.status) == (404, 404, 404)
    assert "There is no catalog of that name." in page.page
    assert page.headers["x-datapm-registry-url"] == site.url
    assert page.headers["X-Request-Id"] in page.page
    assert address.content_type == "text/html"
    assert program.content_type == "application/json"


async def test_no_page_breaks_where_a_key_is_none(site):
    """Those who send it are programs; a page that asks for something is refused it."""
    broken = []
    for route in sorted(set(site.routes)):
        path = re.sub(r"\{[^}]*\}", "a", route)
        response = await site.get(path, headers={"X-API-Key": "canary"})
        if response.status >= 500:
            broken.append(path)

    assert broken == []


async def test_a_name_in_an_address_cannot_become_markup(site):
    response = await site.get("/a%3Cscript%3E/b%22")

    assert response.status == 400
    assert "<script>" not in response.page


async def test_programs_get_text(site):
    response = await site.get("/", headers=PROGRAM)

    assert response.content_type == "text/plain"
    assert f"{site.url}/graphql" in response.page


async def test_the_port_the_system_chose_is_in_the_address(site):
    response = await site.get("/", headers=PROGRAM)
    elsewhere = await site.get("/", headers={**PROGRAM, "Host": "localhost:9"})

    assert response.headers["x-datapm-registry-url"] == site.url
    assert elsewhere.headers["x-datapm-registry-url"] == "http://localhost:9"


@pytest.mark.parametrize(
    "path",
    ["/docs/a", "/static/a", "/assets/a", "/graphql/a", "/images/a", "/.git/config", "/xray/a"],
)
async def test_our_own_paths_are_no_catalogs(site, path):
    response = await site.get(path, headers=PROGRAM)

    assert response.status == 404
    assert "x-datapm-registry-url" not in response.headers


async def test_no_catalog_can_have_the_name_of_an_address_of_ours(site):
    firsts = {route.split("/")[1] for route in site.routes}
    ours = {first for first in firsts if first and not first.startswith(("{", "."))}
    assert {first.partition(".")[0] for first in ours} <= RESERVED


async def test_whoever_is_logged_in_is_not_asked_to_where_nothing_is(site, people):
    await people("ann")
    before = await site.get("/no/such/address/at/all")

    await site.log_in("ann")
    after = await site.get("/no/such/address/at/all")

    assert ">Sign up</a>" in before.page
    assert ">Sign up</a>" not in after.page
    assert '<a href="/me">My account</a>' in after.page
