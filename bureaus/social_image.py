"""
The card of a picture: what other sites show of a page that somebody links there.

It is cut out around the picture's focal point. The name of its file says its size and that point,
so that a card never changes under its name: `card-1200x630-50-50.jpg`.
"""

import re
from typing import NamedTuple

WIDTH, HEIGHT = 1200, 630  # what such sites ask for
LEAST = 600  # pixels wide: smaller ones they show as a mere thumbnail
ENDING = r"card-[1-9][0-9]{0,3}x[1-9][0-9]{0,3}-[0-9]{1,3}-[0-9]{1,3}\.jpg"
NAME = re.compile(r"card-([0-9]+)x([0-9]+)-[0-9-]+\.jpg")


class CropBox(NamedTuple):
    """What is cut out, in pixels of the picture."""

    left: int
    top: int
    width: int
    height: int

    @property
    def size(self) -> tuple[int, int]:
        """Of the card: as it is cut out, or smaller."""
        return (WIDTH, HEIGHT) if self.width > WIDTH else (self.width, self.height)


def crop_box(width: int, height: int, x: int, y: int) -> CropBox | None:
    """The largest of a card's shape with the point (in %) as near its middle as can be; or none."""
    cut_width = min(width, height * WIDTH // HEIGHT)
    cut_height = min(height, width * HEIGHT // WIDTH)
    if cut_width < LEAST:
        return None
    left = min(max(width * x // 100 - cut_width // 2, 0), width - cut_width)
    top = min(max(height * y // 100 - cut_height // 2, 0), height - cut_height)
    return CropBox(left, top, cut_width, cut_height)


def image_suffix(box: CropBox, x: int, y: int) -> str:
    """Of the name of the card's file, after that of the picture."""
    width, height = box.size
    return f"card-{width}x{height}-{x}-{y}.jpg"


def social_image_in(renditions: str) -> tuple[str, int, int] | None:
    """The ending, width and height of the card among the endings of a picture's files."""
    found = NAME.search(renditions)
    return (found[0], int(found[1]), int(found[2])) if found else None
