"""Decide whether a JSON object is a package file, and in which format.

The rules of the formats are in `history`; here are the few that the registry adds: a description
that can be shown, a version that can be counted. Of the named formats of strings only `date-time`
is checked, because publishers' clients never checked addresses and e-mail addresses.

jsonschema_rs is imported where it is used: most commands never need it, and it is slow to load.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from litereg.registry.package_file.formats import candidates, schema_of
from litereg.registry.package_file.json_text import count_values
from litereg.registry.package_file.problems import InvalidPackageFile, Problem
from litereg.registry.package_file.timestamp import is_date_time
from litereg.registry.package_file.version import Semver

if TYPE_CHECKING:
    from jsonschema_rs import Draft7Validator, ValidationError

MAX_DESCRIPTION = 2048
MAX_EXPLAINED_VALUES = 2000


def validate(document: dict[str, Any]) -> str:
    """Return the name of the format that *document* is in, and fits.

    Raises:
        InvalidPackageFile: it fits none, or breaks a rule of the registry. Of several formats that
            it might be in, the problems with the one that it comes closest to are told.
    """
    name = _fitting_format(document)
    _check_description(document["description"])
    _check_version(document["version"])
    return name


def _fitting_format(document: dict[str, Any]) -> str:
    closest: list[Problem] = []
    for name in candidates(document):
        problems = problems_with(document, name)
        if not problems:
            return name
        if not closest or len(problems) < len(closest):
            closest = problems
    raise InvalidPackageFile(closest)


def problems_with(document: dict[str, Any], name: str) -> list[Problem]:
    """Return where *document* breaks the format *name*; of a large one, the first place only."""
    from jsonschema_rs import ValidationError

    validator = _validator(name)
    try:
        validator.validate(document)
    except ValidationError as first:
        # Finding every problem takes a thousand times as long as finding the first, which would let
        # a hostile file of a megabyte hold a processor for many seconds.
        if count_values(document) > MAX_EXPLAINED_VALUES:
            return [_problem(first)]
        return [_problem(error) for error in validator.iter_errors(document)]
    return []


@cache
def _validator(name: str) -> Draft7Validator:
    from jsonschema_rs import Draft7Validator, RegexOptions

    return Draft7Validator(
        schema_of(name),
        validate_formats=True,
        formats=_FORMAT_CHECKS,
        pattern_options=RegexOptions(),
        mask="the value",
    )


def _anything(_: str) -> bool:
    return True


_FORMAT_CHECKS: dict[str, Callable[[str], bool]] = {
    "date-time": is_date_time,
    **dict.fromkeys(("email", "idn-email", "iri", "regex", "uri", "uri-reference"), _anything),
}


def _check_description(description: Any) -> None:
    # The formats say next to nothing about it, but it is what a version is listed with.
    if not isinstance(description, str):
        raise _refused_description("type", "the description is not text", type="string")
    if not description:
        raise _refused_description("minLength", "the description is empty", limit=1)
    if len(description) > MAX_DESCRIPTION:
        message = f"the description is longer than {MAX_DESCRIPTION} characters"
        raise _refused_description("maxLength", message, limit=MAX_DESCRIPTION)


def _refused_description(keyword: str, message: str, **params: object) -> InvalidPackageFile:
    where = ("properties", "description", keyword)
    return InvalidPackageFile([Problem(keyword, message, ("description",), where, params)])


def _check_version(version: str) -> None:
    # The formats allow 01.0.0 and numbers of any length; semantic versioning and storage do not.
    try:
        Semver.parse(version)
    except ValueError as error:
        raise InvalidPackageFile([Problem("version", str(error), ("version",))]) from error


def _problem(error: ValidationError) -> Problem:
    keyword = str(error.schema_path[-1])
    return Problem(
        keyword=keyword,
        message=error.message,
        path=error.instance_path,
        schema_path=error.schema_path,
        params=dict(_params(keyword, error)),
    )


def _params(keyword: str, error: ValidationError) -> Iterator[tuple[str, object]]:
    """Return the rule's numbers and names, under the keys that ajv gives them."""
    stated = error.kind.as_dict()
    if keyword == "required":
        yield "missingProperty", stated["property"]
    elif keyword == "type":
        yield "type", ",".join(stated["types"])
    elif keyword == "enum":
        yield "allowedValues", stated["options"]
    elif keyword in ("maxLength", "pattern", "format"):
        yield from stated.items()
