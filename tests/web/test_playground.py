"""The HTML of the playground: complete, escaped, and fit for its own Content-Security-Policy."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from graphql import parse

from litereg.web import built as web_files
from litereg.web import playground

HOSTILE = """"><script>alert(1)</script><b a='"""


@pytest.fixture
def built(tmp_path: Path) -> Path:
    for name in ("playground.js", "playground.js.br", "playground.js.gz", "icon.svg"):
        (tmp_path / name).write_text("")
    (tmp_path / ".stamp").write_text("0123456789abcdef" * 4)
    return tmp_path


@pytest.fixture
def unbuilt(tmp_path: Path) -> Path:
    return tmp_path / "nothing"


def page(assets: Path, **changes: str) -> str:
    wanted = {
        "endpoint": "/a/b/graphql",
        "schema_url": "/a/b/schema.graphql",
        "asset_base": "/a/b/assets",
        "registry_name": "Rain & Sun",
    }
    return playground.playground_page(**{**wanted, **changes}, assets=assets)


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_the_root_element_says_where_everything_is(built):
    tags = Tags(page(built, viewer="ann", home="/a/b/")).found

    root = next(attributes for _, attributes in tags if attributes.get("id") == "playground")
    assert root == {
        "id": "playground",
        "data-endpoint": "/a/b/graphql",
        "data-schema-url": "/a/b/schema.graphql",
        "data-registry": "Rain & Sun",
        "data-viewer": "ann",
        "data-home": "/a/b/",
    }


@pytest.mark.parametrize("asset_base", ["/a/b/assets", "/a/b/assets/"])
def test_scripts_and_styles_come_from_the_asset_base(built, asset_base):
    tags = Tags(page(built, asset_base=asset_base)).found

    addresses = [a.get("src") or a.get("href") for tag, a in tags if tag in {"script", "link"}]
    assert addresses == [
        "/a/b/assets/icon.svg",
        "/a/b/assets/playground.css",
        "/a/b/assets/playground.js",
    ]


@pytest.mark.parametrize("state", ["built", "unbuilt"])
def test_no_page_carries_inline_script_style_or_handler(request, state):
    tags = Tags(page(request.getfixturevalue(state))).found

    assert [a for tag, a in tags if tag == "script" and "src" not in a] == []
    assert [tag for tag, _ in tags if tag == "style"] == []
    assert [name for _, a in tags for name in a if name == "style" or name.startswith("on")] == []


@pytest.mark.parametrize("state", ["built", "unbuilt"])
@pytest.mark.parametrize(
    "field", ["endpoint", "schema_url", "asset_base", "registry_name", "viewer", "home"]
)
def test_whatever_is_filled_in_is_escaped(request, state, field):
    assets = request.getfixturevalue(state)

    hostile = page(assets, **{field: HOSTILE})

    assert [tag for tag, _ in Tags(hostile).found] == [tag for tag, _ in Tags(page(assets)).found]
    assert HOSTILE not in hostile


def test_a_page_that_is_not_built_says_so_and_names_the_endpoint(unbuilt):
    html = page(unbuilt, origin="https://data.example/")

    assert "python -m litereg.web.assets" in html
    assert "curl https://data.example/a/b/graphql" in html
    assert "<script" not in html


def test_the_page_tells_how_to_ask_without_scripts(built):
    html = page(built)

    assert "<noscript>" in html
    assert "curl http://127.0.0.1:4000/a/b/graphql" in html


def test_the_policy_adds_styles_and_workers_and_nothing_else():
    policy = dict(rule.split(" ", 1) for rule in playground.PLAYGROUND_CSP.split("; "))

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["worker-src"] == policy["connect-src"] == "'self'"
    assert "unsafe-eval" not in playground.PLAYGROUND_CSP
    assert [name for name, value in policy.items() if "unsafe" in value] == ["style-src"]


def test_the_files_are_listed_without_their_compressed_twins(built):
    assert web_files.asset_files(built) == {
        "icon.svg": built / "icon.svg",
        "playground.js": built / "playground.js",
    }
    assert web_files.asset_version(built) == "0123456789abcdef"


def test_nothing_is_listed_when_nothing_is_built(unbuilt):
    assert web_files.asset_files(unbuilt) == {}
    assert web_files.asset_version(unbuilt) == ""


def test_the_first_tab_teaches_with_a_query_that_parses():
    text = (Path(playground.__file__).parent / "src" / "first-query.graphql").read_text()

    (operation,) = parse(text).definitions
    assert operation.name.value == "FindPackages"
    assert len(re.findall(r"#", text)) > 10
