"""A picture of the library as a screen shows it: a rendition that is wide enough, and no wider."""

import re
from typing import NamedTuple

from bureaus.models import Image

OFFICER_FILES_URL = "/admin/files/"  # what `reading.preview` is given for what is not public
WEBP = re.compile(r"([1-9][0-9]{0,4})\.webp")


class Thumbnail(NamedTuple):
    """Where an officer gets it, public or not, and the size in which it comes."""

    src: str
    width: int
    height: int


def thumbnail_at(image: Image, width: int) -> Thumbnail:
    """At least `width` wide where the picture is, of what was made of it; no query."""
    found = sorted((int(match[1]), match[0]) for match in WEBP.finditer(image.renditions))
    if not found:
        return Thumbnail(f"{OFFICER_FILES_URL}{image.file}", image.width, image.height)
    wide, ending = next((each for each in found if each[0] >= width), found[-1])
    height = max(1, round(image.height * wide / image.width))
    return Thumbnail(f"{OFFICER_FILES_URL}{image.file}.{ending}", wide, height)
