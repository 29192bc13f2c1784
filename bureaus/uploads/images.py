"""
Images: checked before they are decoded, decoded once, and written again in every size.

An image of 40 megapixels is 160 MB when it is decoded. No second copy of that size is made: it
is downscaled in bands, and rotated, converted and written when it is small.
"""

import io
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from PIL import Image, ImageCms

from bureaus.social_image import crop_box, image_suffix
from bureaus.uploads.file_types import BYTES_EXAMINED, file_type, refuse_non_image
from bureaus.uploads.image_limits import PIXELS, PIXELS_OF_WEBP, RATIO, SIDE
from bureaus.uploads.invalid_upload import InvalidUpload

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")  # a telephone's JPEG with more behind it opens as MPO

WIDTHS = (320, 640, 960, 1280, 1600)
WIDEST = WIDTHS[-1]
PUBLISHED = 6_000_000  # pixels of the largest that is kept
NEARLY_FULL_WIDTH = 0.9  # of the whole width: a rendition so wide would save nothing
BAND = 256  # rows
JPEG: dict[str, Any] = {"quality": 85, "optimize": True, "progressive": True}
WEBP: dict[str, Any] = {"quality": 76, "method": 4}
DRAWING: dict[str, Any] = {"lossless": True, "quality": 50, "method": 4}
AVIF: dict[str, Any] = {"quality": 60, "speed": 6}
AVIF_PAYS = 0.9  # of the bytes of the WebP
DRAWING_PAYS = 1.5  # times the bytes of the JPEG: so much a sharp drawing may cost
MIDDLE = (50, 50)  # % from the left and from above
UNSEEN = 2  # of 255: points with so little opacity show nothing
SAMPLE = 800  # pixels square, from the middle: a downscaled drawing looks like a photograph
ORIENTATION = 0x0112
TURNED = frozenset({5, 6, 7, 8})  # of its values: those that exchange width and height
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

Image.MAX_IMAGE_PIXELS = None  # refuse_size says more than Pillow's own limit would


class Size(NamedTuple):
    width: int
    height: int


# The tasks of the child


def process_image(source: Path, folder: Path) -> dict[str, Any]:
    """
    Write the image of `source` again into `folder`, with its renditions beside it.

    Raises InvalidUpload, and the exceptions of a decoder for a broken file.
    """
    with open_image(source) as image:
        is_lossless = image.format not in {"JPEG", "MPO"}
        whole = upright(image)
    is_drawing = is_lossless and looks_drawn(whole)
    suffix = "png" if is_drawing or whole.mode == "RGBA" else "jpg"
    file = folder / f"image.{suffix}"
    save(whole, file, is_drawing=is_drawing)
    suffixes = write_renditions(whole, folder, file, is_drawing=is_drawing)
    suffixes += write_social_image(whole, folder, *MIDDLE)
    return {"file": file.name, "width": whole.width, "height": whole.height, "suffixes": suffixes}


def make_renditions(
    source: Path, folder: Path, point: Sequence[int] = MIDDLE, *, with_avif: bool = False
) -> dict[str, Any]:
    """Write the renditions and the social image of a stored image into `folder`."""
    with open_image(source) as image:
        is_lossless = image.format not in {"JPEG", "MPO"}
        whole = upright(image)
    is_drawing = is_lossless and looks_drawn(whole)
    suffixes = write_renditions(whole, folder, source, is_drawing=is_drawing)
    if with_avif and not is_drawing:
        suffixes += write_avif(whole, folder, suffixes)
    return {"suffixes": suffixes + write_social_image(whole, folder, *point)}


def make_social_image(source: Path, folder: Path, point: Sequence[int]) -> dict[str, Any]:
    """Write the social image alone, around another point."""
    with open_image(source) as image:
        whole = upright(image)
    return {"suffixes": write_social_image(whole, folder, *point)}


def image_size(source: BinaryIO) -> Size:
    """Return the size of an image from its header. Raises InvalidUpload, OSError."""
    beginning = source.read(BYTES_EXAMINED)
    source.seek(0)
    kind = file_type(beginning)
    refuse_non_image(kind)
    if kind == "webp":  # Pillow makes room for the whole of one as soon as it opens it
        refuse_size(Size(*webp_size(beginning)), PIXELS_OF_WEBP)
    with Image.open(source, formats=FORMATS) as image:
        size = Size(*image.size)
    refuse_size(size, PIXELS)
    return size


# Checks before anything is decoded


