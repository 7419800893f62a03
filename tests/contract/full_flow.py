"""One person's way through a registry over HTTP, with secrets that are easy to find again."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from urllib.parse import urlencode

import pyotp

from tests.client import ALL_SCOPES, package_file

CANARIES = {
    "the first password": "canary-first-7f3a9c",
    "the second password": "canary-second-58d1e0",
    "a wrong password": "canary-wrong-c40b72",
    "a password in the place of a name": "canary-typed-19ee5d",
    "a password in a document that is none": "canary-syntax-6a2b41",
    "a password in a variable of another type": "canary-type-d3f807",
    "a password in an address": "canary-address-e8c15b",
    "a wrong one-time code": "canary-code-2f90aa",
}
HOSTILE_URLS = ["http://192.0.2.1/canary", "https://example.org/data.csv", "file:///etc/passwd"]
LOGIN = "mutation ($n: String!, $p: String!) { login(username: $n, password: $p) }"


class Flow:
    """Goes that way.

    Attributes:
        secrets: what must be found nowhere, by name: the canaries, and the tokens that were given.
        answers: every answer but those that hand a secret over.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.secrets = dict(CANARIES)
        self.answers: list[str] = []

    def post(self, query, variables=None, headers=None, keep=True):
        """Send a document; *keep* its answer among those that may not tell anything."""
        body = json.dumps({"query": query, "variables": variables or {}}).encode()
        return self.send("/graphql", body, headers, keep)

    def send(self, path, body=None, headers=None, keep=True):
        headers = {"Content-Type": "application/json", **(headers or {})}
        request = urllib.request.Request(self.url + path, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                text = response.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                text = error.read().decode()
        if keep:
            self.answers.append(text)
        return json.loads(text) if text.startswith("{") else text

    def go(self):
        """Sign up, fail in every way, log in, make keys, publish, change the password, log out."""
        first, second = CANARIES["the first password"], CANARIES["the second password"]
        value = {"username": "ann", "emailAddress": "ann@example.org", "password": first}
        sign_up = "mutation ($v: CreateUserInput!) { createMe(value: $v) }"
        session = self.post(sign_up, {"v": value}, keep=False)["data"]["createMe"]
        self.fail(sign_up, value)
        login = self.post(LOGIN, {"n": "ann", "p": first}, keep=False)["data"]["login"]
        bearer = {"Authorization": f"Bearer {login}"}
        cookie = {"Cookie": f"litereg_session={session}", "Sec-Fetch-Site": "same-origin"}
        key = self.post(
            "mutation ($v: CreateAPIKeyInput!) { createAPIKey(value: $v) { id secret token } }",
            {"v": {"label": "laptop", "scopes": ALL_SCOPES}},
            bearer,
            keep=False,
        )["data"]["createAPIKey"]
        by_key = {"X-API-Key": key["token"]}
        self.secrets |= {"a session": session, "another session": login}
        self.secrets |= {"a key's secret": key["secret"], "a key's token": key["token"]}
        for headers in (bearer, cookie, by_key, {"Authorization": f"Bearer {key['token']}"}):
            self.post("{ me { username } myAPIKeys { id label } }", headers=headers)
        self.publish(by_key)
        change = "mutation ($v: UpdateMyPasswordInput!) { updateMyPassword(value: $v) }"
        wrong = {"oldPassword": CANARIES["a wrong password"], "newPassword": second}
        self.post(change, {"v": wrong}, bearer)
        self.post(change, {"v": {"oldPassword": first, "newPassword": second}}, bearer)
        self.secure(bearer, second)
        self.post("mutation { logout }", headers=bearer)
        self.post("{ me { username } }", headers=bearer)

    def secure(self, headers, password):
        """Set up a second factor, log in with it in every way, and fail to."""
        wrong = CANARIES["a wrong one-time code"]
        begin = "mutation ($p: String!) { beginSecondFactor(password: $p) { secret } }"
        begun = self.post(begin, {"p": password}, headers, keep=False)["data"]["beginSecondFactor"]
        confirm = """mutation ($c: String!) {
          confirmSecondFactor(oneTimeCode: $c) { recoveryCodes } }"""
        self.post(confirm, {"c": wrong}, headers)
        code = pyotp.TOTP(begun["secret"]).now()
        codes = self.post(confirm, {"c": code}, headers, keep=False)
        codes = codes["data"]["confirmSecondFactor"]["recoveryCodes"]
        refused = self.post(LOGIN, {"n": "ann", "p": password}, keep=False)
        ticket = refused["errors"][0]["extensions"]["ticket"]
        finish = "mutation ($t: String!, $c: String!) { finishLogin(ticket: $t, oneTimeCode: $c) }"
        self.post(finish, {"t": ticket, "c": wrong})
        self.post(finish, {"t": ticket + "x", "c": codes[0]})
        self.post(finish, {"t": [ticket], "c": codes[0]})
        session = self.post(finish, {"t": ticket, "c": codes[0]}, keep=False)["data"]["finishLogin"]
        self.post(finish, {"t": ticket, "c": codes[0]})
        self.secrets |= {"the secret of an app": begun["secret"], "a ticket": ticket}
        self.secrets |= {"a recovery code": codes[0], "another recovery code": codes[1]}
        self.secrets |= {"a session by two factors": session}

    def fail(self, sign_up, value):
        """Make every mistake that a password can be part of."""
        canary = CANARIES
        self.post(sign_up, {"v": value})
        self.post(sign_up, {"v": value | {"username": "Not A Name"}})
        self.post(LOGIN, {"n": "ann", "p": canary["a wrong password"]})
        self.post(LOGIN, {"n": canary["a password in the place of a name"], "p": "wrong horse 1"})
        in_list = {"p": [canary["a password in a variable of another type"]]}
        self.post(LOGIN, {"n": 7, **in_list})
        broken = canary["a password in a document that is none"]
        self.post(f'{{ login(password: "{broken}" }}')
        self.post(f'{{ login(username: 7, passwort: "{broken}") }}')
        text = f'{{ login(username: "ann", password: "{canary["a password in an address"]}") }}'
        self.send("/graphql?" + urlencode({"query": text}))
        # The form on this page holds what it was given.
        self.send("/log-in?token=" + canary["a password in an address"], keep=False)
        self.post("{ me { username } }", headers={"Authorization": "Bearer canary-nobody-55"})

    def publish(self, headers):
        """Publish a package that names addresses everywhere where one may stand."""
        slug = {"catalogSlug": "ann", "packageSlug": "rain"}
        self.post(
            "mutation ($v: CreatePackageInput!) { createPackage(value: $v) { displayName } }",
            {"v": slug | {"displayName": "Rain", "description": HOSTILE_URLS[0]}},
            headers,
        )
        url = {"url": HOSTILE_URLS[0]}
        schema = {
            "title": "rain.csv",
            "type": "object",
            "properties": {"mm": {"title": "mm", "type": "string"}},
            "source": {"protocol": "HTTP", "configuration": url},
        }
        for version, website in zip(("1.0.0", "1.0.1", "1.0.2"), HOSTILE_URLS, strict=True):
            readme = f"![a]({website}) <img src='{website}'>"
            more = {"website": website, "readmeMarkdown": readme, "schemas": [schema]}
            self.post(
                """mutation ($i: PackageIdentifierInput!, $v: CreateVersionInput!) {
                  createVersion(identifier: $i, value: $v) { author { username } } }""",
                {"i": slug, "v": {"packageFile": package_file(version, **more)}},
                headers,
            )
            profile = {"website": website, "description": readme}
            self.post(
                "mutation ($v: UpdateUserInput!) { updateMe(value: $v) { website } }",
                {"v": profile},
                headers,
            )
        self.send("/ann/rain", headers={"Accept": "text/html", **headers})
        picture = {"base64": f"data:image/svg+xml,<svg><image href='{HOSTILE_URLS[0]}'/></svg>"}
        self.post(
            "mutation ($i: Base64ImageUpload!) { setMyAvatarImage(image: $i) }",
            {"i": picture},
            headers,
        )
