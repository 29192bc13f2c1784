"""Uploaded images: written again without metadata, or refused with a sentence."""

import io
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image as Picture

from bureaus.uploads import sandbox, sandbox_worker
from bureaus.uploads.file_names import clean_name
from bureaus.uploads.intake import AcceptedImage, accept_image, refusal_sentence
from bureaus.uploads.invalid_upload import InvalidUpload
from tests.helpers import uploads
from tests.helpers.storms import sample

pytestmark = pytest.mark.one_database

LIMIT = 300 * 1024  # kilobytes


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of uploads during their checks; nothing may be left there."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield tmp_path
    assert list(tmp_path.glob("ministry-upload-*")) == []


def take(content: bytes, name: str = "写真.jpg") -> tuple[AcceptedImage, dict[str, Picture.Image]]:
    """Return the facts about an image, and every file of it, decoded."""
    with accept_image(io.BytesIO(content), name) as found:
        files = {"": found.file, **found.renditions}
        pictures: dict[str, Picture.Image] = {
            ending: Picture.open(file) for ending, file in files.items()
        }
        for picture in pictures.values():
            picture.load()
        return found, pictures


def refusal(content: bytes, name: str = "写真.jpg") -> str:
    with pytest.raises(InvalidUpload) as caught, accept_image(io.BytesIO(content), name):
        pytest.fail("it was taken")
    sentence = refusal_sentence(caught.value, name)
    assert sentence.endswith("。")
    assert "ください" in sentence or "足ります" in sentence
    return sentence


# Stored files


