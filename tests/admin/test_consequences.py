"""The confirm screens say in one place what becomes public where, and what changes with it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from bureaus.models import Answer, Link
from bureaus.publishing import approve, submit
from bureaus.text.periods import end_in_words, period_in_words
from tests.helpers.cast import Site
from tests.helpers.editing import drafted, submitted
from tests.helpers.review_screens import enter, parsed

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
LATER = {"when": "later", "date": "2031-07-01", "time": "14:00"}


def effects(client: object, address: str, **query: object) -> str:
    response = client.get(address, query)  # type: ignore[attr-defined]
    (section,) = parsed(response).xpath("//section[@aria-labelledby='effects']")
    return " ".join(section.text_content().split())


def test_a_section_names_what_it_replaces_its_bureau_and_who_links_to_it(
    site: Site, writer: User, approver: User
) -> None:
    linking = drafted(site.guide, None, title="組織案内")
    Link.objects.create(edition=linking, page=site.sections[0], text="政策", position=1)
    approve(editions=[submit(edition=linking, actor=None)], actor=None)
    edition = submitted(site.sections[0], writer, title="新しい政策")
    words = effects(enter(approver), f"/admin/bureaus/edition/{edition.pk}/review/")
    assert "/main_sosiki/joho_kokusai/ict_seisaku/" in words
    assert "いまの第1版に替わって、公開します。" in words
    assert "情報通信国際戦略局（/main_sosiki/joho_kokusai/）：このページの内容を" in words
    assert "組織案内：リンクの欄から" in words


def test_news_names_its_lists_and_where_it_stands_in_them(
    site: Site, writer: User, approver: User
) -> None:
    edition = submitted(site.news[0], writer, title="会議を開催")
    words = effects(enter(approver), f"/admin/bureaus/edition/{edition.pk}/review/")
    assert "2013年5月23日の新着情報として出ます。公開する日より前の日付" in words
    assert "サイト全体の新着情報（/news/）：一覧とRSSが変わります。" in words


@pytest.mark.parametrize(
    ("days", "course"),
    [
        ((1, 9), "公開したときは「募集前」、"),
        ((-1, 9), "公開したときから"),
        ((-9, -1), "公開するときには終わっているので、はじめから「終了」と表示されます。"),
    ],
)
def test_a_reception_says_when_it_will_be_open(
    site: Site, writer: User, approver: User, days: tuple[int, int], course: str
) -> None:
    start, end = (timezone.now() + timedelta(days=each) for each in days)
    reception = {"category": "consultation", "event_start": start, "event_end": end}
    edition = submitted(site.news[0], writer, **reception)
    words = effects(enter(approver), f"/admin/bureaus/edition/{edition.pk}/review/")
    assert f"受付期間は、{period_in_words(start, end)}です。{course}" in words
    until = f"{end_in_words(end)}までは「募集中」、そのあとは「終了」と、自動で表示されます。"
    assert (until in words) is (days[1] > 0)


def test_a_release_names_all_its_pages_and_the_moment(
    site: Site, writer: User, approver: User
) -> None:
    editions = [
        submitted(site.sections[0], writer, title="一つ目"),
        submitted(
            site.sections[1], writer, title="二つ目", answer=Answer.GONE, note="終わりました。"
        ),
    ]
    named = {"edition": [each.pk for each in editions], **LATER}
    words = effects(enter(approver), "/admin/bureaus/release/", **named)
    assert words.startswith("2031年7月1日14時00分に変わるもの")
    assert "一つ目" in words
    assert "二つ目 /main_sosiki/joho_kokusai/kenkyu/ いまの第1版に替わって、お知らせだけを" in words
