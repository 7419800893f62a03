import io
import json
import logging

import pytest

from litereg.server import logs
from tests.server.conftest import TOKEN, running, settings_of
from tests.server.engines import Fixed

CANARY = "a-secret-nobody-may-see"


@pytest.fixture
def log():
    """Return a function that configures the log and returns what it is written to."""
    names = (logs.ROOT, *logs.OTHERS)
    before = [(name, logging.getLogger(name)) for name in names]
    state = [(lg.handlers[:], lg.propagate, lg.level) for _, lg in before]

    def configure(log_format):
        stream = io.StringIO()
        logs.configure(log_format, stream)
        return stream

    yield configure
    for (_, logger), (handlers, propagate, level) in zip(before, state, strict=True):
        logger.handlers[:] = handlers
        logger.propagate = propagate
        logger.setLevel(level)


@pytest.fixture
async def site():
    async with running(Fixed({"data": None}, "SetPassword"), settings_of()) as site:
        yield site


async def use(site):
    """Send a secret in every way there is, and the request of a health check."""
    headers = {"X-Request-Id": "id-1", "X-API-Key": CANARY, "Cookie": f"litereg_session={CANARY}"}
    variables = {"password": CANARY}
    body = {"query": f"# {CANARY}", "variables": variables}
    async with site.post(f"/graphql?key={CANARY}", json=body, headers=headers):
        pass
    async with site.get("/graphql", params={"query": CANARY}):
        pass
    async with site.get("/healthz"):
        pass
    async with site.get("/nothing%0Aat%20all"):
        pass


async def test_each_request_is_one_line_of_json(log, site):
    stream = log("json")

    await use(site)

    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    shown = [(line["method"], line["path"], line["status"], line["operation"]) for line in lines]
    assert shown == [
        ("POST", "/graphql", 200, "SetPassword"),
        ("GET", "/graphql", 200, "SetPassword"),
        ("GET", "/nothing%0Aat%20all", 404, None),
    ]
    assert lines[0]["id"] == "id-1"
    assert all(line["ms"] >= 0 and line["time"].endswith("Z") for line in lines)
    assert CANARY not in stream.getvalue()
    assert TOKEN not in stream.getvalue()


async def test_each_request_is_one_line_of_text(log, site):
    stream = log("text")

    await use(site)

    lines = stream.getvalue().splitlines()
    assert len(lines) == 3
    assert " INFO request id=id-1 method=POST path=/graphql status=200 ms=" in lines[0]
    assert lines[0].endswith(" operation=SetPassword")
    assert "operation" not in lines[2]
    assert CANARY not in stream.getvalue()


# All that Python's manual lets a formatter name, on every Python that litereg runs on.
OTHERS_FORMAT = (
    "%(asctime)s %(created)f %(filename)s %(funcName)s %(levelname)s %(levelno)d %(lineno)d"
    " %(message)s %(module)s %(msecs)03d %(name)s %(pathname)s %(process)d %(processName)s"
    " %(relativeCreated)d %(thread)d %(threadName)s"
)


def test_the_formatter_of_another_program_can_write_the_line_of_a_request(log):
    stream = log("text")
    (handler,) = logging.getLogger(logs.ROOT).handlers
    handler.setFormatter(logging.Formatter(OTHERS_FORMAT))

    logs.RequestLog(logging.getLogger(logs.REQUESTS), "").write("id-1", "GET", "/", 200, 0.1, None)

    assert " INFO 20 0 request " in stream.getvalue()
    assert " litereg.requests " in stream.getvalue()


async def test_a_batch_is_one_line(log, site):
    stream = log("json")

    async with site.post("/graphql", json=[{"query": "{a}"}] * 2):
        pass

    assert json.loads(stream.getvalue())["operation"] == "SetPassword,SetPassword"


async def test_what_is_no_http_is_a_line_too(log, site):
    stream = log("json")
    reader, writer = await site.connect()
    writer.write(b"NONSENSE\r\n\r\n")
    await reader.read()
    writer.close()

    assert json.loads(stream.getvalue())["status"] == 400


async def test_health_is_not_logged(log, site):
    stream = log("text")

    for path in ("/healthz", "/readyz", "/.well-known/apollo/server-health"):
        async with site.get(path) as response:
            assert response.status == 200
    assert stream.getvalue() == ""


async def test_a_log_that_nobody_reads_is_not_written(log, site):
    stream = log("text")
    logging.getLogger(logs.ROOT).setLevel(logging.ERROR)

    await use(site)

    assert stream.getvalue() == ""


FORGED = "a\r\n2026-01-01T00:00:00.000Z INFO forged\x1b[2J\u2028\x85\0"


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_no_text_of_others_begins_a_line(log, log_format):
    stream = log(log_format)

    logging.getLogger("litereg.some.place").warning("refused %s", FORGED)

    text = stream.getvalue()
    assert text.count("\n") == 1
    assert text.endswith("\n")
    assert not set("\r\x1b\0") & set(text)
    assert "\n2026" not in text


def log_a_defect(text):
    try:
        raise ValueError(text)
    except ValueError:
        logging.getLogger("litereg.some.place").exception("a defect")


def test_a_traceback_stays_apart_from_the_lines(log):
    stream = log("text")

    log_a_defect(FORGED)

    first, *rest = stream.getvalue().split("\n")[:-1]
    assert first.endswith("ERROR a defect")
    assert rest
    assert all(line.startswith("| ") for line in rest)


def test_a_traceback_is_part_of_the_object(log):
    stream = log("json")

    log_a_defect("a detail")

    line = json.loads(stream.getvalue())
    assert line["level"] == "ERROR"
    assert line["logger"] == "litereg.some.place"
    assert "ValueError: a detail" in line["traceback"]


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_half_of_a_surrogate_pair_can_be_logged(log, log_format):
    stream = log(log_format)

    logging.getLogger("litereg.some.place").warning("refused %s", "\ud800")

    assert stream.getvalue().encode("utf-8").count(b"\n") == 1


def test_the_log_goes_to_standard_error(log, capsys):
    log("text")
    logs.configure("text")
    logging.getLogger("litereg.some.place").info("here")

    assert "INFO here" in capsys.readouterr().err


def test_others_are_heard_when_they_warn(log):
    stream = log("text")

    logging.getLogger("asyncio").debug("nothing")
    logging.getLogger("asyncio").warning("something")

    assert [line.split(" ", 1)[1] for line in stream.getvalue().splitlines()] == [
        "WARNING something"
    ]
