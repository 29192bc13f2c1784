"""What is booked for the tree, together with what changes before its moment."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bureaus.models import AuditEntry, Edition, Kind
from bureaus.publishing import Blocked, move
from bureaus.publishing.actions.tree import cancel_change, reorder
from bureaus.reading import Moment, NewsFilter, NewsList, PageView, answer_page, list_news
from tests.helpers.cast import Site, publish
from tests.helpers.tree_answers import dump

SOON = timedelta(days=1)
LATER = timedelta(days=2)


def test_what_arrives_after_a_reordering_stands_last_whenever_that_was_booked(site: Site) -> None:
    home, elsewhere = publish(site.root, "home", "場所"), publish(site.root, "else", "ほか")
    coming = publish(elsewhere, "coming", "移るページ")
    pages = [publish(home, f"p{number}", f"{number}番") for number in range(2)]
    now = timezone.now()
    move(page=coming, to=home, actor=None, at=now + SOON)
    pages += [publish(home, f"p{number}", f"{number}番") for number in range(2, 4)]

    reorder(parent=home, children=pages[::-1], actor=None)

    answer = answer_page("/home/", Moment(now + LATER))
    assert isinstance(answer, PageView)
    assert [link.url for link in answer.pages] == [
        *(f"/home/p{number}/" for number in (3, 2, 1, 0)),
        "/home/coming/",
    ]


def titles(address: str, moment: Moment) -> list[str]:
    answer = list_news(address, NewsFilter(), moment)
    assert isinstance(answer, NewsList)
    return [entry.title for entry in answer.entries]


def test_a_booked_move_of_news_changes_the_lists_at_its_moment(site: Site) -> None:
    other = publish(site.guide, "toukei", "統計局", kind=Kind.ORGANISATION)
    item, now = site.news[0], timezone.now()
    before = list(Edition.objects.order_by("pk").values())

    move(page=item, to=other, actor=None, at=now + SOON)

    old, new = "/main_sosiki/joho_kokusai/news/", "/main_sosiki/toukei/news/"
    assert "会議（第3回）を開催" in titles(old, Moment(timezone.now()))
    assert titles(new, Moment(timezone.now())) == []
    assert titles(new, Moment(now + LATER)) == ["会議（第3回）を開催"]
    assert "会議（第3回）を開催" not in titles(old, Moment(now + LATER))
    release = AuditEntry.objects.latest("pk").details["release"]
    cancel_change(page=item, release=release, actor=None)
    assert list(Edition.objects.order_by("pk").values()) == before


def test_cancelling_a_move_restores_the_place_among_the_siblings(site: Site) -> None:
    other = publish(site.guide, "toukei", "統計局", kind=Kind.ORGANISATION)
    reorder(parent=site.bureau, children=site.sections[::-1], actor=None)
    before = dump()
    move(page=site.sections[0], to=other, actor=None, at=timezone.now() + SOON)
    release = AuditEntry.objects.latest("pk").details["release"]
    cancel_change(page=site.sections[0], release=release, actor=None)
    assert dump() == before


def test_an_order_that_a_later_move_ends_is_cancelled_after_it(site: Site) -> None:
    now = timezone.now()
    reorder(parent=site.bureau, children=site.sections[::-1], actor=None, at=now + SOON)
    order = AuditEntry.objects.latest("pk").details["release"]
    other = publish(site.guide, "toukei", "統計局", kind=Kind.ORGANISATION)
    move(page=site.sections[0], to=other, actor=None, at=now + LATER)

    with pytest.raises(Blocked) as refusal:
        cancel_change(page=site.bureau, release=order, actor=None)

    assert [blocker.code for blocker in refusal.value.blockers] == ["built_on"]
