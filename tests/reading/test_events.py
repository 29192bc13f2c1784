"""Receptions and meetings: what the public is told about them follows from the moment."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from bureaus.integrity import problems
from bureaus.models import Answer, Edition, FormerAddress, NewsListing, Page
from bureaus.publishing.news_listings import complete_news_listings
from tests.helpers.cast import BUREAU, Site, approve, news_item, place, publish, tokyo

pytestmark = pytest.mark.django_db

START, END = tokyo(2014, 3, 1), tokyo(2014, 3, 29)
PAGE = f"{BUREAU}kobo-2/"


def consultation(page: Page, **content: Any) -> Edition:
    values: dict[str, Any] = {
        "title": "意見募集",
        "category": "consultation",
        "live_from": tokyo(2014),
        "issued_on": tokyo(2014).date(),
        "event_start": START,
        "event_end": END,
    } | content
    return approve(page, values.pop("title"), **values)


def html_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set the present of the reading package."""

    def set_now(now: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: now)

    return set_now


@pytest.mark.parametrize(
    ("at", "label", "sentence"),
    [
        ("2014-02-28T23:59:59", "募集前", "この意見募集は、2014年3月1日（土）に始まります。"),
        ("2014-03-01T00:00", "募集中", "2014年3月28日（金）に締め切ります。"),
        ("2014-03-28", "募集中", "2014年3月28日（金）に締め切ります。"),
        ("2014-03-28T23:59:59", "募集中", "2014年3月28日（金）に締め切ります。"),
        ("2014-03-29T00:00", "終了", "この意見募集は、2014年3月28日（金）に終了しました。"),
    ],
)
def test_a_page_says_at_every_second_whether_the_reception_is_open(
    site: Site, citizen: Client, at: str, label: str, sentence: str
) -> None:
    consultation(site.news[1])
    html = html_of(citizen, f"{PAGE}?at={at}")
    assert f">{label}</span>" in html
    assert sentence in html
    data = json.loads(citizen.get(f"{PAGE[:-1]}.json?at={at}").content)
    assert data["event"]["label"] == label
    assert (data["event"]["start"], data["event"]["end"]) == ("2014-03-01", "2014-03-28")


def test_no_cache_answers_after_the_boundary(site: Site, citizen: Client, clock: Any) -> None:
    """Everything is revalidated, and the validator changes with the second of the end."""
    consultation(site.news[1])
    before = END - timedelta(seconds=1)
    for address in (PAGE, BUREAU, "/", "/events/", "/events.json", f"{BUREAU}events/"):
        clock(before)
        first = citizen.get(address)
        assert first.headers["Cache-Control"] == "no-cache"
        assert "Last-Modified" not in first.headers
        known = {"If-None-Match": first.headers["ETag"]}
        assert citizen.get(address, headers=known).status_code == 304
        clock(END)
        assert citizen.get(address, headers=known).status_code == 200, address


def test_a_meeting_and_a_cancellation_have_words_of_their_own(site: Site, citizen: Client) -> None:
    place = {"category": "meeting", "event_place": "第2号館 <10階>"}
    consultation(site.news[1], **place, event_end=tokyo(2014, 3, 1, 12))
    assert "開催予定" in html_of(citizen, f"{PAGE}?at=2014-02-01")
    running = html_of(citizen, f"{PAGE}?at=2014-03-01T11:59:59")
    assert "この会議は、ただいま開催中です。" in running
    assert "第2号館 &lt;10階&gt;" in running
    assert "2014年3月1日（土）から12時まで" in running
    consultation(site.news[1], **place, live_from=tokyo(2014, 2, 15), is_cancelled=True)
    assert "この会議は、中止になりました。" in html_of(citizen, f"{PAGE}?at=2014-02-20")
    assert "開催予定" in html_of(citizen, f"{PAGE}?at=2014-02-01")


def titles_in(client: Client, address: str) -> list[str]:
    data = json.loads(client.get(address).content)
    return [f"{event['event']['label']} {event['title']}" for event in data["events"]]


