"""The small ministry in which the stories play, and the ways to add to it."""

import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import Group, User
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from bureaus import search
from bureaus.models import CATEGORIES_OF, BranchRole, Edition, Kind, Page, Placement, Role, State
from bureaus.models.addresses import parent_address
from bureaus.models.branches import add_nodes, place_page
from bureaus.models.locks import tree_lock
from bureaus.models.placements import pages_at, reread
from bureaus.publishing import update_live_until
from bureaus.publishing.news_listings import update_news_listings
from tests.helpers.stored_rows import Table, stored_tables, write_again

TOKYO = ZoneInfo("Asia/Tokyo")
OPENING = datetime(2013, 4, 1, tzinfo=TOKYO)
BEGINNING = datetime(2000, 1, 1, tzinfo=TOKYO)  # of the placements, before any edition


def tokyo(year: int, month: int = 1, day: int = 1, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=TOKYO)


BUREAU = "/main_sosiki/joho_kokusai/"
FOUNDED: dict[str, tuple[Kind, dict[str, Any]]] = {
    "/": (Kind.ORGANISATION, {"title": "総務省", "category": "ministry"}),
    "/main_sosiki/": (Kind.PAGE, {"title": "組織案内"}),
    BUREAU: (Kind.ORGANISATION, {"title": "情報通信国際戦略局", "category": "bureau"}),
    f"{BUREAU}ict_seisaku/": (Kind.POLICY_SECTION, {"title": "ICT政策の企画"}),
    f"{BUREAU}kenkyu/": (Kind.POLICY_SECTION, {"title": "研究開発の推進"}),
    f"{BUREAU}kaigi-3/": (
        Kind.NEWS_ITEM,
        {"title": "会議（第3回）を開催", "live_from": tokyo(2013, 5, 23)},
    ),
    f"{BUREAU}kobo-2/": (
        Kind.NEWS_ITEM,
        {"title": "第2回公募を開始", "live_from": tokyo(2013, 8, 2)},
    ),
}


# The tables in which the site has rows. On PostgreSQL the index is columns of its rows.
ROWS = ["page", "placement", "edition", "newslisting", "searchrow"]
if connection.vendor == "sqlite":
    ROWS += ["search", "search_titles"]


@dataclass(frozen=True)
class Site:
    root: Page
    guide: Page  # 組織案内
    bureau: Page
    sections: tuple[Page, Page]
    news: tuple[Page, Page]


def place(
    parent: Page | None, slug: str = "", kind: Kind = Kind.PAGE, *, start: datetime = OPENING
) -> Page:
    """A page with no edition yet, below every placement of `parent` from `start` on."""
    page = Page(kind=kind)
    with tree_lock():
        place_page(page, slug=slug, under=parent, start=min(start, BEGINNING))
    return reread(page)


def place_all(kinds: Mapping[str, Kind], start: datetime = OPENING) -> list[Page]:
    """Pages with no edition yet at these addresses, in a few statements."""
    parents = pages_at(map(parent_address, kinds))
    begins = max([min(start, BEGINNING), *(page.placement.live_from for page in parents.values())])
    pages = [Page(key=address, kind=kind) for address, kind in kinds.items()]
    Page.objects.bulk_create(pages)
    for page in pages:
        slug = page.key.rstrip("/").rpartition("/")[2]
        page.placement = Placement(
            page=page, kind=page.kind, slug=slug, url_path=page.key, live_from=begins
        )
    with tree_lock():
        add_nodes([page.placement for page in pages])
    return pages


def branch_of(page: Page) -> Any:
    """`page` and what is below it now, in the order of the tree."""
    return Page.objects.in_branch(reread(page).placement, timezone.now())


def children_of(page: Page) -> list[Page]:
    """The children of `page` now, in the order of the tree."""
    depth = reread(page).placement.depth + 1
    return list(branch_of(page).filter(placement__depth=depth))


def approve(page: Page, title: str, *, live_from: datetime = OPENING, **content: Any) -> Edition:
    """One more approved edition, in force from `live_from`; the others' ends follow."""
    edition = approved(page, title, live_from=live_from, **content)
    edition.number += Edition.objects.filter(page=page).count()
    edition.save()
    update_live_until([page.pk])
    edition.refresh_from_db()
    return edition


def approved(page: Page, title: str, *, live_from: datetime, **content: Any) -> Edition:
    """The first edition of `page`, not stored yet."""
    kind = Kind(page.kind)
    if kind == Kind.NEWS_ITEM:
        content.setdefault("issued_on", live_from.date())
    content.setdefault("category", CATEGORIES_OF[kind][0])
    start = {"number": 1, "state": State.APPROVED, "live_from": live_from}
    return Edition(page=page, title=title, **start, **content)


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
    page = place(parent, slug, kind, start=live_from)
    approve(page, title, live_from=live_from, **content)
    return page


def news_item(organisation: Page, slug: str, title: str, day: date, **content: Any) -> Page:
    content.setdefault("live_from", max(OPENING, tokyo(day.year, day.month, day.day)))
    return publish(organisation, slug, title, kind=Kind.NEWS_ITEM, issued_on=day, **content)


def publish_all(contents: Mapping[str, tuple[Kind, dict[str, Any]]]) -> list[Page]:
    """As by `publish`, but in a few statements: what stands at each address."""
    starts = [content["live_from"] for _, content in contents.values() if "live_from" in content]
    kinds = {address: kind for address, (kind, _) in contents.items()}
    pages = place_all(kinds, start=min(starts, default=OPENING))
    Edition.objects.bulk_create(
        approved(page, **{"live_from": OPENING, **content})
        for page, (_, content) in zip(pages, contents.values(), strict=True)
    )
    search.refresh(page.pk for page in pages)
    update_news_listings(page.pk for page in pages)
    return pages


def publish_below(
    parent: Page, titles: Mapping[str, str], *, kind: Kind = Kind.PAGE, **content: Any
) -> list[Page]:
    """Publish pages below `parent` in a few statements: what each slug is called."""
    return publish_all(
        {
            f"{parent.url_path}{slug}/": (kind, {"title": title, **content})
            for slug, title in titles.items()
        }
    )


def officer(name: str, branches: dict[Page, list[Role]]) -> User:
    """An officer of the admin, in a group of their own with these roles in these branches."""
    user = User.objects.create_user(name, password=f"ひみつ-{name}-2013", is_staff=True)
    group = Group.objects.create(name=f"{name}の担当")
    user.groups.add(group)
    BranchRole.objects.bulk_create(
        BranchRole(group=group, page=page, role=role)
        for page, roles in branches.items()
        for role in roles
    )
    return user


def found_site() -> Site:
    """Nearly every story begins with it: where no page is."""
    pickled, tables = stored_site()
    write_again(tables)
    site: Site = pickle.loads(pickled)  # noqa: S301 - of this process, a fifth of a deep copy
    return site


@cache
def stored_site() -> tuple[bytes, list[Table]]:
    """
    Return the site, as the site's own code writes it once a process, and its rows.

    Writing the rows again costs a twentieth of that, and most tests begin with it.
    """
    with transaction.atomic():
        pickled = pickle.dumps(written_site())
        tables = stored_tables(f"bureaus_{name}" for name in ROWS)
        transaction.set_rollback(True)
    return pickled, tables


def written_site() -> Site:
    root, guide, bureau, *sections, older, newer = publish_all(FOUNDED)
    return Site(root, guide, bureau, (sections[0], sections[1]), (older, newer))


def client_of(user: User) -> Client:
    """Return the browser of an officer who has logged in."""
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    return client
