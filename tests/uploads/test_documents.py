"""Uploaded documents: facts, refusals and warnings."""

import io
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest

from bureaus.uploads.intake import AcceptedDocument, accept_document, refusal_sentence
from bureaus.uploads.invalid_upload import InvalidUpload
from tests.helpers import uploads

pytestmark = pytest.mark.one_database


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of uploads during their checks; nothing may be left there."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield tmp_path
    assert list(tmp_path.glob("ministry-upload-*")) == []


def take(content: bytes, name: str = "資料.pdf") -> tuple[AcceptedDocument, bytes]:
    with accept_document(io.BytesIO(content), name) as found:
        return found, found.file.read_bytes()


def refusal(content: bytes, name: str = "資料.pdf") -> str:
    with pytest.raises(InvalidUpload) as caught, accept_document(io.BytesIO(content), name):
        pytest.fail("it was taken")
    sentence = refusal_sentence(caught.value, name)
    assert sentence.endswith("ください。")
    assert sentence.startswith(f"「{name}」")
    return sentence


def packed(**parts: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return content.getvalue()


def bomb() -> bytes:
    """Half a gigabyte and more, according to the directory of the archive."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", uploads.types())
        for number in range(11):
            with archive.open(f"word/media/{number}.png", "w") as part:
                for _ in range(48):
                    part.write(b"\0" * 1024 * 1024)
    return content.getvalue()


# Facts


def test_the_facts_of_a_pdf_are_read() -> None:
    found, content = take(uploads.pdf(4))
    assert content == uploads.pdf(4) or content.startswith(b"%PDF-")
    assert (found.name, found.title, found.page_count) == ("資料.pdf", "運用ポリシー", 4)
    assert (found.language, found.is_tagged, found.has_text) == ("ja", True, True)
    assert found.warnings == ()


def test_a_pdf_is_stored_unchanged_so_that_signatures_stay_valid() -> None:
    content = uploads.pdf()
    assert take(content)[1] == content


def test_the_prefix_of_office_is_removed_from_titles() -> None:
    assert take(uploads.pdf(title="Microsoft Word - 予算案.docx"))[0].title == "予算案"
    assert take(uploads.pdf(title="Microsoft Wordの使い方"))[0].title == "Microsoft Wordの使い方"


def test_a_pdf_without_a_title_is_named_after_its_file() -> None:
    assert take(uploads.pdf(title=""), "運用方針.PDF")[0].title == "運用方針"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (uploads.pdf(tagged=False), ("タグ", "言語")),
        (uploads.pdf(title=""), ("表題",)),
        (uploads.pdf(text=False), ("スキャン",)),
    ],
    ids=["not tagged", "no title", "scanned"],
)
def test_accessibility_faults_are_warnings(content: bytes, words: tuple[str, ...]) -> None:
    warnings = take(content)[0].warnings
    assert len(warnings) == len(words)
    for word, warning in zip(words, warnings, strict=True):
        assert word in warning
        assert warning.endswith("ください。")


def test_word_and_excel_are_distinguished_by_content() -> None:
    word, _ = take(uploads.office(), "表.xlsx")
    excel, _ = take(uploads.office(uploads.EXCEL), "文.docx")
    assert (word.name, word.title, word.page_count) == ("表.docx", "配付資料", 3)
    assert (excel.name, excel.page_count) == ("文.xlsx", None)
    assert any("作成者の名前（鈴木）" in warning for warning in word.warnings)
    assert any("ページの本文" in warning for warning in word.warnings)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_csv_is_stored_as_utf8_with_a_byte_order_mark(encoding: str) -> None:
    found, content = take("組織,人数\r\n髙橋課,3\r\n".encode(encoding), "一覧.txt")
    assert content == "組織,人数\r\n髙橋課,3\r\n".encode("utf-8-sig")
    assert (found.name, found.title, found.warnings) == ("一覧.csv", "一覧", ())


def test_uneven_rows_are_a_warning() -> None:
    assert "列の数" in take("表題\n組織,人数\n局,3\n".encode(), "一覧.csv")[0].warnings[0]


@pytest.mark.parametrize(
    ("value", "is_told"),
    [
        ("=1+1", True),
        ("@SUM(1)", True),
        ("+cmd", True),
        ("-3.5", False),
        ("+81-3", False),
        ("a=b", False),
        ("a@example.jp", False),
    ],
)
def test_formulas_in_a_csv_are_a_warning(value: str, *, is_told: bool) -> None:
    warnings = take(f"値,組織\n{value},局\n局,{value}\n".encode(), "一覧.csv")[0].warnings
    assert ["計算式" in warning for warning in warnings] == [True] * is_told


@pytest.mark.parametrize("value", ["\"=cmd|'/C calc'!A0\"", "+cmd|'/C calc'!A0", "@a|b!c"])
def test_a_dde_value_is_refused(value: str) -> None:
    assert "プログラムを呼ぶ値" in refusal(f"値,組織\n局,{value}\n".encode(), "一覧.csv")


# Refusals


@pytest.mark.parametrize(
    ("danger", "words"),
    [
        ("script", "JavaScript"),
        ("script in a page", "JavaScript"),
        ("script behind a name", "JavaScript"),
        ("launch", "プログラムを起動"),
        ("file", "埋め込まれたファイル"),
        ("form", "XFA"),
        ("script in a link", "JavaScript"),
        ("script in a drawing", "JavaScript"),
    ],
)
def test_a_pdf_with_forbidden_actions_is_refused(danger: str, words: str) -> None:
    content = uploads.pdf_with(danger)
    assert b"JavaScript" not in content or danger == "file"  # packed: no search for words finds it
    assert words in refusal(content)


@pytest.mark.parametrize("user", ["", "ひみつ"])
def test_a_locked_pdf_is_refused_with_the_reason(user: str) -> None:
    assert "パスワード" in refusal(uploads.locked_pdf(user=user))


RELATION = uploads.relationships(
    uploads.relationship("attachedTemplate", "https://example.jp/a.dotm", "External")
)
RELATIONS = "word/_rels/settings.xml.rels"


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([(RELATIONS, RELATION.replace('"External"', "'External'"))], "外部"),
        ([(RELATIONS, RELATION.replace("Mode=", "Mode = "))], "外部"),
        ([(RELATIONS, RELATION.replace("External", "Ext&#101;rnal"))], "外部"),
        ([(RELATIONS, RELATION.encode("utf-16"))], "外部"),
        ([(RELATIONS.replace("rels", "RELS"), RELATION)], "外部"),
        ([(RELATIONS, RELATION.replace("attachedTemplate", "image"))], "外部"),
        (
            [(RELATIONS, uploads.relationships(uploads.relationship("aFChunk", "a.mht", "")))],
            "埋め込まれた",
        ),
        ([(RELATIONS, RELATION), (RELATIONS.upper(), "<a/>")], "壊れている"),
    ],
    ids=["quotes", "space", "reference", "coding", "name", "picture", "chunk", "twice"],
)
def test_a_danger_is_found_in_every_spelling(
    parts: list[tuple[str, str | bytes]], words: str
) -> None:
    content = io.BytesIO(uploads.office())
    with zipfile.ZipFile(content, "a") as archive:
        for name, text in parts:
            archive.writestr(name, text)
    assert words in refusal(content.getvalue(), "資料.docx")


def test_metadata_is_one_line_that_databases_accept() -> None:
    hidden = "予算\0の\n\u202e案"
    made = pikepdf.open(io.BytesIO(uploads.pdf(title=hidden)))
    made.Root.Lang = pikepdf.String("ja\0")
    found, _ = take(uploads.written(made))
    assert (found.title, found.language) == ("予算の 案", "ja")


@pytest.mark.parametrize("pages", ["99999999999999999999", "９", "-1", "0"])
def test_an_impossible_number_of_pages_is_ignored(pages: str) -> None:
    app = uploads.APP.replace(">3<", f">{pages}<")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("[Content_Types].xml", uploads.types())
        archive.writestr("docProps/app.xml", app)
    assert take(content.getvalue(), "資料.docx")[0].page_count is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "0バイト"),
        (b"%PDF-1.7 and nothing else", "壊れている"),
        (uploads.pdf()[:-200], "壊れている"),
        (uploads.jpeg(40, 30), "画像として登録"),
        (b"<html><script>1</script>", "HTML"),
        (b"<svg/>", "SVG"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "古い形式"),
        (b"MZ\x90\0" + b"\0" * 500, "登録できる文書ではありません"),
        ("ただの文章です。".encode(), "登録できる文書ではありません"),
        ("組織,人数\n".encode("utf-16"), "登録できる文書ではありません"),
        (bytes(range(256)) * 4, "登録できる文書ではありません"),
        (b"PK\x03\x04" + b"0" * 100, "壊れている"),
        (packed(a="a"), "登録できる文書ではありません"),
        (packed(**{"[Content_Types].xml": "<a"}), "壊れている"),
        (packed(**{"[Content_Types].xml": "<a/>"}), "登録できる文書ではありません"),
        (uploads.office()[:-30], "壊れている"),
        (uploads.office(uploads.WORD.replace("document.main", "document.macroEnabled")), "マクロ"),
    ],
    ids=range(17),
)
def test_other_files_are_refused_with_name_reason_and_remedy(content: bytes, words: str) -> None:
    assert words in refusal(content)


def test_a_zip_bomb_is_refused_in_little_memory(tmp_path: Path) -> None:
    (tmp_path / "child").mkdir()
    ended = uploads.child("document", bomb(), tmp_path / "child")
    assert ended.answer["invalid"][0] == "bomb"
    assert ended.kilobytes < 100 * 1024


def test_a_pdf_bomb_is_refused_in_little_memory(tmp_path: Path) -> None:
    content = uploads.swelling_pdf()
    assert len(content) < 1_000_000
    ended = uploads.child("document", content, tmp_path)
    assert "invalid" in ended.answer
    assert ended.kilobytes < 300 * 1024


def test_entities_are_not_followed() -> None:
    core = (
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>'
        '<a xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>&b;</dc:title></a>'
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("[Content_Types].xml", uploads.types())
        archive.writestr("docProps/core.xml", core)
    assert "壊れている" in refusal(content.getvalue(), "資料.docx")
