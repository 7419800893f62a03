"""Versions of packages, as the model of a registry knows them: numbers say what they change."""

from __future__ import annotations

from tests.contract.machine.things import Refused, Version


def next_number(old: Version, columns: frozenset[str]) -> tuple[int, int, int]:
    """Return the lowest number that may follow *old* with these columns, which are others."""
    major, minor, _ = old.number
    return (major, minor + 1, 0) if old.columns < columns else (major + 1, 0, 0)


class Publishing:
    """What publishes versions and takes them away; who may is for the rest of the model to say."""

    def create_version(self, viewer, catalog_slug, package_slug, number, columns):
        package = self._package(viewer, catalog_slug, package_slug, "EDIT")
        # A version that was taken away counts, too: its number stays taken.
        highest = max(package.versions, key=lambda version: version.number, default=None)
        if highest is not None:
            if highest.columns == columns:
                raise Refused("VERSION_EXISTS")
            least = next_number(highest, columns)
            if number < least:
                raise Refused(f"HIGHER_VERSION_REQUIRED {'.'.join(map(str, least))}")
        package.versions.append(Version(number, columns))
        return self.version_seen(package, package.versions[-1])

    def disable_version(self, viewer, catalog_slug, package_slug, number):
        package = self._package(viewer, catalog_slug, package_slug, "EDIT")
        self._version(package, number).is_active = False

    def version(self, viewer, catalog_slug, package_slug, number):
        package = self._package(viewer, catalog_slug, package_slug, "VIEW")
        return self.version_seen(package, self._version(package, number))

    def versions_seen(self, package):
        """Return a package's versions, the highest first."""
        active = [version for version in package.versions if version.is_active]
        ordered = sorted(active, key=lambda version: version.number, reverse=True)
        return [self.version_seen(package, version) for version in ordered]

    def columns_of(self, package):
        """Return the columns of a package's latest version."""
        latest = self.versions_seen(package)[:1]
        return latest[0][3] if latest else []

    def version_seen(self, package, version):
        columns = sorted(version.columns)
        return [package.catalog.slug, package.slug, list(version.number), columns]

    def _version(self, package, number):
        for version in package.versions:
            if version.is_active and version.number == number:
                return version
        raise Refused("VERSION_NOT_FOUND")
