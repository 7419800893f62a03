"""What the descriptions of the schema, the API's manual, name is there."""

import re
from pathlib import Path

from graphql import parse, visit
from graphql.language import Visitor

import litereg
from litereg.app import sdl

FOLDER = Path(litereg.__file__).parent
WORD = re.compile(r"\b[A-Z]+(?:_[A-Z]+)+\b")


class Descriptions(Visitor):
    """Collects all descriptions of a schema."""

    def __init__(self):
        super().__init__()
        self.texts = []

    def enter(self, node, *_):
        description = getattr(node, "description", None)
        if description is not None:
            self.texts.append(description.value)


def described():
    found = Descriptions()
    visit(parse(sdl()), found)
    return found.texts


def test_every_reason_that_a_description_names_is_given_somewhere():
    texts = [text.partition("Errors:")[2] for text in described()]
    named = {word for text in texts for word in WORD.findall(text)}
    # The pages say reasons in other words, and give none.
    code = "".join(
        path.read_text("utf-8")
        for path in FOLDER.rglob("*.py")
        if FOLDER / "web" not in path.parents
    )

    assert len(named) > 50
    # The status of an account that cannot be set.
    assert sorted(word for word in named if f'"{word}"' not in code) == ["PENDING_SIGN_UP"]


def test_every_directive_and_field_that_a_description_points_to_is_there():
    text, pointing = sdl(), "\n".join(described())
    directives = set(re.findall(r"(?<!\S)@(\w+)", pointing))
    fields = set(re.findall(r"\b(?:see|as in) (\w+[a-z][A-Z]\w*)", pointing))

    assert directives
    assert fields
    assert [name for name in directives if not re.search(rf"directive @{name}\b", text)] == []
    assert [name for name in fields if not re.search(rf"\b{name}\b *[(:{{]", text)] == []
