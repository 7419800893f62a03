"""The rooms of this wing, for the schema."""

from __future__ import annotations

from importlib.resources import files

from litereg.labels.assignments import resolvers as assignments
from litereg.labels.history import resolvers as history
from litereg.labels.imports import resolvers as imports
from litereg.labels.labels import resolvers as labels
from litereg.labels.managers import resolvers as managers
from litereg.labels.public_packages import resolvers as public_packages

RESOLVERS = (labels, public_packages, assignments, history, imports, managers)


def sdl() -> str:
    """Return the SDL of this wing: what its rooms share, then each room's own."""
    folder = files("litereg.labels")
    texts = [(folder / "schema.graphql").read_text("utf-8")]
    for room in RESOLVERS:
        package = room.__name__.rpartition(".")[0]
        texts.append((files(package) / "schema.graphql").read_text("utf-8"))
    return "\n".join(texts)
