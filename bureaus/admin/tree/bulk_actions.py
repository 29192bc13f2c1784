"""Approve, book or return several pages of the tree, each on its own, and report the result."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from bureaus.admin.core import version_token
from bureaus.admin.core.access import admin_screen, render_screen, request_grants
from bureaus.admin.core.breadcrumbs import page_list_breadcrumbs
from bureaus.admin.core.page_states import annotate_states, visible_title
from bureaus.admin.tree.bulk_selection import (
    NOTHING,
    TOO_MANY,
    TOO_MANY_MATCH,
    Failure,
    Selection,
    all_that_match,
    back_with_warning,
    say_failures,
    selection_in,
    sent_on,
)
from bureaus.admin.tree.query_params import TreeParams, tree_params
from bureaus.admin.tree.search import MOST_AT_ONCE
from bureaus.models import Action, Edition, Page, State
from bureaus.permissions import Grants
from bureaus.publishing import Blocked, Blocker, BlockerCode, approve, return_
from bureaus.publishing.audit import Actor
from bureaus.publishing.blockers.blocker import role_blockers
from bureaus.publishing.draft_comments import count_open
from bureaus.text.formatting import TOKYO, japanese_moment

MINUTE = "%Y-%m-%dT%H:%M"
NOT_WAITING = Blocker(
    BlockerCode.NOT_WAITING,
    "確認待ちの版がありません。下書きは、先に作成者が確認を依頼してください。",
)
NOT_SEEN = Blocker(BlockerCode.NOT_SEEN, "それぞれの見え方と違いを確かめて、印を付けてください。")
CHANGED = Blocker(
    BlockerCode.CHANGED,
    "一覧を見た後に、確認待ちの版が変わりました。内容を見てから、やり直してください。",
)

COMMENTED = Blocker(
    BlockerCode.OPEN_COMMENTS,
    "解決していないコメントがあるので、まとめては承認しません。確認の画面で、コメントを読んで"
    "決めてください。",
)


class BulkAction(TextChoices):
    """`label` is the end of the sentence that reports it."""

    APPROVE = "approve", "を承認しました"
    BOOK = "book", "の公開を予約しました"
    RETURN = "return", "を差し戻しました"
    RELEASE = "release", "一括公開"

    @property
    def heading(self) -> str:
        return HEADINGS[self]

    @property
    def action(self) -> Action:
        return Action.RETURN if self == BulkAction.RETURN else Action.APPROVE


HEADINGS = {
    BulkAction.APPROVE: "選んだページを、いま公開する",
    BulkAction.BOOK: "選んだページを、日時を指定して予約する",
    BulkAction.RETURN: "選んだページを差し戻す",
    BulkAction.RELEASE: "選んだページを一括公開する",
}

BUTTONS = {
    BulkAction.APPROVE: "承認して公開する",
    BulkAction.BOOK: "承認して予約する",
    BulkAction.RETURN: "差し戻す",
}


# The actions with input of their own, and their screens.
SCREENS = {"move": "pages-move", "end": "pages-end"}


@dataclass(frozen=True, slots=True)
class Selected:
    """A selected page with the edition that awaits review, or the blockers."""

    page: Page
    title: str
    edition: Edition | None
    blockers: tuple[Blocker, ...] = ()

    @property
    def version(self) -> str:
        return version_token.edition_version(self.edition) if self.edition else ""


@dataclass(frozen=True, slots=True)
class BulkRequest:
    """The action and its input. `unseen` has the blocker of a missing confirmation of reading."""

    action: BulkAction
    at: datetime | None = None
    comment: str = ""
    typed_at: str = ""
    errors: tuple[str, ...] = ()
    unseen: tuple[Blocker, ...] = ()


def has_changed(selection: Selection, one: Selected) -> bool:
    """Tell whether the edition that awaits review is not the one that was shown."""
    if one.edition is None:
        return False
    was = selection.ticked[one.page.pk]
    is_other = was is not None and was != one.version
    return is_other or bool(selection.confirmed and one.version not in selection.confirmed)


@admin_screen
@require_POST
def bulk_action(request: HttpRequest) -> HttpResponse:
    """Show the confirmation screen, at most 15 queries; with `sure` do the action."""
    tree = tree_params(request.POST.get("back", ""))
    action = request.POST.get("action", "")
    takes_all = request.POST.get("all") == "1" and tree.looks_for
    selection = all_that_match(request, tree) if takes_all else selection_in(request)
    keys = list(selection.ticked)
    if (action not in BulkAction.values and action not in SCREENS) or not keys:
        return back_with_warning(request, tree, NOTHING)
    if len(keys) > MOST_AT_ONCE:
        return back_with_warning(request, tree, TOO_MANY_MATCH if takes_all else TOO_MANY)
    if action in SCREENS:
        return sent_on(SCREENS[action], keys, tree)
    chosen = selected_pages(selection, request_grants(request), BulkAction(action), request)
    lost = len(keys) - len(chosen)
    if action == BulkAction.RELEASE:
        return to_release(request, chosen, tree)
    is_sure = request.POST.get("sure") == "1"
    bulk = bulk_request(request, is_sure=is_sure)
    if not is_sure or bulk.errors or bulk.unseen:
        return confirmation_screen(request, chosen, bulk, lost, tree)
    versions = selection.confirmed
    failures = [
        each for each in (apply_to_one(one, bulk, versions, request) for one in chosen) if each
    ]
    report(request, bulk, len(chosen) - len(failures), failures, lost)
    return HttpResponseRedirect(tree.address)


def selected_pages(
    selection: Selection, grants: Grants, action: BulkAction, request: HttpRequest
) -> list[Selected]:
    """Return the visible pages of those ticked, in the order of the tree. At most 3 queries."""
    now = timezone.now()
    pages = list(
        annotate_states(
            Page.objects.visible_to(grants, now).filter(pk__in=list(selection.ticked)), now
        )
    )
    waiting = Edition.objects.filter(page__in=[page.pk for page in pages], state=State.REVIEW)
    editions = {edition.page_id: edition for edition in waiting.with_page()}
    outside = [page for page in pages if not grants.can_view(page)]
    outside_blockers = blockers_outside(action, outside, request)
    chosen = [
        Selected(
            page=page,
            title=visible_title(page, grants),
            edition=editions.get(page.pk) if grants.can_view(page) else None,
            blockers=outside_blockers.get(page.pk)
            or (() if page.pk in editions and grants.can_view(page) else (NOT_WAITING,)),
        )
        for page in pages
    ]
    return [
        replace(one, edition=None, blockers=(CHANGED,))
        if grants.can_view(one.page) and has_changed(selection, one)
        else one
        for one in chosen
    ]


def blockers_outside(
    action: BulkAction, pages: Sequence[Page], request: HttpRequest
) -> dict[int, tuple[Blocker, ...]]:
    """Return the missing role for pages of other branches, and no state of theirs."""
    if not pages:
        return {}
    blockers = role_blockers(action.action, request.user, *pages)
    return {page.pk: (blocker,) for page, blocker in zip(pages, blockers, strict=True)}


# The input


def bulk_request(request: HttpRequest, *, is_sure: bool) -> BulkRequest:
    """Read the input; it has errors only once the confirmation screen was sent."""
    action = BulkAction(request.POST["action"])
    typed_at, comment = request.POST.get("at", ""), request.POST.get("comment", "")
    at, errors = None, []
    if is_sure and action == BulkAction.BOOK:
        at = moment_in(typed_at)
        if at is None:
            errors.append("公開する日時を、日付と時刻の両方で入れてください。")
        elif at <= timezone.now():
            errors.append(f"「{japanese_moment(at)}」は過去です。これからの日時を入れてください。")
    if is_sure and action == BulkAction.RETURN and not comment.strip():
        errors.append("差し戻す理由を書いてください。作成者が次にすることが分かります。")
    is_seen = action == BulkAction.RETURN or bool(request.POST.get("seen"))
    unseen = (NOT_SEEN,) if is_sure and not is_seen else ()
    return BulkRequest(action, at, comment, typed_at, tuple(errors), unseen)


def moment_in(text: str) -> datetime | None:
    """Parse a minute in Tokyo in the format of browsers."""
    try:
        return datetime.strptime(text, MINUTE).replace(tzinfo=TOKYO)
    except ValueError:
        return None


def confirmation_screen(
    request: HttpRequest,
    chosen: Sequence[Selected],
    bulk: BulkRequest,
    lost: int,
    tree: TreeParams,
) -> HttpResponse:
    context = {
        "title": bulk.action.heading,
        "button": BUTTONS[bulk.action],
        "bulk_request": bulk,
        "ready": [one for one in chosen if not one.blockers],
        "not_ready": [one for one in chosen if one.blockers],
        "chosen": chosen,
        "lost": lost,
        "back": tree.query,
        "back_url": tree.address,
        "breadcrumbs": page_list_breadcrumbs(bulk.action.heading, list_url=tree.address),
    }
    return render_screen(request, "admin/tree/bulk_actions.html", context)


def to_release(request: HttpRequest, chosen: Sequence[Selected], tree: TreeParams) -> HttpResponse:
    """Lead to the release, where all or none are approved; name the pages that cannot join it."""
    editions = [one.edition.pk for one in chosen if one.edition is not None]
    failures = [
        Failure(one.title, one.page.url_path, one.blockers) for one in chosen if one.blockers
    ]
    if failures:
        say_failures(request, failures, "一括公開に入れられないページがあります：")
    if not editions:
        return HttpResponseRedirect(tree.address)
    query = urlencode([("edition", key) for key in editions])
    return HttpResponseRedirect(f"{reverse('admin:release')}?{query}")


# The action


def apply_to_one(
    one: Selected, bulk: BulkRequest, versions: Collection[str], request: HttpRequest
) -> Failure | None:
    """Run the action in a transaction of its own. Return the failure, if any."""
    if one.edition is None:
        return Failure(one.title, one.page.url_path, one.blockers)
    if one.version not in versions:
        return Failure(one.title, one.page.url_path, [CHANGED])
    if bulk.action != BulkAction.RETURN and count_open(one.edition):
        return Failure(one.title, one.page.url_path, [COMMENTED])
    actor = cast("Actor", request.user)
    revisions = {one.edition.pk: one.edition.revision}  # compared again inside the action
    doing: dict[BulkAction, Callable[[Edition], object]] = {
        BulkAction.APPROVE: lambda edition: approve(
            editions=[edition], actor=actor, revisions=revisions
        ),
        BulkAction.BOOK: lambda edition: approve(
            editions=[edition], actor=actor, at=bulk.at, revisions=revisions
        ),
        BulkAction.RETURN: lambda edition: return_(
            edition=edition, actor=actor, comment=bulk.comment.strip()
        ),
    }
    try:
        doing[bulk.action](one.edition)
    except Blocked as refusal:
        return Failure(one.title, one.page.url_path, refusal.blockers)
    except Edition.DoesNotExist:
        return Failure(one.title, one.page.url_path, [CHANGED])
    return None


def report(
    request: HttpRequest, bulk: BulkRequest, done: int, failures: Sequence[Failure], lost: int
) -> None:
    """Report 「3ページを承認しました。2ページはできませんでした：」 and why, a line a page."""
    if done:
        when = f"（{japanese_moment(bulk.at)}に公開）" if bulk.at else ""
        messages.success(request, f"{done}ページ{bulk.action.label}{when}。")
    if failures:
        say_failures(request, failures, f"{len(failures)}ページはできませんでした：")
    if lost:
        messages.warning(request, f"選んだうちの{lost}ページは、見つかりませんでした。")
