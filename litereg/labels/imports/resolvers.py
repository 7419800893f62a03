"""GraphQL fields of the imports room."""

from __future__ import annotations

from litereg.gql.context import Context
from litereg.gql.resolver import resolver
from litereg.labels.imports import service
from litereg.labels.imports.inputs import PackageList
from litereg.labels.imports.report import Remark, Report
from litereg.labels.imports.spool import SourceFile

MODELS = {"PublicPackageImport": Report, "ImportedFile": SourceFile, "ImportRemark": Remark}
INPUTS = {"PublicPackageListInput": PackageList}


@resolver("Mutation.importPublicPackages")
def import_public_packages(
    ctx: Context, *, files: list[PackageList], dry_run: bool, label: str | None = None
) -> Report:
    """Bring packages into the catalog from files."""
    return service.import_files(ctx, files, label, dry_run)


@resolver("PublicPackageImport.skipped")
def skipped(report: Report, ctx: Context, *, first: int) -> list[Remark]:
    """Return the first entries that were left out."""
    return service.first_of(ctx, report.skipped(), first)


@resolver("PublicPackageImport.notLabelled")
def not_labelled(report: Report, ctx: Context, *, first: int) -> list[Remark]:
    """Return the first entries that did not get the label."""
    return service.first_of(ctx, report.not_labelled(), first)
