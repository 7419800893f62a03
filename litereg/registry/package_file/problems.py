"""What is wrong with a package file, in the words clients of every era can read.

Each problem is one element of the JSON array that follows `INVALID_PACKAGE_FILE_SCHEMA: ` in the
error's message. The five keys are those of the validator that DataPM uses, ajv: `dataPath` is
written as JavaScript would (`.schemas[0].title`), `schemaPath` as a JSON pointer. What was
submitted is never repeated in a message, apart from names in it, and those are shortened.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

import orjson

from litereg.errors import InvalidInput

MAX_PROBLEMS = 20
MAX_TEXT = 300

_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        keyword: the rule that was broken: `required`, `type`, … or `json`, `$schema`, `version`.
        message: what is wrong, for people.
        path: where in the file, as names and positions from the outside in.
        schema_path: where in the format's JSON Schema; empty where the rule is not part of it.
        params: the rule's own numbers and names, such as the limit that was exceeded.
    """

    keyword: str
    message: str
    path: Sequence[str | int] = ()
    schema_path: Sequence[str | int] = ()
    params: Mapping[str, object] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Return the problem as clients get it."""
        return {
            "keyword": self.keyword,
            "dataPath": _shortened(_javascript_path(self.path)),
            "schemaPath": _shortened(_json_pointer(self.schema_path)),
            "params": self.params,
            "message": _shortened(self.message),
        }


class InvalidPackageFile(InvalidInput):
    """The text is not a package file that this registry takes; nothing was stored."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        listed = [problem.as_json() for problem in islice(problems, MAX_PROBLEMS)]
        super().__init__("INVALID_PACKAGE_FILE_SCHEMA", orjson.dumps(listed).decode())


def _javascript_path(path: Sequence[str | int]) -> str:
    return "".join(_javascript_step(step) for step in path)


def _javascript_step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    if _IDENTIFIER.fullmatch(step):
        return f".{step}"
    escaped = step.replace("\\", "\\\\").replace("'", "\\'")
    return f"['{escaped}']"


def _json_pointer(path: Sequence[str | int]) -> str:
    if not path:
        return ""
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in path)
    return "#/" + "/".join(steps)


def _shortened(text: str) -> str:
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"
