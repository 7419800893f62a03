"""Things that are hidden before, among and after what everybody sees, by name and by age.

They are planted while that is made. In the one registry they are then taken away again, in the
other they grow: what is left of both must look the same from outside.
"""

from __future__ import annotations

from litereg.access import Viewer
from litereg.registry.catalogs import service as catalogs
from litereg.registry.catalogs.inputs import CreateCatalog
from litereg.registry.collections import service as collections
from litereg.registry.collections.inputs import CreateCollection
from litereg.registry.packages import service as packages
from litereg.registry.packages.inputs import CreatePackage, PackageRef, UpdatePackage
from litereg.registry.users import queries as users
from litereg.registry.versions import service as versions
from litereg.registry.versions.resolvers import read_submission
from tests.client import make_catalog, make_package, package_file, publish
from tests.contract.shelves import acting

# By name and by age before, among and after the catalogs that everybody sees.
CATALOGS = ("aardvark", "heron", "zebra")
# What is in the gallery, from the oldest to the newest. Of each pair the one has a label, of the
# other a version has.
GALLERY = ["acorn", "acorns", "rain", "rains", "robin", "robins", "sun", "suns", "zebra", "zebras"]
SEEN = ("rain", "rains", "sun", "suns")
PACKAGES = tuple(slug for slug in GALLERY if slug not in SEEN)

LABEL_PACKAGE = """
mutation($package: PublicPackageInput!) {
  customCatalogLabel {
    assignCustomCatalogLabelsToPublicPackage(
      publicPackageLabels: {publicPackage: $package, labelNames: ["checked"]})
  }
}
"""
LABEL_VERSION = """
mutation($package: PublicPackageInput!) {
  customCatalogLabel {
    assignCustomCatalogLabelsToPublicPackageVersion(publicPackageVersionLabels: {
      publicPackageVersion: {publicPackage: $package, version: "1.0.0"}, labelNames: ["checked"]})
  }
}
"""


def plant_first(tx, word):
    """Make the first catalog, with a package and a collection: as old as what is furnished."""
    slug = CATALOGS[0]
    owner = Viewer(users.find_user(tx, "owner").id, "owner", is_admin=False)
    new = CreateCatalog(slug=slug, display_name=word, is_public=False)
    catalogs.create(acting(tx, owner), new)
    rain = CreatePackage(catalog_slug=slug, package_slug="rain", display_name=word)
    packages.create(tx, owner, rain, 1)
    ref = PackageRef(catalog_slug=slug, package_slug="rain")
    packages.update(acting(tx, owner), ref, UpdatePackage(is_public=True))
    versions.create(tx, owner, ref, read_submission(package_file(description=word)), 1)
    new = CreateCollection(collection_slug=slug, name=word, description=word, is_public=False)
    collections.create(acting(tx, owner), new)


async def make_gallery(owner, administrator, word):
    """Make the gallery, its packages and its collection, and plant things among and after them."""
    await make_catalog(owner, "gallery", is_public=True)
    await done(owner.mutate("createCollection", "name", value=collection("gallery", True)))
    await add(owner, "gallery", CATALOGS[0], "rain")
    for slug in GALLERY:
        await _exhibit(owner, administrator, slug, None if slug in SEEN else word)
        if slug == "robin":
            await _plant(owner, CATALOGS[1], word)
    await _plant(owner, CATALOGS[2], word)
    rain = {"catalogSlug": "gallery", "packageSlug": "rain"}
    await publish(owner, rain, package_file("1.1.0", properties=("city", "mm", "day")))


async def _exhibit(owner, administrator, slug, word=None):
    """Put a package into the gallery and its collection, with labels; hide it, if it has a word."""
    text = {"displayName": word or slug, "description": word or slug}
    ref = await make_package(owner, "gallery", slug, is_public=True, **text)
    assert not (await publish(owner, ref, package_file("1.0.0", slug))).errors
    package = {"type": "datapm", "name": f"gallery/{slug}"}
    label = LABEL_VERSION if slug.endswith("s") else LABEL_PACKAGE
    await done(administrator.send(label, package=package))
    await add(owner, "gallery", "gallery", slug)
    if word:
        change = {"isPublic": False}
        await done(owner.mutate("updatePackage", "isPublic", identifier=ref, value=change))


async def _plant(owner, slug, word):
    """Make a catalog and a collection that are hidden, and a package that its catalog hides."""
    await make_catalog(owner, slug)
    await make_package(owner, slug, is_public=True, displayName=word, description=word)
    await done(owner.mutate("createCollection", "name", value=collection(slug, False, word)))
    await add(owner, "gallery", slug, "rain")
    await add(owner, slug, "gallery", "rain")


async def weed(owner):
    """Take away all that was planted."""
    for slug in CATALOGS:
        await done(owner.mutate("deleteCatalog", identifier={"catalogSlug": slug}))
        await done(owner.mutate("deleteCollection", identifier={"collectionSlug": slug}))
    for slug in PACKAGES:
        ref = {"catalogSlug": "gallery", "packageSlug": slug}
        await done(owner.mutate("deletePackage", identifier=ref))


async def grow(owner, word):
    """Call all that was planted by another word."""
    text = {"displayName": word, "description": word}
    planted = [(slug, "rain") for slug in CATALOGS] + [("gallery", slug) for slug in PACKAGES]
    for catalog, package in planted:
        ref = {"catalogSlug": catalog, "packageSlug": package}
        await done(owner.mutate("updatePackage", "displayName", identifier=ref, value=text))
    for slug in CATALOGS:
        ref = {"catalogSlug": slug}
        await done(owner.mutate("updateCatalog", "displayName", identifier=ref, value=text))
        ref, text_ = {"collectionSlug": slug}, {"name": word, "description": word}
        await done(owner.mutate("updateCollection", "name", identifier=ref, value=text_))


def collection(slug, is_public, name="Birds"):
    """Return what a collection is made of."""
    return {"collectionSlug": slug, "name": name, "description": name, "isPublic": is_public}


async def add(caller, slug, catalog, package):
    """Put a package into the collection *slug*."""
    names = {
        "collectionIdentifier": {"collectionSlug": slug},
        "packageIdentifier": {"catalogSlug": catalog, "packageSlug": package},
    }
    await done(caller.mutate("addPackageToCollection", "package { displayName }", **names))


async def done(call):
    """Wait for a call that must succeed."""
    result = await call
    assert not result.errors, result.errors
