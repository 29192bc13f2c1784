"""Why a page cannot be marked as reviewed, or get an interval of its own."""

from collections.abc import Iterator

from django.utils import timezone

from bureaus.models import Action, Answer, Edition, Kind, Page
from bureaus.permissions import Officer
from bureaus.publishing.blockers.blocker import Blocker, BlockerCode, blocker_list, role_blockers
from bureaus.publishing.page_reviews import INTERVALS


@blocker_list
def page_review_blockers(*, page: Page, actor: Officer = None) -> Iterator[Blocker]:
    yield from role_blockers(Action.REVIEW, actor, page)
    current = Edition.objects.in_force(timezone.now()).filter(page=page, answer=Answer.CURRENT)
    if not current.exists():
        yield Blocker(
            BlockerCode.STATE,
            f"「{page.url_path}」は、いま公開していないので、見直したことにできません。"
            "公開しているページで行ってください。",
        )


@blocker_list
def page_review_interval_blockers(
    *, page: Page, days: int | None = None, actor: Officer = None
) -> Iterator[Blocker]:
    yield from role_blockers(Action.REVIEW_INTERVAL, actor, page)
    if page.kind == Kind.NEWS_ITEM:
        yield Blocker(
            BlockerCode.KIND, "新着情報は、出した日の記録なので、見直しの間隔を持ちません。"
        )
    if days is not None and days not in INTERVALS:
        yield Blocker(
            BlockerCode.WHEN, f"見直しの間隔「{days}日」は選べません。一覧から選んでください。"
        )
