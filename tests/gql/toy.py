"""A schema of three things, for what the engine does whatever it is asked about."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import Enum
from importlib.resources import files
from types import ModuleType
from typing import NamedTuple

from graphql import GraphQLError
from graphql.pyutils import Undefined

from litereg.access import Viewer
from litereg.errors import InvalidInput, NotAuthenticated, NotFound
from litereg.gql.binding import bind
from litereg.gql.context import Context
from litereg.gql.resolver import MARK, resolver
from litereg.gql.slow import Line
from litereg.store import Command, Query

SDL = """
directive @short on ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION
directive @traced on QUERY | FIELD

enum Colour { RED GREEN }

scalar Even

type Item {
  name: String!
  colour: Colour!
  born: Date!
  count: Int
  parent: Item
  children(most: Int = 2): [Item!]!
  cousins: [Item!]
  inside: Item
  twin: Item!
}

type Loose {
  text: String
  flag: Boolean
  number: Int
  colour: Colour
  even: Even
  needed: String!
  item: Item!
}

input Box {
  name: String! @short
  note: String @short
  colour: Colour = RED
  size: Even @deprecated
  inner: Box
  more: [Box!]
}

extend type Query {
  item(name: String! @short, note: String @short): Item
  items(count: Int!): [Item!]!
  box(value: Box!): String!
  boxes(values: [Box!]): Int
  flag(value: Boolean = false): Boolean!
  even(value: Even): Int
  anything(value: JSON): JSON
  loose(shape: String!): Loose
  missing: Item
  broken: String
  brokenInside: [Item!]
  nothingWhereSomethingMustBe: String!
  long: Int!
  endless: Int!
  remember(name: String!): String!  # writes, although it is a query
  slow(text: String!, times: Int = 1): String!
  slowest(text: String!): String!
}

extend type Mutation {
  add(name: String!): Item!
  addQuietly(name: String!): Void
  fail(reason: String!): String
  draw: String!
  names: [String!]!
}
"""

MAKE_TABLE = Command("CREATE TABLE thing(name TEXT PRIMARY KEY) STRICT")
ADD = Command("INSERT INTO thing(name) VALUES (:name)")
NAMES = Query(str, "SELECT name FROM thing ORDER BY name", scans="a table for tests")
COUNT_TO = """
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT {most})
    SELECT count(*) FROM n
