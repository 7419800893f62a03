"""Turn the Markdown that people write into HTML that is safe to show to others.

Raw HTML in it is shown as text. What the parser makes is cleaned once more, by a list of what may
stay. Pictures of other sites are shown as links: no page loads anything from elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any, Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup

TAGS: Final = {
    *("a", "blockquote", "br", "code", "del", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li"),
    *("ol", "p", "pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
ATTRIBUTES: Final = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES: Final = {"http", "https", "mailto"}
REL: Final = "nofollow noopener noreferrer"
# A readme may hold 100,000 characters; whatever is longer is no text for people.
MAX_CHARACTERS: Final = 200_000
# Of the headings of a page, only the page itself has the first.
LOWEST_HEADING: Final = 6


class _Renderer(RendererHTML):
    """Writes HTML as the page needs it: headings one step lower, pictures as links."""

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        """Return a link to the picture, under its description."""
        token = tokens[idx]
        address = str(token.attrs.get("src", ""))
        name = token.content or address
        return f'<a href="{escape(address, quote=True)}">{escape(name)}</a>'


def _lower(parsed: list[Token]) -> list[Token]:
    for token in parsed:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 1, LOWEST_HEADING)}"
    return parsed


_PARSER: Final = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer)
_PARSER.enable(["table", "strikethrough"])


def html_of(text: str) -> Markup:
    """Return *text*, which is Markdown, as HTML."""
    tokens = _lower(_PARSER.parse(text[:MAX_CHARACTERS]))
    html = _PARSER.renderer.render(tokens, _PARSER.options, {})
    cleaned = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=REL)
    return Markup(cleaned)  # noqa: S704 - it was cleaned in the line above
