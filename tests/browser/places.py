"""Which pages there are: an address of each in the demo's registry, and who may open it.

Whatever is claimed of every page is checked over these rows. A page needs a row as soon as it has a
route; a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass

# Those who open pages, by their user names: somebody who is not logged in, somebody who is, and the
# administrator. The first has no name.
STRANGER = ""
USER = "navigator"
ADMIN = "librarian"
EVERYBODY = (STRANGER, USER, ADMIN)
PEOPLE = (USER, ADMIN)

# How the paths begin that are answered to programs, and hold no page.
FOR_PROGRAMS = (
    *("/.well-known/", "/assets/", "/catalog/api/", "/docs/", "/images/", "/static/", "/xray/"),
    *("/healthz", "/readyz", "/robots.txt", "/schema.graphql"),
)
# How those end that are answered with a file.
FILES = ("/download",)
# GraphiQL's page, which has tests of its own.
PLAYGROUND = ("/graphql", "/playground")


@dataclass(frozen=True, slots=True)
class Place:
    """A page that people open.

    Attributes:
        route: its route, as the server lists it.
        path: an address of it.
        people: who may open it; to others it is refused.
        status: what it answers them.
    """

    route: str
    path: str
    people: tuple[str, ...] = EVERYBODY
    status: int = 200


PLACES = (
    Place("/", "/"),
    Place("/log-in", "/log-in"),
    Place("/log-in", "/log-in?token=of-no-account"),
    # Without a password that was right, these lead back to the log-in.
    Place("/log-in/code", "/log-in/code"),
    Place("/log-in/app", "/log-in/app"),
    Place("/sign-up", "/sign-up", (STRANGER,)),
    Place("/sign-up/sent", "/sign-up/sent"),
    Place("/me", "/me", PEOPLE),
    Place("/me/api-keys", "/me/api-keys", PEOPLE),
    Place("/me/profile", "/me/profile", PEOPLE),
    Place("/me/password", "/me/password", PEOPLE),
    Place("/me/second-factor", "/me/second-factor", PEOPLE),
    Place("/me/sessions", "/me/sessions", PEOPLE),
    Place("/me/close", "/me/close", PEOPLE),
    Place("/user/{name}", "/user/librarian"),
    Place("/new/catalog", "/new/catalog", PEOPLE),
    Place("/admin", "/admin", (ADMIN,)),
    Place("/admin/users", "/admin/users", (ADMIN,)),
    Place("/admin/users", "/admin/users?q=nobody-is-called-so", (ADMIN,)),
    Place("/admin/settings", "/admin/settings", (ADMIN,)),
    Place("/admin/backup", "/admin/backup", (ADMIN,)),
    Place("/validate-email", "/validate-email#token=of-no-account"),
    Place("/validate-email", "/validate-email?new#token=of-no-account"),
    Place("/forgot-password", "/forgot-password"),
    Place("/forgot-password", "/forgot-password#token=of-no-account"),
    Place("/labels", "/labels", PEOPLE),
    Place("/labels", "/labels?q=nothing+has+this", PEOPLE),
    Place("/label", "/label?name=approved", PEOPLE),
    Place("/label", "/label?name=of+no+label", PEOPLE, status=404),
    Place("/labels/import", "/labels/import", (ADMIN,)),
    Place("/public-package", "/public-package?type=npm&name=world-atlas", PEOPLE),
    Place("/search", "/search"),
    Place("/search", "/search?q=temperature"),
    Place("/search", "/search?q=nothing-like-it&in=collections"),
    Place("/search", "/search?in=catalogs"),
    Place("/search", "/search?in=public-packages"),
    Place("/search/suggestions", "/search/suggestions?q=p"),
    Place("/search/package-names", "/search/package-names?package=nature%2Fp"),
    Place("/catalog/{catalog}/edit", "/catalog/nature/edit", PEOPLE),
    Place("/catalog/{catalog}/members", "/catalog/nature/members", (ADMIN,)),
    Place("/catalog/{catalog}/disable", "/catalog/nature/disable", (ADMIN,)),
    Place("/collection/{collection}", "/collection/first-charts"),
    Place("/collection/{collection}", "/collection/first-charts?order=name"),
    Place("/collection/{collection}/edit", "/collection/first-charts/edit", (ADMIN,)),
    Place("/collection/{collection}/members", "/collection/first-charts/members", (ADMIN,)),
    Place("/collection/{collection}/disable", "/collection/first-charts/disable", (ADMIN,)),
    Place("/package/{catalog}/{package}/edit", "/package/nature/nile-flow/edit", PEOPLE),
    Place(
        "/package/{catalog}/{package}/permissions",
        "/package/nature/nile-flow/permissions",
        (ADMIN,),
    ),
    Place("/package/{catalog}/{package}/disable", "/package/nature/nile-flow/disable", (ADMIN,)),
    Place("/package/{catalog}/{package}/publish", "/package/nature/nile-flow/publish", PEOPLE),
    Place(
        "/package/{catalog}/{package}/{version}/disable",
        "/package/nature/nile-flow/1.0.0/disable",
        PEOPLE,
    ),
    Place("/new/package", "/new/package?catalog=nature", PEOPLE),
    Place("/new/collection", "/new/collection", PEOPLE),
    Place("/{catalog}", "/nature"),
    Place("/{catalog}/{package}", "/nature/palmer-penguins"),
    Place("/{catalog}/{package}", "/aviation/bird-strikes", PEOPLE),
    Place("/{catalog}/{package}", "/nature/nothing", status=404),
    Place("/{catalog}/{package}/{version}", "/places/time-zones/2.0.0"),
    Place("/{catalog}/{package}/{version}", "/places/time-zones/2.0.0?as=text"),
)


def pages_of(routes: set[str]) -> set[str]:
    """Return which of the server's *routes* are pages of ours."""
    ours = {route for route in routes if not route.startswith(FOR_PROGRAMS + PLAYGROUND)}
    return {route for route in ours if not route.endswith(FILES)}
