"""What pages say of a file that the registry's scanner did not let pass."""

import io
from dataclasses import replace

import pytest
from PIL import Image

from tests.web.shelf import full_file, shelve

REFUSED = "The registry&#39;s scanner found something in that file. It was not taken."
FAILED = "The file could not be scanned, and was not taken. Try again later."


@pytest.fixture
def scan(tmp_path):
    """A program that lets everything pass, until the file beside it holds another exit status."""
    path = tmp_path / "scan"
    path.write_text('#!/bin/sh\ncat > /dev/null\n[ ! -e "$0.status" ] || exit $(cat "$0.status")\n')
    path.chmod(0o755)
    return path


@pytest.fixture
def settings(settings, scan):
    return replace(settings, scan_command=str(scan))


def png():
    file = io.BytesIO()
    Image.new("RGB", (4, 2), "red").save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("exit_status", "status", "sentence"), [(1, 400, REFUSED), (2, 503, FAILED)]
)
async def test_the_form_says_it_beside_what_was_chosen(
    site, people, scan, exit_status, status, sentence
):
    ann = await people("ann")
    await shelve(ann)
    await site.log_in("ann")
    scan.with_name("scan.status").write_text(str(exit_status))
    file = ("rain.json", full_file(version="2.0.0", description="Rain by town."))

    answers = [
        await site.post_files("/new/package", [("file", file), ("catalogSlug", "ann")]),
        await site.post_files("/package/weather/rain/publish", [("file", file)]),
        await site.post_files("/me/profile/avatar", [("image", ("a.png", png()))]),
        await site.post_files("/package/weather/rain/cover", [("image", ("a.png", png()))]),
    ]

    assert [answer.status for answer in answers] == [status] * 4
    assert all(sentence in answer.page for answer in answers)
    assert (await site.get("/ann/rain")).status == 404
    assert (await site.get("/weather/rain/2.0.0")).status == 404
    assert (await site.get("/images/user/ann/avatar")).status == 404


async def test_what_is_harmless_is_published_as_ever(site, people):
    await people("ann")
    await site.log_in("ann")

    file = ("rain.json", full_file())
    sent = await site.post_files("/new/package", [("file", file), ("catalogSlug", "ann")])

    assert sent.headers["Location"] == "/ann/rain?notice=published"
