"""What people read where programs get a constant: refusals, and notes on what was done."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from litereg.settings import COMPATIBLE, STRICT

# Behind the sentence of an error that names a value, or all there is.
REASON: Final = re.compile(r"\b[A-Z]+(?:_[A-Z]+)+\b|^[A-Z]{6,}$")
# Where the sentence of a value that cannot be read says which value: at "value.username".
VALUE: Final = re.compile(r' at "(?:\w+\.)*(\w+)"; (\w+)$')

PASSWORD_RULES: Final = {
    COMPATIBLE: (
        "8 to 99 characters. If it has fewer than 16, there must be a digit or one of "
        "@ # $ % ! among them."
    ),
    STRICT: "8 characters or more, whichever you like; several words are best.",
}
# The longest that a page takes.
PASSWORD_LENGTHS: Final = {COMPATIBLE: 99, STRICT: 1024}
SIGNS_RULE: Final = "Below 16 characters, a password needs a digit or one of @ # $ % !"

SENTENCES: Final = {
    "NOT_AUTHENTICATED": "Log in first.",
    "NOT_AUTHORIZED": "Your account may not do this. Ask somebody who manages it.",
    "USER_NOT_FOUND": "There is no user of that name.",
    "CATALOG_NOT_FOUND": "There is no catalog of that name.",
    "PACKAGE_NOT_FOUND": "There is no package of that name.",
    "VERSION_NOT_FOUND": "The package has no such version.",
    "COLLECTION_NOT_FOUND": "There is no collection of that name.",
    "API_KEY_NOT_FOUND": "There is no such key any more.",
    "SESSION_NOT_FOUND": "That session has ended already.",
    "WRONG_CREDENTIALS": "That user name and password do not go together.",
    "EMAIL_ADDRESS_NOT_VERIFIED": "Open the link in the letter that was sent to you first.",
    "ACCOUNT_SUSPENDED": "This account is suspended. Ask an administrator.",
    "SIGN_UP_DISABLED": "This registry takes no new accounts. Ask an administrator for one.",
    "EMAIL_ADDRESS_NOT_AVAILABLE": "Another account has that e-mail address.",
    "USERNAME_NOT_AVAILABLE": "That name is taken.",
    "USERNAME_REQUIRED": "Choose a user name.",
    "USERNAME_TOO_LONG": "A user name has at most 38 characters.",
    "INVALID_CHARACTERS": "There is a character in it that cannot be used there.",
    "RESERVED_KEYWORD": "The registry needs that name for itself. Choose another.",
    "PASSWORD_REQUIRED": "A password is needed.",
    "PASSWORD_TOO_SHORT": "A password has at least 8 characters.",
    "PASSWORD_TOO_LONG": "That password is longer than any may be.",
    "PASSWORD_TOO_COMMON": "That password is among those that are tried first. Choose another.",
    "PASSWORD_HAS_NAME": "There is a name in it that goes with your account or this registry.",
    "REQUIRED": "Fill it in.",
    "TOO_LONG": "That is too long.",
    "INVALID_FORMAT": "That is no e-mail address.",
    "TOKEN_NOT_VALID": "This link has been used, is too old, or was never valid.",
    "TOKEN_IS_TOO_OLD": "This link is too old.",
    "TOKEN_NO_LONGER_VALID": "This link has been used, or is too old.",
    "APIKEY_LABEL_NOT_AVIALABLE": "You have a key of that name already.",
    "CATALOG_SLUG_REQUIRED": "Choose a name for the address.",
    "CATALOG_SLUG_TOO_LONG": "The name in the address has at most 38 characters.",
    "CATALOG_SLUG_INVALID": "The name in the address takes letters, digits and single hyphens.",
    "CATALOG_SLUG_NOT_AVAILABLE": "Another catalog has that name.",
    "PACKAGE_SLUG_REQUIRED": "Choose a name for the address.",
    "PACKAGE_SLUG_TOO_LONG": "The name in the address has at most 100 characters.",
    "PACKAGE_SLUG_INVALID": (
        "The name in the address takes lower-case letters and digits, and hyphens, dots or "
        "underscores between them."
    ),
    "PACKAGE_SLUG_NOT_AVAILABLE": "Another package of the catalog has that name.",
    "PACKAGE_IDENTIFIER_NOT_AVAILABLE": "A package of that name is there already.",
    "MOVE_TO_SAME_CATALOG_NOT_ALLOWED": "The package is in that catalog already.",
    "COLLECTION_SLUG_REQUIRED": "Choose a name for the address.",
    "COLLECTION_SLUG_TOO_LONG": "The name in the address has at most 39 characters.",
    "COLLECTION_SLUG_INVALID": "The name in the address takes letters, digits and single hyphens.",
    "COLLECTION_SLUG_NOT_AVAILABLE": "Another collection has that name.",
    "LAST_ADMINISTRATOR": (
        "The registry needs an administrator: make another user one first, under Administration."
    ),
    "LAST_MANAGER": "Somebody has to manage it: give that to another user first.",
    "PERSONAL_CATALOG": "Everybody has a catalog of their own name; it goes with the account.",
    "INVALID_PAGINATION": "There is no such page.",
    "IMAGE_NOT_INITIALIZED": "Choose a picture first.",
    "IMAGE_FORMAT_NOT_SUPPORTED": "A picture has to be a PNG, JPEG or BMP file.",
    "IMAGE_TOO_LARGE": "A picture has at most 10 MB, and 4,096 pixels on a side.",
    "FILE_REFUSED": "The registry's scanner found something in that file. It was not taken.",
    "SCAN_FAILED": "The file could not be scanned, and was not taken. Try again later.",
    "MESSAGE_TOO_LONG": "The message has at most 250 characters.",
    "MESSAGE_CANNOT_CONTAIN_EMAIL_ADDRESS": "Leave e-mail addresses out of the message.",
    "MESSAGE_CANNOT_CONTAIN_URL": "Leave links out of the message.",
    "MESSAGE_CANNOT_CONTAIN_HTML_TAGS": "Leave tags out of the message.",
    "NOT_ON_ONESELF": "That cannot be done to one's own account.",
    "PASSWORD_OR_TICKET_REQUIRED": "Type your password.",
    "ONE_TIME_CODE_REQUIRED": "Type a code of your app as well.",
    "WRONG_ONE_TIME_CODE": "That code is not right, or has been used.",
    "SECOND_FACTOR_REQUIRED": "This registry asks everybody for a second factor.",
    "SECOND_FACTOR_IS_ON": "A second factor is set up by now. Log in with it.",
    "SECOND_FACTOR_IS_OFF": "There is no second factor any more.",
    "SECOND_FACTOR_NOT_BEGUN": "That took too long. Begin again.",
    "TOO_MANY_LARGE_REQUESTS": "Too many large files come at this moment. Try again.",
    "TOO_MANY_SCANS": "Too many files wait to be scanned at this moment. Try again.",
    "TOO_MANY_PASSWORDS": "Too many people log in at this moment. Try again.",
    "TOO_MANY_TRIES": "Too many tries. Wait a few minutes, then try again.",
    "STATUS_NOT_POSSIBLE": "An account can be active or suspended, nothing else.",
    "STORAGE_FULL": "The registry's disk is full. Nothing was changed.",
}

# What the sentence is where the field is known, too.
FIELD_SENTENCES: Final = {
    ("username", "INVALID_CHARACTERS"): (
        "A user name takes letters, digits, and single hyphens between them."
    ),
    ("password", "INVALID_CHARACTERS"): SIGNS_RULE,
    ("newPassword", "INVALID_CHARACTERS"): SIGNS_RULE,
    ("oldPassword", "WRONG_CREDENTIALS"): "That is not your password.",
    ("password", "WRONG_CREDENTIALS"): "That is not your password.",
    ("ticket", "TOKEN_NOT_VALID"): "That took too long. Log in again.",
}

# The field that a reason is about, where the refusal itself does not say so.
FIELDS: Final = {
    "USERNAME_NOT_AVAILABLE": "username",
    "EMAIL_ADDRESS_NOT_AVAILABLE": "emailAddress",
    "APIKEY_LABEL_NOT_AVIALABLE": "label",
    "FILE_REFUSED": "file",
    "SCAN_FAILED": "file",
    "WRONG_ONE_TIME_CODE": "oneTimeCode",
    "ONE_TIME_CODE_REQUIRED": "oneTimeCode",
}
# The same, where it depends on what was asked for.
FIELDS_OF: Final = {
    ("createMe", "RESERVED_KEYWORD"): "username",
    ("updateMe", "RESERVED_KEYWORD"): "username",
    ("createCatalog", "RESERVED_KEYWORD"): "slug",
    ("createPackage", "PACKAGE_SLUG_NOT_AVAILABLE"): "packageSlug",
    ("updatePackage", "PACKAGE_SLUG_NOT_AVAILABLE"): "newPackageSlug",
    ("createCollection", "COLLECTION_SLUG_NOT_AVAILABLE"): "collectionSlug",
    ("updateCollection", "COLLECTION_SLUG_NOT_AVAILABLE"): "newCollectionSlug",
    ("updateCatalog", "RESERVED_KEYWORD"): "newSlug",
    ("createCatalog", "CATALOG_SLUG_NOT_AVAILABLE"): "slug",
    ("updateCatalog", "CATALOG_SLUG_NOT_AVAILABLE"): "newSlug",
    ("updateMyPassword", "WRONG_CREDENTIALS"): "oldPassword",
    ("updateMyPassword", "PASSWORD_TOO_COMMON"): "newPassword",
    ("updateMyPassword", "PASSWORD_HAS_NAME"): "newPassword",
    ("createMe", "PASSWORD_TOO_COMMON"): "password",
    ("createMe", "PASSWORD_HAS_NAME"): "password",
    ("endSession", "WRONG_CREDENTIALS"): "password",
    ("verifyEmailAddress", "WRONG_CREDENTIALS"): "password",
    ("endOtherSessions", "WRONG_CREDENTIALS"): "password",
    ("beginSecondFactor", "WRONG_CREDENTIALS"): "password",
    ("endSecondFactor", "WRONG_CREDENTIALS"): "password",
    ("newRecoveryCodes", "WRONG_CREDENTIALS"): "password",
    ("finishLogin", "TOKEN_NOT_VALID"): "ticket",
    ("beginSecondFactor", "TOKEN_NOT_VALID"): "ticket",
    ("confirmSecondFactor", "TOKEN_NOT_VALID"): "ticket",
}

# What was done, by the word that stands in the address of the next page.
NOTICES: Final = {
    "logged-in": "You are logged in.",
    "logged-out": "You are logged out.",
    "signed-up": "Welcome. Your account is ready.",
    "signed-up-to-log-in": "Your account is ready. Log in, and set up its second factor.",
    "second-factor-off": "The second factor is off. All other sessions have ended.",
    "verified": "The address is verified. You can log in now.",
    "password-set": "The new password is set. You can log in now.",
    "saved": "Saved.",
    "address-asked-for": (
        "Saved. The new e-mail address counts once you open the link in the letter sent to it."
    ),
    "published": "Published.",
    "created": "Created.",
    "deleted": "Deleted.",
    "disabled": "It is gone; its name is free again.",
    "version-disabled": "The version is gone; its number stays taken.",
    "added": "Added.",
    "removed": "Removed.",
    "moved": "Moved.",
    "opened": "It is public now.",
    "closed": "It is private now.",
    "password-changed": "Your password is changed. All other sessions have ended.",
    "session-ended": "The session has ended.",
    "sessions-ended": "All other sessions have ended.",
    "account-closed": "Your account is closed.",
}

# What a page answers for a refusal; whatever is not here is 400.
STATUSES: Final = {
    "UNAUTHENTICATED": 403,
    "FORBIDDEN": 403,
    "LIMIT_EXCEEDED": 429,
    "UNAVAILABLE": 503,
}


def sentence(error: Mapping[str, Any]) -> str:
    """Return *error*, as it goes to the wire, in words for people."""
    message = str(error["message"])
    reason = reason_of(error)
    at_field = FIELD_SENTENCES.get((field_of(error), reason))
    return at_field or SENTENCES.get(reason, message.removeprefix(f"{reason}: "))


def by_field(errors: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return *errors* in words for people, by the field of a form that each is about.

    What is about none of them is under "".
    """
    return {field_of(error): sentence(error) for error in reversed(errors)}