def test_a_list_begins_with_what_closes_first(site: Site, citizen: Client) -> None:
    def add(slug: str, start: int, end: int, **content: Any) -> None:
        page = news_item(site.bureau, slug, slug, tokyo(2014).date())
        period = {"event_start": tokyo(2014, 3, start), "event_end": tokyo(2014, 3, end)}
        consultation(page, title=slug, **{**period, **content}, live_from=tokyo(2014, 1, 2))

    add("late", 1, 28)
    add("soon", 2, 20)
    add("next", 16, 18, category="meeting")
    add("after", 17, 18, category="invitation")
    add("old", 1, 3)
    add("past", 1, 9)
    add("stopped", 1, 30, is_cancelled=True)
    add("hidden", 1, 30, answer=Answer.ARCHIVED, note="終了")
    at = "at=2014-03-15T12:00"
    whole = ["募集中 soon", "募集中 late", "開催予定 next", "募集前 after"]
    ended = ["終了 past", "終了 old", "中止 stopped"]
    for address in ("/events.json", f"{BUREAU}events.json"):
        assert titles_in(citizen, f"{address}?{at}") == whole + ended
    assert titles_in(citizen, f"/events.json?status=ended&{at}") == ended
    assert titles_in(citizen, f"/events.json?category=meeting&{at}") == ["開催予定 next"]
    assert titles_in(citizen, "/events.json?at=2013-12-31") == []
    html = html_of(citizen, f"/events/?{at}")
    headings = re.findall(r"<h2 id=\"events-\d\">(.+?)</h2>", html)
    assert headings == ["募集中・開催中", "これから始まるもの", "終了したもの"]


def test_a_long_list_has_pages_across_its_groups(site: Site, citizen: Client) -> None:
    for number in range(25):
        page = news_item(site.bureau, f"n{number}", f"{number}", tokyo(2014).date())
        end = {"event_end": tokyo(2014, 3, 10 + number % 20, 1)}
        consultation(page, title=str(number), live_from=tokyo(2014, 1, 2), **end)
    at = "at=2014-03-20T00:00"
    pages = [titles_in(citizen, f"/events.json?page={page}&{at}") for page in (1, 2)]
    assert [len(page) for page in pages] == [20, 5]
    assert len({*pages[0], *pages[1]}) == 25
    states = [title.split()[0] for page in pages for title in page]
    assert states == sorted(states)
    assert citizen.get(f"/events/?page=3&{at}").status_code == 404


@pytest.mark.parametrize("query", ["status=open", "category=press", "page=0", "status=cancelled"])
def test_a_filter_that_selects_no_list_is_refused(site: Site, citizen: Client, query: str) -> None:
    assert citizen.get(f"/events/?{query}").status_code == 404


def test_the_home_page_shows_open_receptions_only_while_there_are_any(
    site: Site, citizen: Client
) -> None:
    consultation(site.news[1])
    for number in range(6):  # newer news does not hide it
        news_item(site.bureau, f"later-{number}", "後の知らせ", tokyo(2014, 2, 1).date())
    for address in ("/", BUREAU):
        assert 'id="open-events"' in html_of(citizen, f"{address}?at=2014-03-10")
        assert 'id="open-events"' not in html_of(citizen, f"{address}?at=2014-03-29")
        data = json.loads(citizen.get(f"{BUREAU[:-1]}.json?at=2014-03-10").content)
        assert [news["title"] for news in data["news"]] == ["後の知らせ"] * 5


def test_structured_data_names_the_period(site: Site, citizen: Client) -> None:
    def graph(at: str) -> list[dict[str, Any]]:
        html = html_of(citizen, f"{PAGE}?at={at}")
        text = html.split('<script type="application/ld+json">')[1].split("</script>")[0]
        found: list[dict[str, Any]] = json.loads(text)["@graph"]
        return found

    consultation(site.news[1])
    action = graph("2014-03-10")[0]["potentialAction"]
    assert action["@type"] == "CommentAction"
    assert action["endTime"] == "2014-03-29T00:00:00+09:00"
    assert action["actionStatus"] == "https://schema.org/ActiveActionStatus"
    consultation(
        site.news[1], category="meeting", event_place="会議室", live_from=tokyo(2014, 1, 5)
    )
    [event] = [node for node in graph("2014-03-10") if node["@type"] == "Event"]
    assert (event["startDate"], event["endDate"]) == ("2014-03-01", "2014-03-28")
    assert event["location"]["name"] == "会議室"
    assert event["organizer"]["name"] == "情報通信国際戦略局"


