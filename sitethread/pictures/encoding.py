"""Decodes a picture and encodes it as WebP. What else is in the file is left out: place, camera, comments."""

from contextlib import suppress
from io import BytesIO

from PIL import Image, ImageCms, ImageOps

from sitethread.pictures.process import ENCODED_BYTES, ENCODED_SIDE, PIXELS

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "AVIF")
# A drawing of few colours is small and sharp without loss.
_LOSSLESS_BYTES = 200_000
# Of 0 to 6: more take long for a few bytes less.
_EFFORT = 2


class TooLarge(Exception):
    """It has too many pixels."""


def encode(data: bytes) -> tuple[bytes, int, int]:
    """Return a WebP with its width and height; raise TooLarge, and what Pillow raises for what is no picture."""
    # Pillow only warns of twice as many pixels as it thinks right.
    Image.MAX_IMAGE_PIXELS = None
    with Image.open(BytesIO(data), formats=FORMATS) as picture:
        if picture.width * picture.height > PIXELS:
            raise TooLarge
        # JPEG is decoded at a fraction of its size.
        picture.draft("RGB", (ENCODED_SIDE, ENCODED_SIDE))
        pixels = _plain(picture)
    if picture.format in {"PNG", "GIF"} and len(content := _webp(pixels, lossless=True)) <= _LOSSLESS_BYTES:
        return content, pixels.width, pixels.height
    while len(content := _webp(pixels)) > ENCODED_BYTES:
        # Bytes go with the area. Noise needs a second step.
        part = min(0.9, (ENCODED_BYTES / len(content)) ** 0.5)
        pixels.thumbnail((int(pixels.width * part), int(pixels.height * part)))
    return content, pixels.width, pixels.height


def _plain(picture: Image.Image) -> Image.Image:
    """Return the pixels of the first frame, upright, in sRGB, no larger than a page needs."""
    profile = picture.info.get("icc_profile")
    has_alpha = picture.has_transparency_data
    # Its orientation is turned into pixels before the rest of what it says is dropped.
    pixels = ImageOps.exif_transpose(picture)
    pixels.thumbnail((ENCODED_SIDE, ENCODED_SIDE))
    if profile and pixels.mode in {"RGB", "RGBA"}:
        with suppress(ImageCms.PyCMSError, OSError):
            space = ImageCms.ImageCmsProfile(BytesIO(profile))
            pixels = ImageCms.profileToProfile(pixels, space, ImageCms.createProfile("sRGB")) or pixels
    pixels = pixels.convert("RGBA" if has_alpha else "RGB")
    pixels.info = {}
    return pixels


def _webp(pixels: Image.Image, *, lossless: bool = False) -> bytes:
    out = BytesIO()
    quality = 50 if lossless else 80
    pixels.save(
        out, "WEBP", quality=quality, lossless=lossless, method=_EFFORT, exif=b"", xmp=b"", icc_profile=b""
    )
    return out.getvalue()
