"""Why a draft cannot be shared by a link, or a link not be taken back."""

from collections.abc import Iterator
from datetime import datetime

from bureaus.models import Action, Edition, State
from bureaus.permissions import Officer
from bureaus.publishing.blockers.blocker import Blocker, BlockerCode, blocker_list, role_blockers
from bureaus.publishing.blockers.editions import state_blockers
from bureaus.publishing.shared_links import links_to


@blocker_list
def share_blockers(*, edition: Edition, actor: Officer = None) -> Iterator[Blocker]:
    yield from role_blockers(Action.SHARE, actor, edition.page)
    yield from state_blockers(edition, "確認用リンクを作れる", State.DRAFT, State.REVIEW)


@blocker_list
def take_back_blockers(
    *, edition: Edition, until: datetime | None = None, actor: Officer = None
) -> Iterator[Blocker]:
    yield from role_blockers(Action.UNSHARE, actor, edition.page)
    if not any(until in (None, link.until) for link in links_to(edition)):
        yield Blocker(
            BlockerCode.ALREADY,
            "この確認用リンクは、もう使えません。取り消されたか、期限が過ぎたか、承認されています。",
        )
