"""Readmes: what people write becomes HTML that can be shown to everybody."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litereg.web.markdown import TAGS, html_of

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1))",
    "[a](data:text/html,<script>alert(1)</script>)",
    "![a](javascript:alert(1))",
    '![a" onerror="alert(1)](x)',
    "<a href='vbscript:x'>a</a>",
    "[a]: javascript:alert(1)\n\n[a]",
    "`</code><script>alert(1)</script>`",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    '<https://a.example/"onmouseover="alert(1)>',
]
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^>]*)>")


def test_what_a_readme_needs_is_there():
    html = html_of("# Rain\n\n*a* **b** `c` ~~d~~\n\n- one\n\n|x|y|\n|-|-|\n|1|2|\n\n> q")

    for tag in ("em", "strong", "code", "s", "li", "table", "td", "blockquote"):
        assert f"<{tag}>" in html


def test_the_headings_of_a_readme_stand_below_that_of_its_page():
    assert html_of("# Rain\n\n## Snow") == "<h2>Rain</h2>\n<h3>Snow</h3>\n"


def test_pictures_of_other_sites_are_links():
    html = html_of("![a chart](https://other.example/chart.png)")

    assert "<img" not in html
    assert 'href="https://other.example/chart.png"' in html
    assert ">a chart</a>" in html


def test_links_tell_other_sites_nothing():
    assert 'rel="nofollow noopener noreferrer"' in html_of("[a](https://other.example)")


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_a_readme_can_run(text):
    only_harmless_tags(html_of(text))


@given(st.text("<>\"'`=()[]!:;&#/\\ \nabcjavscriptonerr", max_size=80))
def test_whatever_is_written_only_harmless_tags_come_out(text):
    only_harmless_tags(html_of(text))


def only_harmless_tags(html):
    for _, name, attributes in TAG.findall(html):
        assert name in TAGS
        assert re.sub(r'"[^"]*"', "", attributes).split() in (
            [],
            ["/"],
            ["href=", "rel="],
            ["rel="],
            ["href=", "title=", "rel="],
            ["title=", "rel="],
            ["start="],
        )
        address = re.search(r'href="([^"]*)"', attributes)
        assert address is None or not re.match(r"\s*(javascript|data|vbscript):", address[1], re.I)
