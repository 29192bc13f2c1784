"""Renditions: responsive images on pages, their addresses and the command."""

import io
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bureaus.management.commands.prepare import Command
from bureaus.models import Edition, Figure, Image
from bureaus.reading.parts import sources_of
from tests.helpers import uploads
from tests.helpers.cast import Site, approve, tokyo
from tests.helpers.reader import BUREAU, read, values

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
SECTION = f"{BUREAU}kenkyu/"


def show(site: Site, *renditions: str, body: str = "<p>本文</p>") -> list[Image]:
    """A section's page with these images."""
    edition = approve(site.sections[1], "研究開発", live_from=tokyo(2013, 5), body=body)
    images = [
        Image.objects.create(
            file=f"images/{number}.jpg",
            width=1600,
            height=1067,
            byte_size=9,
            renditions=endings,
        )
        for number, endings in enumerate(renditions)
    ]
    Figure.objects.bulk_create(
        Figure(edition=edition, position=number, image=image, alt=f"図{number}の装置")
        for number, image in enumerate(images)
    )
    return images


def output_of(command: str, *words: str) -> str:
    written = io.StringIO()
    call_command(command, *words, stdout=written, stderr=written)
    return written.getvalue()


# On the page


def test_a_browser_chooses_format_and_width(site: Site, citizen: Client) -> None:
    show(site, "1600.webp 320.webp 640.webp 320.jpg 320.avif")
    page = read(citizen, SECTION)
    src = "/media/images/0.jpg"
    assert values(page, "//picture//source/@type") == ["image/avif", "image/webp"]
    assert values(page, "//picture//source[@type]/@srcset") == [
        f"{src}.320.avif 320w",
        f"{src}.320.webp 320w, {src}.640.webp 640w, {src}.1600.webp 1600w",
    ]
    assert values(page, "//picture//img/@src") == [src]
    assert values(page, "//picture//img/@srcset") == [f"{src}.320.jpg 320w, {src} 1600w"]
    assert len(set(values(page, "//picture//@sizes"))) == 1


def test_images_have_dimensions_so_that_the_layout_is_stable(site: Site, citizen: Client) -> None:
    show(site, "320.webp", "", "")
    page = read(citizen, SECTION)
    assert values(page, "//main//img/@width") == ["1600"] * 3
    assert values(page, "//main//img/@height") == ["1067"] * 3
    assert values(page, "//main//img/@decoding") == ["async"] * 3


def test_only_images_below_the_fold_load_lazily(site: Site, citizen: Client) -> None:
    show(site, "320.webp", "320.webp", "")
    on_its_own = read(citizen, SECTION).xpath("//main//img")
    assert [image.get("loading") for image in on_its_own] == [None, "lazy", "lazy"]
    in_a_section = read(citizen, BUREAU).xpath("//main//img")
    assert [image.get("loading") for image in in_a_section] == ["lazy"] * 3


def test_an_image_beside_a_text_has_smaller_sizes(site: Site, citizen: Client) -> None:
    show(site, "320.webp")
    beside = values(read(citizen, SECTION), "//picture//source/@sizes")
    approve(site.sections[1], "研究開発", live_from=tokyo(2013, 6), lead="要旨")
    edition = Edition.objects.get(page=site.sections[1], number=3)
    Figure.objects.bulk_create([Figure(edition=edition, image=Image.objects.get(), alt="装置")])
    alone = values(read(citizen, SECTION), "//picture//source/@sizes")
    assert ["15rem" in sizes for sizes in (*beside, *alone)] == [True, False]


def test_an_image_without_renditions_is_shown_as_it_is(site: Site, citizen: Client) -> None:
    show(site, "")
    page = read(citizen, SECTION)
    assert values(page, "//picture") == []
    assert values(page, "//main//img/@srcset") == []


