import pytest

from litereg.server.negotiation import answer_type, is_json, prefers_html

GRAPHQL = "application/graphql-response+json"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "application/json"),
        ("", "application/json"),
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        (GRAPHQL, GRAPHQL),
        (GRAPHQL.upper(), GRAPHQL),
        (f"{GRAPHQL}; charset=utf-8, application/json; charset=utf-8", GRAPHQL),
        (f"application/json, {GRAPHQL}", "application/json"),
        (f"{GRAPHQL}, */*", GRAPHQL),
        (f"*/*, {GRAPHQL};q=0.5", "application/json"),
        (f"{GRAPHQL};q=0.9, */*;q=0.8", GRAPHQL),
        (f"application/*;q=0.1, {GRAPHQL};q=0", "application/json"),
        ("application/json;q=0, */*;q=0.1", GRAPHQL),
        ("application/json;q=0", "application/json"),
        (f"{GRAPHQL};q=nonsense, application/json;q=0.1", "application/json"),
        (f"{GRAPHQL};q=7", "application/json"),
        (f"{GRAPHQL}; Q=0.4, application/json; q=0.3", GRAPHQL),
        ("charset=utf-8", "application/json"),
        (",;,;q", "application/json"),
        (BROWSER, "application/json"),
    ],
)
def test_answer_type(accept, chosen):
    assert answer_type(accept) == f"{chosen}; charset=utf-8"


@pytest.mark.parametrize(
    ("accept", "html"),
    [
        (BROWSER, True),
        ("text/html", True),
        ("text/html;q=0", False),
        ("*/*", False),
        ("application/json, text/html;q=0.5", False),
        ("application/json;q=0.5, text/html", True),
        (GRAPHQL, False),
    ],
)
def test_prefers_html(accept, html):
    assert prefers_html(accept) is html


@pytest.mark.parametrize(
    ("content_type", "json"),
    [
        ("application/json", True),
        ("APPLICATION/JSON", True),
        ("application/json;charset=utf8", True),
        ('application/json ; charset="UTF-8"', True),
        ("application/json; profile=x", True),
        ("application/json; charset=utf-16", False),
        ("application/json-patch", False),
        ("text/plain", False),
        ("text/plain; application/json", False),
        ("application/graphql-response+json", False),
        ("", False),
        (None, False),
    ],
)
def test_is_json(content_type, json):
    assert is_json(content_type) is json
