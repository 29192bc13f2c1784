"""Documents that would reach out from the reader's computer: refused, and honest ones are not."""

from pathlib import Path
from typing import Any

import pytest

from bureaus.uploads.documents import read_document
from bureaus.uploads.invalid_upload import InvalidUpload
from tests.helpers import hostile_ooxml as hostile_offices
from tests.helpers import hostile_pdfs


def taken(content: bytes, folder: Path) -> dict[str, Any]:
    """What the child process answers; here without its limits, for there are many."""
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
def test_a_pdf_that_reaches_out_is_refused_with_the_place(name: str, tmp_path: Path) -> None:
    assert hostile_pdfs.CHANGES[name][1] in refusal(hostile_pdfs.hostile_pdf(name), tmp_path)


def test_a_pdf_with_links_forms_and_bookmarks_is_taken(tmp_path: Path) -> None:
    assert taken(hostile_pdfs.harmless_pdf(), tmp_path)["kind"] == "pdf"


@pytest.mark.parametrize("name", hostile_offices.CASES)
def test_an_office_file_that_reaches_out_is_refused_with_the_place(
    name: str, tmp_path: Path
) -> None:
    content = hostile_offices.hostile_office(name)
    assert hostile_offices.CASES[name].words in refusal(content, tmp_path)


def test_a_file_inside_another_is_read_by_the_same_rules(tmp_path: Path) -> None:
    assert "シート「予算」のB3" in refusal(hostile_offices.embedded_office(), tmp_path)


@pytest.mark.parametrize(
    "content", [hostile_offices.harmless_word(), hostile_offices.harmless_excel()]
)
def test_links_fields_and_formulas_of_everyday_are_taken(content: bytes, tmp_path: Path) -> None:
    assert taken(content, tmp_path)["kind"] in {"docx", "xlsx"}
