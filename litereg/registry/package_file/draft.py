"""A JSON Schema in the making: what `history` edits, path by path.

A path names a place in a *package file*, and stands for the schema that rules there:
`schemas[].properties{}.unit` is the unit of any property of any schema. `.name` steps into an
object's named value, `[]` into the items of an array, `{}` into the values of an object whose names
are free; the empty path is the file itself. References to definitions are followed.
"""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

JsonSchema = dict[str, Any]

_STEP = re.compile(r"\[\]|\{\}|[^.\[\]{}]+")
_DEFINITIONS = "#/definitions/"


class Draft:
    """One JSON Schema that is being changed in place."""

    def __init__(self) -> None:
        self.schema: JsonSchema = {"type": "object", "required": [], "properties": {}}

    def at(self, path: str) -> JsonSchema:
        """Return the schema that rules at *path*; what is changed in it is changed in the draft.

        Raises:
            KeyError: no rule was stated for *path*.
        """
        schema = self.schema
        for step in _STEP.findall(path):
            schema = self._resolved(_inner(schema, step))
        return schema

    def put(self, path: str, schema: JsonSchema, *, required: bool = False) -> None:
        """State the rule for the named value at *path*, in place of the one before."""
        parent, name = self._parent(path)
        parent.setdefault("properties", {})[name] = deepcopy(schema)
        if required:
            self.require(path)

    def drop(self, *paths: str) -> None:
        """Forget the rules for the named values at *paths*: they may hold anything."""
        for path in paths:
            parent, name = self._parent(path)
            parent["properties"].pop(name, None)
            self.relax(path)

    def require(self, *paths: str) -> None:
        """Demand that the named values at *paths* are there whenever the object around them is."""
        for path in paths:
            parent, name = self._parent(path)
            names = parent.setdefault("required", [])
            if name not in names:
                names.append(name)

    def relax(self, *paths: str) -> None:
        """Allow the named values at *paths* to be absent."""
        for path in paths:
            parent, name = self._parent(path)
            if name in parent.get("required", ()):
                parent["required"].remove(name)

    def define(self, name: str, schema: JsonSchema) -> JsonSchema:
        """Give *schema* a name in the document, and return the reference to it."""
        self.schema.setdefault("definitions", {})[name] = deepcopy(schema)
        return {"$ref": _DEFINITIONS + name}

    def _parent(self, path: str) -> tuple[JsonSchema, str]:
        *outer, name = _STEP.findall(path)
        return self.at(".".join(outer)), name

    def _resolved(self, schema: JsonSchema) -> JsonSchema:
        reference = schema.get("$ref", "")
        if reference.startswith(_DEFINITIONS):
            return self._resolved(self.schema["definitions"][reference.removeprefix(_DEFINITIONS)])
        return schema


def _inner(schema: JsonSchema, step: str) -> JsonSchema:
    inner: JsonSchema
    if step == "[]":
        inner = schema["items"]
    elif step == "{}":
        values = schema.get("patternProperties") or {"": schema["additionalProperties"]}
        (inner,) = values.values()
    else:
        inner = schema["properties"][step]
    return inner