def test_search_says_that_it_is_over_and_finds_the_place(site: Site, citizen: Client) -> None:
    consultation(site.news[1], event_place="霞が関講堂")
    for at, label in (("2014-03-10", "募集中"), ("2014-03-30", "終了")):
        html = html_of(citizen, f"/search/?q=霞が関講堂&at={at}")
        assert f'<span class="results__label">{label}</span>' in html


@pytest.mark.parametrize(
    "event",
    [
        {"event_start": START, "event_end": START},
        {"event_start": END, "event_end": START},
        {"event_start": START, "event_end": None},
        {"event_start": None, "event_end": END},
        {"event_start": None, "event_end": None, "event_place": "会議室"},
        {"event_start": None, "event_end": None, "is_cancelled": True},
    ],
)
def test_the_database_refuses_half_a_period(site: Site, event: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        consultation(site.news[1], **event)


def test_news_in_csv_has_the_period(site: Site, citizen: Client) -> None:
    consultation(
        site.news[1], event_end=tokyo(2014, 3, 28, 17), event_place="郵送\nまたは電子メール"
    )
    rows = citizen.get("/news.csv?at=2014-03-10").content.decode().splitlines()
    assert rows[0].endswith("期間の開始,期間の終了,状態,場所")
    [row] = [row for row in rows if "意見募集" in row]
    assert row.endswith(
        "2014-03-01T00:00:00+09:00,2014-03-28T17:00:00+09:00,募集中,郵送 または電子メール"
    )


def test_the_lists_follow_from_the_editions(site: Site) -> None:
    edition = consultation(site.news[1])
    assert problems() == []
    Edition.objects.filter(pk=edition.pk).update(event_end=END + timedelta(days=1))
    # The list of events, and the search index, which holds the period too.
    assert [problem.address for problem in problems()] == [PAGE, PAGE]


def test_a_page_that_has_the_address_of_a_list_answers_there(site: Site, citizen: Client) -> None:
    page = publish(site.bureau, "events", "催し物のご案内")
    address = f"{BUREAU}events/"
    for path in (address, f"{address}?status=open", f"{address}?at=2014-01-01"):
        assert "催し物のご案内" in html_of(citizen, path)
    assert json.loads(citizen.get(f"{address[:-1]}.json").content)["title"] == "催し物のご案内"
    assert citizen.get(f"{BUREAU}events/index.html").headers["Location"] == address
    approve(page, "催し物", live_from=tokyo(2015), answer=Answer.GONE)
    assert citizen.get(address).status_code == 410


@pytest.mark.parametrize(
    "former", ["/about/events/", f"{BUREAU}events/", "/old/2024.ics", "/old/events.ics"]
)
def test_a_former_address_with_the_name_of_a_list_still_redirects(
    site: Site, citizen: Client, former: str
) -> None:
    FormerAddress.objects.create(url_path=former, page=site.guide)
    response = citizen.get(former)
    assert (response.status_code, response.headers["Location"]) == (301, site.guide.url_path)


def test_a_draft_at_the_address_of_a_list_does_not_show(site: Site, citizen: Client) -> None:
    place(site.bureau, "events")
    assert "意見募集・公募・会議" in html_of(citizen, f"{BUREAU}events/")


def test_what_the_version_before_listed_without_a_period_is_listed_anew(site: Site) -> None:
    consultation(site.news[1])
    NewsListing.objects.update(event_start=None, event_end=None)
    assert complete_news_listings() == 1
    assert problems() == []
    assert complete_news_listings() == 0