@contextmanager
def open_image(source: Path) -> Iterator[Image.Image]:
    """Open the image without decoding it. Raises InvalidUpload where it is beyond a limit."""
    with source.open("rb") as stream:
        image_size(stream)
        stream.seek(0)
        with Image.open(stream, formats=FORMATS) as image:
            refuse_animated(image)
            refuse_size(Size(*image.size), PIXELS)  # a frame can be larger than its image
            yield image


def refuse_size(size: Size, pixels: int) -> None:
    """Raise InvalidUpload for an image that is too large or too narrow."""
    width, height = size
    if width * height > pixels or max(size) > SIDE:
        raise InvalidUpload(
            "size",
            f"は、{width:,}×{height:,}画素あり、大きすぎます。長いほうの辺を{SIDE:,}画素以内、"
            f"全体を{pixels // 10_000:,}万画素以内に縮めてください（横{WIDEST:,}画素で足ります）。",
        )
    if max(size) > RATIO * min(size):
        raise InvalidUpload(
            "ratio",
            f"は、{width:,}×{height:,}画素で、細長すぎます。"
            f"縦横の比が{RATIO}対1を超えないように切り取ってください。",
        )


def refuse_animated(image: Image.Image) -> None:
    """Raise InvalidUpload for an animation; reads no more than the second frame."""
    if image.format != "MPO" and getattr(image, "is_animated", False):
        raise InvalidUpload(
            "frames",
            "は、動く画像です。読む人が止められないため登録できません。"
            "1こまをPNGかJPEGの形式で書き出してください。",
        )
    image.seek(0)


