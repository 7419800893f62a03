"""Make of whatever was uploaded a picture that is safe to hand out.

Pure, but for the scanner. `check_upload` costs nothing and looks at the text alone. `make_picture`
is slow: never on the event loop, never in a transaction. It decodes the image and encodes what is
seen on it anew, so nothing else gets through: no metadata, no second file behind the image. Its
header is looked at before anything is decoded, because a small file can hold a huge image.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from litereg.errors import InvalidInput, LiteregError
from litereg.registry.images.inputs import Upload
from litereg.registry.scanning import Scanner
from litereg.store import content

if TYPE_CHECKING:
    from PIL import Image
    from PIL.ImageFile import ImageFile

MAX_BYTES = 10_000_000
MAX_SIDE = 4096
# A progressive JPEG is sent in about ten scans, with each of which the decoder goes over the whole
# image; a file of 10 MB could hold hundreds of thousands.
MAX_SCANS = 50
START_OF_SCAN = b"\xff\xda"
JPEG_QUALITY = 85

PNG, JPEG = "image/png", "image/jpeg"
# As clients may call them in a data URL.
NAMES = frozenset((PNG, JPEG, "image/jpg", "image/bmp"))
# How a file of each format begins.
BEGINNINGS = {"PNG": b"\x89PNG\r\n\x1a\n", "JPEG": b"\xff\xd8\xff", "BMP": b"BM"}

DATA_URL = re.compile(r"data:([^;,]{0,100})(?:;[^;,]{1,100}){0,5}?;base64,", re.IGNORECASE)
SPACE = str.maketrans("", "", " \t\r\n")

ORIENTATION_TAG = 0x0112
# From here on, the values of the tag lay the image on its side.
FIRST_ON_ITS_SIDE = 5


class Picture(NamedTuple):
    """A picture as it is handed out.

    Attributes:
        body: the file.
        media_type: image/png or image/jpeg.
        sha256: the digest of the body.
    """

    body: bytes
    media_type: str
    sha256: bytes


class ImageRefused(InvalidInput):
    """What was uploaded is no image that can be taken."""


def check_upload(upload: Upload) -> None:
    """Raise unless *upload* may hold an image, as far as its text tells.

    Raises:
        ImageRefused: IMAGE_NOT_INITIALIZED, IMAGE_FORMAT_NOT_SUPPORTED, IMAGE_TOO_LARGE.
    """
    media_type, start = _data_url(upload.base64)
    length = len(upload.base64) - start
    if length == 0:
        raise ImageRefused("IMAGE_NOT_INITIALIZED")
    if media_type is not None and media_type not in NAMES:
        raise _format_not_supported("an image is PNG, JPEG or BMP")
    padding = 2 if upload.base64.endswith("==") else int(upload.base64.endswith("="))
    if -(-length // 4) * 3 - padding > MAX_BYTES:
        raise ImageRefused("IMAGE_TOO_LARGE", f"at most {MAX_BYTES} bytes are allowed")


def make_picture(
    text: str, width: int, height: int, scanner: Scanner | None = None
) -> Picture | LiteregError:
    """Return the image in *text*, base64 perhaps as a data URL, in *width* by *height* pixels.

    It is made larger or smaller, and cut alike on both sides. PNG stays PNG, with what is
    transparent in it; everything else becomes JPEG. A refusal is returned, not raised; *scanner*,
    where there is one, is asked before anything is decoded.
    """
    try:
        body = _decoded(text)
        if scanner is not None:
            scanner.require_harmless(body)
        image = _opened(body)
        return _encoded(_fitted(image, width, height), PNG if image.format == "PNG" else JPEG)
    except LiteregError as refusal:
        return refusal
    except Exception:
        # Decoders fail in many ways on broken files.
        return _format_not_supported("the file is damaged")


def _data_url(text: str) -> tuple[str | None, int]:
    """Return the media type that *text* begins with, if any, and where its base64 begins."""
    prefix = DATA_URL.match(text)
    return (prefix[1].lower(), prefix.end()) if prefix else (None, 0)


def _decoded(text: str) -> bytes:
    _, start = _data_url(text)
    try:
        return base64.b64decode(text[start:].translate(SPACE), validate=True)
    except (binascii.Error, ValueError):
        raise _format_not_supported("what was sent is not base64") from None


def _opened(body: bytes) -> ImageFile:
    """Return the image in *body*, of which nothing but the header was read."""
    # A registry in which nobody uploads images does without the library. Its formats are named
    # here: none of the many others that it knows is ever tried.
    from PIL import BmpImagePlugin, JpegImagePlugin, PngImagePlugin

    format_ = next((name for name, start in BEGINNINGS.items() if body.startswith(start)), None)
    if format_ is None:
        raise _format_not_supported("an image is PNG, JPEG or BMP")
    if format_ == "JPEG" and body.count(START_OF_SCAN) > MAX_SCANS:
        raise _format_not_supported("the JPEG has too many scans")
    readers: dict[str, Callable[[io.BytesIO], ImageFile]] = {
        "PNG": PngImagePlugin.PngImageFile,
        "JPEG": JpegImagePlugin.JpegImageFile,
        "BMP": BmpImagePlugin.BmpImageFile,
    }
    image = readers[format_](io.BytesIO(body))
    if max(image.size) > MAX_SIDE:
        detail = f"{image.width} by {image.height} pixels; at most {MAX_SIDE} a side are allowed"
        raise ImageRefused("IMAGE_TOO_LARGE", detail)
    return image


def _fitted(image: ImageFile, width: int, height: int) -> Image.Image:
    """Return what is on *image*, decoded, upright, in *width* by *height* pixels."""
    from PIL import ImageOps

    on_its_side = image.getexif().get(ORIENTATION_TAG, 1) >= FIRST_ON_ITS_SIDE
    size = (height, width) if on_its_side else (width, height)
    # A JPEG can be decoded at a half, a quarter or an eighth of its size for less.
    image.draft(None, (2 * size[0], 2 * size[1]))
    fitted = ImageOps.fit(_in_plain_colours(image), size)
    return ImageOps.exif_transpose(fitted)


def _in_plain_colours(image: Image.Image) -> Image.Image:
    """Return *image* with 8 bits for each of red, green, blue and, where it has them, alpha."""
    if image.mode.startswith("I"):
        # 16 bits of grey. Left to itself, the conversion would make everything bright white.
        return image.point(lambda value: value / 256).convert("L").convert("RGB")
    wanted = "RGBA" if image.has_transparency_data else "RGB"
    # Converting would copy it even so.
    return image if image.mode == wanted else image.convert(wanted)


def _encoded(image: Image.Image, media_type: str) -> Picture:
    """Return *image* as a file that holds its pixels and nothing else."""
    from PIL import Image

    if media_type == JPEG:
        image = image.convert("RGB")
    # What an image remembers of its file (a comment, a profile) would be written into the next one.
    bare = Image.frombytes(image.mode, image.size, image.tobytes())
    file = io.BytesIO()
    if media_type == PNG:
        bare.save(file, "PNG")
    else:
        bare.save(file, "JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True)
    body = file.getvalue()
    return Picture(body, media_type, content.digest(body))


def _format_not_supported(detail: str) -> ImageRefused:
    return ImageRefused("IMAGE_FORMAT_NOT_SUPPORTED", detail)
