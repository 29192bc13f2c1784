"""The small ministry in which the stories play, and the ways to add to it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import Group, User

from bureaus.models import CATEGORIES_OF, Edition, Kind, Page, Role, State, Stewardship
from bureaus.models.locks import tree_lock
from bureaus.models.pages import parent_of, plant
from bureaus.publishing import relink

TOKYO = ZoneInfo("Asia/Tokyo")
OPENING = datetime(2013, 4, 1, tzinfo=TOKYO)


def tokyo(year: int, month: int = 1, day: int = 1, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=TOKYO)


@dataclass(frozen=True)
class Site:
    root: Page
    guide: Page  # 組織案内
    bureau: Page
    sections: tuple[Page, Page]
    news: tuple[Page, Page]


def place(parent: Page | None, slug: str = "", kind: Kind = Kind.PAGE) -> Page:
    """A page with no edition yet."""
    with tree_lock():
        return plant(Page(kind=kind, slug=slug), under=parent)


def approve(page: Page, title: str, *, live_from: datetime = OPENING, **content: Any) -> Edition:
    """One more approved edition, in force from `live_from`; the others' ends follow."""
    kind = Kind(page.kind)
    if kind == Kind.NEWS_ITEM:
        content.setdefault("issued_on", live_from.date())
        content.setdefault("listed_under", parent_of(page))
    content.setdefault("category", CATEGORIES_OF[kind][0])
    edition = Edition(
        page=page,
        number=Edition.objects.filter(page=page).count() + 1,
        state=State.APPROVED,
        title=title,
        live_from=live_from,
        **content,
    )
    edition.save()
    relink([page.pk])
    edition.refresh_from_db()
    return edition


def publish(
    parent: Page | None,
    slug: str,
    title: str,
    *,
    kind: Kind = Kind.PAGE,
    live_from: datetime = OPENING,
    **content: Any,
) -> Page:
    """A page with one approved edition."""
    page = place(parent, slug, kind)
    approve(page, title, live_from=live_from, **content)
    return page


def news_item(organisation: Page, slug: str, title: str, day: date, **content: Any) -> Page:
    content.setdefault("live_from", max(OPENING, tokyo(day.year, day.month, day.day)))
    return publish(organisation, slug, title, kind=Kind.NEWS_ITEM, issued_on=day, **content)


def officer(name: str, branches: dict[Page, list[Role]]) -> User:
    """An officer of the admin, in a group of his own that keeps these branches in these roles."""
    user = User.objects.create_user(name, password=f"ひみつ-{name}-2013", is_staff=True)
    group = Group.objects.create(name=f"{name}の担当")
    user.groups.add(group)
    Stewardship.objects.bulk_create(
        Stewardship(group=group, page=page, role=role)
        for page, roles in branches.items()
        for role in roles
    )
    return user


def found_site() -> Site:
    root = publish(None, "", "総務省", kind=Kind.ORGANISATION, category="ministry")
    guide = publish(root, "main_sosiki", "組織案内")
    bureau = publish(
        guide, "joho_kokusai", "情報通信国際戦略局", kind=Kind.ORGANISATION, category="bureau"
    )
    first = publish(bureau, "ict_seisaku", "ICT政策の企画", kind=Kind.POLICY_SECTION)
    second = publish(bureau, "kenkyu", "研究開発の推進", kind=Kind.POLICY_SECTION)
    older = news_item(bureau, "kaigi-3", "会議（第3回）を開催", date(2013, 5, 23))
    newer = news_item(bureau, "kobo-2", "第2回公募を開始", date(2013, 8, 2))
    return Site(root, guide, bureau, (first, second), (older, newer))
