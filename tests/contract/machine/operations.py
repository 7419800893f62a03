"""Each operation of the model as a document of the API, and how its answer is read.

Variables are named as the model names them; answers become the same plain values that it gives.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from tests.client import package_file

VERSION = """
identifier { catalogSlug packageSlug versionMajor versionMinor versionPatch } packageFile
"""
PACKAGE = f"""
identifier {{ catalogSlug packageSlug }} isPublic myPermissions
catalog {{ isPublic myPermissions }}
latestVersion {{ {VERSION} }} versions {{ {VERSION} }}
"""
CATALOG = (
    "identifier { catalogSlug } isPublic myPermissions packages { identifier { packageSlug } }"
)
COLLECTION = """
identifier { collectionSlug } isPublic myPermissions
packages { identifier { catalogSlug packageSlug } }
"""


def read_version(seen):
    catalog, package, *number = seen["identifier"].values()
    (schema,) = json.loads(seen["packageFile"])["schemas"]
    return [catalog, package, number, sorted(schema["properties"])]


def read_package(seen):
    catalog, name, latest = seen["catalog"], seen["identifier"], seen["latestVersion"]
    return [
        *(name["catalogSlug"], catalog["isPublic"], catalog["myPermissions"]),
        *(name["packageSlug"], seen["isPublic"], seen["myPermissions"]),
        latest and read_version(latest),
        [read_version(version) for version in seen["versions"]],
    ]


def read_catalog(seen):
    slugs = [item["identifier"]["packageSlug"] for item in seen["packages"]]
    return [seen["identifier"]["catalogSlug"], seen["isPublic"], seen["myPermissions"], slugs]


def read_collection(seen):
    names = sorted(list(item["identifier"].values()) for item in seen["packages"])
    slug = seen["identifier"]["collectionSlug"]
    return [slug, seen["isPublic"], seen["myPermissions"], names]


def read_nothing(answer):
    assert answer is None


def read_anything(answer):
    """Read nothing of what was disabled; how it is called then depends on the time."""
    assert "-DISABLED-" in next(iter(answer["identifier"].values()))


class Operation(NamedTuple):
    """A document, what reads the answer of its one field, and what turns arguments to variables."""

    document: str
    read: Callable[[Any], Any]
    variables: Callable[[dict], dict] = dict


def query(variables, field, selection="", read=lambda answer: answer):
    return _operation("query", variables, field, selection, read)


def mutation(variables, field, selection="", read=read_nothing):
    return _operation("mutation", variables, field, selection, read)


def _operation(kind, variables, field, selection, read):
    inner = f" {{ {selection} }}" if selection else ""
    return Operation(
        f"{kind}{f'({variables})' if variables else ''} {{ it: {field}{inner} }}", read
    )


def members(*names):
    """Return what reads a list of users with what they were granted."""
    return lambda answer: [[item["username"], *(item[name] for name in names)] for item in answer]


IN_CATALOG = "identifier: {catalogSlug: $slug}"
IN_COLLECTION = "identifier: {collectionSlug: $slug}"
IN_PACKAGE = "identifier: {catalogSlug: $catalog_slug, packageSlug: $package_slug}"
SLUG = "$slug: String!"
PACKAGE_SLUGS = "$catalog_slug: String!, $package_slug: String!"
NAME = "$name: String!"
PERMISSIONS = "$permissions: [Permission!]!"
CHANGE = "$new_slug: String, $is_public: Boolean"
PLACEMENT = "$slug: String!, $catalog_slug: String!, $package_slug: String!"
PLACE = """
collectionIdentifier: {collectionSlug: $slug}
packageIdentifier: {catalogSlug: $catalog_slug, packageSlug: $package_slug}
"""

NUMBERED = f"{PACKAGE_SLUGS}, $major: Int!, $minor: Int!, $patch: Int!"
IN_VERSION = """
identifier: {
    catalogSlug: $catalog_slug, packageSlug: $package_slug
    versionMajor: $major, versionMinor: $minor, versionPatch: $patch
}
"""


def with_number(arguments):
    names = {name: arguments[name] for name in ("catalog_slug", "package_slug")}
    return names | dict(zip(("major", "minor", "patch"), arguments["number"], strict=True))


def with_file(arguments):
    names = {name: arguments[name] for name in ("catalog_slug", "package_slug")}
    number = ".".join(map(str, arguments["number"]))
    columns = {name: {"title": name, "type": "string"} for name in sorted(arguments["columns"])}
    schema = {"title": "Animals", "type": "object", "properties": columns}
    return names | {"file": package_file(number, schemas=[schema])}


OPERATIONS = {
    # People.
    "username_available": query(NAME, "usernameAvailable(username: $name)"),
    "update_me": mutation(
        NAME, "updateMe(value: {username: $name})", "username", lambda user: user["username"]
    ),
    "disable_me": mutation("", "deleteMe"),
    "admin_delete_user": mutation(NAME, "adminDeleteUser(usernameOrEmailAddress: $name)"),
    # Catalogs.
    "catalog_slug_available": query(SLUG, "catalogSlugAvailable(catalogSlug: $slug)"),
    "catalog": query(SLUG, f"catalog({IN_CATALOG})", CATALOG, read_catalog),
    "create_catalog": mutation(
        f"{SLUG}, $is_public: Boolean!",
        'createCatalog(value: {slug: $slug, displayName: "Shelf", isPublic: $is_public})',
        CATALOG,
        read_catalog,
    ),
    "update_catalog": mutation(
        f"{SLUG}, {CHANGE}",
        f"updateCatalog({IN_CATALOG}, value: {{newSlug: $new_slug, isPublic: $is_public}})",
        CATALOG,
        read_catalog,
    ),
    "disable_catalog": mutation(
        SLUG, f"disableCatalog({IN_CATALOG})", "identifier { catalogSlug }", read_anything
    ),
    "users_by_catalog": query(
        SLUG,
        f"usersByCatalog({IN_CATALOG})",
        "username permissions packagePermissions",
        members("permissions", "packagePermissions"),
    ),
    "set_user_catalog_permission": mutation(
        f"{SLUG}, {NAME}, {PERMISSIONS}, $on_packages: [Permission!]!",
        f"""setUserCatalogPermission({IN_CATALOG}, value: [{{
            usernameOrEmailAddress: $name
            permission: $permissions
            packagePermissions: $on_packages
        }}])""",
    ),
    "remove_user_from_catalog": mutation(
        f"{SLUG}, {NAME}",
        "removeUserFromCatalog(username: $name, catalogSlug: $slug)",
        "username",
        lambda user: user["username"],
    ),
    # Packages.
    "package": query(PACKAGE_SLUGS, f"package({IN_PACKAGE})", PACKAGE, read_package),
    "create_package": mutation(
        PACKAGE_SLUGS,
        """createPackage(value: {
            catalogSlug: $catalog_slug, packageSlug: $package_slug, displayName: "Thing"
        })""",
        PACKAGE,
        read_package,
    ),
    "update_package": mutation(
        f"{PACKAGE_SLUGS}, $new_catalog: String, {CHANGE}",
        f"""updatePackage({IN_PACKAGE}, value: {{
            newCatalogSlug: $new_catalog, newPackageSlug: $new_slug, isPublic: $is_public
        }})""",
        PACKAGE,
        read_package,
    ),
    "move_package": mutation(
        f"{PACKAGE_SLUGS}, $new_catalog: String!",
        f"movePackage({IN_PACKAGE}, catalogIdentifier: {{catalogSlug: $new_catalog}})",
    ),
    "disable_package": mutation(PACKAGE_SLUGS, f"deletePackage({IN_PACKAGE})"),
    "users_by_package": query(
        PACKAGE_SLUGS,
        f"usersByPackage({IN_PACKAGE})",
        "username permissions",
        members("permissions"),
    ),
    "set_package_permissions": mutation(
        f"{PACKAGE_SLUGS}, {NAME}, {PERMISSIONS}",
        f"""setPackagePermissions({IN_PACKAGE}, value: {{
            username: $name, permissions: $permissions
        }})""",
        "username permissions",
        lambda answer: [answer["username"], answer["permissions"]],
    ),
    "remove_package_permissions": mutation(
        f"{PACKAGE_SLUGS}, {NAME}", f"removePackagePermissions({IN_PACKAGE}, username: $name)"
    ),
    # Versions.
    "version": query(NUMBERED, f"version({IN_VERSION})", VERSION, read_version)._replace(
        variables=with_number
    ),
    "create_version": mutation(
        f"{PACKAGE_SLUGS}, $file: PackageFileJSON!",
        f"createVersion({IN_PACKAGE}, value: {{packageFile: $file}})",
        VERSION,
        read_version,
    )._replace(variables=with_file),
    "disable_version": mutation(NUMBERED, f"deleteVersion({IN_VERSION})")._replace(
        variables=with_number
    ),
    # Collections.
    "collection_slug_available": query(SLUG, "collectionSlugAvailable(collectionSlug: $slug)"),
    "collection": query(SLUG, f"collection({IN_COLLECTION})", COLLECTION, read_collection),
    "create_collection": mutation(
        f"{SLUG}, $is_public: Boolean!",
        'createCollection(value: {collectionSlug: $slug, name: "Things", isPublic: $is_public})',
        COLLECTION,
        read_collection,
    ),
    "update_collection": mutation(
        f"{SLUG}, {CHANGE}",
        f"""updateCollection({IN_COLLECTION}, value: {{
            newCollectionSlug: $new_slug, isPublic: $is_public
        }})""",
        COLLECTION,
        read_collection,
    ),
    "disable_collection": mutation(SLUG, f"deleteCollection({IN_COLLECTION})"),
    "users_by_collection": query(
        SLUG,
        f"usersByCollection({IN_COLLECTION})",
        "user { username } permissions",
        lambda answer: [[item["user"]["username"], item["permissions"]] for item in answer],
    ),
    "set_user_collection_permissions": mutation(
        f"{SLUG}, {NAME}, {PERMISSIONS}",
        f"""setUserCollectionPermissions({IN_COLLECTION}, value: [{{
            usernameOrEmailAddress: $name, permissions: $permissions
        }}])""",
    ),
    "delete_user_collection_permissions": mutation(
        f"{SLUG}, {NAME}",
        f"deleteUserCollectionPermissions({IN_COLLECTION}, usernameOrEmailAddress: $name)",
    ),
    "add_package_to_collection": mutation(
        PLACEMENT,
        f"addPackageToCollection({PLACE})",
        "addedByUser { username }",
        lambda answer: answer["addedByUser"]["username"],
    ),
    "remove_package_from_collection": mutation(PLACEMENT, f"removePackageFromCollection({PLACE})"),
}

# What is searched for by a word; how well it fits is nothing that the model knows.
SEARCHED = ("rain", "yak")
# Everything that somebody sees of the registry without naming anything.
PAGE = "limit: 100"
EVERYBODYS = f"""
latestPackages(offSet: 0, {PAGE}) {{ count hasMore packages {{ {PACKAGE} }} }}
searchPackages(query: "", offSet: 0, {PAGE}) {{ count hasMore packages {{ {PACKAGE} }} }}
searchCatalogs(query: "", offSet: 0, {PAGE}) {{ count hasMore catalogs {{ {CATALOG} }} }}
searchCollections(query: "", offset: 0, {PAGE}) {{ count hasMore collections {{ {COLLECTION} }} }}
collections {{ {COLLECTION} }}
rain: searchPackages(query: "rain", offSet: 0, {PAGE}) {{ count hasMore packages {{ {PACKAGE} }} }}
yak: searchPackages(query: "yak", offSet: 0, {PAGE}) {{ count hasMore packages {{ {PACKAGE} }} }}
"""
KNOWN = f"""
me {{ username }}
myCatalogs {{ {CATALOG} }}
myPackages(offset: 0, {PAGE}) {{ count hasMore packages {{ {PACKAGE} }} }}
myCollections(offSet: 0, {PAGE}) {{ count hasMore collections {{ {COLLECTION} }} }}
"""


def read_view(data):
    """Return what is in all lists, once it is sure that their counts are right."""
    read = {"packages": read_package, "catalogs": read_catalog, "collections": read_collection}
    kinds = {"myCatalogs": "catalogs", "collections": "collections"}
    seen = {}
    for name, answer in data.items():
        if name == "me":
            seen[name] = answer["username"]
        elif name in kinds:
            seen[name] = [read[kinds[name]](item) for item in answer]
        else:
            kind = next(kind for kind in read if kind in answer)
            assert (answer["count"], answer["hasMore"]) == (len(answer[kind]), False)
            seen[name] = [read[kind](item) for item in answer[kind]]
        if name in SEARCHED:
            seen[name].sort()
    return seen
