"""The site that the drill of the tree changes."""

import random
from collections import Counter
from collections.abc import Mapping

from bureaus import search
from bureaus.models import CATEGORIES_OF, KINDS_UNDER, Edition, FormerAddress, Kind, Page, State
from bureaus.publishing.news_listings import update_news_listings
from tests.helpers.cast import BEGINNING, place_all
from tests.helpers.tree_oracle import Oracle, Text

FOUNDED = BEGINNING  # of every page before the actions
LEAD = "この資料の内容を説明します。"
FANOUT = 40  # pages below one when the site is founded; a list holds 500


def title_of(page: int, number: int) -> str:
    return f"資料{page}の第{number}案"


def planned(size: int, dice: random.Random) -> Mapping[str, Kind]:
    """Return the kinds of `size` pages by their addresses, parents first."""
    kinds = {"/": Kind.ORGANISATION}
    open_: list[str] = ["/"]
    below: Counter[str] = Counter()
    while len(kinds) < size:
        parent = open_[min(len(open_) - 1, int(dice.expovariate(1) * len(open_) / 3))]
        limit = FANOUT if parent != "/" else 12
        if below[parent] >= limit or parent.count("/") > 9:
            open_.remove(parent)
            continue
        kind = dice.choice([*sorted(KINDS_UNDER[kinds[parent]]), Kind.PAGE])
        if kind not in KINDS_UNDER[kinds[parent]]:
            continue
        below[parent] += 1
        address = f"{parent}p{below[parent]}/"
        kinds[address] = kind
        if kind != Kind.NEWS_ITEM:
            open_.append(address)
    return dict(sorted(kinds.items(), key=lambda item: item[0].count("/")))


def found(oracle: Oracle, size: int, dice: random.Random) -> None:
    """Store a site of `size` public pages and a few drafts, and tell the oracle."""
    kinds = planned(size, dice)
    pages = place_all(kinds, start=FOUNDED)
    keys = {page.key: page.pk for page in pages}
    drafts: set[str] = set()
    editions = []
    for page in pages:
        parent = page.key[: page.key.rstrip("/").rfind("/") + 1] if page.key != "/" else None
        is_draft = parent in drafts or (page.key != "/" and dice.random() < 0.02)
        if is_draft:
            drafts.add(page.key)
        above = keys[parent] if parent else None
        slug = page.key.rstrip("/").rpartition("/")[2]
        oracle.add(page.pk, str(page.kind), above, slug, FOUNDED)
        editions.append(first_edition(oracle, page, is_public=not is_draft))
    Edition.objects.bulk_create(editions, batch_size=500)
    update_news_listings(page.pk for page in pages)
    search.rebuild(lambda _done, _all: None)
    for number, page in enumerate(dice.sample(pages[1:], min(20, len(pages) - 1))):
        address = f"/old/{number}/"
        FormerAddress.objects.create(url_path=address, page=page)
        oracle.former[address] = page.pk


def first_edition(oracle: Oracle, page: Page, *, is_public: bool) -> Edition:
    title = title_of(page.pk, 1)
    issued = FOUNDED.date() if page.kind == Kind.NEWS_ITEM else None
    if is_public:
        oracle.say(page.pk, Text(FOUNDED, "current", title, issued=issued))
    return Edition(
        page=page,
        number=1,
        state=State.APPROVED if is_public else State.DRAFT,
        live_from=FOUNDED if is_public else None,
        title=title,
        lead=LEAD,
        category=CATEGORIES_OF[Kind(page.kind)][0],
        issued_on=issued,
    )
