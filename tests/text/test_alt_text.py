"""Alternative texts: the faults that miChecker reports."""

import pytest

from bureaus.text.alt_text import faults_of_alt


def codes(alt: str, **about: str) -> set[str]:
    names = tuple(filter(None, [about.get("file", "")]))
    found = faults_of_alt(
        alt, is_decorative=False, caption=about.get("caption", ""), file_names=names
    )
    assert all(fault.sentence.endswith("ください。") for fault in found)
    return {f"{fault.code}{'' if fault.is_error else '?'}" for fault in found}


@pytest.mark.parametrize(
    "alt",
    [
        "新藤総務大臣とブラジルの通信大臣が握手をしている",
        "光ネットワーク通信装置の外観。幅は約60センチメートル",
        "2012年度から2013年度までの予算額を示す折れ線グラフ",
        "線路に沿って並ぶ点検作業員",
        "会議室に集まった13人の構成員の集合写真",
        "ICT",
        "A B C",
    ],
)
def test_a_description_has_no_fault(alt: str) -> None:
    assert codes(alt) == set()


@pytest.mark.parametrize("alt", ["", " ", "\u3000", "\u00a0", "…", "　・　"])
def test_an_empty_text_is_a_fault(alt: str) -> None:
    assert codes(alt) == {"empty"}


@pytest.mark.parametrize(
    "alt",
    [
        "image",
        "IMAGE",
        "ｐｈｏｔｏ",
        "click here",
        "ボタン",
        "画像1",
        "写真 12",
        "DSC_0012",
        "IMG-3",
        "alt",
    ],
)
def test_meaningless_words_are_a_fault(alt: str) -> None:
    assert "says_nothing" in codes(alt)


@pytest.mark.parametrize("alt", ["kaidan.jpg", "会談.PNG", "a b.tiff", "会談", "会談.jpg"])
def test_the_name_of_the_file_is_a_fault(alt: str) -> None:
    assert "file_name" in codes(alt, file="会談.jpg")


@pytest.mark.parametrize(
    ("alt", "found"),
    [
        ("写真", {"kind"}),
        ("背景画像", {"kind"}),
        ("庁舎の写真", {"kind?"}),
        ("線と点", {"kind"}),
        ("新藤大臣の会談の写真", set()),
    ],
)
def test_words_that_only_name_the_medium_are_a_fault(alt: str, found: set[str]) -> None:
    assert codes(alt) == found


def test_a_long_text_is_a_fault() -> None:
    assert codes("あ" * 150) == set()
    assert codes("あ" * 151) == {"long"}


@pytest.mark.parametrize("alt", ["総 務 省の庁舎", "日　時と場所", "庁舎の 外 観"])
def test_spaces_inside_a_word_are_a_fault(alt: str) -> None:
    assert "spaces" in codes(alt)


@pytest.mark.parametrize("alt", ["総務省 情報通信国際戦略局", "ICT 総務省の会議", "左 庁舎"])
def test_a_space_between_words_is_no_fault(alt: str) -> None:
    assert codes(alt) == set()


def test_the_same_text_as_the_caption_is_a_fault() -> None:
    caption = "新藤総務大臣との会談"
    assert codes(caption, caption=caption) == {"same_as_caption?"}
    assert codes("新藤総務大臣との会談 ", caption=caption) == {"same_as_caption?"}


def test_a_decorative_image_needs_no_text() -> None:
    assert faults_of_alt("", is_decorative=True) == []
    assert faults_of_alt("image", is_decorative=True) == []
