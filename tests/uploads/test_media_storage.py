"""The media library on S3, against a local server of that protocol."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import Client
from moto.server import ThreadedMotoServer

from bureaus.management.start_failures import refuse_missing_bucket
from bureaus.models import Document, EarlierFile, Edition, Figure, Image, Link, SealKind
from bureaus.publishing import (
    SealRequest,
    add_document,
    add_image,
    confirm_seal,
    delete_image,
    propose_seal,
    replace_document,
)
from ministry_site.environment import bucket, read
from tests.helpers import uploads
from tests.helpers.cast import Site
from tests.helpers.fixtures import empty_the_site, load
from tests.settings import free_port

EXPECTED = "s3://…の形の番地"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    port = free_port()
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    running.start()
    yield f"http://127.0.0.1:{port}"
    running.stop()


@pytest.fixture
def on_s3(
    server: str, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[str]:
    """The site with its media in a bucket of this test alone, and none on the disk."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "ministry")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "ひみつ".encode().hex())
    client = boto3.client("s3", endpoint_url=server, region_name="ap-northeast-1")
    where = {"LocationConstraint": "ap-northeast-1"}
    client.create_bucket(Bucket="ministry", CreateBucketConfiguration=where)
    settings.MEDIA_ROOT = tmp_path / "never"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": bucket(f"s3://ministry/site/media?endpoint={server}&region=ap-northeast-1"),
    }
    yield server
    boto3.resource("s3", endpoint_url=server, region_name="ap-northeast-1").Bucket(
        "ministry"
    ).object_versions.delete()
    client.delete_bucket(Bucket="ministry")
    assert not (tmp_path / "never").exists()


def output_of(command: str, *words: str) -> str:
    written = io.StringIO()
    call_command(command, *words, stdout=written, stderr=written)
    return written.getvalue()


