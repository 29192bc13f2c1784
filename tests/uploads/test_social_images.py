"""Social images: the cropped images that other sites show for a link."""

import io
import re
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from PIL import Image as Picture

from bureaus.models import Edition, Image
from bureaus.models.media import RENDITION_SUFFIX
from bureaus.social_image import crop_box, image_suffix, social_image_in
from tests.helpers import uploads
from tests.helpers.cast import Site
from tests.helpers.libraries import picture, show_in
from tests.helpers.reader import BUREAU, read, values

CARD = "card-1200x630-10-90.jpg"


@pytest.mark.parametrize(
    ("size", "point", "box"),
    [
        ((1600, 1200), (50, 50), (0, 180, 1600, 840)),
        ((1600, 1200), (50, 0), (0, 0, 1600, 840)),
        ((1600, 1200), (50, 100), (0, 360, 1600, 840)),
        ((1600, 400), (100, 50), (839, 0, 761, 400)),
        ((1600, 400), (50, 0), (420, 0, 761, 400)),
        ((600, 2000), (0, 20), (0, 243, 600, 315)),
    ],
)
def test_the_crop_is_centred_on_the_focal_point(
    size: tuple[int, int], point: tuple[int, int], box: tuple[int, int, int, int]
) -> None:
    assert crop_box(*size, *point) == box


@pytest.mark.parametrize("size", [(599, 1200), (1600, 300), (1, 1), (12_000, 120)])
def test_a_small_image_has_no_social_image(size: tuple[int, int]) -> None:
    assert crop_box(*size, 50, 50) is None


@pytest.mark.parametrize("width", [600, 900, 1200, 1201, 1600])
@pytest.mark.parametrize("height", [315, 630, 900, 3750])
def test_the_size_is_read_from_the_name(width: int, height: int) -> None:
    box = crop_box(width, height, 3, 100)
    if box is None:
        return
    ending = image_suffix(box, 3, 100)
    assert re.fullmatch(RENDITION_SUFFIX, ending)
    assert social_image_in(f"640.webp {ending} 320.jpg") == (ending, *box.size)
    assert box.size[0] <= 1200
    assert box.left + box.width <= width
    assert box.top + box.height <= height


def test_no_rendition_is_taken_for_a_social_image() -> None:
    assert social_image_in("640.webp 320.jpg") is None
    assert social_image_in("") is None


def image_of(site: Site, **fields: str) -> Image:
    image = picture("images/a.jpg", **fields)
    show_in(Edition.objects.get(page=site.bureau), image)
    return image


@pytest.mark.django_db
@pytest.mark.usefixtures("media")
def test_the_social_image_is_offered_to_other_sites_only(site: Site, citizen: Client) -> None:
    image_of(site, renditions=f"1200.webp 640.webp 640.jpg {CARD}")
    page = read(citizen, BUREAU)
    [address] = values(page, "//meta[@property='og:image']/@content")
    assert address.endswith(f"/media/images/a.jpg.{CARD}")
    assert values(page, "//meta[@property='og:image:width']/@content") == ["1200"]
    assert values(page, "//meta[@property='og:image:height']/@content") == ["630"]
    assert not [one for one in values(page, "//@srcset") if "card" in one]


@pytest.mark.django_db
@pytest.mark.usefixtures("media")
def test_a_social_image_is_public_with_its_image(site: Site, citizen: Client) -> None:
    image = image_of(site, renditions=f"640.webp {CARD}")
    for name in image.files:
        default_storage.save(name, ContentFile(b"x"))
    default_storage.save("images/a.jpg.card-1200x630-1-1.jpg", ContentFile(b"old"))
    response = citizen.get(f"/media/images/a.jpg.{CARD}")
    assert (response.status_code, b"".join(response)) == (200, b"x")
    assert "%E4%BC%9A%E8%AB%87-card" in response.headers["Content-Disposition"]
    assert citizen.get("/media/images/a.jpg.card-1200x630-1-1.jpg").status_code == 404


@pytest.mark.django_db
def test_renewed_renditions_keep_the_focal_point(media: Path) -> None:
    drawn = Picture.new("RGB", (1600, 400), "blue")
    drawn.paste("red", (1200, 0, 1600, 400))
    default_storage.save("images/a.jpg", ContentFile(uploads.encoded(drawn, "JPEG")))
    image = picture("images/a.jpg", width=1600, height=400, focal_x=100)
    call_command("make_renditions", "--all", verbosity=0, stdout=io.StringIO())
    image.refresh_from_db()
    assert "card-761x400-100-50.jpg" in image.renditions
    with Picture.open(media / "images/a.jpg.card-761x400-100-50.jpg") as card:
        red, _, blue = card.convert("RGB").resize((9, 1)).tobytes()[-3:]
    assert red > blue


@pytest.mark.django_db
def test_transparency_becomes_white(media: Path) -> None:
    glass = Picture.new("RGBA", (800, 600), (255, 0, 0, 0))
    glass.putpixel((0, 0), (255, 0, 0, 255))
    default_storage.save("images/a.png", ContentFile(uploads.encoded(glass, "PNG")))
    image = picture("images/a.png", width=800, height=600)
    call_command("make_renditions", verbosity=0, stdout=io.StringIO())
    image.refresh_from_db()
    found = social_image_in(image.renditions)
    assert found is not None
    with Picture.open(media / f"images/a.png.{found[0]}") as card:
        assert (card.format, card.getpixel((400, 200))) == ("JPEG", (255, 255, 255))


@pytest.mark.django_db
def test_a_former_social_image_is_an_orphan(media: Path) -> None:
    image = picture(renditions=f"640.webp {CARD}")
    for name in [*image.files, "images/a.jpg.card-1200x630-1-1.jpg"]:
        default_storage.save(name, ContentFile(b"x"))
    fields = io.StringIO()
    call_command("clean_media", "--hours", "-1", stdout=fields)
    assert fields.getvalue().startswith("images/a.jpg.card-1200x630-1-1.jpg\n1個のファイル")
    assert default_storage.exists(f"images/a.jpg.{CARD}")
