"""What a registry is, in plain Python: users, catalogs, packages, grants, collections and versions.

The model knows what decides who may see and do what, and nothing else. Its methods are named after
the fields of the API; they return what the field answers, or raise Refused.
"""

from __future__ import annotations

from tests.contract.machine.publishing import Publishing
from tests.contract.machine.shown import Shown
from tests.contract.machine.things import (
    EVERYTHING,
    NOTHING,
    Catalog,
    Collection,
    Package,
    Refused,
    User,
    may,
    told,
)


class Model(Shown, Publishing):
    """A registry; the viewer None is somebody unknown."""

    def names(self, kind):
        """Return the names that are in use, the newest first; of packages with their catalogs'."""
        active = [thing for thing in reversed(getattr(self, kind)) if thing.is_active]
        if kind == "users":
            return [user.name for user in active]
        if kind == "packages":
            return [(package.catalog.slug, package.slug) for package in active]
        return [thing.slug for thing in active]

    # People.

    def create_me(self, name):
        if self._is_name_taken(name):
            raise Refused("USERNAME_NOT_AVAILABLE")
        user = User(name, is_admin=not self.users)
        self.users.append(user)
        self.catalogs.append(Catalog(name, False, grants={user: EVERYTHING}, owner=user))
        return user

    def update_me(self, viewer, name):
        self._require_known(viewer)
        name = name.lower()
        if self._is_name_taken(name, but=viewer):
            raise Refused("USERNAME_NOT_AVAILABLE")
        viewer.name = name
        for catalog in self.catalogs:
            if catalog.owner is viewer:
                catalog.slug = name
        return name

    def disable_me(self, viewer):
        self._require_known(viewer)
        administrators = [user for user in self.users if user.is_admin and user.is_active]
        if administrators == [viewer]:
            raise Refused("LAST_ADMINISTRATOR")
        self._close(viewer)

    def admin_delete_user(self, viewer, name):
        if viewer is None:
            raise Refused("NOT_AUTHENTICATED")
        if not viewer.is_admin:
            raise Refused("NOT_AUTHORIZED")
        user = self._user(name)
        if user is viewer:
            raise Refused("NOT_ON_ONESELF")
        self._close(user)

    def username_available(self, viewer, name):
        return not self._is_name_taken(name)

    def _close(self, user):
        user.is_active = False
        for catalog in self.catalogs:
            if catalog.owner is user:
                self._disable_catalog(catalog)

    def _is_name_taken(self, name, but=None):
        key = name.lower()
        users = (user for user in self.users if user.is_active and user is not but)
        catalogs = (c for c in self.catalogs if c.is_active and (but is None or c.owner is not but))
        return any(u.name.lower() == key for u in users) or any(
            c.slug.lower() == key for c in catalogs
        )

    def _user(self, name):
        for user in self.users:
            if user.is_active and user.name.lower() == name.lower():
                return user
        raise Refused("USER_NOT_FOUND")

    # Catalogs.

    def create_catalog(self, viewer, slug, is_public):
        self._require_known(viewer)
        self._require_free(self.catalogs, slug, "CATALOG_SLUG_NOT_AVAILABLE")
        catalog = Catalog(slug, is_public, grants={viewer: EVERYTHING})
        self.catalogs.append(catalog)
        return self._catalog_seen(catalog, viewer)

    def update_catalog(self, viewer, slug, new_slug, is_public):
        catalog = self._catalog(viewer, slug, "EDIT")
        if new_slug and new_slug != catalog.slug:
            if catalog.owner:
                raise Refused("PERSONAL_CATALOG")
            if new_slug.lower() != catalog.slug.lower():
                self._require_free(self.catalogs, new_slug, "CATALOG_SLUG_NOT_AVAILABLE")
        catalog.slug = new_slug or catalog.slug
        catalog.is_public = catalog.is_public if is_public is None else is_public
        return self._catalog_seen(catalog, viewer)

    def disable_catalog(self, viewer, slug):
        catalog = self._catalog(viewer, slug, "MANAGE")
        if catalog.owner:
            raise Refused("PERSONAL_CATALOG")
        self._disable_catalog(catalog)

    def catalog(self, viewer, slug):
        return self._catalog_seen(self._catalog(viewer, slug, "VIEW"), viewer)

    def catalog_slug_available(self, viewer, slug):
        return self._find(self.catalogs, slug) is None

    def users_by_catalog(self, viewer, slug):
        catalog = self._catalog(viewer, slug, "VIEW")
        seen = []
        for user in catalog.members():
            may_know = may(catalog, viewer, "MANAGE") or user is viewer
            both = catalog.granted(user) | catalog.on_packages.get(user, NOTHING)
            granted = [told(catalog.granted(user)), told(both)] if may_know else [None, None]
            seen.append([user.name, *granted])
        return seen

    def set_user_catalog_permission(self, viewer, slug, name, permissions, on_packages):
        catalog = self._catalog(viewer, slug, "MANAGE")
        user = self._user(name)
        self._require_manager_after(catalog, user, permissions)
        catalog.grants[user] = frozenset(permissions)
        catalog.on_packages[user] = frozenset(on_packages)

    def remove_user_from_catalog(self, viewer, slug, name):
        catalog = self._catalog(viewer, slug, "MANAGE")
        user = self._user(name)
        self._require_manager_after(catalog, user, NOTHING)
        catalog.grants.pop(user, None)
        catalog.on_packages.pop(user, None)
        return user.name

    def _disable_catalog(self, catalog):
        catalog.is_active = False
        for package in self.packages:
            if package.catalog is catalog:
                package.is_active = False

    def _catalog(self, viewer, slug, needed):
        return self._get(self.catalogs, viewer, slug, needed, "CATALOG_NOT_FOUND")

    # Packages.

    def create_package(self, viewer, catalog_slug, package_slug):
        catalog = self._catalog(viewer, catalog_slug, "EDIT")
        self._require_package_free(catalog, package_slug, "PACKAGE_SLUG_NOT_AVAILABLE")
        package = Package(package_slug, False, grants={viewer: EVERYTHING}, catalog=catalog)
        self.packages.append(package)
        return self._package_seen(package, viewer)

    def update_package(self, viewer, catalog_slug, package_slug, new_catalog, new_slug, is_public):
        package = self._package(viewer, catalog_slug, package_slug, "EDIT")
        catalog = self._catalog(viewer, new_catalog, "EDIT") if new_catalog else package.catalog
        slug = new_slug or package.slug
        if (catalog, slug) != (package.catalog, package.slug):
            self._require_package_free(catalog, slug, "PACKAGE_SLUG_NOT_AVAILABLE")
        package.catalog, package.slug = catalog, slug
        package.is_public = package.is_public if is_public is None else is_public
        return self._package_seen(package, viewer)

    def move_package(self, viewer, catalog_slug, package_slug, new_catalog):
        package = self._package(viewer, catalog_slug, package_slug, "MANAGE")
        catalog = self._catalog(viewer, new_catalog, "EDIT")
        if catalog is package.catalog:
            raise Refused("MOVE_TO_SAME_CATALOG_NOT_ALLOWED")
        self._require_package_free(catalog, package.slug, "PACKAGE_IDENTIFIER_NOT_AVAILABLE")
        package.catalog = catalog

    def disable_package(self, viewer, catalog_slug, package_slug):
        self._package(viewer, catalog_slug, package_slug, "MANAGE").is_active = False

    def package(self, viewer, catalog_slug, package_slug):
        return self._package_seen(self._package(viewer, catalog_slug, package_slug, "VIEW"), viewer)

    def users_by_package(self, viewer, catalog_slug, package_slug):
        package = self._package(viewer, catalog_slug, package_slug, "MANAGE")
        return [[user.name, told(package.granted(user))] for user in package.members()]

    def set_package_permissions(self, viewer, catalog_slug, package_slug, name, permissions):
        package = self._package(viewer, catalog_slug, package_slug, "MANAGE")
        user = self._user(name)
        package.grants[user] = frozenset(permissions)
        return [user.name, told(package.grants[user])]

    def remove_package_permissions(self, viewer, catalog_slug, package_slug, name):
        package = self._package(viewer, catalog_slug, package_slug, "MANAGE")
        package.grants.pop(self._user(name), None)

    def _package(self, viewer, catalog_slug, package_slug, needed):
        package = self._find_package(catalog_slug, package_slug)
        if package is None:
            # What a private catalog holds is told to nobody who may not open it.
            self._catalog(viewer, catalog_slug, "VIEW")
            raise Refused("PACKAGE_NOT_FOUND")
        self._require(package, viewer, needed)
        return package

    def _find_package(self, catalog_slug, package_slug):
        catalog = self._find(self.catalogs, catalog_slug)
        for package in self.packages:
            if package.is_active and package.catalog is catalog and package.slug == package_slug:
                return package
        return None

    def _require_package_free(self, catalog, slug, reason):
        if any(p.is_active and p.catalog is catalog and p.slug == slug for p in self.packages):
            raise Refused(reason)

    # Collections.

    def create_collection(self, viewer, slug, is_public):
        self._require_known(viewer)
        self._require_free(self.collections, slug, "COLLECTION_SLUG_NOT_AVAILABLE")
        collection = Collection(slug, is_public, grants={viewer: EVERYTHING})
        self.collections.append(collection)
        return self._collection_seen(collection, viewer)

    def update_collection(self, viewer, slug, new_slug, is_public):
        collection = self._collection(viewer, slug, "EDIT")
        if new_slug and new_slug.lower() != collection.slug.lower():
            self._require_free(self.collections, new_slug, "COLLECTION_SLUG_NOT_AVAILABLE")
        collection.slug = new_slug or collection.slug
        collection.is_public = collection.is_public if is_public is None else is_public
        return self._collection_seen(collection, viewer)

    def disable_collection(self, viewer, slug):
        self._collection(viewer, slug, "MANAGE").is_active = False

    def collection(self, viewer, slug):
        return self._collection_seen(self._collection(viewer, slug, "VIEW"), viewer)

    def collection_slug_available(self, viewer, slug):
        return self._find(self.collections, slug) is None

    def users_by_collection(self, viewer, slug):
        collection = self._collection(viewer, slug, "MANAGE")
        return [[user.name, told(collection.granted(user))] for user in collection.members()]

    def set_user_collection_permissions(self, viewer, slug, name, permissions):
        collection = self._collection(viewer, slug, "MANAGE")
        user = self._user(name)
        self._require_manager_after(collection, user, permissions)
        collection.grants[user] = frozenset(permissions)

    def delete_user_collection_permissions(self, viewer, slug, name):
        collection = self._collection(viewer, slug, "MANAGE")
        user = self._user(name)
        self._require_manager_after(collection, user, NOTHING)
        collection.grants.pop(user, None)

    def add_package_to_collection(self, viewer, slug, catalog_slug, package_slug):
        package = self._package(viewer, catalog_slug, package_slug, "VIEW")
        collection = self._collection(viewer, slug, "EDIT")
        if package not in collection.packages:
            collection.packages.append(package)
        return viewer.name

    def remove_package_from_collection(self, viewer, slug, catalog_slug, package_slug):
        collection = self._collection(viewer, slug, "EDIT")
        package = self._find_package(catalog_slug, package_slug)
        if package in collection.packages:
            collection.packages.remove(package)
        else:
            self._package(viewer, catalog_slug, package_slug, "VIEW")

    def _collection(self, viewer, slug, needed):
        return self._get(self.collections, viewer, slug, needed, "COLLECTION_NOT_FOUND")

    # What all of them have in common.

    def _find(self, things, slug):
        for thing in things:
            if thing.is_active and thing.slug.lower() == slug.lower():
                return thing
        return None

    def _get(self, things, viewer, slug, needed, reason):
        thing = self._find(things, slug)
        if thing is None:
            raise Refused(reason)
        self._require(thing, viewer, needed)
        return thing

    def _require(self, thing, viewer, needed):
        if not may(thing, viewer, needed):
            raise Refused("NOT_AUTHORIZED" if viewer else "NOT_AUTHENTICATED")

    def _require_known(self, viewer):
        if viewer is None:
            raise Refused("NOT_AUTHENTICATED")

    def _require_free(self, things, slug, reason):
        if self._find(things, slug) is not None:
            raise Refused(reason)

    def _require_manager_after(self, thing, changed, permissions):
        """Refuse to leave *thing* without a manager; a user's own catalog keeps the user."""
        after = thing.grants | {changed: frozenset(permissions)}
        owner = getattr(thing, "owner", None)
        managers = [user for user, held in after.items() if user.is_active and "MANAGE" in held]
        if not managers or (owner and owner not in managers):
            raise Refused("LAST_MANAGER")
