"""Turn what operations answered into HTML: the templates, and what they may call.

Everything that is filled in is escaped, except what `litereg.web.markdown` cleaned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from litereg.web.kept import Kept
from litereg.web.markdown import html_of

# Nothing runs or loads that is not ours, and no style stands in an attribute.
PAGE_CSP: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

# Pages of strangers that are at hand.
MAX_KEPT_BYTES: Final = 16 * 1024 * 1024
# What stands where nothing is known.
ABSENT: Final = "—"
THOUSAND: Final = 1000
UNITS: Final = ("kB", "MB", "GB", "TB")

TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).resolve().parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)


@lru_cache(maxsize=16)
def templates_below(prefix: str) -> Environment:
    """Return the templates of pages whose addresses begin with *prefix*.

    What they share is imported without context, and so made once and not for each page. All that it
    may need beyond its arguments is therefore a global of the environment.
    """
    templates = TEMPLATES.overlay()
    templates.globals = TEMPLATES.globals | {"prefix": prefix}
    return templates


class Pages:
    """Fills in templates, and keeps the pages that strangers were shown last.

    A page is made of nothing but what is filled in, so the same again gives the same page. Pages of
    people who are logged in are theirs, and are made anew.
    """

    def __init__(self, prefix: str = "", max_bytes: int = MAX_KEPT_BYTES) -> None:
        self._templates = templates_below(prefix)
        self._kept = Kept[bytes](max_bytes)

    def fill(self, template: str, values: Mapping[str, Any]) -> bytes:
        """Return the page that *template* makes of *values*."""
        return self._templates.get_template(template).render(values).encode()

    def fill_for_strangers(self, template: str, values: Mapping[str, Any]) -> bytes:
        """Return the page that *template* makes of *values*, which may be made already."""
        try:
            digest = sha256(orjson.dumps((template, values), default=_written)).digest()
        except TypeError:
            # Something in it is more than can be written down.
            return self.fill(template, values)
        found = self._kept.find(digest)
        if found is None:
            found = self.fill(template, values)
            self._kept.keep(digest, found, len(found))
        return found


def _written(value: Any) -> Any:
    """Return what orjson is to write for *value*, which it knows nothing of."""
    if isinstance(value, tuple):
        return list(value)
    raise TypeError(type(value))


def day(moment: str | None) -> str:
    """Return the day of an ISO 8601 *moment*, "2020-10-01"; or `ABSENT`."""
    return moment[:10] if moment else ABSENT


def minute(moment: str) -> str:
    """Return the minute of an ISO 8601 *moment* in UTC, "2020-10-01 13:54 UTC"."""
    return f"{moment[:10]} {moment[11:16]} UTC"


def number(value: float | None) -> str:
    """Return *value* as people write it, 12,345 or 0.5; or `ABSENT`."""
    if value is None:
        return ABSENT
    return f"{value:,}" if isinstance(value, int) else f"{value:,.6g}"


def bytes_(count: int) -> str:
    """Return a number of bytes as people read it: "512 bytes", "1.5 MB"."""
    if count < THOUSAND:
        return plural(count, "byte")
    exponent = min((len(str(count)) - 1) // 3, len(UNITS))
    return f"{count / THOUSAND**exponent:,.1f} {UNITS[exponent - 1]}"


def duration(seconds: float) -> str:
    """Return how long something has lasted, by its two largest units: "3 hours 12 minutes"."""
    minutes = int(seconds) // 60
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [(days, "day"), (hours, "hour"), (minutes, "minute")]
    while len(parts) > 1 and not parts[0][0]:
        parts.pop(0)
    return " ".join(plural(count, unit) for count, unit in parts[:2])


def initials(name: str) -> str:
    """Return one or two letters that stand for *name* where there is no picture."""
    words = name.replace("-", " ").replace("_", " ").split()
    letters = [word[0] for word in words[:2]] or ["?"]
    return "".join(letters).upper()


def semver(identifier: Mapping[str, Any]) -> str:
    """Return the number of a version from its identifier: "1.0.2"."""
    return ".".join(str(identifier[f"version{part}"]) for part in ("Major", "Minor", "Patch"))


def path(*names: str) -> str:
    """Return *names* as a path, each escaped: "/ann/rain"."""
    return "".join(f"/{quote(name, safe='')}" for name in names)


def hue(name: str) -> int:
    """Return which of the twelve tints of the style sheet stands for *name*, always the same."""
    return sum(name.lower().encode()) % 12


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return "1 package", "2 packages": *count* with the word that goes with it."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def may(permissions: Sequence[str] | None, needed: str) -> bool:
    """Return whether *permissions* include the *needed* one: MANAGE includes EDIT, EDIT VIEW."""
    order = ("VIEW", "EDIT", "MANAGE")
    return any(one in order[order.index(needed) :] for one in permissions or ())


def kept(values: Mapping[str, Any], names: Sequence[str]) -> str:
    """Return those of *values* that are set, as the query of an address."""
    pairs = ((name, values[name]) for name in names if values.get(name))
    return "&".join(f"{name}={quote(str(value), safe='')}" for name, value in pairs)


TEMPLATES.filters.update(
    bytes=bytes_,
    day=day,
    duration=duration,
    minute=minute,
    number=number,
    initials=initials,
    semver=semver,
    hue=hue,
    markdown=html_of,
)
TEMPLATES.globals.update(path=path, plural=plural, may=may, kept=kept)
