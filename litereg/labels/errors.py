"""What the labels API refuses, in the exact words that its clients look for."""

from __future__ import annotations

from litereg.errors import Conflict, InvalidInput, LimitExceeded, NotFound


class LabelLimitExceeded(LimitExceeded):
    """A list that is longer than this operation takes."""

    code = "LABEL_LIMIT_EXCEEDED"


class LabelInvalid(InvalidInput):
    """A text that no label, and nothing that is labelled, can have."""

    code = "LABEL_INVALID"


class LabelExists(Conflict):
    """Another label has this name."""

    code = "LABEL_EXISTS"


class LabelConflict(Conflict):
    """What is to be labelled has a label."""

    code = "LABEL_CONFLICT"


class LabelNotFound(NotFound):
    """No label has this name."""

    code = "LABEL_NOT_FOUND"


class PublicPackageNotFound(NotFound):
    """The catalog has no such package or version, and does not register it."""

    code = "PACKAGE_NOT_FOUND"


TOO_MANY_CREATED = "Creating more than 500 labels is not supported"
TOO_MANY_DELETED = "Deleting more than 500 labels is not supported"
TOO_MANY_ASSIGNED = "Assigning more than 1 label is not supported"
TOO_MANY_VERSIONS = (
    "Assigning a label to more than 500 package versions in a single operation is not supported"
)
TOO_MANY_REMOVED = (
    "Removing more than 500 labels assignments in a single operation is not supported"
)
NAME_EMPTY = "A label name cannot be empty"
NOTHING_TO_ASSIGN = "Labels must be specified for the assignment"
SOME_EXIST = "Some of the labels already exist"
VERSION_HAS_LABEL = (
    "A requested package version already has a label assigned. "
    "More than one label per package version is not supported yet"
)
PACKAGE_HAS_LABEL = (
    "A requested package already has a label assigned. "
    "More than one label per package is not supported yet"
)


def name_too_long(name: str) -> LabelInvalid:
    """Return the error for a label name of 1000 characters or more."""
    return LabelInvalid(f"Label name is too long {name}, must have fewer than 1000 characters")


def description_too_long(description: str) -> LabelInvalid:
    """Return the error for a label description of 10000 characters or more."""
    return LabelInvalid(
        f"Label description is too long {description}, must have fewer than 10000 characters"
    )


def label_missing(name: str) -> LabelNotFound:
    """Return the error for changing a label that is not there."""
    return LabelNotFound(f"Label {name} does not exist")


def name_taken(name: str) -> LabelExists:
    """Return the error for renaming a label to the name of another."""
    return LabelExists(f"Label with name {name} already exists")


def labels_missing(names: list[str]) -> LabelNotFound:
    """Return the error for assigning labels that are not there."""
    listed = ",".join(names)
    return LabelNotFound(
        f"The following labels were not found:[ {listed}]. All labels must exist when assigned"
    )


def empty(part: str) -> LabelInvalid:
    """Return the error for an empty name, type or version of what is to be labelled."""
    return LabelInvalid(f"Package {part} cannot be empty")


def package_missing(type_: str, name: str) -> PublicPackageNotFound:
    """Return the error for labelling a package that is not in the catalog."""
    return PublicPackageNotFound(f"Package {type_}:{name} was not found in the catalog")


def version_missing(type_: str, name: str, version: str) -> PublicPackageNotFound:
    """Return the error for labelling a version that is not in the catalog."""
    return PublicPackageNotFound(
        f"Package version {type_}:{name}:{version} was not found in the catalog"
    )
