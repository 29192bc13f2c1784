"""Documents with dangerous contents are refused, and ordinary ones are accepted."""

from pathlib import Path
from typing import Any

import pytest

from bureaus.uploads.documents import read_document
from bureaus.uploads.invalid_upload import InvalidUpload
from tests.helpers import hidden_slides, hostile_pdfs
from tests.helpers import hostile_ooxml as hostile_offices
from tests.helpers.uploads import relationship, relationships


def taken(content: bytes, folder: Path) -> dict[str, Any]:
    """Return the answer of the child process; without its limits, as there are many files."""
    source = folder / "source"
    source.write_bytes(content)
    return read_document(source, folder)


def refusal(content: bytes, folder: Path) -> str:
    with pytest.raises(InvalidUpload) as caught:
        taken(content, folder)
    assert caught.value.code == "dangerous", caught.value.reason
    sentence = caught.value.sentence("資料")
    assert sentence.endswith("ください。")
    return sentence


@pytest.mark.parametrize("name", hostile_pdfs.CHANGES)
def test_a_dangerous_pdf_is_refused_with_the_place(name: str, tmp_path: Path) -> None:
    assert hostile_pdfs.CHANGES[name][1] in refusal(hostile_pdfs.hostile_pdf(name), tmp_path)


def test_a_pdf_with_links_forms_and_bookmarks_is_accepted(tmp_path: Path) -> None:
    assert taken(hostile_pdfs.harmless_pdf(), tmp_path)["kind"] == "pdf"


@pytest.mark.parametrize("name", hostile_offices.CASES)
def test_a_dangerous_office_file_is_refused_with_the_place(name: str, tmp_path: Path) -> None:
    content = hostile_offices.hostile_office(name)
    assert hostile_offices.CASES[name].words in refusal(content, tmp_path)


def test_an_embedded_file_is_checked_by_the_same_rules(tmp_path: Path) -> None:
    assert "シート「予算」のB3" in refusal(hostile_offices.embedded_office(), tmp_path)


@pytest.mark.parametrize(
    "content", [hostile_offices.harmless_word(), hostile_offices.harmless_excel()]
)
def test_ordinary_links_fields_and_formulas_are_accepted(content: bytes, tmp_path: Path) -> None:
    assert taken(content, tmp_path)["kind"] in {"docx", "xlsx"}


@pytest.mark.parametrize(
    ("action", "is_refused"),
    [
        ("ppaction://program", True),
        ("ppaction://macro?name=a", True),
        ("ppaction://hlinkfile", True),
        ("ppaction://hlinkshowjump?jump=nextslide", False),
        ("ppaction://hlinksldjump", False),
    ],
)
def test_a_click_in_a_presentation_starts_and_opens_nothing(
    action: str, tmp_path: Path, *, is_refused: bool
) -> None:
    content = hidden_slides.presentation(f'<a:hlinkClick action="{action}"/>')
    if is_refused:
        assert "動作の設定" in refusal(content, tmp_path)
    else:
        assert taken(content, tmp_path)["kind"] == "pptx"


def test_a_film_in_a_presentation_is_refused(tmp_path: Path) -> None:
    parts = {
        "ppt/slides/_rels/slide1.xml.rels": relationships(
            relationship("video", "../media/film.mp4", "")
        )
    }
    assert "登録できる文書にない部品" in refusal(
        hidden_slides.presentation("", parts=parts), tmp_path
    )
