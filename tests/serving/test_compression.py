"""Compressed answers, conditional answers, and the headers of all answers."""

import gzip
from contextlib import closing
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from bureaus.models import Edition, Figure, Image
from tests.helpers.cast import Site

BUREAU = "/main_sosiki/joho_kokusai/"
PACKED = {"accept-encoding": "gzip, br"}

pytestmark = [pytest.mark.django_db, pytest.mark.one_database_unless_long]


@pytest.mark.parametrize(
    "address",
    [BUREAU, "/news/", "/nothing/", f"{BUREAU[:-1]}.json", "/feed.xml", "/sitemap.xml"],
)
def test_whoever_can_unpack_gets_less_to_carry(site: Site, citizen: Client, address: str) -> None:
    plain, packed = citizen.get(address), citizen.get(address, headers=PACKED)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed.headers["Content-Length"] == str(len(packed.content))
    assert len(packed.content) < len(plain.content)
    for response in (plain, packed):
        assert "Accept-Encoding" in response.headers["Vary"]


@pytest.mark.parametrize("address", [BUREAU, "/feed.xml", "/sitemap.xml"])
def test_what_came_packed_and_has_not_changed_is_not_sent_again(
    site: Site, citizen: Client, address: str
) -> None:
    tag = citizen.get(address, headers=PACKED).headers["ETag"]
    assert tag.startswith('W/"')
    again = citizen.get(address, headers=PACKED | {"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert citizen.get(address, headers={"if-none-match": tag}).status_code == 304


def test_head_of_a_packed_page_sends_nothing(site: Site, citizen: Client) -> None:
    head = citizen.head(BUREAU, headers=PACKED)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Encoding"] == "gzip"


@pytest.fixture
def picture(site: Site, media: Path) -> str:
    default_storage.save("images/a.png", ContentFile(b"PNG" * 1_000))
    image = Image.objects.create(file="images/a.png", width=8, height=5, byte_size=3_000)
    Figure.objects.bulk_create(
        [Figure(edition=Edition.objects.get(page=site.root), image=image, alt="図")]
    )
    return "/media/images/a.png"


def test_a_picture_is_not_packed_again(picture: str, citizen: Client) -> None:
    with closing(citizen.get(picture, headers=PACKED)) as response:
        assert "Content-Encoding" not in response.headers
        assert response.headers["Content-Length"] == "3000"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (BUREAU, 200),
        ("/nothing/", 404),
        ("/?at=zz", 400),
        ("/main_sosiki", 301),
        ("/healthz", 200),
        ("/sitemap.xml", 200),
        ("/static/img/favicon.svg", 200),
        ("/favicon.ico", 200),
        ("/media/images/a.png", 200),
        ("/admin/", 302),
    ],
)
def test_no_other_site_can_embed_anything(
    picture: str, static_files: None, citizen: Client, address: str, status: int
) -> None:
    with closing(citizen.get(address)) as response:
        assert response.status_code == status
        policy = response.headers["Content-Security-Policy"]
        assert {"default-src 'none'", "frame-ancestors 'none'"} <= set(policy.split("; "))
        assert "unsafe" not in policy
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert response.headers["Cross-Origin-Embedder-Policy"] == "require-corp"
        assert "camera=()" in response.headers["Permissions-Policy"]


def test_a_refused_host_carries_them_too(site: Site) -> None:
    client = Client(HTTP_HOST="evil.example", raise_request_exception=False)
    response = client.get("/")
    assert response.status_code == 400
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("requested", ["gzip;q=0", "gzip; q=0.0, identity", "br, gzip;q=0,*"])
def test_who_refuses_compression_gets_it_plain(site: Site, citizen: Client, requested: str) -> None:
    answer = citizen.get(BUREAU, headers={"accept-encoding": requested})
    assert "Content-Encoding" not in answer.headers
