"""Several pages of the tree at once, each for itself: approve, book, give back; and a report."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from bureaus.admin.core.access import admin_screen, render_screen, request_grants
from bureaus.admin.core.breadcrumbs import page_list_breadcrumbs
from bureaus.admin.core.cleaning import parse_key
from bureaus.admin.core.page_states import annotate_states, page_state
from bureaus.admin.tree.query_params import TreeParams, tree_params
from bureaus.models import Action, Edition, Page, State
from bureaus.permissions import Grants
from bureaus.publishing import Blocked, Blocker, BlockerCode, approve, return_
from bureaus.publishing.audit import Actor
from bureaus.publishing.blockers.blocker import role_blockers
from bureaus.text.formatting import TOKYO, japanese_moment

MOST = 100  # pages at once
MINUTE = "%Y-%m-%dT%H:%M"
NOTHING = "ページが選ばれていません。一覧で、ページの左の欄に印を付けてください。"
NOT_WAITING = Blocker(
    BlockerCode.NOT_WAITING,
    "確認待ちの版がありません。下書きは、先に作成者が確認を依頼してください。",
)
NOT_SEEN = Blocker(BlockerCode.NOT_SEEN, "それぞれの見え方と違いを確かめて、印を付けてください。")
CHANGED = Blocker(
    BlockerCode.CHANGED,
    "一覧を見た後に、確認待ちの版が変わりました。内容を見てから、やり直してください。",
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


@dataclass(frozen=True, slots=True)
class Selected:
    """A page that was chosen: the edition that waits there, or why nothing can be done."""

    page: Page
    title: str
    edition: Edition | None
    blockers: tuple[Blocker, ...] = ()

    @property
    def seal(self) -> str:
        """What the officer has seen: another edition, or another text of it, is another seal."""
        return f"{self.edition.pk}-{self.edition.revision}" if self.edition else ""


@dataclass(frozen=True, slots=True)
class BulkRequest:
    """What is to be done to each, as it came in; `unseen`: what is missing of his looking at it."""

    action: BulkAction
    at: datetime | None = None
    comment: str = ""
    typed_at: str = ""
    errors: tuple[str, ...] = ()
    unseen: tuple[Blocker, ...] = ()


@dataclass(frozen=True, slots=True)
class Picked:
    """What the boxes and the page that asked again have named, and what they have shown."""

    ticked: Mapping[int, str | None]  # by the key of the page; None: no seal was sent
    confirmed: frozenset[str] = frozenset()

    def has_changed(self, one: Selected) -> bool:
        """Whether what waits there is something else than what he has been shown."""
        if one.edition is None:
            return False
        was = self.ticked[one.page.pk]
        is_other = was is not None and was != one.seal
        return is_other or bool(self.confirmed and one.seal not in self.confirmed)


@dataclass(frozen=True, slots=True)
class Failure:
    title: str
    url_path: str
    blockers: Sequence[Blocker]


@admin_screen
@require_POST
def bulk_action(request: HttpRequest) -> HttpResponse:
    """What is to be done is shown first; with `sure` it is done. At most 15 queries to show."""
    came_from = tree_params(request.POST.get("back", ""))
    action = request.POST.get("action", "")
    picked = picked_in(request)
    keys = list(picked.ticked)
    if action not in BulkAction.values or not keys:
        return turned_back(request, came_from, NOTHING)
    if len(keys) > MOST:
        return turned_back(request, came_from, f"一度に選べるのは{MOST}ページまでです。")
    chosen = chosen_of(picked, request_grants(request), BulkAction(action), request)
    lost = len(keys) - len(chosen)
    if action == BulkAction.RELEASE:
        return to_release(request, chosen, came_from)
    is_sure = request.POST.get("sure") == "1"
    wish = bulk_request(request, is_sure=is_sure)
    if not is_sure or wish.errors or wish.unseen:
        return ask_again(request, chosen, wish, lost, came_from)
    seals = picked.confirmed
    failures = [
        each for each in (apply_to_one(one, wish, seals, request) for one in chosen) if each
    ]
    report(request, wish, len(chosen) - len(failures), failures, lost)
    return HttpResponseRedirect(came_from.address)


def picked_in(request: HttpRequest) -> Picked:
    """A box is `<page>:<seal>`, the seal empty where no edition was open; the page may do alone."""
    ticked: dict[int, str | None] = {}
    for text in request.POST.getlist("page"):
        key, colon, seal = text.partition(":")
        if page := parse_key(key):
            ticked[page] = seal if colon else None
    return Picked(ticked, frozenset(request.POST.getlist("seal")))


def turned_back(request: HttpRequest, came_from: TreeParams, sentence: str) -> HttpResponse:
    messages.warning(request, sentence)
    return HttpResponseRedirect(came_from.address)


def chosen_of(
    picked: Picked, grants: Grants, action: BulkAction, request: HttpRequest
) -> list[Selected]:
    """Those of the pages that he may know of, in the order of the tree; 3 queries at most."""
    now = timezone.now()
    pages = list(
        annotate_states(
            Page.objects.visible_to(grants, now).filter(pk__in=list(picked.ticked)), now
        )
    )
    waiting = Edition.objects.filter(page__in=[page.pk for page in pages], state=State.REVIEW)
    editions = {edition.page_id: edition for edition in waiting.select_related("page")}
    foreign = [page for page in pages if not grants.can_view(page)]
    against = against_foreign(action, foreign, request)
    chosen = [
        Selected(
            page=page,
            title=page_state(page, sees=grants.can_view(page)).title,
            edition=editions.get(page.pk) if grants.can_view(page) else None,
            blockers=against.get(page.pk)
            or (() if page.pk in editions and grants.can_view(page) else (NOT_WAITING,)),
        )
        for page in pages
    ]
    return [
        replace(one, edition=None, blockers=(CHANGED,))
        if grants.can_view(one.page) and picked.has_changed(one)
        else one
        for one in chosen
    ]


def against_foreign(
    action: BulkAction, pages: Sequence[Page], request: HttpRequest
) -> dict[int, tuple[Blocker, ...]]:
    """Whether anything waits there is not for him to know: he learns that it is not his."""
    if not pages:
        return {}
    blockers = role_blockers(action.action, request.user, *pages)
    return {page.pk: (blocker,) for page, blocker in zip(pages, blockers, strict=True)}


# What is to be done


def bulk_request(request: HttpRequest, *, is_sure: bool) -> BulkRequest:
    """What was typed; nothing is wrong with it before it was asked for."""
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
    """A minute in Tokyo, as a browser sends it."""
    try:
        return datetime.strptime(text, MINUTE).replace(tzinfo=TOKYO)
    except ValueError:
        return None


def ask_again(
    request: HttpRequest,
    chosen: Sequence[Selected],
    wish: BulkRequest,
    lost: int,
    came_from: TreeParams,
) -> HttpResponse:
    context = {
        "title": wish.action.heading,
        "button": BUTTONS[wish.action],
        "wish": wish,
        "ready": [one for one in chosen if not one.blockers],
        "not_ready": [one for one in chosen if one.blockers],
        "chosen": chosen,
        "lost": lost,
        "back": came_from.query,
        "back_url": came_from.address,
        "breadcrumbs": page_list_breadcrumbs(wish.action.heading, list_url=came_from.address),
    }
    return render_screen(request, "admin/tree/bulk_actions.html", context)


def to_release(
    request: HttpRequest, chosen: Sequence[Selected], came_from: TreeParams
) -> HttpResponse:
    """Where they are approved all or none; those that wait for nothing are named on the way."""
    editions = [one.edition.pk for one in chosen if one.edition is not None]
    failures = [
        Failure(one.title, one.page.url_path, one.blockers) for one in chosen if one.blockers
    ]
    if failures:
        say_failures(request, failures, "一括公開に入れられないページがあります：")
    if not editions:
        return HttpResponseRedirect(came_from.address)
    query = urlencode([("edition", key) for key in editions])
    return HttpResponseRedirect(f"{reverse('admin:release')}?{query}")


# Doing it


def apply_to_one(
    one: Selected, wish: BulkRequest, seals: Collection[str], request: HttpRequest
) -> Failure | None:
    """Through the action, in a transaction of its own; what was not done, and why."""
    if one.edition is None:
        return Failure(one.title, one.page.url_path, one.blockers)
    if one.seal not in seals:
        return Failure(one.title, one.page.url_path, [CHANGED])
    actor = cast("Actor", request.user)
    seen = {one.edition.pk: one.edition.revision}  # as it is sealed: asked again in the action
    doing: dict[BulkAction, Callable[[Edition], object]] = {
        BulkAction.APPROVE: lambda edition: approve(
            editions=[edition], actor=actor, revisions=seen
        ),
        BulkAction.BOOK: lambda edition: approve(
            editions=[edition], actor=actor, at=wish.at, revisions=seen
        ),
        BulkAction.RETURN: lambda edition: return_(
            edition=edition, actor=actor, comment=wish.comment.strip()
        ),
    }
    try:
        doing[wish.action](one.edition)
    except Blocked as refusal:
        return Failure(one.title, one.page.url_path, refusal.blockers)
    except Edition.DoesNotExist:
        return Failure(one.title, one.page.url_path, [CHANGED])
    return None


def report(
    request: HttpRequest, wish: BulkRequest, done: int, failures: Sequence[Failure], lost: int
) -> None:
    """「3ページを承認しました。2ページはできませんでした：」 and why, a page a line."""
    if done:
        when = f"（{japanese_moment(wish.at)}に公開）" if wish.at else ""
        messages.success(request, f"{done}ページ{wish.action.label}{when}。")
    if failures:
        say_failures(request, failures, f"{len(failures)}ページはできませんでした：")
    if lost:
        messages.warning(request, f"選んだうちの{lost}ページは、見つかりませんでした。")


def say_failures(request: HttpRequest, failures: Iterable[Failure], sentence: str) -> None:
    context = {"failures": failures, "sentence": sentence}
    messages.warning(request, render_to_string("admin/tree/report.html", context))
