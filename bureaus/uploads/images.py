"""
Pictures: looked at before they are decoded, decoded once, written anew in every size.

A picture of 40 megapixels is 160 MB when it is open. Nothing else of that size is ever made: it
is shrunk in bands, and turned, coloured and written when it is small.
"""

import io
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from PIL import Image as Picture
from PIL import ImageCms

from bureaus.social_image import crop_box, image_suffix
from bureaus.uploads.file_types import LOOKED_AT, file_type, refuse_no_picture
from bureaus.uploads.image_limits import PIXELS, PIXELS_OF_WEBP, RATIO, SIDE
from bureaus.uploads.invalid_upload import InvalidUpload

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")  # a telephone's JPEG with more behind it opens as MPO

WIDTHS = (320, 640, 960, 1280, 1600)
WIDEST = WIDTHS[-1]
PUBLISHED = 6_000_000  # pixels of the largest that is kept
NEAR = 0.9  # of the whole width: a rendition so wide would save nothing
BAND = 256  # rows
JPEG: dict[str, Any] = {"quality": 85, "optimize": True, "progressive": True}
WEBP: dict[str, Any] = {"quality": 76, "method": 4}
DRAWN: dict[str, Any] = {"lossless": True, "quality": 50, "method": 4}
AVIF: dict[str, Any] = {"quality": 60, "speed": 6}
AVIF_PAYS = 0.9  # of the bytes of the WebP
DRAWING_PAYS = 1.5  # times the bytes of the JPEG: so much a sharp drawing may cost
MIDDLE = (50, 50)  # % from the left and from above
SAMPLE = 800  # pixels square, of the middle: shrunk, every drawing looks like a photograph
ORIENTATION = 0x0112
TURNED = frozenset({5, 6, 7, 8})  # of its values: those that exchange width and height
TURNS = {
    2: Picture.Transpose.FLIP_LEFT_RIGHT,
    3: Picture.Transpose.ROTATE_180,
    4: Picture.Transpose.FLIP_TOP_BOTTOM,
    5: Picture.Transpose.TRANSPOSE,
    6: Picture.Transpose.ROTATE_270,
    7: Picture.Transpose.TRANSVERSE,
    8: Picture.Transpose.ROTATE_90,
}

Picture.MAX_IMAGE_PIXELS = None  # refuse_size says more than Pillow's own limit would


class Size(NamedTuple):
    width: int
    height: int


# The tasks of the child


def take(source: Path, folder: Path) -> dict[str, Any]:
    """
    Write the picture of `source` anew into `folder`, with its renditions beside it.

    Raises Unfit, and whatever a decoder raises of a file that is broken.
    """
    with opened(source) as picture:
        is_lossless = picture.format not in {"JPEG", "MPO"}
        whole = upright(picture)
    is_drawing = is_lossless and draws(whole)
    suffix = "png" if is_drawing or whole.mode == "RGBA" else "jpg"
    file = folder / f"picture.{suffix}"
    save(whole, file, is_drawing=is_drawing)
    endings = write_renditions(whole, folder, file, is_drawing=is_drawing)
    endings += write_card(whole, folder, *MIDDLE)
    return {"file": file.name, "width": whole.width, "height": whole.height, "endings": endings}


def make_renditions(
    source: Path, folder: Path, point: Sequence[int] = MIDDLE, *, with_avif: bool = False
) -> dict[str, Any]:
    """The renditions and the card of a picture that is kept already, into `folder`."""
    with opened(source) as picture:
        is_lossless = picture.format not in {"JPEG", "MPO"}
        whole = upright(picture)
    is_drawing = is_lossless and draws(whole)
    endings = write_renditions(whole, folder, source, is_drawing=is_drawing)
    if with_avif and not is_drawing:
        endings += write_avif(whole, folder, endings)
    return {"endings": endings + write_card(whole, folder, *point)}


def make_card(source: Path, folder: Path, point: Sequence[int]) -> dict[str, Any]:
    """The card alone, around another point."""
    with opened(source) as picture:
        whole = upright(picture)
    return {"endings": write_card(whole, folder, *point)}