def sent(client: Client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200
    return b"".join(response)


# The setting


def test_a_bucket_is_named_by_one_address() -> None:
    options = bucket("s3://bucket/folder/?endpoint=https://s3.example.jp&region=jp")["OPTIONS"]
    assert (options["bucket_name"], options["location"]) == ("bucket", "folder")
    assert (options["endpoint_url"], options["region_name"]) == ("https://s3.example.jp", "jp")
    assert bucket("s3://bucket")["OPTIONS"]["endpoint_url"] is None


@pytest.mark.parametrize(
    "text",
    [
        "bucket",
        "s3://",
        "s3://Bucket",
        "https://bucket",
        "s3://bucket?endpoint=s3.example.jp",
        "s3://bucket?endpoint=https://a&endpoint=https://b",
        "s3://bucket?key=ひみつ",
        "s3://bucket?x",
    ],
)
def test_a_wrong_address_stops_the_start(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("MEDIA_STORAGE", text)
    with pytest.raises(ImproperlyConfigured, match="MEDIA_STORAGE"):
        read("MEDIA_STORAGE", dict[str, Any](), parse=bucket, expected=EXPECTED)


# The library


@pytest.mark.django_db(transaction=True)
def test_an_image_is_stored_sent_and_deleted(on_s3: str, site: Site, citizen: Client) -> None:
    image = add_image(upload=io.BytesIO(uploads.jpeg(700, 500)), name="会談.jpg", actor=None)
    assert all(default_storage.exists(name) for name in image.files)
    edition = Edition.objects.get(page=site.bureau)
    (figure,) = Figure.objects.bulk_create([Figure(edition=edition, image=image, alt="握手")])
    for name in image.files:
        with default_storage.open(name) as stored:
            assert sent(citizen, f"/media/{name}") == stored.read()
    assert citizen.get("/media/images/nothing.jpg").status_code == 404

    Figure.objects.filter(pk=figure.pk)._raw_delete(Figure.objects.db)
    delete_image(image=image, actor=None)
    assert not any(default_storage.exists(name) for name in image.files)


@pytest.mark.django_db(transaction=True)
def test_no_version_of_a_sealed_file_stays_in_the_bucket(
    on_s3: str, site: Site, approver: User, second_approver: User
) -> None:
    """A bucket that keeps versions answers a deletion with a mark, and keeps the content."""
    media = boto3.resource("s3", endpoint_url=on_s3, region_name="ap-northeast-1").Bucket(
        "ministry"
    )
    media.Versioning().enable()
    image = add_image(upload=io.BytesIO(uploads.jpeg(700, 500)), name="a.jpg", actor=None)
    other = add_image(upload=io.BytesIO(uploads.jpeg(700, 501)), name="b.jpg", actor=None)
    edition = Edition.objects.get(page=site.bureau)
    Figure.objects.bulk_create([Figure(edition=edition, image=image, alt="a")])
    seal = propose_seal(
        request=SealRequest(image, SealKind.IMAGE), ground="law", reason="誤り", actor=approver
    )
    files = image.files
    confirm_seal(seal=seal, actor=second_approver)
    left = {
        version.object_key.removeprefix("site/media/") for version in media.object_versions.all()
    }
    assert left == {*other.files, "seals/seals.json"}
    assert len(files) > 1
    default_storage.save(files[0], io.BytesIO(b"a copy that came back"))
    default_storage.delete(files[0])
    assert "保存場所に残っていたファイルは1個です" in output_of("erase_sealed")
    assert not list(media.object_versions.filter(Prefix=f"site/media/{files[0]}"))


@pytest.mark.django_db(transaction=True)
def test_a_document_is_replaced_and_the_earlier_one_read(
    on_s3: str, site: Site, citizen: Client
) -> None:
    old, new = uploads.pdf(1), uploads.pdf(2)
    document = add_document(upload=io.BytesIO(old), name="a.pdf", actor=None).document
    edition = Edition.objects.get(page=site.bureau)
    Link.objects.bulk_create([Link(edition=edition, text="方針", document=document)])
    replace_document(
        document=document, upload=io.BytesIO(new), name="b.pdf", actor=None, note="改定"
    )
    assert sent(citizen, f"/{document.address}") == new
    assert sent(citizen, f"/{document.address}?at=2013-05-01") == old


@pytest.mark.django_db(transaction=True)
def test_only_the_requested_range_is_fetched_and_nothing_for_a_known_etag(
    on_s3: str, site: Site, citizen: Client
) -> None:
    content = uploads.pdf(1)
    document = add_document(upload=io.BytesIO(content), name="a.pdf", actor=None).document
    edition = Edition.objects.get(page=site.bureau)
    Link.objects.bulk_create([Link(edition=edition, text="方針", document=document)])
    fetched: list[str] = []

    def note(request: Any, **_event: Any) -> None:
        fetched.append(f"{request.method} {request.headers.get('Range', b'').decode()}".strip())

    storage: Any = default_storage
    storage.connection.meta.client.meta.events.register("before-send.s3", note)
    address = f"/{document.address}"
    part = citizen.get(address, headers={"range": "bytes=5-20"})
    assert (part.status_code, b"".join(part)) == (206, content[5:21])
    assert part.headers["Content-Range"] == f"bytes 5-20/{len(content)}"
    known = {"if-none-match": part.headers["ETag"]}
    assert citizen.get(address, headers=known).status_code == 304
    assert citizen.head(address).headers["Content-Length"] == str(len(content))
    assert citizen.get(address, headers={"range": "bytes=999999-"}).status_code == 416
    assert fetched == ["HEAD", "GET bytes=5-20", "HEAD", "HEAD", "HEAD"]


@pytest.mark.django_db
def test_the_fixtures_are_loaded_and_their_renditions_made(on_s3: str) -> None:
    load()
    load()
    assert output_of("make_renditions", "--verbosity", "0").startswith("2枚のうち2枚")
    output_of("make_renditions", "--all")
    assert output_of("check_site").endswith("問題は0件です。\n")
    for image in Image.objects.all():
        assert all(default_storage.exists(name) for name in image.files)


@pytest.mark.django_db
def test_missing_and_orphaned_files_are_found(on_s3: str) -> None:
    load()
    default_storage.delete("images/kaidan.png")
    default_storage.save("images/2013/lost.png", io.BytesIO(b"x"))
    with pytest.raises(SystemExit):
        output_of("check_site")
    assert "images/2013/lost.png\n" in output_of("clean_media", "--hours", "0")
    assert not default_storage.exists("images/2013/lost.png")


@pytest.mark.django_db
def test_a_dump_comes_from_the_bucket_and_goes_back(on_s3: str, tmp_path: Path) -> None:
    load()
    file = tmp_path / "site.json"
    output_of("dumpdata", "bureaus", "-o", str(file), "--media", str(tmp_path / "media"))
    assert len(json.loads(file.read_text())) == 158  # 127 and the placements of 31 pages
    empty_the_site()
    for name in ("images/kaidan.png", "images/hikari_network.png"):
        default_storage.delete(name)
    load(str(file))
    assert output_of("check_site").endswith("問題は0件です。\n")
    assert Document.objects.count() == 1
    assert not EarlierFile.objects.exists()


@pytest.mark.usefixtures("on_s3")
def test_a_bucket_that_does_not_exist_stops_the_start(server: str, settings: LazySettings) -> None:
    refuse_missing_bucket()
    storage = bucket(f"s3://nowhere?endpoint={server}&region=ap-northeast-1")
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    with pytest.raises(CommandError, match="バケット「nowhere」がありません。公開しないバケット"):
        refuse_missing_bucket()


@pytest.mark.django_db(transaction=True)
def test_a_backup_comes_from_the_bucket_and_is_restored_to_an_empty_site(
    on_s3: str, site: Site, tmp_path: Path
) -> None:
    document = add_document(upload=io.BytesIO(uploads.pdf(1)), name="a.pdf", actor=None).document
    output_of("backup", str(tmp_path / "copy"))
    empty_the_site()
    default_storage.delete(str(document.file))
    assert "問題は0件です。" in output_of("restore", str(tmp_path / "copy"))
    assert Document.objects.get() == document
