"""Thumbnails: the narrowest rendition of an image that is wide enough."""

import re
from typing import NamedTuple

from bureaus.models import Image

OFFICER_FILES_URL = "/admin/files/"  # also for files that are not public
WEBP = re.compile(r"([1-9][0-9]{0,4})\.webp")


class Thumbnail(NamedTuple):
    """The address for officers and the size in pixels."""

    src: str
    width: int
    height: int


def thumbnail_at(image: Image, width: int) -> Thumbnail:
    """Return a rendition at least `width` wide, or the widest. No query."""
    found = sorted((int(match[1]), match[0]) for match in WEBP.finditer(image.renditions))
    if not found:
        return Thumbnail(f"{OFFICER_FILES_URL}{image.file}", image.width, image.height)
    wide, ending = next((each for each in found if each[0] >= width), found[-1])
    height = max(1, round(image.height * wide / image.width))
    return Thumbnail(f"{OFFICER_FILES_URL}{image.file}.{ending}", wide, height)
