"""
The social image of an image: what other sites show for a link to a page (Open Graph).

It is cropped around the focal point. The name of its file holds its size and that point, so that
a social image never changes under its name: `card-1200x630-50-50.jpg`.
"""

import re
from typing import NamedTuple

WIDTH, HEIGHT = 1200, 630  # as Open Graph recommends
MIN_WIDTH = 600  # pixels: narrower ones are shown as thumbnails
SUFFIX = r"card-[1-9][0-9]{0,3}x[1-9][0-9]{0,3}-[0-9]{1,3}-[0-9]{1,3}\.jpg"
NAME = re.compile(r"card-([0-9]+)x([0-9]+)-[0-9-]+\.jpg")


class CropBox(NamedTuple):
    """The cropped area, in pixels of the image."""

    left: int
    top: int
    width: int
    height: int

    @property
    def size(self) -> tuple[int, int]:
        """The size of the social image: that of the area, or smaller."""
        return (WIDTH, HEIGHT) if self.width > WIDTH else (self.width, self.height)


def crop_box(width: int, height: int, x: int, y: int) -> CropBox | None:
    """Return the largest area of the right ratio centred on the point (in %); None if too small."""
    cut_width = min(width, height * WIDTH // HEIGHT)
    cut_height = min(height, width * HEIGHT // WIDTH)
    if cut_width < MIN_WIDTH:
        return None
    left = min(max(width * x // 100 - cut_width // 2, 0), width - cut_width)
    top = min(max(height * y // 100 - cut_height // 2, 0), height - cut_height)
    return CropBox(left, top, cut_width, cut_height)


def image_suffix(box: CropBox, x: int, y: int) -> str:
    """Return the suffix of the social image's file name."""
    width, height = box.size
    return f"card-{width}x{height}-{x}-{y}.jpg"


def social_image_in(renditions: str) -> tuple[str, int, int] | None:
    """Return the suffix, width and height of the social image among the renditions."""
    found = NAME.search(renditions)
    return (found[0], int(found[1]), int(found[2])) if found else None
