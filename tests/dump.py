"""All that a registry says to everybody: what has to be the same wherever it is moved to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from litereg.access import ANONYMOUS
from litereg.cli.local import LocalRegistry
from litereg.registry.users import queries as users
from litereg.settings import Settings

FRAGMENTS = """
fragment user on User {
  username displayName firstName lastName location description website emailAddress
  nameIsPublic emailAddressIsPublic isAdmin status uiDarkModeEnabled
}
fragment label on CustomCatalogLabelConnection {
  edges { node { id name description createdAt createdBy updatedAt updatedBy } }
}
fragment version on Version {
  identifier { versionMajor versionMinor versionPatch }
  createdAt updatedAt packageFile updateMethods author { username }
  labels: customCatalogLabelsConnection(first: 20) { ...label }
}
fragment package on Package {
  identifier { catalogSlug packageSlug }
  displayName description createdAt updatedAt isPublic myPermissions updateMethods fetchedCount
  creator { username }
  latestVersion { identifier { versionMajor versionMinor versionPatch } }
  versions { ...version }
  labels: customCatalogLabelsConnection(first: 20) { ...label }
}
fragment catalog on Catalog {
  identifier { catalogSlug }
  displayName description website isPublic unclaimed myPermissions
  packages { identifier { packageSlug } }
}
fragment collection on Collection {
  identifier { collectionSlug }
  name description createdAt updatedAt isPublic myPermissions
  creator { username }
  packages { identifier { catalogSlug packageSlug } }
}
"""

QUERIES = {
    "me": "{ me { ...user } }",
    "keys": "{ myAPIKeys { id label createdAt lastUsed scopes } }",
    "catalogs": '{ searchCatalogs(query: "", offSet: 0, limit: 100) { catalogs { ...catalog } } }',
    "own catalogs": "{ myCatalogs { ...catalog } }",
    "packages": "{ latestPackages(offSet: 0, limit: 100) { packages { ...package } } }",
    "own packages": "{ myPackages(offset: 0, limit: 100) { packages { ...package } } }",
    "search": '{ searchPackages(query: "data | rain", offSet: 0, limit: 100) '
    "{ count packages { displayName } } }",
    "beginnings": '{ autoComplete(startsWith: "w") '
    "{ catalogs { displayName } packages { displayName } } }",
    "collections": "{ latestCollections(offset: 0, limit: 100) { collections { ...collection } } }",
    "users": '{ adminSearchUsers(value: "", limit: 100, offSet: 0) { count users { ...user } } }',
    "labels": "{ customCatalogLabel { searchLabels(first: 100) { ...label } } }",
    "public packages": "{ publicPackage { searchPackages(first: 100) { edges { node { id name type "
    "labels: customCatalogLabelsConnection(first: 20) { ...label } "
    "versionsConnection(first: 20) { edges { node { id version "
    "labels: customCatalogLabelsConnection(first: 20) { ...label } } } } } } } } }",
    "managers": "{ labelManagers }",
}


def dump(path: Path) -> dict[str, dict[str, Any]]:
    """Return viewer → query → answer, for nobody and every user of the registry at *path*."""
    with LocalRegistry.open(Settings(db=str(path), password_cost=4)) as registry:
        everybody = registry.read(users.all_users)
        viewers = {"": ANONYMOUS} | {u.username: registry.viewer(u.username) for u in everybody}
        return {
            name: {
                title: registry.send(viewer, _document(query), {})
                for title, query in QUERIES.items()
            }
            for name, viewer in viewers.items()
        }


def _document(query: str) -> str:
    """Return *query* with the fragments that it uses, and those that they use."""
    parts = {part.split()[0]: f"fragment {part}" for part in FRAGMENTS.split("fragment ")[1:]}
    document = query
    while missing := [n for n in parts if f"...{n}" in document and parts[n] not in document]:
        document += "\n" + "\n".join(parts[name] for name in missing)
    return document
