"""The desks of pages, in the browser of an officer, and pages in every state to lie on them."""

import re
from datetime import timedelta
from html import unescape

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bureaus.models import Action, Answer, AuditEntry, Edition, Page, Role, State
from bureaus.publishing import approve, approve_urgently, return_, start_draft, submit
from tests.helpers import cast
from tests.helpers.cast import Site, officer, place
from tests.helpers.editing import TOMORROW, drafted

EMPTY, DRAFT, DRAFTED, REVIEW, RETURNED = "無", "書きかけ", "下書き", "確認待ち", "差し戻し"
BOOKED, PUBLIC, ENDED, URGENT = "予約", "公開中", "掲載終了", "緊急"
STATES = (EMPTY, DRAFT, DRAFTED, REVIEW, RETURNED, BOOKED, PUBLIC, ENDED, URGENT)


def page_url(page: Page) -> str:
    return f"/admin/bureaus/page/{page.pk}/change/"


def action(edition: Edition, name: str) -> str:
    return f"/admin/bureaus/edition/{edition.pk}/{name}/"


def read(client: Client, page: Page, query: str = "") -> str:
    response = client.get(page_url(page) + query)
    assert response.status_code == 200
    return response.content.decode()


def text_in(html: str) -> str:
    """What a reader reads of it."""
    visible = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", visible)).split())


def panel(html: str, name: str) -> str:
    """What stands in the panel whose heading has this id."""
    found = re.search(rf'aria-labelledby="{name}".*?</section>', html, re.DOTALL)
    assert found is not None, name
    return found[0]


def buttons(html: str) -> dict[str, str]:
    """Of the panel of the next steps: each button, and whether it is main, plain or closed."""
    found: dict[str, str] = {}
    pattern = r'<(?:a|button)\b([^>]*class="button"[^>]*)>([^<]*)'
    for attributes, words in re.findall(pattern, panel(html, "next")):
        is_closed = 'aria-disabled="true"' in attributes
        kind = "main" if "data-main" in attributes else "closed" if is_closed else "plain"
        found[words] = kind
    return found


def queries_of(client: Client, address: str) -> int:
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


def page_in(state: str, site: Site) -> Page:
    """A page below the bureau in this state, written and approved by others."""
    author = officer("筆者", {site.bureau: [Role.WRITER]})
    other = officer("別の承認者", {site.bureau: [Role.APPROVER]})
    if state == EMPTY:
        return place(site.bureau, "kara")
    answer = Answer.ARCHIVED if state == ENDED else Answer.CURRENT
    page = cast.publish(site.bureau, "peeji", "ページ", answer=answer)
    if state == DRAFT:
        start_draft(page=page, actor=author)
    if state in {DRAFTED, REVIEW, RETURNED, BOOKED, URGENT}:
        draft_on(page, state, author, other)
    return page


def draft_on(page: Page, state: str, author: User, other: User) -> None:
    edition = drafted(page, author)
    if state == URGENT:
        approve_urgently(edition=edition, actor=other, reason="災害")
    elif state != DRAFTED:
        edition = submit(edition=edition, actor=author)
    if state == RETURNED:
        return_(edition=edition, actor=other, comment="年を直してください。")
    if state == BOOKED:
        approve(editions=[edition], actor=other, at=timezone.now() + TOMORROW)


def history(page: Page, count: int, actor: User) -> None:
    """`count` editions and as many events more; an open draft goes."""
    last = Edition.objects.filter(page=page, live_from__isnull=False).latest("live_from")
    assert last.live_from is not None
    Edition.objects.filter(page=page, number__gt=last.number).delete()
    number = last.number
    starts = [last.live_from + timedelta(hours=hour) for hour in range(1, count + 1)]
    Edition.objects.filter(pk=last.pk).update(live_until=starts[0])
    ends = [*starts[1:], None]
    Edition.objects.bulk_create(
        Edition(
            page=page,
            number=number + position,
            state=State.APPROVED,
            title=f"{position}回目の題",
            category="bureau",
            live_from=start,
            live_until=end,
        )
        for position, (start, end) in enumerate(zip(starts, ends, strict=True), 1)
    )
    newest = Edition.objects.get(page=page, number=number + count)
    AuditEntry.objects.bulk_create(
        AuditEntry(
            action=Action.EDIT,
            page=page,
            edition=newest,
            address="/",
            actor=actor,
            note=f"メモ{each}",
        )
        for each in range(count)
    )
