"""Why pages below one that ends cannot be prepared to end with it."""

from collections.abc import Iterator, Sequence

from django.utils import timezone

from bureaus.models import Action, Answer, Edition, Page
from bureaus.permissions import Officer, actor_context
from bureaus.publishing.blockers.approval import MAX_RELEASE_EDITIONS
from bureaus.publishing.blockers.blocker import (
    Blocker,
    BlockerCode,
    blocker_list,
    role_blockers,
)
from bureaus.publishing.blockers.editions import new_draft_blockers
from bureaus.publishing.pages_below import Below, PageBelow

ENDINGS = (Answer.ARCHIVED, Answer.GONE)  # those of which a page needs no successor
MAX_PAGES = MAX_RELEASE_EDITIONS - 1  # the page itself is in the release too


@blocker_list
def end_below_availability(*, edition: Edition, actor: Officer = None) -> Iterator[Blocker]:
    yield from role_blockers(Action.START_DRAFT, actor, edition.page)
    if not edition.is_open or edition.answer == Answer.CURRENT:
        yield Blocker(
            BlockerCode.STATE,
            f"「{edition}」は、掲載を終える下書きではありません。「このページの扱い」を掲載終了か"
            "削除か移転にして、保存してください。",
        )


def end_pages_blockers(*, pages: Sequence[Page], actor: Officer = None) -> dict[int, list[Blocker]]:
    """Return for each of `pages`, by its key, why no edition can end it. 2 queries."""
    actor = actor_context(actor)
    current = Edition.objects.in_force(timezone.now()).filter(answer=Answer.CURRENT)
    public = set(current.filter(page__in=pages).values_list("page", flat=True))
    opened = {each.page_id: each for each in Edition.objects.open().filter(page__in=pages)}
    return {
        page.pk: [
            *new_draft_blockers(page, opened.get(page.pk), actor),
            *not_public_blockers(page, is_public=page.pk in public),
        ]
        for page in pages
    }


def not_public_blockers(page: Page, *, is_public: bool) -> Iterator[Blocker]:
    if not is_public:
        yield Blocker(
            BlockerCode.STATE,
            f"「{page.url_path}」は、いま掲載していないので、終えられません。",
        )


@blocker_list
def end_below_blockers(
    *, edition: Edition, below: Below, pages: Sequence[Page], actor: Officer = None
) -> Iterator[Blocker]:
    """Return the blockers of preparing `pages`, some of those `below`."""
    actor = actor_context(actor)
    yield from end_below_availability(edition=edition, actor=actor)
    if not pages:
        yield Blocker(BlockerCode.NOTHING, "一緒に終えるページを選んでください。")
    if len(pages) > MAX_PAGES:
        yield Blocker(
            BlockerCode.MANY,
            f"一度に終えられるのは{MAX_PAGES}ページまでです（{len(pages)}ページが選ばれています）。"
            "下の階層から、何回かに分けてください。",
        )
    known: dict[int, PageBelow] = {each.page.pk: each for each in below.pages}
    for page in pages:
        yield from role_blockers(Action.START_DRAFT, actor, page)
        if page.pk not in known:
            yield Blocker(
                BlockerCode.CHANGED,
                f"「{page.url_path}」は、もう公開中ではありません。選び直してください。",
            )
        elif not known[page.pk].is_free:
            yield Blocker(
                BlockerCode.OPEN_EDITION,
                f"「{page.url_path}」には、書きかけか確認待ちの版があります。それを破棄するか、"
                "その版で掲載を終えてください。",
            )
