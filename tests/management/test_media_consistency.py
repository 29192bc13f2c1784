"""What the library names and the storage holds: compared, cleaned, dumped, loaded."""

import io
import json
import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from bureaus.models import Document, EarlierFile, Image
from bureaus.publishing import add_image
from tests.helpers import uploads
from tests.helpers.cast import tokyo
from tests.helpers.fixtures import contents, dump, empty_the_site, load
from tests.helpers.processes import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
POLICY = "documents/ict_tweet_unyou_policy.pdf"


def output_of(command: str, *words: str) -> str:
    written = io.StringIO()
    call_command(command, *words, stdout=written, stderr=written)
    return written.getvalue()


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def leave(media: Path, name: str, *, hours: int = 48) -> Path:
    """A file that is nobody's, so many hours old."""
    path = media / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * 2048)
    old = path.stat().st_mtime - hours * 3600
    os.utime(path, (old, old))
    return path


def library() -> None:
    """The sample site, a picture with renditions, and a document that was replaced."""
    load()
    add_image(upload=io.BytesIO(uploads.jpeg(700, 500)), name="会談.jpg", actor=None)
    default_storage.save("documents/old.pdf", ContentFile(uploads.pdf(2)))
    EarlierFile.objects.create(
        document=Document.objects.get(),
        file="documents/old.pdf",
        byte_size=default_storage.size("documents/old.pdf"),
        page_count=2,
        until=tokyo(2014),
    )


# check_site


def test_a_whole_library_is_in_order() -> None:
    library()
    assert output_of("check_site").endswith("問題は0件です。\n")


@pytest.mark.parametrize("name", [POLICY, "images/kaidan.png", "documents/old.pdf"])
def test_a_file_that_is_missing_is_found(media: Path, name: str) -> None:
    library()
    (media / name).unlink()
    written = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("check_site", stdout=written)
    assert f"/{name}：ファイルが保存場所にありません。" in written.getvalue()


def test_a_rendition_that_is_missing_is_found(media: Path) -> None:
    library()
    image = Image.objects.exclude(renditions="").get()
    (media / image.files[-1]).unlink()
    with pytest.raises(SystemExit):
        output_of("check_site")


def test_a_file_that_is_nobodys_is_told_and_is_no_fault(media: Path) -> None:
    library()
    leave(media, "images/2013/lost.jpg")
    assert "1個あります（images/2013/lost.jpg など）" in output_of("check_site")


# clean_media


def test_what_is_nobodys_is_shown_first_and_then_deleted(media: Path) -> None:
    library()
    before = files(media)
    lost = leave(media, "documents/lost.pdf")
    partial = leave(media, "images/.0a1b.part")
    assert "2個のファイル（4KB）を消せます（消していません）" in output_of(
        "clean_media", "--dry-run"
    )
    assert lost.exists()
    assert partial.exists()
    assert "documents/lost.pdf\n" in output_of("clean_media")
    assert files(media) == before


def test_beside_a_database_without_any_file_nothing_is_deleted(media: Path) -> None:
    """With the wrong database the whole library would be lost."""
    lost = leave(media, "documents/lost.pdf")
    assert "1個のファイル（" in output_of("clean_media", "--dry-run")
    with pytest.raises(CommandError, match="DATABASE_URL"):
        output_of("clean_media")
    assert lost.exists()


def test_what_may_just_be_coming_in_is_left(media: Path) -> None:
    library()
    fresh = leave(media, "images/fresh.jpg", hours=1)
    assert "24時間以内の1個は残しています" in output_of("clean_media")
    assert fresh.exists()
    output_of("clean_media", "--hours", "0")
    assert not fresh.exists()


def test_a_library_without_any_file_is_clean() -> None:
    assert output_of("clean_media").startswith("0個のファイル（0KB）を消しました。")


# Both ways


def test_a_dump_with_its_media_fills_another_site(media: Path, tmp_path: Path) -> None:
    library()
    before, stored = contents(), files(media)
    target = tmp_path / "dump"
    target.mkdir()
    assert f"{len(stored)}個のファイルを" in output_of(
        "dumpdata", "bureaus", "-o", str(target / "site.json"), "--media", str(target / "media")
    )
    assert files(target / "media") == stored
    dumped = dump()

    empty_the_site()
    for name in stored:
        (media / name).unlink()
    load(str(target / "site.json"))
    assert dump() == dumped
    assert files(media) == stored
    assert {name: len(rows) for name, rows in contents().items()} == {
        name: len(rows) for name, rows in before.items()
    }


def test_a_dump_is_refused_where_another_file_is_in_the_place(tmp_path: Path) -> None:
    load()
    (tmp_path / "documents").mkdir()
    (tmp_path / POLICY).write_bytes(b"another")
    with pytest.raises(CommandError, match="内容の違うもの"):
        output_of("dumpdata", "bureaus", "--media", str(tmp_path))


def test_a_dump_is_refused_where_a_file_is_missing(media: Path, tmp_path: Path) -> None:
    load()
    (media / POLICY).unlink()
    with pytest.raises(CommandError, match="保存場所にありません"):
        output_of("dumpdata", "bureaus", "--media", str(tmp_path))


def test_renditions_that_did_not_come_along_are_not_told_of(media: Path, tmp_path: Path) -> None:
    library()
    image = Image.objects.exclude(renditions="").get()
    target = tmp_path / "dump.json"
    items = [item for item in json.loads(dump()) if item["model"] == "bureaus.image"]
    target.write_text(json.dumps(items))
    empty_the_site()
    for name in image.files[2:]:
        (media / name).unlink()
    load(str(target))
    again = Image.objects.get(file=image.file)
    assert again.renditions == image.renditions.split()[0]


@pytest.mark.parametrize("name", [POLICY, POLICY.replace("pdf", "PDF")])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (uploads.pdf_with("script"), "JavaScript"),
        (uploads.locked_pdf(user=""), "パスワード"),
    ],
)
def test_what_could_not_be_uploaded_cannot_be_loaded(
    media: Path, tmp_path: Path, content: bytes, words: str, name: str
) -> None:
    folder = tmp_path / "given"
    (folder / "media/documents").mkdir(parents=True)
    (folder / "media" / name).write_bytes(content)
    item = {"address": name, "file": name, "title": "方針"}
    (folder / "a.json").write_text(json.dumps([{"model": "bureaus.document", "fields": item}]))
    with pytest.raises(CommandError, match=words):
        load(str(folder / "a.json"))
    assert not media.exists()


def load_again(_number: int) -> None:
    load()


@pytest.mark.django_db(transaction=True)
def test_two_first_loads_at_once_copy_each_file_once(media: Path) -> None:
    assert at_once(3, load_again) == []
    assert {"images/kaidan.png", POLICY} <= files(media).keys()
    assert not [name for name in files(media) if ".part" in name]
    assert output_of("check_site").endswith("問題は0件です。\n")