def test_a_photograph_is_stored_in_every_width_as_webp_and_jpeg() -> None:
    found, pictures = take(uploads.jpeg(4000, 3000))
    assert (found.width, found.height) == (1600, 1200)
    assert {picture.format for picture in pictures.values()} == {"JPEG", "WEBP"}
    assert {ending: picture.size for ending, picture in pictures.items()} == {
        "": (1600, 1200),
        "1600.webp": (1600, 1200),
        **{f"{width}.webp": (width, width * 3 // 4) for width in (320, 640, 960, 1280)},
        **{f"{width}.jpg": (width, width * 3 // 4) for width in (320, 640, 960, 1280)},
        "card-1200x630-50-50.jpg": (1200, 630),
    }


def test_a_drawing_stays_sharp() -> None:
    content = uploads.encoded(uploads.drawing(), "PNG")
    found, pictures = take(content, "図.png")
    assert found.file.suffix == ".png"
    assert pictures[""].convert("RGB").tobytes() == uploads.drawing().tobytes()
    assert pictures["1200.webp"].convert("RGB").tobytes() == uploads.drawing().tobytes()


def test_a_rendition_is_lighter_than_the_next_wider_one() -> None:
    content = uploads.encoded(uploads.drawing(), "PNG")
    with accept_image(io.BytesIO(content), "図.png") as found:
        for suffix in ("webp", "png"):
            files = [file for file in found.renditions.values() if file.suffix == f".{suffix}"]
            weights = [file.stat().st_size for file in files]
            assert weights == sorted(weights, reverse=True)
            assert all(weight < found.file.stat().st_size for weight in weights)


def test_transparency_is_kept() -> None:
    picture = uploads.photograph(800, 600).convert("RGBA")
    picture.putalpha(128)
    found, pictures = take(uploads.encoded(picture, "PNG"))
    assert found.file.suffix == ".png"
    card = pictures.pop("card-800x420-50-50.jpg")
    assert all(each.mode == "RGBA" for each in pictures.values())
    assert card.mode == "RGB"


def test_a_small_image_is_not_enlarged() -> None:
    found, pictures = take(uploads.jpeg(200, 120))
    assert (found.width, found.height) == (200, 120)
    assert set(pictures) == {"", "200.webp"}


def test_the_exif_orientation_is_applied() -> None:
    found, pictures = take(uploads.turned())
    assert (found.width, found.height) == (200, 300)
    red, _, blue = pictures[""].convert("RGB").getpixel((100, 20))  # type: ignore[misc]
    assert red > 200
    assert blue < 50


def test_other_colour_spaces_become_srgb() -> None:
    _, pictures = take(uploads.in_other_colours())
    red, green, blue = pictures[""].getpixel((9, 9))  # type: ignore[misc]
    assert red > 250
    assert green + blue < 5
    assert all("icc_profile" not in each.info for each in pictures.values())


@pytest.mark.parametrize("mode", ["L", "1", "P", "LA", "CMYK", "I;16", "RGBA"])
def test_every_colour_mode_is_accepted(mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    _, pictures = take(uploads.encoded(Picture.new(mode, (640, 480)), form))
    assert {each.mode for each in pictures.values()} <= {"RGB", "RGBA"}


def test_exif_metadata_is_removed() -> None:
    with accept_image(io.BytesIO(uploads.with_secrets()), "写真.jpg") as found:
        for file in (found.file, *found.renditions.values()):
            content = file.read_bytes()
            for secret in ("himitsu", "ひみつ", "PK\x03\x04", "<script", "Exif"):
                assert secret.encode() not in content, (file.name, secret)
            with Picture.open(file) as picture:
                assert not picture.getexif()
                assert not {"comment", "exif", "icc_profile"} & picture.info.keys()


def test_what_transparent_points_hold_is_not_served() -> None:
    hidden = uploads.drawing(600, 400).convert("RGBA")
    hidden.putalpha(0)
    hidden.paste("green", (0, 0, 100, 100))
    with accept_image(io.BytesIO(uploads.encoded(hidden, "PNG")), "図.png") as found:
        for file in (found.file, *found.renditions.values()):
            with Picture.open(file) as picture:
                corner = picture.convert("RGB").crop((picture.width // 2, 0, *picture.size))
            assert len(corner.getcolors() or ()) == 1, file.name


# By content, not by name


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("写真.png", "写真.jpg"),
        ("写真", "写真.jpg"),
        ("写真.JPEG", "写真.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\写真\\局.jpg", "局.jpg"),
        ("a\0b.jpg", "ab.jpg"),
        ("\u202egpj.exe", "gpj.jpg"),
        ("改\n行\t.jpg", "改 行.jpg"),
        ('引用"と<角>.jpg', "引用_と_角_.jpg"),
        ("", "無題.jpg"),
        (".jpg", "jpg.jpg"),
        ("...", "無題.jpg"),
        ("\ud800.jpg", "_.jpg"),
        (unicodedata.normalize("NFD", "がぎぐ.jpg"), "がぎぐ.jpg"),
        ("か" * 120 + ".jpg", "か" * 120 + ".jpg"),
        (unicodedata.normalize("NFD", "が" * 120) + ".jpg", "が" * 120 + ".jpg"),
        ("か" * 5_000 + ".jpg", "か" * 190 + ".jpg"),
        ("平成25年.第3回", "平成25年.第3回.jpg"),
    ],
)
def test_its_name_is_cleaned_and_kept_for_downloads(name: str, kept: str) -> None:
    assert clean_name(name, "jpg") == kept


def test_an_image_has_its_cleaned_name() -> None:
    assert take(uploads.jpeg(40, 30), "C:\\写真\\局.png")[0].name == "局.jpg"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "SVG形式"),
        (b'<?xml version="1.0"?>\n<!-- a -->\n<svg onload="1">', "SVG形式"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "HTML"),
        (b"\xef\xbb\xbf \n<html>", "HTML"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 50, "HEIC形式"),
        (b"\0\0\0\x18ftypavif" + b"\0" * 50, "AVIF形式"),
        (b"II*\0" + b"\0" * 50, "TIFF形式"),
        (b"BM\0\0\0\0\0\0\0\0" + b"\0" * 50, "BMP形式"),
        (uploads.pdf(), "PDF"),
        (b"MZ\x90\0" + b"\0" * 500, "画像として読み取れません"),
        (b"", "0バイト"),
        (b"\xff\xd8\xff", "壊れている"),
        (uploads.jpeg(800, 600)[:3000], "壊れている"),
        (uploads.encoded(uploads.drawing(), "PNG")[:-200], "壊れている"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "壊れている"),
        (b"GIF89a" + b"\xff" * 100, ""),
        (b"RIFF\xff\xff\xff\xffWEBPVP8 " + b"\xff" * 100, ""),
        (uploads.png_of_size(10_000, 10_000), "10,000×10,000画素"),
        (uploads.png_of_size(12_001, 100), "12,001×100画素"),
        (uploads.png_of_size(2**31 - 1, 2**31 - 1), "大きすぎます"),
        (uploads.png_of_size(8_000, 5_000), "壊れている"),
        (uploads.png_of_size(10_100, 100), "細長すぎます"),
        (uploads.webp_of_size(16_000, 16_000), "16,000×16,000画素"),
        (uploads.gif_of_frames(100_000), "動く画像"),
        (uploads.png_with_long_text(), "壊れている"),
    ],
    ids=range(25),
)
def test_invalid_images_are_refused_with_name_reason_and_remedy(content: bytes, words: str) -> None:
    sentence = refusal(content)
    assert sentence.startswith("「写真.jpg」")
    assert words in sentence


def test_an_animation_is_refused_in_every_format() -> None:
    frames = [Picture.new("RGB", (60, 40), colour) for colour in ("red", "blue")]
    for form in ("GIF", "PNG", "WEBP"):
        content = uploads.encoded(frames[0], form, save_all=True, append_images=frames[1:])
        assert "動く画像" in refusal(content)


def test_an_mpo_file_is_accepted_as_jpeg() -> None:
    frames = [uploads.photograph(400, 300), uploads.photograph(80, 60)]
    content = uploads.encoded(frames[0], "MPO", save_all=True, append_images=frames[1:])
    assert take(content)[0].width == 400


def test_a_file_name_cannot_reverse_a_refusal() -> None:
    assert "\u202e" not in refusal(b"x", "\u202egpj.写真")


# The limits of the child


def test_a_file_of_too_many_bytes_is_not_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bureaus.uploads.intake.IMAGE_BYTES", 10_000)
    assert "10KBを超えています" in refusal(uploads.jpeg(800, 600))


LARGEST = [
    ("PNG", "RGBA", (8_000, 5_000)),
    ("JPEG", "RGB", (6_324, 6_324)),
    ("WEBP", "RGB", (4_000, 4_000)),
    ("PNG", "RGBA", (2_300, 9_900)),
    ("GIF", "P", (8_000, 5_000)),
    ("JPEG", "CMYK", (8_000, 5_000)),
]


@pytest.mark.parametrize(("form", "mode", "size"), sample(LARGEST, 2))
def test_the_largest_images_fit_into_the_memory(
    tmp_path: Path, form: str, mode: str, size: tuple[int, int]
) -> None:
    options = {"progressive": True} if mode == "RGB" and form == "JPEG" else {}
    content = uploads.encoded(Picture.new(mode, size), form, **options)
    ended = uploads.child("image", content, tmp_path)
    assert ended.answer["width"] in range(1_000, 1_601)
    assert ended.kilobytes < LIMIT


@pytest.mark.parametrize(
    "content",
    [uploads.png_of_size(11_900, 3_300), uploads.gif_of_frames(100_000), uploads.jpeg()[:9_999]],
    ids=["hollow", "frames", "cut"],
)
def test_a_hostile_image_is_refused_in_little_memory(tmp_path: Path, content: bytes) -> None:
    ended = uploads.child("image", content, tmp_path)
    assert "invalid" in ended.answer
    assert ended.kilobytes < LIMIT


def test_the_child_has_limits_and_an_empty_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program in place of the worker prints its environment."""
    (tmp_path / "bureaus" / "uploads").mkdir(parents=True)
    for package in ("bureaus", "bureaus/uploads"):
        (tmp_path / package / "__init__.py").write_text("")
    (tmp_path / "bureaus/uploads/sandbox_worker.py").write_text(
        "import json, os; print(json.dumps({'environment': sorted(os.environ)}))"
    )
    monkeypatch.setenv("SECRET_KEY", "ひみつ")
    monkeypatch.setitem(sandbox.ENVIRONMENT, "PYTHONPATH", str(tmp_path))
    environment = sandbox.run_worker("image", tmp_path / "source", tmp_path)["environment"]
    assert set(environment) <= {*sandbox.ENVIRONMENT, "LC_CTYPE", "PYTHONPATH"}
    assert sandbox_worker.MEMORY < LIMIT * 1024


@pytest.mark.parametrize("end", ["import os; os.kill(os.getpid(), 11)", "while True: pass"])
def test_a_child_that_dies_or_times_out_is_a_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    (tmp_path / "bureaus" / "uploads").mkdir(parents=True)
    for package in ("bureaus", "bureaus/uploads"):
        (tmp_path / package / "__init__.py").write_text("")
    (tmp_path / "bureaus/uploads/sandbox_worker.py").write_text(end)
    monkeypatch.setitem(sandbox.ENVIRONMENT, "PYTHONPATH", str(tmp_path))
    monkeypatch.setitem(sandbox.TIMEOUT, "image", 1)
    assert "かかりすぎます" in refusal(uploads.jpeg(40, 30))


def test_an_upload_without_a_free_slot_is_refused_as_busy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sandbox, "SLOT_TIMEOUT", 0.01)
    for _ in range(sandbox.MAX_CHILDREN):
        sandbox.slots.acquire()
    try:
        assert "混み合っている" in refusal(uploads.jpeg(40, 30))
    finally:
        sandbox.slots.release(sandbox.MAX_CHILDREN)
    assert take(uploads.jpeg(40, 30))[0].width == 40


def test_an_image_above_the_memory_limit_is_refused(tmp_path: Path) -> None:
    content = uploads.encoded(Picture.new("RGB", (5_000, 5_000)), "PNG")
    ended = uploads.child("image", content, tmp_path, memory=60 * 1024 * 1024)
    assert ended.answer["invalid"][0] == "heavy"
    assert ended.kilobytes < 100 * 1024
