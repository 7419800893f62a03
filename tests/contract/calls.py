"""How to call each field of the schema that takes arguments, on a shelf of `shelves.py`."""

from __future__ import annotations

import base64
import io
import time

from graphql import GraphQLList, get_named_type, is_required_argument
from PIL import Image

from litereg.registry.one_time_codes import code_at, step_at
from tests.client import ALL_SCOPES, PASSWORD, package_file

PAGE = {"offSet": 0, "offset": 0, "limit": 100}
LEFT = {"type": "npm", "name": "left"}
RIGHT = {"publicPackage": {"type": "npm", "name": "right"}, "version": "1.0.0"}
# What no token is. In a mutation it makes sure that nothing of it stays.
STOP = 'stop: verifyEmailAddress(token: "none")'


def picture():
    file = io.BytesIO()
    Image.new("RGB", (4, 2), "red").save(file, "PNG")
    return {"base64": base64.b64encode(file.getvalue()).decode()}


PICTURE = picture()
# One package, and one line that is none.
LISTED = {"name": "list", "base64": base64.b64encode(b"pkg:npm/listed@1\nnone\n").decode()}

# What the owner's app makes its codes of.
APP = bytes(range(20))


def code_of_now(secret):
    """Return the code that an app shows now."""
    return code_at(secret, step_at(time.time_ns() // 1_000_000))


# What is given for an argument, by its name, unless the shelf or the field says otherwise.
WORDS = {
    "username": "owner",
    "usernameOrEmailAddress": "package-viewer",
    "emailAddress": "owner@example.org",
    "password": PASSWORD,
    "isAdmin": True,
    "isManager": True,
    "status": "ACTIVE",
    "actions": {},
    "name": "left",
    "type": "npm",
    "image": PICTURE,
    "labels": [{"name": "new"}],
    "label": {"name": "new"},
    "publicPackageLabels": {
        "publicPackage": {"type": "npm", "name": "new"},
        "labelNames": ["checked"],
    },
    "publicPackageVersionLabels": {
        "publicPackageVersion": {**RIGHT, "version": "2.0.0"},
        "labelNames": ["checked"],
    },
    "publicPackageVersionsLabel": {
        "publicPackageVersions": [{**RIGHT, "version": "2.0.0"}],
        "labelName": "checked",
    },
}


def values(place, shelf, caller):
    """Return arguments of the field at *place*, `Type.field`, besides those every field knows."""
    match place:
        case "Query.user":
            # Nothing of the owner is public; everything of whoever is famous.
            return {"username": "famous" if shelf.is_public else "owner"}
        case "Query.login" | "Mutation.login":
            # The owner has a second factor, so that the password is not enough.
            alone = caller.name not in ("", "owner")
            return {"username": caller.name if alone else "stranger"}
        case "Mutation.finishLogin":
            return {"ticket": shelf.ticket}
        case "Mutation.beginSecondFactor":
            return {"password": PASSWORD, "oneTimeCode": code_of_now(APP)}
        case "Query.packageVersionsDiff":
            return {"oldVersion": shelf.version, "newVersion": {**shelf.version, "versionMinor": 1}}
        case "CustomCatalogLabelQueries.getLabel":
            return {"name": "checked"}
        case "CustomCatalogLabelQueries.log":
            return {"package": RIGHT["publicPackage"], "version": RIGHT["version"]}
        case "PublicPackageVersionQueries.getVersion":
            return {"name": "right", "version": "1.0.0"}
        case "CustomCatalogLabelMutations.updateCustomCatalogLabel":
            return {"label": {"name": "checked", "updatedName": "new"}}
        case "Mutation.importPublicPackages":
            return {"files": [LISTED], "label": "checked", "dryRun": True}
        case "Mutation.createMe":
            new = {"username": "newcomer", "emailAddress": "new@example.org", "password": PASSWORD}
            return {"value": new}
        case "Mutation.updateMe":
            return {"value": {"firstName": "New"}}
        case "Mutation.updateMyPassword":
            return {"value": {"oldPassword": PASSWORD, "newPassword": "another horse 8"}}
        case "Mutation.useLoginLink" | "Mutation.verifyEmailAddress":
            return {"token": place}
        case "Mutation.recoverMyPassword":
            return {"value": {"token": place, "newPassword": "another horse 8"}}
        case "Mutation.createAPIKey":
            return {"value": {"label": shelf.slug, "scopes": ALL_SCOPES}}
        case "Mutation.deleteAPIKey":
            return {"id": shelf.key_id}
        case "Mutation.endSession":
            return {"id": shelf.session_id}
        case "Mutation.createCatalog":
            return {"value": {"slug": "fresh", "displayName": "New", "isPublic": True}}
        case "Mutation.updateCatalog" | "Mutation.updatePackage":
            return {"value": {"displayName": "New"}}
        case "Mutation.updateCollection":
            return {"value": {"name": "New"}}
        case "Mutation.createPackage":
            return {"value": {**shelf.catalog, "packageSlug": "new", "displayName": "New"}}
        case "Mutation.movePackage":
            return {"catalogIdentifier": {"catalogSlug": caller.name or "stranger"}}
        case "Mutation.createVersion":
            return {"value": {"packageFile": package_file("2.0.0", properties=("city",))}}
        case "Mutation.createCollection":
            return {"value": {"collectionSlug": "new", "name": "New"}}
        case "Mutation.setPackagePermissions":
            return {"value": {"username": "stranger", "permissions": ["VIEW"]}}
        case "Mutation.setUserCatalogPermission":
            name = {"usernameOrEmailAddress": "stranger"}
            return {"value": [{**name, "permission": ["VIEW"], "packagePermissions": []}]}
        case "Mutation.setUserCollectionPermissions":
            return {"value": [{"usernameOrEmailAddress": "stranger", "permissions": ["VIEW"]}]}
        case "Mutation.removePackagePermissions":
            return {"username": "package-viewer"}
        case "Mutation.removeUserFromCatalog":
            return {"username": "catalog-viewer", **shelf.catalog}
        case "Mutation.setAsAdmin" | "Mutation.adminSetUserStatus" | "Mutation.adminDeleteUser":
            return {"usernameOrEmailAddress": "owner"}
    return {}


def arguments(schema, place, shelf, caller):
    """Return `name: (type, value)` for the field at *place*."""
    type_name, _, field_name = place.partition(".")
    named = {
        "CatalogIdentifierInput": shelf.catalog,
        "PackageIdentifierInput": shelf.package,
        "VersionIdentifierInput": shelf.version,
        "CollectionIdentifierInput": shelf.collection,
    }
    searched = dict.fromkeys(("query", "startsWith", "value"), shelf.word)
    given = (searched if type_name == "Query" else {}) | values(place, shelf, caller)
    found = {}
    for name, argument in schema.get_type(type_name).fields[field_name].args.items():
        if not is_required_argument(argument) and name not in given:
            continue
        if name == "oneTimeCode":
            given.setdefault(name, code_of_now(APP))
        for known in (given, PAGE, WORDS):
            if name in known:
                value = known[name]
                break
        else:
            value = named.get(get_named_type(argument.type).name, shelf.slug)
        many = isinstance(getattr(argument.type, "of_type", argument.type), GraphQLList)
        if many and not isinstance(value, list):
            value = [value]
        found[name] = (str(argument.type), value)
    return found


def field_type(schema, type_name, field_name):
    """Return the name of what a field gives."""
    return get_named_type(schema.get_type(type_name).fields[field_name].type).name


def write(schema, path, selection, shelf, caller):
    """Return a document that goes along *path*, `query catalog packages` say, and its variables."""
    kind, *fields = path.split()
    type_name = kind.capitalize()
    declared, variables, opened = [], {}, []
    for number, name in enumerate(fields):
        passed = []
        for argument, (type_, value) in arguments(
            schema, f"{type_name}.{name}", shelf, caller
        ).items():
            variable = f"{argument}{number}"
            declared.append(f"${variable}: {type_}")
            variables[variable] = value
            passed.append(f"{argument}: ${variable}")
        opened.append(f"{name}({', '.join(passed)})" if passed else name)
        type_name = field_type(schema, type_name, name)
    body = f" {{ {selection} }}" if selection else ""
    for field in reversed(opened):
        body = f" {{ it: {field}{body} }}" if field is opened[0] else f" {{ {field}{body} }}"
    head = f"{kind}({', '.join(declared)})" if declared else kind
    return head + body, variables
