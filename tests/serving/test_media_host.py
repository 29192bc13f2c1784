"""Public files on a host of their own: they and nothing else there, and none of them here."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from bureaus.models import Ground, Seal, SealKind
from tests.serving.test_files import PDF, PICTURE, library

__all__ = ["library"]
pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
ORIGIN = "https://files.example.go.jp"


@pytest.fixture(autouse=True)
def two_hosts(settings: Settings) -> None:
    settings.MEDIA_ORIGIN, settings.MEDIA_URL = ORIGIN, f"{ORIGIN}/media/"
    settings.ALLOWED_HOSTS = ["localhost", "files.example.go.jp"]


@pytest.fixture
def files() -> Client:
    return Client(HTTP_HOST="files.example.go.jp")


def test_the_host_of_files_serves_them_to_the_pages_of_the_site(files: Client) -> None:
    for address in (f"/media/{PICTURE}", f"/{PDF}"):
        answer = files.get(address)
        answer.getvalue()
        assert answer.status_code == 200
        assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Set-Cookie" not in answer


@pytest.mark.parametrize("address", ["/", "/admin/", "/search/", "/static/css/site.css", "/x.json"])
def test_it_answers_nothing_else(files: Client, address: str) -> None:
    assert files.get(address).status_code == files.post(address).status_code == 404


@pytest.mark.parametrize(
    "host", ["FILES.example.go.jp", "files.example.go.jp.", "files.example.go.jp:443"]
)
def test_its_name_in_another_spelling_opens_no_page(host: str) -> None:
    assert Client(HTTP_HOST=host).get("/admin/").status_code == 404


def test_a_file_that_is_not_public_is_not_there_either(files: Client) -> None:
    assert files.get("/media/images/unknown.png").status_code == 404


def test_an_error_page_needs_nothing_of_the_site(files: Client) -> None:
    now = timezone.now()
    Seal.objects.create(
        kind=SealKind.DOCUMENT,
        file=PDF,
        ground=Ground.LAW,
        decider="総務省",
        is_urgent=True,
        proposed_at=now,
        lapses_at=now + timedelta(hours=1),
    )
    for address, status, sentence in (
        ("/media/images/unknown.png", 404, "お探しのファイルは見つかりません。"),
        (f"/{PDF}", 410, "法令に基づき"),
    ):
        answer = files.get(address)
        page = answer.content.decode()
        assert (answer.status_code, sentence in page) == (status, True)
        assert "href=" not in page
        assert "src=" not in page
        assert int(answer["Content-Length"]) == len(answer.content)


def test_the_site_sends_readers_of_files_there(citizen: Client) -> None:
    answer = citizen.get(f"/{PDF}?at=2014-01-01")
    assert (answer.status_code, answer["Location"]) == (302, f"{ORIGIN}/{PDF}?at=2014-01-01")
    page = citizen.get("/").content.decode()
    assert f'src="{ORIGIN}/media/{PICTURE}"' in page
    assert f'href="/{PDF}"' in page
    assert citizen.get("/index.json").json()["figures"][0]["url"] == f"{ORIGIN}/media/{PICTURE}"


def test_officers_see_files_at_the_site(operator_client: Client, library: Path) -> None:
    del library
    answer = operator_client.get(f"/admin/files/{PICTURE}")
    answer.getvalue()
    assert answer.status_code == 200