def size_of(source: BinaryIO) -> Size:
    """The size of a picture, from its beginning. Raises InvalidUpload, OSError where it is none."""
    beginning = source.read(LOOKED_AT)
    source.seek(0)
    kind = file_type(beginning)
    refuse_no_picture(kind)
    if kind == "webp":  # Pillow makes room for the whole of one as soon as it opens it
        refuse_size(Size(*size_of_webp(beginning)), PIXELS_OF_WEBP)
    with Picture.open(source, formats=FORMATS) as picture:
        size = Size(*picture.size)
    refuse_size(size, PIXELS)
    return size


# Looking, before anything is decoded


@contextmanager
def opened(source: Path) -> Iterator[Picture.Image]:
    """The picture, not yet decoded. Raises InvalidUpload where it is beyond a limit."""
    with source.open("rb") as stream:
        size_of(stream)
        stream.seek(0)
        with Picture.open(stream, formats=FORMATS) as picture:
            refuse_moving(picture)
            refuse_size(Size(*picture.size), PIXELS)  # a frame can be larger than its picture
            yield picture


def refuse_size(size: Size, pixels: int) -> None:
    """Raises InvalidUpload."""
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


def refuse_moving(picture: Picture.Image) -> None:
    """Raises Unfit; looks for a second frame only, for there may be a hundred thousand."""
    if picture.format != "MPO" and getattr(picture, "is_animated", False):
        raise InvalidUpload(
            "frames",
            "は、動く画像です。読む人が止められないため登録できません。"
            "1こまをPNGかJPEGの形式で書き出してください。",
        )
    picture.seek(0)


def size_of_webp(beginning: bytes) -> tuple[int, int]:
    """Width and height from the header of a WebP; raises Unfit where there is none."""
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


# From the file to a small, upright picture in sRGB


def upright(picture: Picture.Image) -> Picture.Image:
    """As large as it is published, turned as it was taken; RGB, or RGBA where one sees through."""
    orientation = orientation_of(picture)
    profile = picture.info.get("icc_profile")
    published = published_size(picture.size, is_turned=orientation in TURNED)
    picture.draft(None, published)  # a JPEG is decoded smaller, where that is enough
    picture.load()
    small = shrunk(picture, published)
    if orientation in TURNS:
        small = small.transpose(TURNS[orientation])
    whole = without_needless_alpha(in_srgb(small, profile))
    whole.info = {}  # comments and profiles would be written again
    return whole


