"""Why pages below one that ends cannot be prepared to end with it."""

from collections.abc import Iterator, Sequence

from bureaus.models import Action, Answer, Edition, Page
from bureaus.permissions import Officer, actor_context
from bureaus.publishing.blockers.approval import MAX_RELEASE_EDITIONS
from bureaus.publishing.blockers.blocker import (
    Blocker,
    BlockerCode,
    blocker_list,
    role_blockers,
)
from bureaus.publishing.pages_below import Below, PageBelow

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
