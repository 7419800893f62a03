"""What filters, orders and pages mean, in plain Python over a few rows: the model to compare."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

from litereg.labels.filters import ENTITIES

# Few letters, so that texts often contain, begin and equal each other, with all that is special:
# case beyond ASCII, folds that grow, wildcards of LIKE, and a letter outside the first plane.
LETTERS = "aAbäÄßsS%_\\'\"𝄞"
TEXT = st.text(LETTERS, min_size=1, max_size=3)
ANY_TEXT = st.text(LETTERS, max_size=3)

COMPARISONS = {
    "": lambda has, value: has == value,
    "_neq": lambda has, value: has != value,
    "_in": lambda has, value: has in value,
    "_not_in": lambda has, value: has not in value,
    "_gt": lambda has, value: has > value,
    "_gte": lambda has, value: has >= value,
    "_lt": lambda has, value: has < value,
    "_lte": lambda has, value: has <= value,
    "_contains": lambda has, value: value in has,
    "_has_prefix": lambda has, value: has.startswith(value),
    "_has_suffix": lambda has, value: has.endswith(value),
    "_equal_fold": lambda has, value: has.casefold() == value.casefold(),
    "_contains_fold": lambda has, value: value.casefold() in has.casefold(),
    "_has_prefix_fold": lambda has, value: has.casefold().startswith(value.casefold()),
}
# member of `has…` → the entity of what is related, and the attribute that holds it
RELATED = {
    "has_public_packages": ("package", "packages"),
    "has_public_package_versions": ("version", "versions"),
    "has_custom_catalog_labels": ("label", "labels"),
    "has_public_package": ("package", "public_package"),
}


@dataclass(eq=False)
class Label:
    name: str
    description: str
    id: int = 0
    packages: list = field(default_factory=list)
    versions: list = field(default_factory=list)


@dataclass(eq=False)
class Package:
    type: str
    name: str
    id: int = 0
    labels: list = field(default_factory=list)


@dataclass(eq=False)
class Version:
    package: Package
    version: str
    id: int = 0
    labels: list = field(default_factory=list)

    @property
    def public_package(self):
        return [self.package]


@dataclass
class World:
    """A catalog. What is `hidden` carries labels and is not public."""

    labels: list[Label]
    packages: list[Package]
    versions: list[Version]

    def rows(self, entity):
        return {"label": self.labels, "package": self.packages, "version": self.versions}[entity]


def holds(where, row):
    """Return whether all of *where*, members by their Python names, is true of *row*."""
    return all(_member_holds(member, value, row) for member, value in where.items())


def _member_holds(member, value, row):
    if member == "not_":
        return not holds(value, row)
    if member == "and_":
        return all(holds(part, row) for part in value)
    if member == "or_":
        return any(holds(part, row) for part in value)
    if member in RELATED:
        return bool(getattr(row, RELATED[member][1])) is value
    if member.removesuffix("_with") in RELATED:
        others = getattr(row, RELATED[member.removesuffix("_with")][1])
        return any(all(holds(part, other) for part in value) for other in others)
    column, suffix = split(member)
    has = getattr(row, column)
    if column == "id":
        value = [int(v) for v in value] if isinstance(value, list) else int(value)
    return COMPARISONS[suffix](has, value)


def split(member):
    """Return the column and the suffix of a predicate's member."""
    for column in ("description", "version", "name", "type", "id"):
        if member == column or member.startswith(f"{column}_"):
            return column, member.removeprefix(column)
    raise ValueError(member)


def as_input(entity, where):
    """Return *where* as the input that the schema would make of it."""
    made = {}
    for member, value in where.items():
        if member == "not_":
            value = as_input(entity, value)
        elif member in ("and_", "or_"):
            value = [as_input(entity, part) for part in value]
        elif member not in RELATED and member.removesuffix("_with") in RELATED:
            other = RELATED[member.removesuffix("_with")][0]
            value = [as_input(other, part) for part in value]
        made[member] = value
    return ENTITIES[entity].shape(**made)


def predicates(entity, value_of):
    """Draw a `where` with one predicate of *entity*; *value_of* draws a value for a column."""

    def of(member):
        column, suffix = split(member)
        one = value_of(column)
        value = st.lists(one, max_size=3) if suffix.endswith("_in") else one
        return value.map(lambda v: {member: v})

    return st.sampled_from(sorted(ENTITIES[entity].predicates)).flatmap(of)


def filters(entity, value_of, depth=2):
    """Draw a `where` of *entity* that says something, nested *depth* levels at most."""
    plain = st.one_of(
        predicates(entity, value_of),
        st.lists(predicates(entity, value_of), min_size=2, max_size=2).map(
            lambda two: {**two[0], **two[1]}
        ),
        st.sampled_from(sorted(ENTITIES[entity].related)).flatmap(
            lambda member: st.booleans().map(lambda value: {member: value})
        ),
    )
    if depth == 0:
        return plain
    inner = st.deferred(lambda: filters(entity, value_of, depth - 1))

    def related(member):
        other = RELATED[member][0]
        parts = st.lists(filters(other, value_of, depth - 1), max_size=2)
        return parts.map(lambda value: {f"{member}_with": value})

    return st.one_of(
        plain,
        inner.map(lambda part: {"not_": part}),
        st.lists(inner, min_size=1, max_size=2).map(lambda parts: {"and_": parts}),
        st.lists(inner, min_size=1, max_size=2).map(lambda parts: {"or_": parts}),
        st.sampled_from(sorted(ENTITIES[entity].related)).flatmap(related),
    )