"""
LONG = Query(int, COUNT_TO.replace("{most}", "20000"))
ENDLESS = Query(int, COUNT_TO.replace("{most}", "-1"))


class Colour(Enum):
    """Two colours."""

    RED = 1
    GREEN = 2


class Item(NamedTuple):
    """Something with a name and a few children of the same kind."""

    name: str
    colour: Colour = Colour.RED
    born: int = 0
    count: int | None = None
    inside: object = None


class Loose(NamedTuple):
    """Something of whose values nobody says what they are."""

    text: object = "text"
    flag: object = True
    number: object = 7
    colour: object = Colour.GREEN
    even: object = 4
    needed: object = "needed"
    item: object = Item("a")


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """An input that holds itself."""

    name: str
    colour: Colour
    note: str | None = None
    size: int | None = None
    inner: object = None
    more: list | None = None


MODELS = {"Item": Item, "Loose": Loose}
INPUTS = {"Box": Box}
ENUMS = {"Colour": Colour}


def read_even(value):
    if value % 2:
        raise GraphQLError("not even", original_error=InvalidInput("ODD"))
    return value


def write_even(value):
    return Undefined if value % 2 else value


SCALARS = {"Even": {"input": read_even, "output": write_even}}

# Values that are not quite what the SDL promises, and what the specification makes of them.
LOOSE = {
    "as promised": Loose(),
    "nulls": Loose(None, None, None, None, None),
    "convertible": Loose(text=7, flag=1, number=7.0),
    "text": Loose(text=[]),
    "flag": Loose(flag="yes"),
    "number": Loose(number="many"),
    "large number": Loose(number=2**31),
    "colour": Loose(colour="GREEN"),
    "even": Loose(even=3),
    "needed": Loose(needed=None),
    "item": Loose(item=None),
}


def check_short(text):
    if len(text) > 5:
        raise InvalidInput("NAME_TOO_LONG")


@resolver("Item.parent")
def parent(item: Item, ctx: Context) -> Item | None:
    return Item(item.name[:-1]) if len(item.name) > 1 else None


@resolver("Item.twin")
def twin(item: Item, ctx: Context) -> Item | None:
    return None if item.name == "alone" else item


@resolver("Item.children", batch=True)
def children(items: list[Item], ctx: Context, *, most: int) -> list[list[Item]]:
    return [[Item(f"{item.name}{number}") for number in range(most)] for item in items]


@resolver("Item.cousins", batch=True)
def cousins(items: list[Item], ctx: Context) -> list[list[Item] | None]:
    return [None if item.name == "0" else [item, item] for item in items]


@resolver("Query.item")
def item(ctx: Context, *, name: str, note: str | None = None) -> Item:
    return Item(name)


@resolver("Query.items")
def items(ctx: Context, *, count: int) -> list[Item]:
    return [Item(str(number)) for number in range(count)]


@resolver("Query.box")
def box(ctx: Context, *, value: Box) -> str:
    return repr(value)


@resolver("Query.boxes")
def boxes(ctx: Context, *, values: list[Box] | None = None) -> int | None:
    return None if values is None else len(values)


@resolver("Query.flag")
def flag(ctx: Context, *, value: bool) -> bool:
    return value


@resolver("Query.even")
def even(ctx: Context, *, value: int | None = None) -> int | None:
    return value


@resolver("Query.anything")
def anything(ctx: Context, *, value: object = None) -> object:
    return value


@resolver("Query.loose")
def loose(ctx: Context, *, shape: str) -> Loose:
    return LOOSE[shape]


@resolver("Query.missing")
def missing(ctx: Context) -> Item:
    raise NotFound("THING_NOT_FOUND", "missing", place="here")


@resolver("Query.broken")
def broken(ctx: Context) -> str:
    raise ValueError("the secret recipe")


@resolver("Query.brokenInside")
def broken_inside(ctx: Context) -> list[Item]:
    return [Item("good"), Item("bad", born="yesterday")] * 20


@resolver("Query.nothingWhereSomethingMustBe")
def nothing(ctx: Context) -> str | None:
    return None


@resolver("Query.long")
def long(ctx: Context) -> int:
    return ctx.tx.one(LONG)


@resolver("Query.endless")
def endless(ctx: Context) -> int:
    return ctx.tx.one(ENDLESS)


@resolver("Query.remember", writes=True)
def remember(ctx: Context, *, name: str) -> str:
    ctx.tx.run(ADD, name=name)
    return name


# Slow work that a test holds up: text → the event it waits for, and how often each was done.
held: dict[str, object] = {}
done: list[str] = []


def shout(text, number):
    if text in held:
        held[text].wait(10)
    done.append(text)
    return f"{text.upper()}{number}"


@resolver("Query.slow")
def slow(ctx: Context, *, text: str, times: int) -> str:
    return "".join(ctx.slow(shout, text, number) for number in range(times))


@resolver("Query.slowest")
def slowest(ctx: Context, *, text: str) -> str:
    return ctx.slow(shout, text, 0, line=Line.LONG)


@resolver("Mutation.add")
def add(ctx: Context, *, name: str) -> Item:
    ctx.tx.run(ADD, name=name)
    return Item(name)


@resolver("Mutation.addQuietly")
def add_quietly(ctx: Context, *, name: str) -> None:
    ctx.tx.run(ADD, name=name)


@resolver("Mutation.fail")
def fail(ctx: Context, *, reason: str) -> str:
    raise NotFound(reason)


@resolver("Mutation.draw")
def draw(ctx: Context) -> str:
    return ctx.token().hex()


@resolver("Mutation.names")
def names(ctx: Context) -> list[str]:
    return ctx.tx.all(NAMES)


def room(**members):
    """Return a room with these members: functions marked as resolvers, and tables."""
    made = ModuleType("room")
    for name, member in members.items():
        if hasattr(member, MARK):
            member.__module__ = "room"
        setattr(made, name, member)
    return made


def base():
    """Return the SDL that every schema begins with."""
    return (files("litereg.gql") / "schema.graphql").read_text("utf-8")


def make_schema():
    return bind(base() + SDL, [sys.modules[__name__]], {"short": check_short})


def identify(tx, credentials, now):
    if credentials.token == "crash":
        raise RuntimeError("identify is broken")
    if credentials.token != "ann":
        raise NotAuthenticated("API_KEY_NOT_FOUND")
    return Viewer(1, "ann", is_admin=False)
