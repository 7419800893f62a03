"""Publishing by choosing a file: the next version of a package, or a package that is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiohttp import web

from litereg.server.replies import Reply
from litereg.web import chosen_file
from litereg.web.answered import Answered
from litereg.web.chosen_file import ChosenFile, Unreadable
from litereg.web.forms import Form
from litereg.web.pages.subjects import PACKAGE
from litereg.web.rendering import may
from litereg.web.site import Site

VERSION_PATH: Final = f"{PACKAGE.room}/publish"
PACKAGE_PATH: Final = "/new/package"
WORDS: Final = ("catalogSlug", "packageSlug", "displayName", "description")


def routes(site: Site) -> list[web.RouteDef]:
    """Return the pages' routes."""

    async def show_version(request: web.Request) -> web.StreamResponse:
        return await _version_page(site, request)

    async def publish(request: web.Request) -> web.StreamResponse:
        form = await site.form(request, with_files=True)
        raises = form.flag("raise")
        try:
            file = chosen_file.read(form.file("file"))
        except Unreadable as error:
            return await _version_page(site, request, 400, refused=[str(error)], raises=raises)
        identifier = PACKAGE.identifier(request)
        answered = await _create_version(site, request, identifier, file)
        if raises and answered.errors:
            least = chosen_file.smallest_number(answered.errors[0])
            if least:
                file = file.renumbered(least)
                answered = await _create_version(site, request, identifier, file)
        if answered.errors:
            status, refused = answered.page_status, _refused(answered)
            return await _version_page(site, request, status, refused=refused, raises=raises)
        return site.to(PACKAGE.page_of(identifier), "published")

    async def show_package(request: web.Request) -> web.StreamResponse:
        return await _package_page(site, request)

    async def create(request: web.Request) -> web.StreamResponse:
        form = await site.form(request, with_files=True)
        typed = {word: form.text(word) for word in WORDS}
        shown = {"typed": typed | {"isPublic": form.flag("isPublic")}}
        try:
            file = _file_if_chosen(form, typed)
        except Unreadable as error:
            return await _package_page(site, request, 400, problems={"file": str(error)}, **shown)
        value = typed if file is None else _named_by(file, typed)
        answered = await _make(site, request, value, file, form.flag("isPublic"))
        if answered.errors:
            problems = _problems(answered)
            return await _package_page(
                site, request, answered.page_status, problems=problems, **shown
            )
        return site.to(PACKAGE.page_of(value), "published" if file else "created")

    return [
        web.get(VERSION_PATH, site.handler(show_version)),
        web.post(VERSION_PATH, site.handler(publish)),
        web.get(PACKAGE_PATH, site.handler(show_package)),
        web.post(PACKAGE_PATH, site.handler(create)),
    ]


def _file_if_chosen(form: Form, typed: Mapping[str, str]) -> ChosenFile | None:
    """Return the chosen file; None for a package that is named and gets its versions later."""
    if not form.file("file") and typed["packageSlug"]:
        return None
    return chosen_file.read(form.file("file"))


def _named_by(file: ChosenFile, typed: Mapping[str, str]) -> dict[str, str]:
    """Return what names the package: what was typed, and the file where nothing was."""
    return {word: text or file.word(word) for word, text in typed.items()}


async def _make(
    site: Site,
    request: web.Request,
    value: Mapping[str, str],
    file: ChosenFile | None,
    is_public: bool,
) -> Answered:
    package = {**value, "displayName": value["displayName"] or value["packageSlug"]}
    if file is None:
        return await site.ask(request, "create_package", value=package)
    return await site.ask(
        request,
        "publish_new_package",
        package=package,
        identifier={name: value[name] for name in PACKAGE.fields.values()},
        packageFile=file.text,
        isPublic=is_public,
    )


async def _create_version(
    site: Site, request: web.Request, identifier: Mapping[str, str], file: ChosenFile
) -> Answered:
    value = {"packageFile": file.text}
    return await site.ask(request, "create_version", identifier=identifier, value=value)


def _refused(answered: Answered) -> list[str]:
    return chosen_file.in_words(answered.errors[0]) or [answered.problem or ""]


def _problems(answered: Answered) -> dict[str, str]:
    """Return what went wrong, by the field that it is about."""
    about_the_file = next(filter(None, map(chosen_file.in_words, answered.errors)), [])
    return {"file": " ".join(about_the_file)} if about_the_file else answered.problems


async def _version_page(
    site: Site,
    request: web.Request,
    status: int = 200,
    *,
    refused: Sequence[str] = (),
    raises: bool = False,
) -> Reply:
    asked = {"identifier": PACKAGE.identifier(request)}
    answered = await site.ask(request, "package_settings", **asked)
    package = answered.data.get("package")
    if package is None:
        return site.refused(request, answered)
    if not may(package["myPermissions"], "EDIT"):
        return site.error(request, 403, "Your account may not publish here.", answered)
    return site.page(
        request,
        "publish.html",
        answered,
        status=status,
        package=package,
        refused=refused,
        raises=raises,
    )


async def _package_page(
    site: Site,
    request: web.Request,
    status: int = 200,
    *,
    problems: Mapping[str, str] | None = None,
    typed: Mapping[str, Any] | None = None,
) -> Reply:
    answered = await site.ask(request, "my_catalogs")
    if answered.errors:
        return site.refused(request, answered)
    # One's own catalog comes first unless another one was asked for.
    wished = request.query.get("catalog") or answered.data["me"]["username"]
    return site.page(
        request,
        "new_package.html",
        answered,
        status=status,
        problems=problems or {},
        typed=typed or {"catalogSlug": wished},
        catalogs=[
            catalog
            for catalog in answered.data["myCatalogs"]
            if may(catalog["myPermissions"], "EDIT")
        ],
    )
