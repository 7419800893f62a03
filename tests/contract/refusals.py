"""Who is refused what, in which words: one row for each refusal.

Each row holds who asks, the root field, its arguments, and the message and the code of the answer.
`test_errors` makes what the rows speak of: ann's catalogs `weather` (with the packages `rain`, once
published, and `snow`) and `climate` (with `rain`), ann's key `laptop`, and bob, who has nothing.
"""

from __future__ import annotations

from tests.client import ALL_SCOPES, PASSWORD, package_file

INVALID = "GRAPHQL_VALIDATION_FAILED"
BAD = "BAD_USER_INPUT"

WEATHER = {"catalogSlug": "weather"}
RAIN = {"catalogSlug": "weather", "packageSlug": "rain"}
SNOW = {"catalogSlug": "weather", "packageSlug": "snow"}
FIRST = {**RAIN, "versionMajor": 1, "versionMinor": 0, "versionPatch": 0}
FILE = {"packageFile": package_file()}
USER = {"username": "newcomer", "emailAddress": "new@example.org", "password": PASSWORD}
NEW_CATALOG = {"slug": "fresh", "displayName": "New", "isPublic": False}
NEW_PACKAGE = {"catalogSlug": "weather", "packageSlug": "new", "displayName": "New"}
KEY = {"label": "laptop", "scopes": ALL_SCOPES}

UNKNOWN_CATALOG = {"catalogSlug": "unknown"}
UNKNOWN_PACKAGE = {"catalogSlug": "weather", "packageSlug": "unknown"}
LOST_PACKAGE = {"catalogSlug": "unknown", "packageSlug": "rain"}

NEEDS_SOMEBODY = [
    ("Query.me", {}),
    ("Query.myAPIKeys", {}),
    ("Query.myCatalogs", {}),
    ("Mutation.updateMe", {"value": {}}),
    (
        "Mutation.updateMyPassword",
        {"value": {"oldPassword": PASSWORD, "newPassword": PASSWORD}},
    ),
    ("Mutation.disableMe", {}),
    ("Mutation.logout", {}),
    ("Mutation.createAPIKey", {"value": KEY}),
    ("Mutation.deleteAPIKey", {"id": "any"}),
    ("Mutation.createCatalog", {"value": NEW_CATALOG}),
]

NEEDS_PERMISSION = [
    ("Query.catalog", {"identifier": WEATHER}),
    ("Query.package", {"identifier": RAIN}),
    ("Query.version", {"identifier": FIRST}),
    ("Mutation.updateCatalog", {"identifier": WEATHER, "value": {}}),
    ("Mutation.disableCatalog", {"identifier": WEATHER}),
    ("Mutation.createPackage", {"value": NEW_PACKAGE}),
    ("Mutation.updatePackage", {"identifier": RAIN, "value": {}}),
    ("Mutation.disablePackage", {"identifier": RAIN}),
    ("Mutation.createVersion", {"identifier": RAIN, "value": FILE}),
    ("Mutation.disableVersion", {"identifier": FIRST}),
]

TAKES_PACKAGE = [
    ("Query.package", {}),
    ("Mutation.updatePackage", {"value": {}}),
    ("Mutation.disablePackage", {}),
    ("Mutation.createVersion", {"value": FILE}),
]

