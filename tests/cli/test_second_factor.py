"""A second factor over restarts of the server, which forget what was half done and nothing else."""

import json
import urllib.request

import pyotp

from tests.cli.processes import serving
from tests.client import PASSWORD

SIGN_UP = "mutation ($v: CreateUserInput!) { createMe(value: $v) }"
LOGIN = 'mutation ($p: String!) { login(username: "ann", password: $p) }'
BEGIN = "mutation ($p: String!) { beginSecondFactor(password: $p) { secret } }"
CONFIRM = "mutation ($c: String!) { confirmSecondFactor(oneTimeCode: $c) { recoveryCodes } }"
FINISH = "mutation ($t: String!, $c: String!) { finishLogin(ticket: $t, oneTimeCode: $c) }"
ANN = {"username": "ann", "emailAddress": "ann@example.org", "password": PASSWORD}


def send(running, query, token=None, **variables):
    body = json.dumps({"query": query, "variables": variables}).encode()
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(running.url + "/graphql", body, headers)
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)


def ticket_of(answer):
    return answer["errors"][0]["extensions"]["ticket"]


def test_a_ticket_ends_with_the_server_and_the_second_factor_stays(tmp_path):
    with serving("serve", "--port", "0", cwd=tmp_path, more=5) as running:
        ann = send(running, SIGN_UP, v=ANN)["data"]["createMe"]
        secret = send(running, BEGIN, ann, p=PASSWORD)["data"]["beginSecondFactor"]["secret"]
        confirmed = send(running, CONFIRM, ann, c=pyotp.TOTP(secret).now())
        codes = confirmed["data"]["confirmSecondFactor"]["recoveryCodes"]
        ticket = ticket_of(send(running, LOGIN, p=PASSWORD))
        running.stop()

    with serving("serve", "--port", "0", cwd=tmp_path) as running:
        refused = send(running, FINISH, t=ticket, c=codes[0])
        new_ticket = ticket_of(send(running, LOGIN, p=PASSWORD))
        done = send(running, FINISH, t=new_ticket, c=codes[0])
        running.stop()

    assert refused["errors"][0]["message"] == "TOKEN_NOT_VALID"
    assert done["data"]["finishLogin"]
