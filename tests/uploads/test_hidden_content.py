"""Hidden content of documents: every way of hiding is found, and honest files raise nothing."""

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from bureaus.uploads.documents import read_document
from bureaus.uploads.hidden import pdf_pages
from bureaus.uploads.hidden.contents import HiddenContent
from bureaus.uploads.hidden.rules import RULES
from bureaus.uploads.invalid_upload import InvalidUpload
from tests.helpers import hidden_office, hidden_pdfs, hidden_slides, uploads

pytestmark = pytest.mark.one_database


def hidden_in(content: bytes, folder: Path) -> list[HiddenContent]:
    source = folder / "source"
    source.write_bytes(content)
    found: list[HiddenContent] = read_document(source, folder)["hidden"]
    return found


def assert_found(made: tuple[bytes, str, str], folder: Path) -> None:
    content, rule, place = made
    if rule == "refused":
        with pytest.raises(InvalidUpload, match=place):
            hidden_in(content, folder)
        return
    found = hidden_in(content, folder)
    assert (rule, place) in {(each.rule, each.place) for each in found}
    assert {each.rule for each in found} == {rule}
    assert all(each.rule in RULES for each in found)


@pytest.mark.parametrize(
    "way",
    [*hidden_pdfs.WAYS, *hidden_pdfs.FURTHER, *hidden_office.WAYS, *hidden_slides.WAYS],
    ids=lambda way: way.__name__,
)
def test_what_a_document_hides_is_found_in_its_place(
    way: Callable[[], hidden_pdfs.Made], tmp_path: Path
) -> None:
    assert_found(way(), tmp_path)


@pytest.mark.parametrize(
    "honest",
    [*hidden_pdfs.HONEST, *hidden_office.HONEST, *hidden_slides.HONEST],
    ids=lambda honest: honest.__name__,
)
def test_an_honest_document_raises_nothing(honest: Callable[[], bytes], tmp_path: Path) -> None:
    assert hidden_in(honest(), tmp_path) == []


def test_a_file_that_takes_too_long_says_from_which_page_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_pages, "SECONDS", 0.0)
    found = hidden_in(hidden_pdfs.bar()[0], tmp_path)
    assert [(each.rule, each.place) for each in found] == [("unexamined", "1ページから後")]


def test_what_was_found_before_a_check_fails_stays_and_the_failure_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> list[HiddenContent]:
        raise KeyError("/Broken")

    monkeypatch.setattr("bureaus.uploads.hidden.pdf.hidden_in_objects", fail)
    found = hidden_in(hidden_pdfs.bar()[0], tmp_path)
    assert [each.rule for each in found] == ["interrupted", "pdf-covered"]
    assert RULES["interrupted"].is_error


def test_a_number_among_the_layers_hides_none_of_them(tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(hidden_pdfs.layer()[0])) as made:
        made.Root.OCProperties.D.OFF.append(7)
        assert_found((uploads.written(made), "pdf-layer", "2ページ"), tmp_path)


def test_a_page_of_five_metres_is_drawn_small(tmp_path: Path) -> None:
    made = hidden_pdfs.two_pages("1 1 1 rg BT /F1 300 Tf 72 2000 Td (HIMITSU) Tj ET")
    made.pages[1].obj.MediaBox = [0, 0, 14_400, 14_400]
    ended = uploads.child("document", uploads.written(made), tmp_path)
    assert ended.answer["hidden"] == [["pdf-invisible", "2ページ", hidden_pdfs.SECRET]]
    assert ended.kilobytes < 150 * 1024
