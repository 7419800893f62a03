"""Refusals in words for people."""

import re
from pathlib import Path

import litereg
from litereg.web.wording import SENTENCES, reason_of, sentence, status_of

RAISED = re.compile(
    r"(?:NotFound|NotAuthorized|NotAuthenticated|InvalidInput|Conflict|not_found)\(\s*\"([A-Z_]+)\""
)
# Those of the command line alone, and one whose detail says more than any sentence of ours could.
NOT_HERE = {"ALL_SCOPES_REQUIRED", "INVALID_DATA", "INVALID_PACKAGE_FILE_SCHEMA"}


def refusal(message, code="BAD_USER_INPUT"):
    return {"message": message, "extensions": {"code": code}}


def test_every_reason_of_the_registry_has_a_sentence():
    folder = Path(litereg.__file__).parent / "registry"
    texts = (file.read_text("utf-8") for file in folder.rglob("*.py"))
    reasons = {reason for text in texts for reason in RAISED.findall(text)}

    assert "CATALOG_NOT_FOUND" in reasons
    assert reasons - NOT_HERE - set(SENTENCES) == set()


def test_a_reason_is_found_alone_with_a_detail_and_at_the_end_of_a_sentence():
    alone = refusal("CATALOG_NOT_FOUND")
    detailed = refusal("USERNAME_NOT_AVAILABLE: ann")
    value = refusal('Variable "$value" got invalid value at "value.password"; PASSWORD_TOO_SHORT')

    assert reason_of(alone) == "CATALOG_NOT_FOUND"
    assert sentence(detailed) == "That name is taken."
    assert sentence(value) == "A password has at least 8 characters."


def test_a_refusal_that_is_a_sentence_already_stays_as_it_is():
    text = "ann/rain has current version 1.0.0, and this new version has breaking changes"

    assert sentence(refusal(text, "HIGHER_VERSION_REQUIRED")) == text


def test_the_status_of_a_page_tells_absent_from_forbidden():
    assert status_of(refusal("PACKAGE_NOT_FOUND")) == 404
    assert status_of(refusal("NOT_AUTHORIZED", "FORBIDDEN")) == 403
    assert status_of(refusal("NOT_AUTHENTICATED", "UNAUTHENTICATED")) == 403
    assert status_of(refusal("SCAN_FAILED", "UNAVAILABLE")) == 503
    assert status_of(refusal("PASSWORD_TOO_SHORT")) == 400
