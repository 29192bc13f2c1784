"""Several editions as one release: all of them at one moment, or none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Self

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bureaus.admin.core import access, version_token
from bureaus.admin.core.breadcrumbs import breadcrumbs
from bureaus.admin.core.edition_summary import EditionAuthors, chip_of, edition_authors, with_parts
from bureaus.admin.core.frames import allow_frames_inside
from bureaus.admin.core.moment_form import MomentForm
from bureaus.admin.core.users import request_actor, request_user
from bureaus.admin.editions.previews import frame_of
from bureaus.models import Edition, Role, State
from bureaus.permissions import ActorContext
from bureaus.publishing import Blocked, Blocker, BlockerCode, approve
from bureaus.publishing.blockers.approval import approve_blockers_of_each
from bureaus.text.formatting import iso_moment, japanese_moment

MOST = 50  # editions in one release, and in the list of what could be one
NOW, LATER = "now", "later"
NOTHING = Blocker(BlockerCode.NOTHING, "一緒に公開する版を選んでください。")
NO_CHOICE = Blocker(BlockerCode.WHEN, "いつ公開するかを選んでください。")
BOTH = Blocker(
    BlockerCode.WHEN, "「いま」が選ばれていますが、日時も入っています。どちらか一方にしてください。"
)
NO_MOMENT = Blocker(BlockerCode.WHEN, "公開を始める日付と時刻を入れてください。")
NOT_SEEN = Blocker(BlockerCode.NOT_SEEN, "それぞれの見え方を確かめて、印を付けてください。")


@dataclass(frozen=True, slots=True)
class When:
    """The moment that the form chooses: `choice` is now, later, or empty."""

    choice: str
    form: MomentForm
    is_asked: bool  # the first form was sent, however empty

    @classmethod
    def of(cls, query: QueryDict) -> Self:
        """Read the form; a moment typed without a choice is shown again and does not count."""
        said = query.get("when", "")
        choice = said if said in {NOW, LATER} else ""
        is_typed = choice == LATER or bool(query.get("date") or query.get("time"))
        form = MomentForm(query if is_typed else None)
        return cls(choice, form, is_asked="when" in query or "date" in query)

    @property
    def at(self) -> datetime | None:
        return self.form.moment if self.choice == LATER and self.form.is_valid() else None

    @property
    def is_said(self) -> bool:
        return self.at is not None or (self.choice == NOW and not self.form.is_bound)

    @property
    def missing(self) -> tuple[Blocker, ...]:
        if self.is_said:
            return ()
        return ({NOW: BOTH, LATER: NO_MOMENT}.get(self.choice, NO_CHOICE),)


@dataclass(frozen=True, slots=True)
class Entry:
    edition: Edition
    chip: Any
    authors: EditionAuthors
    blockers: tuple[Blocker, ...]
    frame: dict[str, str]
    version: str


@allow_frames_inside
@access.admin_screen
@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest) -> HttpResponse:
    """
    Choose editions and a moment, look at them, then decide about exactly those.

    The second form carries the editions and the moment that were shown: changes in the first form
    count once they are shown. `when` is now or later; an empty moment never means now.

    GET: at most 15 queries, of however many editions.
    """
    if request.method == "POST":
        return decide(request)
    editions = asked_for(request, request.GET)
    return show_release(request, editions, When.of(request.GET))


def asked_for(request: HttpRequest, query: QueryDict) -> list[Edition]:
    """
    Return the editions that the query names, in the order of the tree; 5 queries.

    Raises Edition.DoesNotExist where one is not there, Refused where it may not be seen.
    """
    names = set(query.getlist("edition"))
    if not all(name.isdecimal() and len(name) < 19 for name in names):  # noqa: PLR2004
        raise Edition.DoesNotExist
    keys = {int(name) for name in names}
    if len(keys) > MOST:
        raise Blocked(
            [Blocker(BlockerCode.MANY, f"一度に公開できるのは{MOST}版までです。分けてください。")]
        )
    placed = Edition.objects.filter(pk__in=keys).placed(timezone.now())
    editions = list(with_parts(placed.order_by("placement__path")))
    if len(editions) < len(keys):
        raise Edition.DoesNotExist
    for edition in editions:
        if not access.request_grants(request).can_view(edition.page):
            access.get_visible_edition(request, edition.pk)
    return editions


def decide(request: HttpRequest) -> HttpResponse:
    editions = asked_for(request, request.POST)
    when = When.of(request.POST)
    if not when.is_said:
        return show_release(request, editions, when, refused=when.missing)
    revisions = version_token.sent_revisions(request.POST)
    if not request.POST.get("seen"):
        return show_release(request, editions, when, refused=[NOT_SEEN])
    try:
        approve(editions=editions, actor=request_user(request), at=when.at, revisions=revisions)
    except Blocked as refusal:
        fresh = asked_for(request, request.POST)
        return show_release(request, fresh, when, revisions=revisions, refused=refusal.blockers)
    said = f"{japanese_moment(when.at)}に公開されます。" if when.at else "公開しました。"
    messages.success(request, f"{len(editions)}ページを一括公開で承認しました。{said}")
    return redirect("admin:index")


def show_release(
    request: HttpRequest,
    editions: Sequence[Edition],
    when: When,
    *,
    revisions: dict[int, int] | None = None,
    refused: Iterable[Blocker] = (),
) -> HttpResponse:
    """Render the page; it offers the decision only once the moment is chosen."""
    actor = request_actor(request)
    entries = entries_of(editions, when.at, actor, revisions) if when.is_said else []
    shown = {blocker for entry in entries for blocker in entry.blockers}
    refused = tuple(refused)
    general = tuple(blocker for blocker in refused if blocker not in shown)
    context = {
        "title": "一括公開",
        "breadcrumbs": breadcrumbs("一括公開"),
        "chosen": editions,
        "entries": entries,
        "others": others(actor, editions),
        "sees_bookings": actor.grants.can_view_whole_site,
        "when": when,
        "nothing": (NOTHING,) if when.is_asked and not editions else (),
        "when_missing": when.missing if when.is_asked else (),
        "is_refused": bool(refused),
        "general": general,
        "is_blocked": bool(shown),
    }
    status = access.status_for(refused) if refused else HTTPStatus.OK
    return access.render_screen(request, "admin/review/release.html", context, status=status)


def entries_of(
    editions: Sequence[Edition],
    at: datetime | None,
    actor: ActorContext,
    revisions: dict[int, int] | None,
) -> list[Entry]:
    """Return each edition with its blockers at that moment, as part of the release; 4 queries."""
    blockers = approve_blockers_of_each(editions=editions, at=at, revisions=revisions, actor=actor)
    asked = iso_moment(at) if at else ""
    return [
        Entry(
            edition,
            chip_of(edition),
            edition_authors(edition),
            tuple(against),
            frame_of(edition, asked),
            version_token.edition_version(edition),
        )
        for edition, against in zip(editions, blockers, strict=True)
    ]


def others(actor: ActorContext, editions: Iterable[Edition]) -> list[Edition]:
    """Return the other editions that this approver may approve; 1 query."""
    mine = actor.grants.in_branches(Role.APPROVER, prefix="page__")
    waiting = Edition.objects.filter(mine, state=State.REVIEW)
    waiting = waiting.exclude(pk__in=[edition.pk for edition in editions])
    return list(waiting.with_page().order_by("placement__path")[:MOST])
