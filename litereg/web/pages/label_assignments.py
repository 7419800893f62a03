"""Put labels on public packages and take them off: what the forms of two pages have in common.

The fields are `label`, `type`, `name` and `version`; without a version the package as a whole is
meant.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from litereg.web.forms import Form

# What data packages are as public packages.
DATA_PACKAGE = "datapm"


def assigning(form: Form) -> tuple[str, dict[str, Any]]:
    """Return the operation that puts the label on, and its variables."""
    if form.text("version"):
        return "label_versions", _of_version(form)
    return "label_package", _of_package(form)


def removing(form: Form) -> tuple[str, dict[str, Any]]:
    """Return the operation that takes the label off, and its variables."""
    if form.text("version"):
        return "unlabel_versions", _of_version(form)
    return "unlabel_package", _of_package(form)


def label_address(name: str) -> str:
    """Return the path of a label's page."""
    return f"/label?{urlencode({'name': name})}"


def package_address(type_: str, name: str) -> str:
    """Return the path of a public package's page."""
    return f"/public-package?{urlencode({'type': type_, 'name': name})}"


def _of_package(form: Form) -> dict[str, Any]:
    return {"labels": {"publicPackage": _package(form), "labelNames": [form.raw("label")]}}


def _of_version(form: Form) -> dict[str, Any]:
    version = {"publicPackage": _package(form), "version": form.text("version")}
    return {"label": {"publicPackageVersions": [version], "labelName": form.raw("label")}}


def _package(form: Form) -> dict[str, str]:
    return {"type": form.text("type"), "name": form.text("name")}
