"""The indexed text of a page, and groups of synonyms."""

from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from bureaus.models import Edition, Synonyms
from bureaus.search import is_behind, parse_query, synonyms
from bureaus.search.sources import entry_of, sources
from bureaus.text.html_tree import text_lines
from bureaus.text.rich_text import sanitise
from bureaus.text.words import fold, parse_typed_query
from tests.helpers.cast import Site, publish
from tests.helpers.fixtures import load_items

BODY = (
    '<h3>見出し</h3><p>本<em>文</em>の<a href="/a/?b=1&amp;c=%22">リンク</a>、'
    "<ruby>霞<rp>（</rp><rt>かすみ</rt><rp>）</rp></ruby>が関。</p><ul><li>一</li><li>二<br>三</li></ul>"
    '<table><tbody><tr><th scope="row">行</th><td>A &lt; B</td></tr></tbody></table>'
)
TAGS = '<p> </p> <em> </em> <ruby>字<rt>じ</rt></ruby> <br> <td> 本文 &amp; &lt; > " \' a="<"'
PIECES = st.lists(st.sampled_from([*TAGS.split(), " ", "\n"]))


@pytest.mark.django_db
def test_the_text_is_indexed_by_line_and_without_markup(site: Site) -> None:
    publish(site.root, "a", "ＩＣＴの頁", title_english="ICT", lead="要旨", body=BODY, note="注")
    (source,) = sources(Edition.objects.filter(page__placements__slug="a"))
    entry = entry_of(source)
    assert entry.title == "ictノ頁\nict"
    assert entry.text.split("\n") == [
        *("要旨", "見出シ", "本文ノリンク,霞ガ関.", "一", "二", "三", "行", "a<b", "注"),
    ]


@given(PIECES)
def test_the_lines_of_a_body_are_those_that_a_parser_finds(pieces: list[str]) -> None:
    body = sanitise("".join(pieces))
    parser = LineParser()
    parser.feed(body)
    parser.close()
    assert text_lines(body) == parser.lines


class LineParser(HTMLParser):
    """Read lines of text with the standard library's parser, to compare `text_lines` with."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.readings = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.handle_tag(tag, 1)

    def handle_endtag(self, tag: str) -> None:
        self.handle_tag(tag, -1)

    def handle_tag(self, tag: str, step: int) -> None:
        if tag in {"rt", "rp"}:
            self.readings += step
        elif tag not in {"a", "em", "ruby", "strong"}:
            self.text.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.readings:
            self.text.append(data.replace("\n", " "))

    @property
    def lines(self) -> list[str]:
        lines = (" ".join(line.split()) for line in "".join(self.text).split("\n"))
        return [line for line in lines if line]


@pytest.mark.django_db
def test_a_group_of_synonyms_is_folded_and_needs_two_words() -> None:
    group = Synonyms(words=" ＩＣＴ \n\n情報通信技術\n")
    group.full_clean()
    group.save()
    assert group.words == "ＩＣＴ\n情報通信技術"
    assert synonyms() == [frozenset({"ict", "情報通信技術"})]
    assert str(group) == "ＩＣＴ＝情報通信技術"
    with pytest.raises(ValidationError, match="2語以上"):
        Synonyms(words="ＩＣＴ\nict").full_clean()


def test_the_variants_of_a_word_are_limited() -> None:
    group = frozenset(f"語{number}" for number in range(100)) | {"語"}
    variants = parse_query(parse_typed_query("語"), [group] * 100).all_of[0]
    assert variants[0] == "語"
    assert len(variants) <= 12


@pytest.mark.parametrize(
    ("typed", "text", "holds"),
    [
        ("digital tv", "地上デジタル放送", True),
        ("digital tv", "tv in the digital age", True),
        ("digital tv", "digital age", False),
        ("公募 digital tv", "地上デジタル放送", False),
        ("公募 digital tv", "公募:地上デジタル放送", True),
        ("「digital」 tv", "地上デジタル放送", False),
        ("サイバー 防衛", "情報セキュリティ", True),
    ],
)
def test_several_words_that_form_a_synonym_find_the_others(
    typed: str, text: str, *, holds: bool
) -> None:
    groups = [
        frozenset(map(fold, group))
        for group in (["digital tv", "地上デジタル放送"], ["サイバー防衛", "情報セキュリティ"])
    ]
    assert parse_query(parse_typed_query(typed), groups).matches(fold(text)) == holds


@pytest.mark.django_db
def test_an_incomplete_index_is_reported(site: Site) -> None:
    assert not is_behind()
    Edition.objects.get(page=site.guide).search_row.delete()
    assert is_behind()
    call_command("rebuild_search", verbosity=0)
    assert not is_behind()


@pytest.mark.django_db
def test_an_index_of_another_folding_is_reported_until_rebuilt(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bureaus.search.sources.VERSION", 99)
    assert is_behind()
    call_command("rebuild_search", verbosity=0)
    assert not is_behind()


@pytest.mark.django_db
def test_rows_of_the_index_are_not_loaded(tmp_path: Path) -> None:
    row = {"model": "bureaus.searchrow", "pk": 1, "fields": {"edition": 1, "digest": "x"}}
    with pytest.raises(CommandError, match="ほかの内容から作られるもの"):
        load_items(tmp_path, [row])
