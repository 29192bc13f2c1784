"""Recall and precision: the same results as a naive search, on both databases."""

import random
from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from bureaus.models import Edition, Kind
from bureaus.search import ParsedQuery, matching_editions, parse_query, similar_editions
from bureaus.search.sources import entry_of, sources
from bureaus.text.words import fold, parse_typed_query
from tests.helpers.cast import publish

WORDS = (
    "総務省 政策 放送 通信 税 サイバー セキュリティ ＩＣＴ ict 研究開発 の を に は 推進 第2回 "
    "公募 平成25年 2013年 髙橋 国﨑 ﾃﾞｰﾀ データー % _ ' \" \\ * : ( ) ^ ー 、 。 「 」 & | ! < > 😀 "
    "葛󠄀 é か゚ -"
).split()
TYPED = ["", " ", "　", "\n"]
PAGES = 60

pytestmark = pytest.mark.django_db


def text(dice: random.Random, words: int) -> str:
    return "".join(dice.choice(WORDS) + dice.choice(TYPED) for _ in range(words))


@pytest.fixture(scope="module")
def library(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[dict[int, tuple[str, ...]]]:
    """Sixty pages of random words; the folded lines of each edition."""
    dice = random.Random(6)
    with django_db_blocker.unblock(), transaction.atomic():
        root = publish(None, "", "総務省", kind=Kind.ORGANISATION, category="ministry")
        for number in range(PAGES):
            body = "".join(
                f"<p>{text(dice, 12).replace('&', '&amp;').replace('<', '&lt;')}</p>"
                for _ in range(3)
            )
            publish(root, f"p{number}", text(dice, 4).strip() or "表題", body=body)
        entries = map(entry_of, sources(Edition.objects.all()))
        yield {
            entry.edition: (*entry.title.split("\n"), *entry.text.split("\n")) for entry in entries
        }
        transaction.set_rollback(True)


def looked_up(question: ParsedQuery, *, in_titles: bool = False) -> set[int]:
    found = matching_editions(Edition.objects.all(), question, in_titles=in_titles)
    return set(found.values_list("pk", flat=True))


def holds(lines: tuple[str, ...], part: str) -> bool:
    return any(part in line for line in lines)


def parts_of(library: dict[int, tuple[str, ...]], length: int) -> list[str]:
    """Every part of that length where there are few, else some of them; and some that are not."""
    every = {
        line[place : place + length]
        for lines in library.values()
        for line in lines
        for place in range(len(line) - length + 1)
    }
    dice = random.Random(length)
    signs = sorted({sign for part in every for sign in part})
    made_up = {"".join(dice.choices(signs, k=length)) for _ in range(30)}
    return [part for part in sorted(every | made_up) if part == fold(part)]


@pytest.mark.parametrize("length", [1, 2, 3, 5, 12])
def test_exactly_the_texts_with_a_part_are_found(
    library: dict[int, tuple[str, ...]], length: int
) -> None:
    parts = parts_of(library, length)
    assert len(parts) > 30
    for part in random.Random(1).sample(parts, min(len(parts), 120)):
        expected = {pk for pk, lines in library.items() if holds(lines, part)}
        assert looked_up(ParsedQuery(((part,),))) == expected, part


def test_all_words_any_variant_and_no_excluded_word(
    library: dict[int, tuple[str, ...]],
) -> None:
    dice = random.Random(2)
    parts = parts_of(library, 2) + parts_of(library, 3) + parts_of(library, 1)
    for _ in range(150):
        all_of = tuple(tuple(dice.sample(parts, dice.randint(1, 3))) for _ in range(2))
        none_of = tuple(dice.sample(parts, dice.randint(0, 2)))
        expected = {
            pk
            for pk, lines in library.items()
            if all(any(holds(lines, variant) for variant in variants) for variants in all_of)
            and not any(holds(lines, part) for part in none_of)
        }
        assert looked_up(ParsedQuery(all_of, none_of)) == expected, (all_of, none_of)


def test_titles_can_be_searched_alone(library: dict[int, tuple[str, ...]]) -> None:
    titles = {
        pk: fold(title) for pk, title in Edition.objects.values_list("pk", "title") if pk in library
    }
    for part in parts_of(library, 2)[:150] + parts_of(library, 3)[:150] + ["税", "総"]:
        expected = {pk for pk, title in titles.items() if part in title}
        assert looked_up(ParsedQuery(((part,),)), in_titles=True) == expected, part


def test_an_empty_query_finds_nothing(library: dict[int, tuple[str, ...]]) -> None:
    assert looked_up(ParsedQuery(())) == set()
    assert not similar_editions(Edition.objects.all(), "税").exists()


@pytest.mark.parametrize(
    "typed",
    [
        *'" "" * ^ : - -- AND OR NOT NEAR( ) {title}: a:b a* "a 「 」 \\ \' % _ .* [a-z]+'.split(),
        "(?i)",
        "title : x",
        "NEAR(a b, 5)",
        "a AND NOT b",
        "'; DROP TABLE bureaus_edition; --",
        "\x00",
        "\ud800",
        "\u202e",
        "'政' & '策'",
        "政:*",
        "!税",
        "<->",
    ],
)
def test_characters_of_query_languages_are_literal(
    library: dict[int, tuple[str, ...]], typed: str
) -> None:
    question = parse_query(parse_typed_query(typed), [])
    expected = {
        pk
        for pk, lines in library.items()
        if question.all_of
        and all(any(holds(lines, variant) for variant in variants) for variants in question.all_of)
        and not any(holds(lines, part) for part in question.none_of)
    }
    assert looked_up(question) == expected