def test_renditions_cost_no_query(
    site: Site, citizen: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(7):
        citizen.get(SECTION)
    show(site, *["320.webp 640.webp 320.jpg"] * 20)
    with django_assert_num_queries(7):
        citizen.get(SECTION)


def test_the_full_width_is_listed_once() -> None:
    srcset, sources = sources_of("/a.png", 800, "320.png 640.jpg 800.webp")
    assert srcset == "/a.png.320.png 320w, /a.png.640.jpg 640w, /a.png 800w"
    assert [source.srcset for source in sources] == ["/a.png.800.webp 800w"]


# At its address


@pytest.fixture
def served(site: Site) -> Image:
    (image,) = show(site, "320.webp 320.jpg")
    image.name = "会談.jpg"
    image.save()
    for name in (*image.files, "images/0.jpg.640.webp"):
        default_storage.save(name, ContentFile(b"picture"))
    return image


def test_a_rendition_is_sent_under_the_name_of_its_image(served: Image, citizen: Client) -> None:
    response = citizen.get("/media/images/0.jpg.320.webp")
    assert b"".join(response) == b"picture"
    assert response.headers["Content-Type"] == "image/webp"
    assert response.headers["Content-Disposition"].startswith("inline; filename*=utf-8''%E4%BC%9A")
    assert response.headers["Content-Disposition"].endswith("-320.webp")


@pytest.mark.parametrize(
    "name",
    [
        "images/0.jpg.640.webp",  # in the folder, but no rendition of it
        "images/0.jpg.320.png",
        "images/0.jpg.0320.webp",
        "images/0.jpg.320.webp.320.webp",
        "images/1.jpg.320.webp",
        "images/0.320.webp",
    ],
)
def test_other_names_are_not_found(served: Image, citizen: Client, name: str) -> None:
    assert citizen.get(f"/media/{name}").status_code == 404


def test_a_rendition_of_a_draft_is_under_embargo_too(served: Image, citizen: Client) -> None:
    Edition.objects.filter(figures__image=served).update(state="draft", live_from=None)
    for name in served.files:
        assert citizen.get(f"/media/{name}").status_code == 404


# The command


@pytest.fixture
def kept(media: Path) -> Image:
    default_storage.save(
        "images/zu.png", ContentFile(uploads.encoded(uploads.drawing(900, 600), "PNG"))
    )
    return Image.objects.create(file="images/zu.png", width=900, height=600, byte_size=9)


def test_missing_renditions_are_made_and_the_image_stays(kept: Image, media: Path) -> None:
    before = (media / "images/zu.png").read_bytes()
    assert output_of("make_renditions").endswith("1枚のうち1枚の小さい画像を作りました。\n")
    kept.refresh_from_db()
    assert kept.renditions.startswith("900.webp")
    assert {path.name for path in (media / "images").iterdir()} == {
        name.removeprefix("images/") for name in kept.files
    }
    assert (media / "images/zu.png").read_bytes() == before
    assert output_of("make_renditions") == "0枚のうち0枚の小さい画像を作りました。\n"


def test_progress_is_shown(kept: Image) -> None:
    assert output_of("make_renditions").startswith("1/1 images/zu.png 900.webp")


def test_all_renditions_are_made_again_and_obsolete_ones_deleted(kept: Image, media: Path) -> None:
    Image.objects.update(renditions="77.webp")
    default_storage.save("images/zu.png.77.webp", ContentFile(b"old"))
    output_of("make_renditions", "--all")
    kept.refresh_from_db()
    assert "77.webp" not in kept.renditions
    assert not (media / "images/zu.png.77.webp").exists()


def test_avif_is_made_where_it_saves_bytes(media: Path) -> None:
    default_storage.save("images/a.jpg", ContentFile(uploads.jpeg(640, 480)))
    image = Image.objects.create(file="images/a.jpg", width=640, height=480, byte_size=9)
    output_of("make_renditions", "--avif")
    image.refresh_from_db()
    avif = [ending for ending in image.renditions.split() if ending.endswith(".avif")]
    for ending in avif:
        light = (media / f"images/a.jpg.{ending}").stat().st_size
        assert (
            light <= 0.9 * (media / f"images/a.jpg.{ending.replace('avif', 'webp')}").stat().st_size
        )
    assert "640.webp" in image.renditions


def test_an_unreadable_image_is_named_and_the_others_are_made(kept: Image) -> None:
    Image.objects.create(file="images/lost.png", width=9, height=9, byte_size=9)
    written = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("make_renditions", stdout=written, stderr=written)
    assert "images/lost.png：作れませんでした" in written.getvalue()
    assert "2枚のうち1枚" in written.getvalue()


def test_a_missing_image_does_not_stop_the_start(kept: Image, site: Site) -> None:
    Image.objects.create(file="images/lost.png", width=9, height=9, byte_size=9)
    Command(stdout=io.StringIO()).prepare()
    assert Image.objects.exclude(renditions="").get() == kept