def webp_size(beginning: bytes) -> tuple[int, int]:
    """Return width and height from the header of a WebP. Raises InvalidUpload."""
    chunk, data = beginning[12:16], beginning[20:30]
    if len(data) == 10 and chunk == b"VP8X":  # noqa: PLR2004 - bytes of the header
        return 1 + int.from_bytes(data[4:7], "little"), 1 + int.from_bytes(data[7:10], "little")
    if len(data) == 10 and chunk == b"VP8 ":  # noqa: PLR2004
        words = (int.from_bytes(data[start : start + 2], "little") & 0x3FFF for start in (6, 8))
        return next(words), next(words)
    if len(data) == 10 and chunk == b"VP8L":  # noqa: PLR2004
        bits = int.from_bytes(data[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    raise InvalidUpload(
        "broken", "は、WebP形式の画像として読み取れません。書き出し直してください。"
    )


# From the file to a small, upright image in sRGB


def upright(image: Image.Image) -> Image.Image:
    """Return the image in its published size, upright; RGB, or RGBA where it is transparent."""
    orientation = orientation_of(image)
    profile = image.info.get("icc_profile")
    published = published_size(image.size, is_turned=orientation in TURNED)
    image.draft(None, published)  # a JPEG is decoded smaller where that is enough
    image.load()
    small = downscaled(image, published)
    if orientation in TURNS:
        small = small.transpose(TURNS[orientation])
    whole = without_hidden_colours(without_needless_alpha(in_srgb(small, profile)))
    whole.info = {}  # comments and profiles would be written again
    return whole


def orientation_of(image: Image.Image) -> int:
    """Return the EXIF orientation; 1 where it cannot be read."""
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - the image can be read without it
        return 1


def published_size(size: tuple[int, int], *, is_turned: bool) -> Size:
    """Return the size within WIDEST and PUBLISHED, before the image is rotated."""
    width, height = size
    shown_width = height if is_turned else width
    scale = min(1.0, WIDEST / shown_width, math.sqrt(PUBLISHED / (width * height)))
    return Size(max(1, round(width * scale)), max(1, round(height * scale)))


def downscaled(image: Image.Image, size: Size) -> Image.Image:
    mode = working_mode(image)
    factor = min(image.width // size.width, image.height // size.height)
    if factor <= 1:
        whole = converted(image, mode)
    else:
        whole = Image.new(mode, (-(-image.width // factor), -(-image.height // factor)))
        for top in range(0, image.height, BAND * factor):
            bottom = min(top + BAND * factor, image.height)
            band = converted(image.crop((0, top, image.width, bottom)), mode)
            whole.paste(band.reduce(factor), (0, top // factor))
    return whole if whole.size == size else whole.resize(size, Image.Resampling.LANCZOS)


def working_mode(image: Image.Image) -> str:
    if image.has_transparency_data:
        return "RGBA"
    return "CMYK" if image.mode == "CMYK" else "RGB"


def converted(image: Image.Image, mode: str) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits a point, of which a screen shows 8
        image = image.point(lambda value: value * (1 / 256)).convert("L")
    return image if image.mode == mode else image.convert(mode)


def in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert to sRGB; a profile that cannot be read is ignored."""
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    colours = image.convert("RGB") if alpha else image
    if profile:
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            colours = ImageCms.profileToProfile(  # type: ignore[assignment]
                colours,
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGB",
            )
    colours = colours.convert("RGB")
    if alpha:
        colours.putalpha(alpha)
    return colours


def without_needless_alpha(image: Image.Image) -> Image.Image:
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        return image.convert("RGB")
    return image


def without_hidden_colours(image: Image.Image) -> Image.Image:
    """Remove what transparent points hold: programs show it, and nobody who looks sees it."""
    if image.mode != "RGBA":
        return image
    seen = image.getchannel("A").point(lambda alpha: 255 if alpha > UNSEEN else 0)
    return Image.composite(image, Image.new("RGBA", image.size, (255, 255, 255, 0)), seen)


# Writing


def looks_drawn(image: Image.Image) -> bool:
    """Return whether it has lines and flat colours, which a JPEG would blur."""
    left, top = (max(0, (side - SAMPLE) // 2) for side in image.size)
    sample = image.convert("RGB").crop((left, top, left + SAMPLE, top + SAMPLE))
    sample = sample.crop((0, 0, min(SAMPLE, image.width), min(SAMPLE, image.height)))
    return encoded_size(sample, "PNG") <= DRAWING_PAYS * encoded_size(sample, "JPEG", **JPEG)


def encoded_size(image: Image.Image, form: str, **options: Any) -> int:
    written = io.BytesIO()
    image.save(written, form, **options)
    return written.tell()


def save(image: Image.Image, file: Path, *, is_drawing: bool) -> int:
    """Write it in the format of the file's suffix; return the number of bytes."""
    options = {
        ".jpg": JPEG,
        ".png": {"optimize": True},
        ".webp": DRAWING if is_drawing else WEBP,
        ".avif": AVIF,
    }[file.suffix]
    image.save(file, **options)
    return file.stat().st_size


def rendition_widths(width: int) -> list[int]:
    """Return the widths of the renditions, the widest first."""
    widest = min(width, WIDEST)
    return [widest, *(each for each in reversed(WIDTHS) if each < NEARLY_FULL_WIDTH * widest)]


def write_renditions(
    whole: Image.Image, folder: Path, kept: Path, *, is_drawing: bool
) -> list[str]:
    """
    Write the renditions beside `kept`, the image itself; return the suffixes of their names.

    A narrower one that is no smaller in bytes than the next wider is deleted: a downscaled
    drawing can take more bytes than the original.
    """
    others = "png" if is_drawing or whole.mode == "RGBA" else "jpg"
    lightest = {"webp": math.inf, others: kept.stat().st_size}
    suffixes = []
    for width in rendition_widths(whole.width):
        small = resized(whole, width)
        for suffix in ("webp", others):
            if suffix == others and width == whole.width:
                continue  # that is the image itself
            file = folder / f"{width}.{suffix}"
            byte_size = save(small, file, is_drawing=is_drawing)
            if byte_size < lightest[suffix]:
                lightest[suffix] = byte_size
                suffixes.append(file.name)
            else:
                file.unlink()
    return suffixes


def write_avif(whole: Image.Image, folder: Path, suffixes: list[str]) -> list[str]:
    """Write an AVIF beside each WebP where that saves a tenth of the bytes; seconds each."""
    written = []
    for name in [name for name in suffixes if name.endswith(".webp")]:
        webp = folder / name
        avif = webp.with_suffix(".avif")
        byte_size = save(resized(whole, int(webp.stem)), avif, is_drawing=False)
        if byte_size <= AVIF_PAYS * webp.stat().st_size:
            written.append(avif.name)
        else:
            avif.unlink()
    return written


def write_social_image(whole: Image.Image, folder: Path, x: int, y: int) -> list[str]:
    """Write the social image around the point (in %), where the image is large enough."""
    box = crop_box(*whole.size, x, y)
    if box is None:
        return []
    right, bottom = box.left + box.width, box.top + box.height
    cut = whole.crop((box.left, box.top, right, bottom))
    card = Image.new("RGB", cut.size, "white")
    card.paste(cut, mask=cut if cut.mode == "RGBA" else None)
    if card.size != box.size:
        card = card.resize(box.size, Image.Resampling.LANCZOS)
    file = folder / image_suffix(box, x, y)
    save(card, file, is_drawing=False)
    return [file.name]


def resized(whole: Image.Image, width: int) -> Image.Image:
    if width == whole.width:
        return whole
    height = max(1, round(whole.height * width / whole.width))
    return whole.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