def orientation_of(picture: Picture.Image) -> int:
    """1 where the file says nothing that can be read."""
    try:
        return int(picture.getexif().get(ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - whatever is wrong with it, the picture can be read
        return 1


def published_size(size: tuple[int, int], *, is_turned: bool) -> Size:
    """Within WIDEST and PUBLISHED, of a picture that will be turned as it will be then."""
    width, height = size
    shown_width = height if is_turned else width
    scale = min(1.0, WIDEST / shown_width, math.sqrt(PUBLISHED / (width * height)))
    return Size(max(1, round(width * scale)), max(1, round(height * scale)))


def shrunk(picture: Picture.Image, size: Size) -> Picture.Image:
    mode = working_mode(picture)
    factor = min(picture.width // size.width, picture.height // size.height)
    if factor <= 1:
        whole = converted(picture, mode)
    else:
        whole = Picture.new(mode, (-(-picture.width // factor), -(-picture.height // factor)))
        for top in range(0, picture.height, BAND * factor):
            bottom = min(top + BAND * factor, picture.height)
            band = converted(picture.crop((0, top, picture.width, bottom)), mode)
            whole.paste(band.reduce(factor), (0, top // factor))
    return whole if whole.size == size else whole.resize(size, Picture.Resampling.LANCZOS)


def working_mode(picture: Picture.Image) -> str:
    if picture.has_transparency_data:
        return "RGBA"
    return "CMYK" if picture.mode == "CMYK" else "RGB"


def converted(picture: Picture.Image, mode: str) -> Picture.Image:
    if picture.mode.startswith("I"):  # 16 bits a point, of which a screen shows 8
        picture = picture.point(lambda value: value * (1 / 256)).convert("L")
    return picture if picture.mode == mode else picture.convert(mode)


def in_srgb(picture: Picture.Image, profile: bytes | None) -> Picture.Image:
    """In the colours that every browser shows; a profile that cannot be read says nothing."""
    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    colours = picture.convert("RGB") if alpha else picture
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


def without_needless_alpha(picture: Picture.Image) -> Picture.Image:
    if picture.mode == "RGBA" and picture.getchannel("A").getextrema() == (255, 255):
        return picture.convert("RGB")
    return picture


# Writing


def draws(picture: Picture.Image) -> bool:
    """Lines and flat colours, which a JPEG would blur, rather than a photograph."""
    left, top = (max(0, (side - SAMPLE) // 2) for side in picture.size)
    sample = picture.convert("RGB").crop((left, top, left + SAMPLE, top + SAMPLE))
    sample = sample.crop((0, 0, min(SAMPLE, picture.width), min(SAMPLE, picture.height)))
    return weight(sample, "PNG") <= DRAWING_PAYS * weight(sample, "JPEG", **JPEG)


def weight(picture: Picture.Image, form: str, **options: Any) -> int:
    written = io.BytesIO()
    picture.save(written, form, **options)
    return written.tell()


def save(picture: Picture.Image, file: Path, *, is_drawing: bool) -> int:
    """Write it in the form that the name says; return how many bytes that took."""
    options = {
        ".jpg": JPEG,
        ".png": {"optimize": True},
        ".webp": DRAWN if is_drawing else WEBP,
        ".avif": AVIF,
    }[file.suffix]
    picture.save(file, **options)
    return file.stat().st_size


def widths_of(width: int) -> list[int]:
    """The widths in which a picture is offered, the widest first."""
    widest = min(width, WIDEST)
    return [widest, *(each for each in reversed(WIDTHS) if each < NEAR * widest)]


def write_renditions(
    whole: Picture.Image, folder: Path, kept: Path, *, is_drawing: bool
) -> list[str]:
    """
    Write the smaller ones beside `kept`, the picture itself; return the endings of their names.

    A narrower one that is no lighter than the next wider is thrown away: a drawing that is
    shrunk can weigh more than the whole.
    """
    others = "png" if is_drawing or whole.mode == "RGBA" else "jpg"
    lightest = {"webp": math.inf, others: kept.stat().st_size}
    endings = []
    for width in widths_of(whole.width):
        small = resized(whole, width)
        for suffix in ("webp", others):
            if suffix == others and width == whole.width:
                continue  # that is the picture itself
            file = folder / f"{width}.{suffix}"
            weight = save(small, file, is_drawing=is_drawing)
            if weight < lightest[suffix]:
                lightest[suffix] = weight
                endings.append(file.name)
            else:
                file.unlink()
    return endings


def write_avif(whole: Picture.Image, folder: Path, endings: list[str]) -> list[str]:
    """Beside each WebP an AVIF, where that is lighter by a tenth; seconds each."""
    written = []
    for name in [name for name in endings if name.endswith(".webp")]:
        webp = folder / name
        avif = webp.with_suffix(".avif")
        weight = save(resized(whole, int(webp.stem)), avif, is_drawing=False)
        if weight <= AVIF_PAYS * webp.stat().st_size:
            written.append(avif.name)
        else:
            avif.unlink()
    return written


def write_card(whole: Picture.Image, folder: Path, x: int, y: int) -> list[str]:
    """The card around the point (in %), where the picture is large enough for one."""
    box = crop_box(*whole.size, x, y)
    if box is None:
        return []
    right, bottom = box.left + box.width, box.top + box.height
    cut = whole.crop((box.left, box.top, right, bottom))
    card = Picture.new("RGB", cut.size, "white")
    card.paste(cut, mask=cut if cut.mode == "RGBA" else None)
    if card.size != box.size:
        card = card.resize(box.size, Picture.Resampling.LANCZOS)
    file = folder / image_suffix(box, x, y)
    save(card, file, is_drawing=False)
    return [file.name]


def resized(whole: Picture.Image, width: int) -> Picture.Image:
    if width == whole.width:
        return whole
    height = max(1, round(whole.height * width / whole.width))
    return whole.resize((width, height), Picture.Resampling.LANCZOS, reducing_gap=3.0)
