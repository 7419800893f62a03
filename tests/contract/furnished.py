"""Shelves with everything on them that the schema has a field for.

To each shelf belongs a collection of its name, with the same permissions; its package is in it and
has two versions. Everybody has a key, and the owner links that open an account.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from litereg.access import Viewer, permission_sum
from litereg.registry.api_keys import queries as api_keys
from litereg.registry.api_keys import service as api_key_service
from litereg.registry.catalogs import service as catalog_service
from litereg.registry.catalogs.inputs import CatalogRef, UpdateCatalog
from litereg.registry.collections import queries as collections
from litereg.registry.collections import service as collection_service
from litereg.registry.collections.inputs import CollectionRef, CreateCollection
from litereg.registry.email_links import queries as email_links
from litereg.registry.packages import service as package_service
from litereg.registry.packages.inputs import PackageRef, UpdatePackage
from litereg.registry.second_factor import queries as second_factors
from litereg.registry.sessions import queries as sessions
from litereg.registry.tokens import digest, digest_id
from litereg.registry.users import queries as users
from litereg.registry.users.inputs import UpdateUser
from litereg.registry.versions import service as version_service
from litereg.registry.versions.resolvers import read_submission
from litereg.store import Command
from tests.client import PASSWORD, package_file, relieve
from tests.contract.calls import APP, LEFT, RIGHT
from tests.contract.shelves import (
    ADMINISTRATOR,
    GRANTS,
    SIGNED_UP,
    Openness,
    Shelf,
    acting,
    make_shelf,
    sign_up,
)

# Who of everybody stands for which part.
ROLES = {
    "anonymous": "anonymous",
    "stranger": "stranger",
    "viewer": "catalog-viewer",
    "editor": "catalog-editor",
    "manager": "catalog-manager",
    "owner": "owner",
    "administrator": "administrator",
    "disabled": "closed",
}

PROFILE = {
    "first_name": "Olga",
    "last_name": "Ownersdaughter",
    "location": "Owl Creek",
    "twitter_handle": "owl",
    "git_hub_handle": "owlhub",
    "website": "https://owl.example",
    "description": "Owns things.",
    "ui_dark_mode_enabled": True,
}
FORGET_PENDING = Command("DELETE FROM pending_second_factor", scans="it is a test's")
FLAGS = ("name", "location", "twitter_handle", "git_hub_handle", "email_address", "website")


@dataclass(frozen=True)
class Furnished(Shelf):
    """A shelf with a collection of its name.

    Attributes:
        is_public: whether the catalog, its package and the collection are.
        key_id: a key of the owner's.
        session_id: a session of the owner's.
        ticket: of the owner's, for the second step of a log-in.
        word: what to search for.
    """

    is_public: bool
    key_id: str
    session_id: str
    ticket: str
    word: str = ""

    @property
    def collection(self):
        return {"collectionSlug": self.slug}


async def furnish(registry, people):
    """Sign everybody up and return them by role, and a shelf that is public and one that is not."""
    everybody = await sign_up(people)
    await people("famous")
    await relieve(everybody[ADMINISTRATOR], people)
    key_id = await registry.database.write(_furnish_people)
    session_id = digest_id(digest(everybody["owner"].token))
    await registry.database.write(renew_second_factor)
    login = await people.anonymous.mutate("login", username="owner", password=PASSWORD)
    ticket = login.error.extensions["ticket"]
    shelves = []
    for is_public in (True, False):
        slug = "shelf-public" if is_public else "shelf-private"
        shelf = await make_shelf(registry, slug, Openness(is_public, is_public))
        await registry.database.write(complete, shelf, is_public)
        shelves.append(Furnished(shelf.slug, is_public, key_id, session_id, ticket))
    callers = {role: everybody[name] for role, name in ROLES.items()}
    await _label(callers["administrator"], shelves[0])
    return callers, shelves


def complete(tx, shelf, is_public):
    """Describe what is on *shelf*, publish another version, and make the collection."""
    owner = Viewer(users.find_user(tx, "owner").id, "owner", is_admin=False)
    new = CreateCollection(
        collection_slug=shelf.slug, name=shelf.slug, description="About rain.", is_public=is_public
    )
    collection = collection_service.create(acting(tx, owner), new)
    ref = CollectionRef(collection_slug=shelf.slug)
    package = PackageRef(catalog_slug=shelf.slug, package_slug="rain")
    collection_service.add_package(tx, owner, ref, package, 1)
    described = UpdateCatalog(description="Wet.", website="https://rain.example")
    catalog_service.update(acting(tx, owner), CatalogRef(catalog_slug=shelf.slug), described)
    package_service.update(acting(tx, owner), package, UpdatePackage(description="Rain by city."))
    wider = package_file("1.1.0", properties=("city", "mm", "day"))
    version_service.create(tx, owner, package, read_submission(wider), 1)
    for name, (on_catalog, _) in GRANTS.items():
        if on_catalog is not None:
            user_id = users.find_user(tx, name).id
            collections.grant(tx, collection.id, user_id, permission_sum(on_catalog))


def _furnish_people(tx):
    now = time.time_ns() // 1_000_000
    ids = {
        name: users.find_user(tx, name).id for name in (*SIGNED_UP, "famous") if name != "closed"
    }
    for number, user_id in enumerate(ids.values()):
        key = api_key_service.add_key(tx, user_id, "laptop", bytes([number]) * 32, 1)
        api_keys.touch_key(tx, key.id, 1)
        if user_id == ids["owner"]:
            key_id = key.id
    users.update_user(tx, ids["owner"], UpdateUser(**PROFILE), 1)
    shown = {f"{flag}_is_public": True for flag in FLAGS}
    users.update_user(tx, ids["famous"], UpdateUser(**PROFILE, **shown), 1)
    owner = ids["owner"]
    sessions.insert_link(tx, digest("Mutation.useLoginLink"), owner, now + 3_600_000)
    email_links.insert_verify_link(tx, digest("Mutation.verifyEmailAddress"), owner, now)
    email_links.insert_recover_link(tx, digest("Mutation.recoverMyPassword"), owner, now)
    return key_id


def renew_second_factor(tx):
    """Give the owner an app, and one that is being set up, of which no code was used yet."""
    tx.run(FORGET_PENDING)
    owner, now = users.find_user(tx, "owner").id, time.time_ns() // 1_000_000
    second_factors.put(tx, owner, APP, step=0, now=1)
    second_factors.put_pending(tx, owner, APP, now)


async def _label(administrator, shelf):
    """Put a label on whole packages, one of them a data package, and on a single version."""
    document = """
        mutation(
          $left: PublicPackageInput!, $rain: PublicPackageInput!, $right: PublicPackageVersionInput!
        ) {
          customCatalogLabel {
            createCustomCatalogLabels(labels: [{name: "checked"}]) { name }
            left: assignCustomCatalogLabelsToPublicPackage(
              publicPackageLabels: {publicPackage: $left, labelNames: ["checked"]})
            rain: assignCustomCatalogLabelsToPublicPackage(
              publicPackageLabels: {publicPackage: $rain, labelNames: ["checked"]})
            assignCustomCatalogLabelsToPublicPackageVersion(
              publicPackageVersionLabels: {publicPackageVersion: $right, labelNames: ["checked"]})
          }
        }
        """
    rain = {"type": "datapm", "name": f"{shelf.slug}/rain"}
    labelled = await administrator.send(document, left=LEFT, right=RIGHT, rain=rain)
    assert labelled.errors == []
