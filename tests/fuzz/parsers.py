"""The parsers that read what strangers write, each as a function of bytes that may not fail.

`python -m tests.fuzz.parsers NAME 50000 SEEDS` gives one parser so many inputs, led by which parts
of its code they reach (atheris), beginning with the files in the folder SEEDS. It leaves with 0, or
with the input that the parser failed on.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import islice

Parser = Callable[[bytes], None]
# Longer inputs find nothing that these do not, and take longer.
MAX_LENGTH = 1_024


def text_of(content: bytes) -> str:
    """Return a text; every second one has halves of surrogate pairs where it is no UTF-8."""
    return content.decode("utf-8", "surrogateescape" if len(content) % 2 else "replace")


def parsers() -> dict[str, Parser]:
    """Return the parsers by name. Imports them: whoever measures has to be ready by then."""
    from graphql import parse

    from litereg.errors import InvalidInput
    from litereg.gql.literals import Literals
    from litereg.gql.relay import Cursors, Direction, InvalidPagination, Order
    from litereg.labels.imports import recognise
    from litereg.labels.imports.entries import Entry, Skipped, UnreadableFile
    from litereg.labels.imports.type_table import TypeTable
    from litereg.registry import names, package_file, tickets, tokens
    from litereg.registry.search.query_language import parse_query
    from litereg.server import json_body, negotiation
    from tests.gql.toy import make_schema

    literals = Literals(make_schema())
    cursors = Cursors(lambda: b"s" * 32, "fuzz", Order(field="NAME", direction=Direction.ASC))
    table = TypeTable()

    def package_files(content: bytes) -> None:
        with suppress(package_file.InvalidPackageFile):
            file = package_file.parse(text_of(content))
            assert package_file.reopen(file.text, file.format).version == file.version
            assert package_file.differences(file, file) == []

    def all_names(content: bytes) -> None:
        text = text_of(content)
        for name, check in names.CHECKS.items():
            with suppress(InvalidInput):
                check(text)
                assert name == "validPassword" or (text.isascii() and text.isprintable())
        names.key(text)

    def searches(content: bytes) -> None:
        asked = parse_query(text_of(content))
        assert asked.match is None or len(asked.match) < 16 * 100 * 4
        assert asked.match is None or "\0" not in asked.match

    def all_cursors(content: bytes) -> None:
        with suppress(InvalidPagination):
            cursors.decode(text_of(content))
            raise AssertionError("a cursor that nobody wrote was read")

    def documents(content: bytes) -> None:
        text = text_of(content)
        lifted = literals.lift(text, 1_000)
        if lifted is not None:
            parse(lifted.text)
            # What is left is read in the place of this one, so this has to be one as well.
            assert parse(text).token_count == lifted.tokens

    def all_tickets(content: bytes) -> None:
        for purpose in tickets.Purpose:
            claim = tickets.claim_of(b"k" * 32, purpose, text_of(content))
            assert claim is None, "a ticket that nobody wrote was read"

    def keys(content: bytes) -> None:
        parsed = tokens.parse_key_token(content.decode("ascii", "ignore"))
        assert parsed is None or parsed[1].startswith(tokens.SECRET_PREFIX)

    def bodies(content: bytes) -> None:
        with suppress(json_body.BadJSON):
            value = json_body.decode(content)
            json_body.require_shallow({"a": value}, 32, "variables")

    def headers(content: bytes) -> None:
        text = content.decode("latin-1")
        negotiation.answer_type(text)
        negotiation.prefers_html(text)
        negotiation.is_json(text)

    def reader(format_: recognise.Format) -> Parser:
        def read(content: bytes) -> None:
            with suppress(UnreadableFile):
                check(format_.read(io.BytesIO(content), table))

        return read

    def check(found: Iterable[Entry | Skipped]) -> None:
        for each in islice(found, 1_000):
            assert isinstance(each, (Entry, Skipped))
            str(each[:3]).encode("utf-8", "backslashreplace")

    def recognised(content: bytes) -> None:
        with suppress(UnreadableFile):
            recognise.recognise(io.BytesIO(content))

    formats = [value for value in vars(recognise).values() if isinstance(value, recognise.Format)]
    return {
        "package-files": package_files,
        "names": all_names,
        "searches": searches,
        "cursors": all_cursors,
        "documents": documents,
        "tickets": all_tickets,
        "keys": keys,
        "json": bodies,
        "headers": headers,
        "any-file": recognised,
        **{found.name.lower().replace(" ", "-"): reader(found) for found in formats},
    }


def main() -> None:
    """Give one parser random inputs."""
    import atheris

    name, runs, seeds = sys.argv[1:]
    with atheris.instrument_imports(include=["litereg"], enable_loader_override=False):
        parser = parsers()[name]
    options = [f"-runs={runs}", f"-max_len={MAX_LENGTH}", "-seed=1", "-timeout=20"]
    options.append(f"-artifact_prefix={seeds}/")
    atheris.Setup([sys.argv[0], *options, seeds], parser)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
