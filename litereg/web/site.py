"""What all pages share: ask as whoever opened the page, fill in a template, send people on.

A page is fed by one named operation of `litereg.operations`, which runs in this process against the
schema that `POST /graphql` serves: a page shows what the API says, and nothing else. Which pages
there are is in `litereg.web.pages`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from functools import cached_property
from typing import Any, Final
from urllib.parse import quote

from aiohttp import web

from litereg.access import ANONYMOUS, Credentials, Viewer
from litereg.gql.answers import Answer
from litereg.gql.engine import Engine, Request
from litereg.server.authenticate import Authenticator
from litereg.server.bodies import Bodies
from litereg.server.graphql import HEAVY_BYTES
from litereg.server.keys import REQUEST_ID
from litereg.server.proxies import Proxies
from litereg.server.registry_headers import RegistryHeaders
from litereg.server.replies import HTML, Refused, Reply, page_headers, refusal
from litereg.server.slots import Slots
from litereg.settings import Settings
from litereg.web.answered import Answered, document, playground_fragment
from litereg.web.built import asset_base
from litereg.web.for_programs import nothing, wants_page, where_to_ask
from litereg.web.forms import IS_LONG, MAX_FORM_BYTES, Form, content_type_of, parse_form
from litereg.web.package_files import ContentsOf, PackageFiles
from litereg.web.rendering import PAGE_CSP, Pages
from litereg.web.upkeep import Upkeep
from litereg.web.wording import NOTICES, PASSWORD_LENGTHS, PASSWORD_RULES

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

# A session lives no longer, however often it is used.
COOKIE_LIFE_S: Final = 30 * 24 * 60 * 60
# The cookie that came with the request is of a session that has ended: the answer takes it back.
SESSION_ENDED: Final = web.RequestKey("session_ended", bool)
# The pages that people come by on their way to another.
WAYS_IN: Final = ("/log-in", "/sign-up", "/forgot-password", "/validate-email")
# What the error pages say where the refusal itself has no words for people.
TITLES: Final = {
    401: "Not logged in",
    403: "Not allowed",
    404: "Not found",
    413: "Too large",
    503: "Busy",
}


class Site:
    """The web client of one registry.

    Attributes:
        settings: the settings in force.
        prefix: the path that all addresses begin with.
        package_files: package files as pages show them.
        upkeep: what only pages for administrators may use.
    """

    def __init__(
        self,
        engine: Engine,
        settings: Settings,
        slots: Slots,
        contents_of: ContentsOf,
        upkeep: Upkeep,
    ) -> None:
        self.settings = settings
        self.prefix = settings.prefix
        self.package_files = PackageFiles(contents_of)
        self.upkeep = upkeep
        self._engine = engine
        self._slots = slots
        self._authenticator = Authenticator(settings)
        self._proxies = Proxies(settings)
        self._files = Bodies(settings)
        self._forms = Bodies(replace(settings, max_body_bytes=MAX_FORM_BYTES))
        self._registry_headers = RegistryHeaders(settings)
        self._pages = Pages(settings.prefix)
        self._reserved: frozenset[str] = frozenset()

    def reserve(self, paths: Iterable[str]) -> None:
        """Keep the first parts of *paths*, which are the server's own, from naming catalogs."""
        self._reserved = frozenset(path.split("/")[1] for path in paths) - {""}

    def url(self, request: web.Request) -> str:
        """Return the registry's address, as commands for whoever sent *request* need it."""
        return self._registry_headers.url(request)

    async def ask(self, request: web.Request, operation: str, **variables: Any) -> Answered:
        """Run the named *operation* as whoever sent *request*.

        Raises:
            Refused: the registry is too busy, or broken.
        """
        credentials = None
        if not request.get(SESSION_ENDED):
            credentials = self._authenticator.credentials_to_read(request)
        answer = await self._run(request, operation, variables, credentials)
        if answer.status == 401 and credentials is not None and credentials.kind == "session":
            # A browser goes on sending a cookie whose session has ended.
            request[SESSION_ENDED] = True
            answer = await self._run(request, operation, variables, None)
        errors = answer.body.get("errors", [])
        if answer.status >= 500:
            raise Refused(answer.status, errors[0]["message"], answer.headers)
        fragment = playground_fragment(operation, variables)
        data = answer.body.get("data") or {}
        return Answered(data, errors, answer.viewer, answer.status, fragment)

    async def viewer(self, request: web.Request) -> Viewer:
        """Return who sent *request*, as its headers or its cookie say.

        Raises:
            Refused: the registry is too busy, or broken.
        """
        if self._authenticator.credentials_to_read(request) is None:
            return ANONYMOUS
        return (await self.ask(request, "me")).viewer

    def may_read_labels(self, request: web.Request) -> bool:
        """Return whether a page may ask for labels without being refused all the rest.

        That holds for whoever is logged in; a session may turn out to have ended.
        """
        is_open = self.settings.labels_open_reading
        return is_open or self._authenticator.credentials_to_read(request) is not None

    async def _run(
        self,
        request: web.Request,
        operation: str,
        variables: dict[str, Any],
        credentials: Credentials | None,
    ) -> Answer:
        address = self._proxies.client(request)
        asked = Request(document(operation), None, variables, address=address)
        heavy = request.get(IS_LONG, False)
        async with self._slots:
            return await self._engine.answer(asked, credentials, request[REQUEST_ID], heavy)

    async def form(self, request: web.Request, *, with_files: bool = False) -> Form:
        """Return the form that one of our own pages sent, which may hold files or only texts.

        Raises:
            Refused: another site sent it; it is broken, too long, or does not arrive.
        """
        if not self._authenticator.same_origin(request):
            raise Refused(403, "forms are taken from this registry's own pages only")
        if with_files:
            bodies, max_bytes = self._files, await self._max_bytes(request)
        else:
            bodies, max_bytes = self._forms, MAX_FORM_BYTES
        body = await bodies.read(request, max_bytes)
        request[IS_LONG] = len(body) > HEAVY_BYTES
        try:
            return parse_form(content_type_of(request), body)
        finally:
            bodies.release(len(body))

    async def _max_bytes(self, request: web.Request) -> int:
        """Return how long a form with files may be: a long one, only who is known may send."""
        settings = self.settings
        credentials = self._authenticator.credentials_to_read(request)
        if credentials is not None and await self._engine.knows(credentials):
            return settings.max_body_bytes
        return min(settings.max_body_bytes, settings.max_body_bytes_anonymous)

    def page(
        self,
        request: web.Request,
        template: str,
        answered: Answered | None = None,
        *,
        status: int = 200,
        **values: Any,
    ) -> Reply:
        """Return the page that *template* makes of *values*.

        *answered* is what the page shows: its viewer stands in the head of the page, and its
        operation behind "Open in playground".
        """
        viewer = answered.viewer if answered else ANONYMOUS
        filled_in = self._frame | {
            "viewer": viewer,
            # A page that asks nothing does not know who opened it, but that they may be known.
            "may_be_known": self._authenticator.cookie(request) in request.cookies
            and not request.get(SESSION_ENDED),
            "playground": answered.playground if answered else "",
            "here": quote(self._place(request), safe=""),
            "notice": NOTICES.get(request.query.get("notice", "")),
            **values,
        }
        is_common = viewer == ANONYMOUS and request.method == "GET" and status == 200
        fill = self._pages.fill_for_strangers if is_common else self._pages.fill
        body = fill(template, filled_in)
        headers = page_headers(HTML, cache_control="no-store", csp=PAGE_CSP)
        # Under "no-referrer" a browser that sends no Sec-Fetch-Site would hide a form's origin.
        headers["Referrer-Policy"] = "same-origin"
        headers["Vary"] = "Accept, Cookie"
        headers.update(self._registry_headers.of(request))
        reply = Reply(status=status, body=body, headers=headers)
        if request.get(SESSION_ENDED):
            self.forget_session(request, reply)
        return reply

    def _place(self, request: web.Request) -> str:
        """Return the path, below the prefix, that whoever logs in at this page comes back to."""
        address = request.rel_url
        if "notice" in request.query:
            # What was done to come here is said once.
            address = address.without_query_params("notice")
        path = address.raw_path_qs.removeprefix(self.prefix)
        # A page on the way in leads on to where it was to lead, never to itself.
        return local_path(request.query.get("next", "/")) if path.startswith(WAYS_IN) else path

    @cached_property
    def _frame(self) -> dict[str, Any]:
        """What every page is told."""
        settings = self.settings
        return {
            "assets": asset_base(self.prefix),
            "registry_name": settings.registry_name,
            "may_sign_up": settings.sign_up,
            "sends_mail": settings.sends_mail,
            "labels_are_open": settings.labels_open_reading,
            "password_rule": PASSWORD_RULES[settings.password_rules],
            "longest_password": PASSWORD_LENGTHS[settings.password_rules],
        }

    def refused(self, request: web.Request, answered: Answered) -> Reply:
        """Return the page for something that the operation behind it did not answer."""
        return self.error(request, answered.page_status, answered.problem or "", answered)

    def error(
        self, request: web.Request, status: int, text: str, answered: Answered | None = None
    ) -> Reply:
        """Return the one page for whatever is not there, not allowed, or broken."""
        return self.page(
            request,
            "error.html",
            answered,
            status=status,
            title=TITLES.get(status, "That did not work" if status < 500 else "Something broke"),
            text=text,
            request_id=request[REQUEST_ID],
            status_code=status,
        )

    def refuse(self, request: web.Request, refused: Refused) -> Reply:
        """Return *refused*: as a page to a browser that opens an address, as JSON to a program."""
        if request.method in ("GET", "HEAD") and wants_page(request):
            return self.refuse_people(request, refused)
        return refusal(refused)

    def refuse_people(self, request: web.Request, refused: Refused) -> Reply:
        """Return *refused* as a page."""
        reply = self.error(request, refused.status, refused.message)
        reply.headers.update(refused.headers)
        if refused.close:
            reply.force_close()
        return reply

    def to(self, path: str, notice: str = "") -> Reply:
        """Send the browser on to *path*, below the prefix, where *notice* tells what was done."""
        if notice:
            path += f"{'&' if '?' in path else '?'}notice={notice}"
        headers = page_headers(HTML, cache_control="no-store")
        headers["Location"] = self.prefix + path
        return Reply(status=303, headers=headers)

    def begin_session(self, request: web.Request, reply: Reply, session: str) -> Reply:
        """Let *reply* to *request* start a session in the browser."""
        reply.set_cookie(
            self._authenticator.cookie(request),
            session,
            max_age=COOKIE_LIFE_S,
            path=self.prefix or "/",
            httponly=True,
            samesite="Lax",
            secure=self._authenticator.is_https(request),
        )
        return reply

    def end_session(self, request: web.Request, reply: Reply) -> Reply:
        """Let *reply* take the session, and whatever pages have left, out of the browser.

        Below a path of a host, others may have left something there as well: theirs stays.
        """
        if not self.prefix:
            reply.headers["Clear-Site-Data"] = '"cache", "storage"'
        return self.forget_session(request, reply)

    def forget_session(self, request: web.Request, reply: Reply) -> Reply:
        """Let *reply* to *request* take the session out of the browser."""
        name, secure = self._authenticator.cookie(request), self._authenticator.is_https(request)
        reply.del_cookie(name, path=self.prefix or "/", secure=secure)
        return reply

    def handler(self, handle: Handler) -> Handler:
        """Return *handle* as the server calls it: a refusal becomes a page for people."""

        async def answer(request: web.Request) -> web.StreamResponse:
            try:
                return await handle(request)
            except Refused as refused:
                return self.refuse_people(request, refused)

        return answer

    def for_people(self, handle: Handler) -> Handler:
        """Return *handle* for browsers; a program gets a few lines of text, whatever is asked."""
        name, headers = self.settings.registry_name, self._registry_headers
        return self._for_browsers(handle, lambda request: where_to_ask(request, name, headers))

    def for_people_alone(self, handle: Handler) -> Handler:
        """Return *handle* for browsers; for a program there is nothing at the address."""
        return self._for_browsers(handle, nothing)

    def _for_browsers(
        self, handle: Handler, otherwise: Callable[[web.Request], web.StreamResponse]
    ) -> Handler:
        page = self.handler(handle)

        async def answer(request: web.Request) -> web.StreamResponse:
            catalog = request.match_info.get("catalog", "")
            if catalog in self._reserved or catalog.startswith("."):
                raise web.HTTPNotFound
            return await page(request) if wants_page(request) else otherwise(request)

        return answer


def page_number(request: web.Request) -> int:
    """Return which page of a list *request* asks for, from 1 on; what is none is the first."""
    text = request.query.get("page", "")
    return max(int(text), 1) if text.isascii() and text.isdecimal() and len(text) < 7 else 1


def local_path(path: str) -> str:
    """Return *path* if it leads to a page of ours, "/" otherwise; it comes out of an address."""
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_ours else "/"
