"""Hidden content of documents: every way of hiding is found, and honest files raise nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bureaus.uploads.documents import read_document
from bureaus.uploads.hidden.contents import HiddenContent
from bureaus.uploads.hidden.rules import RULES
from bureaus.uploads.invalid_upload import InvalidUpload
from tests.helpers import hidden_office, hidden_pdfs

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
    [*hidden_pdfs.WAYS, *hidden_pdfs.FURTHER, *hidden_office.WAYS],
    ids=lambda way: way.__name__,
)
def test_what_a_document_hides_is_found_in_its_place(
    way: Callable[[], hidden_pdfs.Made], tmp_path: Path
) -> None:
    assert_found(way(), tmp_path)


@pytest.mark.parametrize(
    "honest", [*hidden_pdfs.HONEST, *hidden_office.HONEST], ids=lambda honest: honest.__name__
)
def test_an_honest_document_raises_nothing(honest: Callable[[], bytes], tmp_path: Path) -> None:
    assert hidden_in(honest(), tmp_path) == []
