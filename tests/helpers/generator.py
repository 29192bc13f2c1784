"""Realistic trees of any size: a bureau as in the fixtures, and a ministry around it."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from bureaus.models import (
    CATEGORIES_OF,
    EVENT_CATEGORIES,
    Contact,
    Edition,
    Figure,
    Image,
    Kind,
    Link,
    Page,
    State,
)
from bureaus.models.locks import tree_lock
from bureaus.publishing import rename
from bureaus.publishing.news_listings import update_news_listings
from bureaus.search import rebuild
from tests.helpers.cast import OPENING, TOKYO, place_all

BUREAU = "/main_sosiki/joho_kokusai/"
YEARS_TO_COME = 2999
SENTENCE = (
    "総務省では、ICTによって経済成長の実現や国際競争力の強化、様々な社会的課題の解決に貢献する"
    "ことにより、豊かで便利、安全・安心な国民生活を実現するため、政策の企画・立案に取り組んでいます。"
)
BATCH = 500


@dataclass(frozen=True, slots=True)
class Plan:
    """A page to be."""

    address: str
    kind: Kind
    title: str
    category: str = ""
    paragraphs: int = 1
    issued_on: date | None = None
    event: tuple[datetime, datetime] | tuple[None, None] = (None, None)


def grow(size: int) -> dict[str, str]:
    """
    Fill an empty site with `size` pages, 20 at least; return the address of one of each kind.

    The bureau always has three sections and an eighth of the news, 10,000 items and more at
    100,000 pages. The same tree every time for the same size.
    """
    plans = list(plan_site(size))
    with tree_lock():
        pages = place_all({plan.address: plan.kind for plan in plans})
        keys = {page.key: page.pk for page in pages}
        Edition.objects.bulk_create([edition_of(plan, keys) for plan in plans], batch_size=BATCH)
        add_parts(keys)
        update_news_listings(keys.values())
    rebuild(lambda _done, _all: None)
    first_news = next(plan.address for plan in plans if plan.kind == Kind.NEWS_ITEM)
    return {
        "home": "/",
        "guide": "/main_sosiki/",
        "bureau": BUREAU,
        "section": f"{BUREAU}section2/",
        "news item": first_news,
        "news of the bureau": f"{BUREAU}news/",
        "news of a year": "/news/?year=2013",
        "news of the site": "/news/",
        "plain page": "/terms/",
        "sitemap": "/sitemap/",
        "bureau in the past": f"{BUREAU}?at=2013-12-31",
        "wrong address": f"{BUREAU}nothing/here/",
    }


def rename_bureaus() -> tuple[str, str]:
    """
    Rename two of nine other bureaus, with their branches: a fifth of the pages.

    Return the last one's address now and before.
    """
    bureaus = Page.objects.placed(timezone.now()).filter(placement__slug__startswith="bureau")
    for bureau in bureaus.order_by("placement__path")[: bureaus.count() * 2 // 9]:
        renamed = rename(page=bureau, slug=f"renamed-{bureau.slug}", actor=None)
    return renamed.url_path, bureau.url_path


def plan_site(size: int) -> Iterator[Plan]:
    dice = random.Random(size)
    fixed = [
        Plan("/", Kind.ORGANISATION, "総務省", "ministry"),
        Plan("/main_sosiki/", Kind.PAGE, "組織案内"),
        Plan("/sitemap/", Kind.PAGE, "サイトマップ", "sitemap"),
        Plan("/terms/", Kind.PAGE, "利用規約", "policy", paragraphs=10),
        Plan("/privacy/", Kind.PAGE, "プライバシーポリシー", "policy", paragraphs=10),
        *plan_organisation(BUREAU, "情報通信国際戦略局"),
    ]
    yield from fixed
    left = size - len(fixed)
    organisations = [BUREAU]
    # One page in a hundred is an organisation with its sections, one in ten a plain page.
    for number in range(left // 400):
        address = f"/main_sosiki/bureau{number}/"
        planned = [*plan_organisation(address, f"第{number}局")]
        yield from planned
        left -= len(planned)
        organisations.append(address)
    # Not below the bureau: its page is to hold the same at every size.
    homes = organisations[1:] or ["/terms/"]
    for number in range(left // 10):
        yield Plan(
            f"{dice.choice(homes)}page{number}/", Kind.PAGE, f"{number}番の資料", paragraphs=3
        )
        left -= 1
    for number in range(left):
        home = BUREAU if number % 8 == 0 else dice.choice(organisations)
        day = date(2010, 1, 1) + timedelta(days=dice.randrange(3_000))
        category = dice.choice(CATEGORIES_OF[Kind.NEWS_ITEM])
        title = f"{number}番のお知らせを公表"
        event = event_of(number, day) if category in EVENT_CATEGORIES else (None, None)
        yield Plan(f"{home}n{number}/", Kind.NEWS_ITEM, title, category, 1, day, event)


def event_of(number: int, day: date) -> tuple[datetime, datetime]:
    """Return a period from `day` on: one in 400 still runs, one in 800 is still to come."""
    first, last = (YEARS_TO_COME, YEARS_TO_COME + 1) if number % 800 == 1 else (day.year, day.year)
    start = datetime(first, day.month, 1, 10, tzinfo=TOKYO)
    end = YEARS_TO_COME if number % 400 == 0 else last
    return start, datetime(end, day.month, 20, 17, tzinfo=TOKYO)


def plan_organisation(address: str, title: str) -> Iterator[Plan]:
    yield Plan(address, Kind.ORGANISATION, title, "bureau")
    for number, paragraphs in zip(count(1), (8, 3, 3), strict=False):
        name = f"{title}の政策{number}"
        yield Plan(f"{address}section{number}/", Kind.POLICY_SECTION, name, paragraphs=paragraphs)


def edition_of(plan: Plan, keys: dict[str, int]) -> Edition:
    start = OPENING
    if plan.issued_on is not None:
        start = max(OPENING, datetime.combine(plan.issued_on, time(14), TOKYO))
    return Edition(
        page_id=keys[plan.address],
        number=1,
        state=State.APPROVED,
        live_from=start,
        title=plan.title,
        body="\n".join([f"<p>{SENTENCE * 3}</p>"] * plan.paragraphs),
        category=plan.category or CATEGORIES_OF[plan.kind][0],
        issued_on=plan.issued_on,
        event_start=plan.event[0],
        event_end=plan.event[1],
    )


def add_parts(keys: dict[str, int]) -> None:
    """The pictures, links and contact of the bureau, as in the fixtures."""
    editions = dict(Edition.objects.filter(page__key__startswith=BUREAU).values_list("page", "pk"))

    def edition(address: str) -> int:
        return editions[keys[address]]

    picture = Image.objects.create(
        file="images/sample.png",
        width=800,
        height=533,
        byte_size=25_000,
        renditions="800.webp 640.webp 640.png 320.webp 320.png",
    )
    for number in (2, 3):
        part: dict[str, Any] = {"edition_id": edition(f"{BUREAU}section{number}/")}
        Figure.objects.bulk_create(
            [Figure(**part, image=picture, alt="装置の図", caption="光ネットワーク通信装置")]
        )
    Link.objects.bulk_create(
        [
            Link(edition_id=edition(BUREAU), position=number, text=text, url=url)
            for number, text, url in (
                (1, "総務省ICTツイートはこちら", "https://example.go.jp/1"),
                (2, "運用ポリシーはこちら", "https://example.go.jp/2"),
                (3, "情報通信に関するポータルサイト", "https://example.go.jp/3"),
            )
        ]
    )
    Contact.objects.bulk_create(
        [Contact(edition_id=edition(BUREAU), name="情報通信国際戦略局", phone="03-5253-5111")]
    )
