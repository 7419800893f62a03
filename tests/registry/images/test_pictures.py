"""What becomes of an uploaded image; the files are made here, bytes and all."""

import base64
import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from litereg.registry.images import pictures
from litereg.registry.images.inputs import Upload
from litereg.registry.images.pictures import ImageRefused, check_upload, make_picture
from litereg.store import content

COVER = (1000, 500)
SECRET = b"taken at home"


def encoded(image, format_, **options):
    file = io.BytesIO()
    image.save(file, format_, **options)
    return file.getvalue()


def text_of(body):
    return base64.b64encode(body).decode()


def made(body, size=COVER):
    picture = make_picture(text_of(body), *size)
    assert not isinstance(picture, ImageRefused), picture
    return picture


def opened(picture):
    return Image.open(io.BytesIO(picture.body))


def refused(text):
    refusal = make_picture(text, *COVER)
    assert isinstance(refusal, ImageRefused)
    return refusal.message


def png_chunk(kind, data):
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)


def png_of(width, height, data=b""):
    """Return a PNG whose header promises that many pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(data)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(kind, body) for kind, body in chunks)


def halves(size=(40, 20), mode="RGB"):
    """Return an image that is red on the left and blue on the right."""
    image = Image.new(mode, size, "red")
    image.paste(Image.new(mode, (size[0] // 2, size[1]), "blue"), (size[0] // 2, 0))
    return image


def is_near(pixel, colour):
    return all(abs(a - b) < 40 for a, b in zip(pixel, colour, strict=True))


RED, BLUE = (255, 0, 0), (0, 0, 255)


@pytest.mark.parametrize(
    ("format_", "media_type"),
    [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("BMP", "image/jpeg")],
)
@pytest.mark.parametrize("size", [COVER, (500, 500)])
@pytest.mark.parametrize("source", [(3, 2), (2000, 300), (300, 2000), (1, 1), (1000, 500)])
def test_any_size_becomes_the_one_that_is_wanted(format_, media_type, size, source):
    picture = made(
        encoded(halves(source) if source[0] > 1 else Image.new("RGB", source), format_), size
    )

    assert picture.media_type == media_type
    assert opened(picture).size == size
    assert Image.MIME[opened(picture).format] == media_type
    assert picture.sha256 == content.digest(picture.body)


def test_the_sides_are_cut_alike():
    image = Image.new("RGB", (4000, 500), "red")
    image.paste(Image.new("RGB", (1000, 500), "blue"), (1500, 0))

    middle = opened(made(encoded(image, "PNG")))

    assert middle.getcolors() == [(500_000, BLUE)]


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA"])
def test_every_kind_of_png_is_read(mode):
    picture = opened(made(encoded(halves().convert(mode), "PNG")))

    assert picture.mode in ("RGB", "RGBA")
    assert picture.size == COVER


def test_sixteen_bits_of_grey_stay_grey():
    image = Image.new("I;16", (10, 5), 0x8000)

    assert opened(made(encoded(image, "PNG"))).getpixel((5, 2)) == (128, 128, 128)


def test_what_is_transparent_in_a_png_stays_so():
    clear = encoded(Image.new("RGBA", (4, 2), (255, 0, 0, 0)), "PNG")
    keyed = encoded(Image.new("P", (4, 2), 0), "PNG", transparency=0)

    assert opened(made(clear)).getpixel((0, 0))[3] == 0
    assert opened(made(keyed)).getpixel((0, 0))[3] == 0


def test_a_jpeg_of_four_inks_is_read():
    picture = opened(made(encoded(Image.new("CMYK", (4, 2), (0, 255, 255, 0)), "JPEG")))

    assert picture.mode == "RGB"
    assert is_near(picture.getpixel((1, 1)), RED)


@pytest.mark.parametrize(
    ("orientation", "corner"),
    [(1, RED), (2, BLUE), (3, BLUE), (4, RED), (5, RED), (6, RED), (7, BLUE), (8, BLUE)],
)
def test_a_picture_stands_upright_as_its_camera_said(orientation, corner):
    """Red is on the left in the file: then at the top where the camera was turned."""
    exif = Image.Exif()
    exif[pictures.ORIENTATION_TAG] = orientation
    turned = orientation >= pictures.FIRST_ON_ITS_SIDE

    picture = opened(made(encoded(halves((400, 200)), "JPEG", exif=exif), (500, 500)))

    assert is_near(picture.getpixel((250, 10) if turned else (10, 250)), corner)
    assert picture.getexif().get(pictures.ORIENTATION_TAG) is None


@pytest.mark.parametrize("format_", ["PNG", "JPEG"])
def test_nothing_is_kept_but_what_is_seen(format_):
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", SECRET.decode())
    own = {"PNG": {"pnginfo": notes}, "JPEG": {"comment": SECRET}}[format_]
    body = encoded(halves(), format_, exif=exif, icc_profile=SECRET, **own) + SECRET
    assert body.count(SECRET) >= 3

    picture = made(body)

    assert SECRET not in picture.body
    assert not {"exif", "icc_profile", "comment", "Comment"} & set(opened(picture).info)


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "BMP"])
def test_a_second_file_behind_an_image_is_not_handed_out(format_):
    script = b"<script>alert(1)</script>"
    archive = b"PK\x03\x04" + script

    picture = made(encoded(halves(), format_) + archive)

    assert script not in picture.body
    assert b"PK\x03\x04" not in picture.body


@pytest.mark.parametrize(
    "start",
    [
        "data:image/png;base64,",
        "data:image/jpeg;base64,",
        "data:IMAGE/JPG;base64,",
        "data:image/bmp;charset=utf-8;base64,",
    ],
)
def test_a_data_url_is_allowed_and_its_type_is_not_believed(start):
    text = start + text_of(encoded(halves(), "PNG"))

    check_upload(Upload(base64=text))
    assert make_picture(text, *COVER).media_type == "image/png"


def test_base64_may_be_in_lines():
    text = base64.encodebytes(encoded(halves(), "PNG")).decode().replace("\n", "\r\n")

    assert make_picture(text, *COVER).media_type == "image/png"


@pytest.mark.parametrize("text", ["", "data:image/png;base64,"])
def test_nothing_is_no_image(text):
    with pytest.raises(ImageRefused) as refusal:
        check_upload(Upload(base64=text))

    assert refusal.value.message == "IMAGE_NOT_INITIALIZED"


@pytest.mark.parametrize(
    "media_type", ["image/svg+xml", "image/gif", "image/webp", "text/html", ""]
)
def test_other_types_are_refused_by_their_name(media_type):
    with pytest.raises(ImageRefused, match="IMAGE_FORMAT_NOT_SUPPORTED"):
        check_upload(Upload(base64=f"data:{media_type};base64,AAAA"))


def test_the_largest_file_is_ten_million_bytes():
    check_upload(Upload(base64=text_of(bytes(pictures.MAX_BYTES))))
    check_upload(Upload(base64="data:image/png;base64," + text_of(bytes(pictures.MAX_BYTES))))

    with pytest.raises(ImageRefused, match="IMAGE_TOO_LARGE: at most 10000000 bytes"):
        check_upload(Upload(base64=text_of(bytes(pictures.MAX_BYTES + 1))))


@pytest.mark.parametrize(
    "body",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"<!doctype html><script>alert(1)</script>",
        b"GIF89a" + bytes(100),
        b"RIFF\x00\x00\x00\x00WEBP" + bytes(100),
        b"%PDF-1.7",
        b"II*\x00" + bytes(100),
        b"8BPS" + bytes(100),
        b"\x00" * 100,
        b"x",
    ],
)
def test_other_formats_are_refused_by_what_is_in_them(body):
    assert refused(text_of(body)).startswith("IMAGE_FORMAT_NOT_SUPPORTED")
    assert refused("data:image/png;base64," + text_of(body)).startswith(
        "IMAGE_FORMAT_NOT_SUPPORTED"
    )


@pytest.mark.parametrize("text", ["iVBORw0KGgo*", "iVBO!Rw0KGgo=", "é" * 8, "iVBOR", "\ud800AAA"])
def test_what_is_not_base64_is_refused(text):
    assert refused(text) == "IMAGE_FORMAT_NOT_SUPPORTED: what was sent is not base64"


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "BMP"])
@pytest.mark.parametrize("keep", [0.1, 0.5, 0.95])
def test_half_a_file_is_refused(format_, keep):
    body = encoded(Image.effect_noise((64, 32), 50).convert("RGB"), format_)

    assert refused(text_of(body[: int(len(body) * keep)])).startswith("IMAGE_FORMAT_NOT_SUPPORTED")


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "BMP"])
def test_a_damaged_file_is_refused_or_harmless(format_):
    body = bytearray(encoded(Image.effect_noise((64, 32), 50).convert("RGB"), format_))

    for place in range(0, len(body), max(1, len(body) // 150)):
        damaged = bytes(body[:place]) + bytes([body[place] ^ 0xFF]) + bytes(body[place + 1 :])
        result = make_picture(text_of(damaged), 10, 5)
        if isinstance(result, ImageRefused):
            assert result.reason.startswith("IMAGE_")
        else:
            assert opened(result).size == (10, 5)


@pytest.mark.parametrize("size", [(50_000, 50_000), (4097, 1), (1, 4097), (2**31 - 1, 2**31 - 1)])
def test_a_huge_image_in_a_small_file_is_refused_by_its_header(size):
    body = png_of(*size)
    assert len(body) < 100

    assert refused(text_of(body)) == (
        f"IMAGE_TOO_LARGE: {size[0]} by {size[1]} pixels; at most 4096 a side are allowed"
    )


@pytest.mark.parametrize("format_", ["JPEG", "BMP"])
def test_headers_of_other_formats_can_promise_too_much_as_well(format_):
    body = bytearray(encoded(Image.new("RGB", (16, 16)), format_))
    if format_ == "JPEG":
        place = body.index(b"\xff\xc0") + 5
        body[place : place + 4] = struct.pack(">HH", 50_000, 50_000)
    else:
        body[18:26] = struct.pack("<ii", 50_000, 50_000)

    assert refused(text_of(bytes(body))).startswith("IMAGE_TOO_LARGE: 50000 by 50000")


def test_the_largest_side_is_taken():
    assert opened(made(encoded(Image.new("L", (4096, 16)), "PNG"))).size == COVER


def test_a_png_that_unpacks_to_more_than_it_promises_is_cut_off():
    bomb = png_of(8, 8, bytes(30_000_000))
    assert len(bomb) < 50_000

    picture = make_picture(text_of(bomb), *COVER)

    assert isinstance(picture, ImageRefused) or opened(picture).size == COVER


def test_a_note_that_unpacks_to_very_much_is_refused():
    note = png_chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(bytes(100_000_000)))
    body = encoded(halves(), "PNG")
    bomb = body[:33] + note + body[33:]
    assert len(bomb) < 200_000

    assert refused(text_of(bomb)).startswith("IMAGE_FORMAT_NOT_SUPPORTED")


def test_a_jpeg_of_endless_scans_is_refused():
    body = encoded(Image.effect_noise((64, 64), 50).convert("RGB"), "JPEG", progressive=True)
    assert body.count(pictures.START_OF_SCAN) > 5
    last = body.rindex(pictures.START_OF_SCAN)
    bomb = body[:-2] + body[last:-2] * pictures.MAX_SCANS + body[-2:]

    assert made(body)
    assert refused(text_of(bomb)) == "IMAGE_FORMAT_NOT_SUPPORTED: the JPEG has too many scans"