REFUSALS = [
    *(("nobody", *row, "NOT_AUTHENTICATED", "UNAUTHENTICATED") for row in NEEDS_SOMEBODY),
    *(("nobody", *row, "NOT_AUTHENTICATED", "UNAUTHENTICATED") for row in NEEDS_PERMISSION),
    *(("bob", *row, "NOT_AUTHORIZED", "FORBIDDEN") for row in NEEDS_PERMISSION),
    # Catalogs that are not there.
    ("ann", "Query.catalog", {"identifier": UNKNOWN_CATALOG}, "CATALOG_NOT_FOUND", BAD),
    ("nobody", "Query.catalog", {"identifier": UNKNOWN_CATALOG}, "CATALOG_NOT_FOUND", BAD),
    (
        "ann",
        "Mutation.updateCatalog",
        {"identifier": UNKNOWN_CATALOG, "value": {}},
        "CATALOG_NOT_FOUND",
        BAD,
    ),
    ("ann", "Mutation.disableCatalog", {"identifier": UNKNOWN_CATALOG}, "CATALOG_NOT_FOUND", BAD),
    (
        "ann",
        "Mutation.createPackage",
        {"value": {**NEW_PACKAGE, "catalogSlug": "unknown"}},
        "CATALOG_NOT_FOUND",
        BAD,
    ),
    (
        "ann",
        "Mutation.updatePackage",
        {"identifier": RAIN, "value": {"newCatalogSlug": "unknown"}},
        "CATALOG_NOT_FOUND",
        BAD,
    ),
    *(
        ("ann", field, {"identifier": LOST_PACKAGE, **more}, "CATALOG_NOT_FOUND", BAD)
        for field, more in TAKES_PACKAGE
    ),
    # Packages and versions that are not there.
    *(
        ("ann", field, {"identifier": UNKNOWN_PACKAGE, **more}, "PACKAGE_NOT_FOUND", BAD)
        for field, more in TAKES_PACKAGE
    ),
    *(
        ("ann", field, {"identifier": FIRST | ref}, reason, BAD)
        for field in ("Query.version", "Mutation.disableVersion")
        for ref, reason in (
            (UNKNOWN_CATALOG, "CATALOG_NOT_FOUND"),
            (UNKNOWN_PACKAGE, "PACKAGE_NOT_FOUND"),
            ({"versionPatch": 9}, "VERSION_NOT_FOUND: 1.0.9"),
            (SNOW, "VERSION_NOT_FOUND: 1.0.0"),
        )
    ),
    ("nobody", "Query.user", {"username": "carl"}, "USER_NOT_FOUND: carl", BAD),
    # Names that somebody has.
    (
        "nobody",
        "Mutation.createMe",
        {"value": {**USER, "username": "ANN"}},
        "USERNAME_NOT_AVAILABLE",
        INVALID,
    ),
    (
        "nobody",
        "Mutation.createMe",
        {"value": {**USER, "username": "Weather"}},
        "USERNAME_NOT_AVAILABLE",
        INVALID,
    ),
    (
        "nobody",
        "Mutation.createMe",
        {"value": {**USER, "emailAddress": "Ann@Example.ORG"}},
        "EMAIL_ADDRESS_NOT_AVAILABLE",
        INVALID,
    ),
    (
        "nobody",
        "Mutation.createMe",
        {"value": {**USER, "username": "ann", "emailAddress": "ann@example.org"}},
        "EMAIL_ADDRESS_NOT_AVAILABLE",
        INVALID,
    ),
    *(
        (
            "bob",
            "Mutation.updateMe",
            {"value": {"username": name}},
            "USERNAME_NOT_AVAILABLE",
            INVALID,
        )
        for name in ("ann", "ANN", "weather")
    ),
    (
        "bob",
        "Mutation.updateMe",
        {"value": {"emailAddress": "ANN@example.org"}},
        "EMAIL_ADDRESS_NOT_AVAILABLE",
        INVALID,
    ),
    *(
        (
            "bob",
            "Mutation.createCatalog",
            {"value": {**NEW_CATALOG, "slug": slug}},
            f"CATALOG_SLUG_NOT_AVAILABLE: {slug}",
            INVALID,
        )
        for slug in ("weather", "WEATHER", "ann")
    ),
    (
        "ann",
        "Mutation.updateCatalog",
        {"identifier": WEATHER, "value": {"newSlug": "Climate"}},
        "CATALOG_SLUG_NOT_AVAILABLE: Climate",
        INVALID,
    ),
    (
        "ann",
        "Mutation.createPackage",
        {"value": {**NEW_PACKAGE, "packageSlug": "rain"}},
        "PACKAGE_SLUG_NOT_AVAILABLE: rain",
        INVALID,
    ),
    (
        "ann",
        "Mutation.updatePackage",
        {"identifier": RAIN, "value": {"newPackageSlug": "snow"}},
        "PACKAGE_SLUG_NOT_AVAILABLE: snow",
        INVALID,
    ),
    (
        "ann",
        "Mutation.updatePackage",
        {"identifier": RAIN, "value": {"newCatalogSlug": "climate"}},
        "PACKAGE_SLUG_NOT_AVAILABLE: rain",
        INVALID,
    ),
    # Names that litereg needs itself.
    *(
        ("nobody", "Mutation.createMe", {"value": {**USER, "username": name}}, reason, INVALID)
        for name, reason in (
            ("graphql", "RESERVED_KEYWORD: graphql"),
            ("Me", "RESERVED_KEYWORD: Me"),
        )
    ),
    (
        "bob",
        "Mutation.updateMe",
        {"value": {"username": "Docs"}},
        "RESERVED_KEYWORD: docs",
        INVALID,
    ),
    (
        "ann",
        "Mutation.createCatalog",
        {"value": {**NEW_CATALOG, "slug": "images"}},
        "RESERVED_KEYWORD: images",
        INVALID,
    ),
    (
        "ann",
        "Mutation.updateCatalog",
        {"identifier": WEATHER, "value": {"newSlug": "api"}},
        "RESERVED_KEYWORD: api",
        INVALID,
    ),
    # The catalog of a user is theirs as long as they are there.
    *(
        (
            "ann",
            "Mutation.updateCatalog",
            {"identifier": {"catalogSlug": "ann"}, "value": {"newSlug": slug}},
            "PERSONAL_CATALOG: it is renamed with its user, by updateMe",
            INVALID,
        )
        for slug in ("hers", "ANN")
    ),
    (
        "ann",
        "Mutation.disableCatalog",
        {"identifier": {"catalogSlug": "ann"}},
        "PERSONAL_CATALOG: it is disabled with its user, by disableMe",
        INVALID,
    ),
    # Keys.
    *(
        (
            "ann",
            "Mutation.createAPIKey",
            {"value": {"label": "other", "scopes": scopes}},
            "ALL_SCOPES_REQUIRED",
            INVALID,
        )
        for scopes in ([], ALL_SCOPES[:2])
    ),
    ("ann", "Mutation.createAPIKey", {"value": KEY}, "APIKEY_LABEL_NOT_AVIALABLE", INVALID),
    ("ann", "Mutation.deleteAPIKey", {"id": "none"}, "API_KEY_NOT_FOUND: none", BAD),
    # Passwords.
    *(
        (
            "nobody",
            field,
            {"username": name, "password": "not the one 1"},
            "WRONG_CREDENTIALS",
            "UNAUTHENTICATED",
        )
        for field in ("Query.login", "Mutation.login")
        for name in ("ann", "carl", "ann@example.org", "carl@example.org")
    ),
    (
        "ann",
        "Mutation.updateMyPassword",
        {"value": {"oldPassword": "not the one 1", "newPassword": "another one 1"}},
        "WRONG_CREDENTIALS",
        "UNAUTHENTICATED",
    ),
    # Texts that are too long.
    *(
        ("nobody", "Mutation.createMe", {"value": {**USER, name: "x" * (most + 1)}}, told, INVALID)
        for name, most, told in (
            ("firstName", 30, "TOO_LONG: firstName may have at most 30 characters"),
            ("lastName", 150, "TOO_LONG: lastName may have at most 150 characters"),
        )
    ),
    *(
        ("ann", "Mutation.updateMe", {"value": {name: "x" * (most + 1)}}, told, INVALID)
        for name, most, told in (
            ("firstName", 30, "TOO_LONG: firstName may have at most 30 characters"),
            ("lastName", 150, "TOO_LONG: lastName may have at most 150 characters"),
            ("gitHubHandle", 255, "TOO_LONG: gitHubHandle may have at most 255 characters"),
        )
    ),
    *(
        ("ann", field, args, f"TOO_LONG: {told} characters", INVALID)
        for field, args, told in (
            (
                "Mutation.createCatalog",
                {"value": {**NEW_CATALOG, "displayName": "x" * 65}},
                "displayName may have at most 64",
            ),
            (
                "Mutation.updateCatalog",
                {"identifier": WEATHER, "value": {"displayName": "x" * 65}},
                "displayName may have at most 64",
            ),
            (
                "Mutation.createPackage",
                {"value": {**NEW_PACKAGE, "displayName": "x" * 257}},
                "displayName may have at most 256",
            ),
            (
                "Mutation.updatePackage",
                {"identifier": RAIN, "value": {"displayName": "x" * 257}},
                "displayName may have at most 256",
            ),
            (
                "Mutation.createAPIKey",
                {"value": {"label": "x" * 101, "scopes": ALL_SCOPES}},
                "label may have at most 100",
            ),
        )
    ),
    # Pages that no list has.
    *(
        (
            "nobody",
            field,
            {**more, **page},
            "INVALID_PAGINATION: offset and limit cannot be negative",
            INVALID,
        )
        for field, more in (
            ("Query.latestPackages", {}),
            ("Query.searchPackages", {"query": "rain"}),
            ("Query.searchCatalogs", {"query": "rain"}),
        )
        for page in ({"offSet": -1, "limit": 1}, {"offSet": 0, "limit": -1})
    ),
    # A package file that is not there.
    (
        "ann",
        "Mutation.createVersion",
        {"identifier": RAIN, "value": {}},
        "INVALID_PACKAGE_FILE_SCHEMA: []",
        INVALID,
    ),
]
