"""Package files: which formats there are, reading and checking one, comparing two.

Pure: no database, no GraphQL, no clock. Where files are kept and who may publish them is the
business of the rooms `versions` and `packages`.

From text to decision: `json_text` reads JSON, `validation` finds the format (`formats`, stated
change by change in `history`) and checks it, `file` holds the result, `normalise` gives one view
of all formats, `compare` says what changed and which version number that asks for.
"""

from litereg.registry.package_file.compare import (
    Compatibility,
    Difference,
    DifferenceKind,
    compatibility,
    differences,
    next_version,
    smallest_next_version,
)
from litereg.registry.package_file.file import PackageFile, parse, reopen
from litereg.registry.package_file.formats import FORMATS, schema_id, schema_of
from litereg.registry.package_file.normalise import (
    Contents,
    Property,
    Schema,
    Source,
    Values,
    normalise,
)
from litereg.registry.package_file.problems import InvalidPackageFile
from litereg.registry.package_file.version import Semver

__all__ = [
    "FORMATS",
    "Compatibility",
    "Contents",
    "Difference",
    "DifferenceKind",
    "InvalidPackageFile",
    "PackageFile",
    "Property",
    "Schema",
    "Semver",
    "Source",
    "Values",
    "compatibility",
    "differences",
    "next_version",
    "normalise",
    "parse",
    "reopen",
    "schema_id",
    "schema_of",
    "smallest_next_version",
]