def field_of(error: Mapping[str, Any]) -> str:
    """Return which field of an input *error* is about; empty when it does not tell."""
    message = str(error["message"])
    value = VALUE.search(message)
    if value:
        return value[1]
    reason, _, detail = message.partition(": ")
    if reason == "TOO_LONG":
        # "TOO_LONG: firstName may have at most 30 characters"
        return detail.partition(" ")[0]
    asked = str((error.get("path") or [""])[0])
    return FIELDS_OF.get((asked, reason)) or FIELDS.get(reason, "")


def reason_of(error: Mapping[str, Any]) -> str:
    """Return the constant that clients know *error* by; empty for one that is a sentence."""
    message = str(error["message"])
    if message.split(":")[0] in SENTENCES:
        return message.split(":")[0]
    value = VALUE.search(message)
    if value:
        return value[2]
    # Of a value that cannot be read, the reason stands at the end of the sentence.
    found = REASON.findall(message)
    code = str(error.get("extensions", {}).get("code", ""))
    return found[-1] if found else code if code in SENTENCES else ""


def status_of(error: Mapping[str, Any]) -> int:
    """Return the HTTP status of a page in the place of what *error* refused."""
    if reason_of(error).endswith("_NOT_FOUND"):
        return 404
    return STATUSES.get(str(error.get("extensions", {}).get("code", "")), 400)
