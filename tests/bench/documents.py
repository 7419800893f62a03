"""What the benchmark asks: one document for each thing that people do."""

from __future__ import annotations

# 25 fields, 5 KB.
OPEN_PACKAGE = """
query OpenPackage($identifier: PackageIdentifierInput!) {
  package(identifier: $identifier) {
    identifier { registryURL catalogSlug packageSlug }
    displayName
    description
    isPublic
    createdAt
    updatedAt
    catalog { displayName description website }
    creator { username description }
    latestVersion {
      identifier { versionMajor versionMinor versionPatch }
      createdAt
      updatedAt
      packageFile
    }
  }
}
"""

# 464 fields for 20 packages.
SEARCH = """
query Search($query: String!, $offSet: Int!, $limit: Int!) {
  searchPackages(query: $query, offSet: $offSet, limit: $limit) {
    count
    hasMore
    packages {
      identifier { registryURL catalogSlug packageSlug }
      displayName
      description
      isPublic
      createdAt
      updatedAt
      catalog { displayName isPublic }
      creator { username description website }
      latestVersion {
        identifier { versionMajor versionMinor versionPatch }
        createdAt
        updatedAt
      }
    }
  }
}
"""

# 688 fields for 40 packages.
BROWSE_CATALOG = """
query BrowseCatalog($identifier: CatalogIdentifierInput!) {
  catalog(identifier: $identifier) {
    identifier { catalogSlug }
    displayName
    description
    website
    isPublic
    packages {
      identifier { catalogSlug packageSlug }
      displayName
      description
      isPublic
      createdAt
      updatedAt
      creator { username description }
      latestVersion {
        identifier { versionMajor versionMinor versionPatch }
        createdAt
      }
    }
  }
}
"""

LOG_IN = """
mutation LogIn($username: String!, $password: String!) {
  login(username: $username, password: $password)
}
"""

PUBLISH_VERSION = """
mutation PublishVersion($identifier: PackageIdentifierInput!, $value: CreateVersionInput!) {
  createVersion(identifier: $identifier, value: $value) {
    identifier { versionMajor versionMinor versionPatch }
  }
}
"""

UPDATE_PACKAGE = """
mutation UpdatePackage($identifier: PackageIdentifierInput!, $value: UpdatePackageInput!) {
  updatePackage(identifier: $identifier, value: $value) { displayName description updatedAt }
}
"""

# As much as one document of a stranger may ask: long pages, found by a word that half of all
# packages have, each with all of its versions and their files.
_PAGES = "\n  ".join(
    f"page{n}: searchPackages(query: $query, offSet: {n * 100}, limit: $limit) {{ ...Page }}"
    for n in range(8)
)
_PARTS = """
fragment Page on SearchPackagesResult {
  count
  packages {
    ...Names
    versions { createdAt packageFile author { username } package { ...Names } }
  }
}
fragment Names on Package {
  displayName
  description
  catalog { displayName description }
  creator { username description }
}
"""
HEAVY = f"query Heavy($query: String!, $limit: Int!) {{\n  {_PAGES}\n}}\n{_PARTS}"
