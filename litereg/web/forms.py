"""Read what the forms of our own pages send.

That a form came from one of our pages is checked by `litereg.web.site`, not here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple
from urllib.parse import parse_qsl

from aiohttp import web
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import Field, File, create_form_parser

from litereg.server.replies import Refused

TEXTS: Final = "application/x-www-form-urlencoded"
FILES: Final = "multipart/form-data"
# A form without files; a long description fits well.
MAX_FORM_BYTES: Final = 64 * 1024
# The form that came with the request is long: what is in it is better not read on the event loop.
IS_LONG: Final = web.RequestKey("is_long", bool)
# No form of ours has nearly as many.
MAX_FIELDS: Final = 2_000


class ChosenFile(NamedTuple):
    """A file that somebody chose: what they call it, and what is in it."""

    name: str
    content: bytes


@dataclass(slots=True)
class Form:
    """The fields of a form.

    Attributes:
        texts: each field's values, in the order of the form.
        files: the files that were chosen in each field; empty ones are left out.
    """

    texts: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, list[ChosenFile]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return the field *name*, stripped; empty when it is not there."""
        return self.raw(name).strip()

    def raw(self, name: str) -> str:
        """Return the field *name* as it was typed, for passwords."""
        return self.texts.get(name, [""])[0]

    def all(self, name: str) -> list[str]:
        """Return all values of the field *name*, such as boxes that were ticked."""
        return self.texts.get(name, [])

    def flag(self, name: str) -> bool:
        """Return whether the box *name* was ticked."""
        return name in self.texts

    def file(self, name: str) -> bytes:
        """Return the content of the file *name*; empty when none was chosen."""
        chosen = self.chosen(name)
        return chosen[0].content if chosen else b""

    def chosen(self, name: str) -> list[ChosenFile]:
        """Return all files that were chosen in the field *name*."""
        return self.files.get(name, [])

    def add(self, name: str, value: str) -> None:
        """Add a value that was sent for the field *name*."""
        self.texts.setdefault(name, []).append(value)


def parse_form(content_type: str, body: bytes) -> Form:
    """Return the form in *body*.

    Raises:
        Refused: 415 it is none, 413 it is long without files, 400 it is broken or has too many
            fields.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    form = Form()
    try:
        if media_type == TEXTS:
            if len(body) > MAX_FORM_BYTES:
                # Where files are taken, a longer body gets here; its signs are read one by one.
                raise Refused(413, f"a form without files has at most {MAX_FORM_BYTES} bytes")
            text = body.decode("utf-8", errors="replace")
            for name, value in parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS):
                form.add(name, _storable(value))
        elif media_type == FILES:
            _read_parts(content_type, body, form)
        else:
            raise Refused(415, "send a form")
    except (FormParserError, ValueError) as error:
        raise Refused(400, "the form is broken, or too large") from error
    return form


def content_type_of(request: web.Request) -> str:
    """Return the content type of *request*, parameters included."""
    return request.headers.get("Content-Type", "")


def _read_parts(content_type: str, body: bytes, form: Form) -> None:
    """Fill *form* from a body in parts."""
    parts_left = MAX_FIELDS

    def count() -> None:
        # Each part costs time, also one of a name that was there before.
        nonlocal parts_left
        if parts_left == 0:
            raise ValueError(MAX_FIELDS)
        parts_left -= 1

    def on_field(field: Field) -> None:
        count()
        form.add(_text(field.field_name), _text(field.value))

    def on_file(file: File) -> None:
        count()
        file.file_object.seek(0)
        content = file.file_object.read()
        if content:
            chosen = ChosenFile(_text(file.file_name), content)
            form.files.setdefault(_text(file.field_name), []).append(chosen)
        file.close()

    parser = create_form_parser(
        {"Content-Type": content_type.encode()},
        on_field,
        on_file,
        # The body is in memory already, and its length was checked.
        config={"MAX_MEMORY_FILE_SIZE": len(body) + 1},
    )
    parser.write(body)
    parser.finalize()


def _text(value: bytes | None) -> str:
    return _storable((value or b"").decode("utf-8", errors="replace"))


def _storable(text: str) -> str:
    """Return *text*; raise ValueError when it holds NUL, which the API takes from nobody either."""
    if "\0" in text:
        raise ValueError("a text holds the character NUL")
    return text
