"""Catalogs for the model and the database alike: drawn or random, and what they must answer."""

from __future__ import annotations

from hypothesis import strategies as st

from litereg.access import Viewer
from litereg.app import Registry
from litereg.gql.context import Context, Memory
from litereg.gql.relay import Direction
from litereg.labels.assignments import queries as assignments
from litereg.labels.labels import queries as labels
from litereg.labels.labels.inputs import CreateLabel
from litereg.labels.public_packages import queries as packages
from litereg.settings import Settings
from litereg.store import Query, Transaction
from tests.client import People, make_catalog, make_package, package_file, publish
from tests.labels.model import ANY_TEXT, LETTERS, TEXT, Label, Package, Version, World, holds

ADMIN = Viewer(1, "ann", is_admin=True)
SOURCES = {"label": labels.LABELS, "package": packages.PACKAGES, "version": packages.VERSIONS}

# Where the registry keeps a second data package and its version, which are not public.
HIDDEN = 2


async def make_data_packages(path):
    """Make two data packages with a version each, the first of them public."""
    registry = await Registry.open(Settings(db=str(path), password_cost=4))
    ann = await People(registry)("ann")
    await make_catalog(ann, "sA", is_public=True)
    for slug, is_public in (("ab", True), ("b", False)):
        ref = await make_package(ann, "sA", slug, is_public)
        assert not (await publish(ann, ref, package_file("1.2.3"))).errors

    def ids(tx):
        return [
            tx.all(Query(int, f"SELECT id FROM {t} ORDER BY id")) for t in ("package", "version")
        ]

    assert await registry.database.read(ids) == [[1, HIDDEN], [1, HIDDEN]]
    await registry.close()


class Undone:
    """A transaction whose changes never stay."""

    def __init__(self, raw):
        self._raw = raw

    def __enter__(self):
        self._raw.execute("BEGIN")
        return Context(Transaction(self._raw), ADMIN, Settings(), Memory(0, b""))

    def __exit__(self, *_error):
        self._raw.execute("ROLLBACK")


@st.composite
def worlds(draw):
    """Draw a catalog without ids, and what carries labels that nobody sees."""
    names = draw(st.lists(TEXT, max_size=5, unique=True))
    world = World(
        [Label(name, draw(ANY_TEXT)) for name in names],
        [
            Package(type_, name)
            for type_, name in draw(st.lists(st.tuples(TEXT, TEXT), max_size=4, unique=True))
        ],
        [],
    )
    for package in world.packages:
        for number in draw(st.lists(TEXT, max_size=2, unique=True)):
            world.versions.append(Version(package, number))
    data_package = Package("datapm", "sA/ab", id=1)
    world.packages.append(data_package)
    world.versions.append(Version(data_package, "1.2.3", id=1))
    carriers = [("packages", p) for p in world.packages] + [("versions", v) for v in world.versions]
    hidden = [("packages", Package("", "", HIDDEN)), ("versions", Version(None, "", HIDDEN))]
    assigned = []
    if world.labels:
        for carrier in carriers + hidden:
            label = draw(st.one_of(st.none(), st.sampled_from(world.labels)))
            if label is not None:
                assigned.append((label, *carrier))
    return world, assigned


def random_world(random):
    """Return a catalog in which each predicate is true of some rows and false of others."""

    def text(shortest):
        return "".join(random.choices(LETTERS, k=random.randint(shortest, 3)))

    world = World([Label(name, text(0)) for name in {text(1) for _ in range(40)}], [], [])
    for type_, name in {(random.choice("aAä"), text(1)) for _ in range(20)}:
        package = Package(type_, name)
        world.packages.append(package)
        world.versions += [Version(package, number) for number in {text(1) for _ in range(2)}]
    data_package = Package("datapm", "sA/ab", id=1)
    world.packages.append(data_package)
    world.versions.append(Version(data_package, "1.2.3", id=1))
    assigned = [
        (random.choice(world.labels), kind, carrier)
        for kind in ("packages", "versions")
        for carrier in getattr(world, kind)[::2]
    ]
    return world, assigned


def build(ctx, world, assigned):
    """Put *world* into the database, the ids it gets into the world, and relate its rows."""
    new = [CreateLabel(name=label.name, description=label.description) for label in world.labels]
    labels.insert_labels(ctx.tx, new, 1, 0)
    for label in world.labels:
        label.id = labels.find_label(ctx.tx, label.name).row_id
        label.packages, label.versions = [], []
    keys = [(p.type, p.name) for p in world.packages]
    packages.register_packages(ctx.tx, keys[:-1], 0)
    found = packages.locate_packages(ctx.tx, keys)
    for package, key in zip(world.packages, keys, strict=True):
        package.id, package.labels = found[key].package.row_id, []
    keys = [(v.package.id, v.version) for v in world.versions]
    packages.register_versions(ctx.tx, keys[:-1], 0)
    found = packages.locate_versions(ctx.tx, keys)
    for version, key in zip(world.versions, keys, strict=True):
        version.id, version.labels = found[key].version.row_id, []
    for label, kind, carrier in assigned:
        if kind == "packages":
            assignments.label_package(ctx.tx, label.id, carrier.id, 1, 0)
        else:
            assignments.label_versions(ctx.tx, label.id, [carrier.id], 1, 0)
        if carrier.id != HIDDEN:
            getattr(label, kind).append(carrier)
            carrier.labels.append(label)


def expected(world, entity, where, order):
    """Return the ids of what the model finds, in order."""
    rows = [row for row in world.rows(entity) if where is None or holds(where, row)]
    if order is None:
        return sorted(row.id for row in rows)
    column = order.field.lower()
    rows.sort(
        key=lambda row: (getattr(row, column), row.id),
        reverse=order.direction is Direction.DESC,
    )
    return [row.id for row in rows]


def ids(page):
    return [edge.node.row_id for edge in page.edges]
