"""Choosing a release: editions and changes of the tree at one moment, all of them or none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bureaus.admin.core import access, version_token
from bureaus.admin.core.breadcrumbs import admin_url, breadcrumbs
from bureaus.admin.core.cleaning import clean_lines, parse_key
from bureaus.admin.core.edition_summary import EditionAuthors, chip_of, edition_authors, with_parts
from bureaus.admin.core.frames import allow_frames_inside
from bureaus.admin.core.moment_form import MomentForm
from bureaus.admin.core.users import request_actor, request_user
from bureaus.admin.editions.previews import frame_of
from bureaus.admin.media.file_findings import FileFindingEntry
from bureaus.admin.media.file_findings import entries_of as file_finding_entries
from bureaus.admin.review.release_changes import (
    ChangeRow,
    ChosenChanges,
    change_rows,
    chosen_changes,
    new_addresses,
    nodes_then,
    places_version,
)
from bureaus.models import Edition, Role, State
from bureaus.models.locks import under_tree_lock
from bureaus.permissions import ActorContext
from bureaus.publishing import (
    Blocked,
    Blocker,
    BlockerCode,
    ReleasePlan,
    approve,
    approve_release,
    file_findings,
    try_release,
)
from bureaus.publishing.blockers.approval import (
    MAX_RELEASE_EDITIONS,
    approve_blockers_of_each,
    release_size_blockers,
)
from bureaus.publishing.blockers.draft_comments import OPEN_COMMENTS
from bureaus.publishing.blockers.releases import ReleaseBlockers
from bureaus.publishing.consequences import consequences, with_surroundings
from bureaus.publishing.draft_comments import count_open, open_comments_of
from bureaus.publishing.file_findings import cache_file_findings
from bureaus.text.formatting import iso_moment, japanese_moment

NOW, LATER = "now", "later"
TRY = "try"
NOTHING = Blocker(BlockerCode.NOTHING, "一緒に公開する版を選んでください。")
NO_CHOICE = Blocker(BlockerCode.WHEN, "いつ公開するかを選んでください。")
BOTH = Blocker(
    BlockerCode.WHEN, "「いま」が選ばれていますが、日時も入っています。どちらか一方にしてください。"
)
NO_MOMENT = Blocker(BlockerCode.WHEN, "公開を始める日付と時刻を入れてください。")
PLACE_CHANGED = (
    "見ている間に、場所を変えるページか移動先の場所が変わりました。"
    "下の「場所の変更」を確かめて、よければ、もう一度決めてください。"
)
NOT_SEEN = Blocker(BlockerCode.NOT_SEEN, "それぞれの見え方を確かめて、印を付けてください。")


@dataclass(frozen=True, slots=True)
class When:
    """The moment that the form chooses: `choice` is now, later, or empty."""

    choice: str
    form: MomentForm
    is_submitted: bool  # the first form was sent, however empty

    @classmethod
    def of(cls, query: QueryDict) -> Self:
        """Read the form; a moment typed without a choice is shown again and does not count."""
        when = query.get("when", "")
        choice = when if when in {NOW, LATER} else ""
        is_typed = choice == LATER or bool(query.get("date") or query.get("time"))
        form = MomentForm(query if is_typed else None)
        return cls(choice, form, is_submitted="when" in query or "date" in query)

    @property
    def at(self) -> datetime | None:
        return self.form.moment if self.choice == LATER and self.form.is_valid() else None

    @property
    def is_chosen(self) -> bool:
        return self.at is not None or (self.choice == NOW and not self.form.is_bound)

    @property
    def query(self) -> str:
        """The moment for the forms of a single change; empty without one."""
        if self.at is None:
            return ""
        fields = {name: self.form.data.get(name, "") for name in ("date", "time")}
        return "&" + urlencode({"when": LATER, **fields})

    @property
    def missing(self) -> tuple[Blocker, ...]:
        if self.is_chosen:
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
    hidden: tuple[FileFindingEntry, ...]  # of the documents that it links
    new_address: str = ""  # where the release moves its page


@dataclass(frozen=True, slots=True)
class Parts:
    """What the screen shows of a release; `places`: the version of the places that change."""

    entries: list[Entry]
    rows: list[ChangeRow]
    places: str

    @property
    def blockers(self) -> set[Blocker]:
        of_editions = {each for entry in self.entries for each in entry.blockers}
        return of_editions.union(each for row in self.rows for each in row.blockers)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a form names: the editions, the changes of the tree, and the moment."""

    editions: list[Edition]
    chosen: ChosenChanges
    when: When
    end_redirects: bool

    @classmethod
    def of(cls, request: HttpRequest, query: QueryDict) -> Self:
        return cls(
            chosen_editions(request, query),
            chosen_changes(request, query),
            When.of(query),
            bool(query.get("end_redirects")),
        )

    @property
    def plan(self) -> ReleasePlan:
        return ReleasePlan(self.editions, self.chosen.changes, self.when.at, self.end_redirects)


@allow_frames_inside
@access.admin_screen
@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest) -> HttpResponse:
    """
    Choose what begins together and when, look at it, then decide about exactly that.

    The second form carries what was shown: changes in the first form count once they are shown.
    `when` is now or later; an empty moment never means now. With changes of the tree the second
    form first tries the release (`step`), which takes the queries of doing it.

    GET: at most 15 queries, for any number of editions and changes.
    """
    if request.method == "POST":
        return decide(request)
    return show_release(request, Choice.of(request, request.GET))


def chosen_editions(request: HttpRequest, query: QueryDict) -> list[Edition]:
    """
    Return the editions that the query names, in the order of the tree; 5 queries.

    Raises Edition.DoesNotExist where one is not there, Refused where it may not be seen.
    """
    keys = set(map(parse_key, query.getlist("edition")))
    if 0 in keys:
        raise Edition.DoesNotExist
    if against := list(release_size_blockers(len(keys))):
        raise Blocked(against)
    placed = Edition.objects.filter(pk__in=keys).placed(timezone.now())
    editions = list(with_surroundings(with_parts(placed.order_by("placement__path"))))
    if len(editions) < len(keys):
        raise Edition.DoesNotExist
    for edition in editions:
        if not access.request_grants(request).can_view(edition.page):
            access.get_visible_edition(request, edition.pk)
    return editions


def decide(request: HttpRequest) -> HttpResponse:
    choice = Choice.of(request, request.POST)
    if not choice.when.is_chosen:
        return show_release(request, choice, refused=choice.when.missing)
    revisions = version_token.sent_revisions(request.POST)
    if request.POST.get("step") == TRY:
        return show_release(request, choice, tried=try_choice(request, choice, revisions))
    if not request.POST.get("seen"):
        return show_release(request, choice, refused=[NOT_SEEN])
    if not request.POST.get("comments") and count_open(*choice.editions):
        return show_release(request, choice, refused=[OPEN_COMMENTS])
    try:
        address = approve_choice(request, choice, revisions)
    except Blocked as refusal:
        fresh = Choice.of(request, request.POST)
        tried = try_choice(request, fresh, revisions) if fresh.chosen.changes else None
        return show_release(
            request, fresh, revisions=revisions, refused=refusal.blockers, tried=tried
        )
    messages.success(request, approval_message(choice))
    return redirect(address)


def try_choice(
    request: HttpRequest, choice: Choice, revisions: dict[int, int] | None
) -> ReleaseBlockers:
    return try_release(plan=choice.plan, actor=request_actor(request), revisions=revisions)


@under_tree_lock
def approve_choice(request: HttpRequest, choice: Choice, revisions: dict[int, int]) -> str:
    """Approve what the form has shown; return the address of the next screen. Raises Blocked."""
    plan, actor = choice.plan, request_user(request)
    if not plan.changes:
        approve(editions=plan.editions, actor=actor, at=plan.at, revisions=revisions)
        return admin_url("index")
    stored = places_version(
        plan.changes, nodes_then(plan.changes, (), plan.at, access.request_grants(request))
    )
    version_token.raise_if_place_changed(request.POST.get("places", "-"), stored, PLACE_CHANGED)
    note = clean_lines(request, "note")
    name = approve_release(plan=plan, actor=actor, note=note, revisions=revisions)
    return admin_url("booked-release", name) if plan.at else admin_url("index")


def approval_message(choice: Choice) -> str:
    at = choice.when.at
    changes = len(choice.chosen.changes)
    if not changes:
        effect = f"{japanese_moment(at)}に公開されます。" if at else "公開しました。"
        return f"{len(choice.editions)}ページを一括公開で承認しました。{effect}"
    parts = [f"{len(choice.editions)}ページの版と"] if choice.editions else []
    effect = f"{japanese_moment(at)}に一緒に変わります。" if at else "一緒に変わりました。"
    return "".join([*parts, f"場所の変更{changes}件を、一括公開で決めました。{effect}"])


def show_release(
    request: HttpRequest,
    choice: Choice,
    *,
    revisions: dict[int, int] | None = None,
    refused: Iterable[Blocker] = (),
    tried: ReleaseBlockers | None = None,
) -> HttpResponse:
    """Render the page; it offers the decision only once the moment is chosen."""
    actor, refused = request_actor(request), tuple(refused)
    parts = parts_of(request, choice, revisions, tried)
    general = dict.fromkeys((*refused, *(tried.general if tried else ())))
    blocked = parts.blockers.union(general)
    codes = {blocker.code for blocker in blocked}
    context = {
        "title": "一括公開",
        "breadcrumbs": breadcrumbs("一括公開"),
        "chosen": choice.editions,
        "added": choice.chosen,
        "entries": parts.entries,
        "rows": parts.rows,
        "places": parts.places,
        "consequences": [consequences(each.edition, choice.when.at) for each in parts.entries],
        "open_count": open_comments_of(choice.editions),
        "is_ready": choice.when.is_chosen and bool(parts.entries or parts.rows),
        "others": others(actor, choice.editions),
        "is_manager": actor.grants.is_manager,
        "sees_bookings": actor.grants.can_view_whole_site,
        "is_refused": bool(refused),
        "general": [blocker for blocker in general if blocker not in parts.blockers],
        "is_blocked": bool(codes - {BlockerCode.NOT_SEEN, BlockerCode.OPEN_COMMENTS}),
        "is_tried": tried is not None or not parts.rows,
        "end_redirects": choice.end_redirects,
        "may_end_redirects": BlockerCode.FORMER_ADDRESS in codes,
        "note": clean_lines(request, "note"),
        **moment_context(choice),
    }
    status = access.status_for(refused) if refused else HTTPStatus.OK
    return access.render_screen(request, "admin/review/release.html", context, status=status)


def moment_context(choice: Choice) -> dict[str, Any]:
    """Return the moment, and what is missing in a form that was sent."""
    when = choice.when
    is_empty = not choice.editions and not choice.chosen.any
    return {
        "when": when,
        "nothing": (NOTHING,) if when.is_submitted and is_empty else (),
        "when_missing": when.missing if when.is_submitted else (),
    }


def parts_of(
    request: HttpRequest,
    choice: Choice,
    revisions: dict[int, int] | None,
    tried: ReleaseBlockers | None,
) -> Parts:
    """Return the editions, once the moment is chosen, and the changes, with their blockers."""
    changes, when = choice.chosen.changes, choice.when
    entries: list[Entry] = []
    if when.is_chosen:
        against = against_each(choice, request_actor(request), revisions, tried)
        entries = entries_of(choice.editions, when.at, against)
    if not changes:
        return Parts(entries, [], "")
    others = [edition.page for edition in choice.editions]
    nodes = nodes_then(changes, others, when.at, access.request_grants(request))
    new = new_addresses(changes, nodes)
    blockers = tried.of_changes if tried else {}
    rows = change_rows(request, changes, nodes, when.query, blockers)
    return Parts(with_new_addresses(entries, new), rows, places_version(changes, nodes))


def against_each(
    choice: Choice,
    actor: ActorContext,
    revisions: dict[int, int] | None,
    tried: ReleaseBlockers | None,
) -> list[Sequence[Blocker]]:
    """
    Return the blockers of each edition as part of the release.

    With changes of the tree they are those of the trial, and before it none is known.
    """
    if not choice.chosen.changes:
        return list(
            approve_blockers_of_each(
                editions=choice.editions, at=choice.when.at, revisions=revisions, actor=actor
            )
        )
    found = tried.of_editions if tried else {}
    return [found.get(edition.pk, ()) for edition in choice.editions]


def with_new_addresses(entries: Iterable[Entry], new: Mapping[int, str]) -> list[Entry]:
    """Add to each entry the address that its page gets, where it is another one."""
    return [
        replace(entry, new_address=new[entry.edition.page_id])
        if new[entry.edition.page_id] != entry.edition.page.url_path
        else entry
        for entry in entries
    ]


def entries_of(
    editions: Sequence[Edition], at: datetime | None, blockers: Sequence[Sequence[Blocker]]
) -> list[Entry]:
    moment = iso_moment(at) if at else ""
    cache_file_findings(editions)
    return [
        Entry(
            edition,
            chip_of(edition),
            edition_authors(edition),
            tuple(against),
            frame_of(edition, moment),
            version_token.edition_version(edition),
            tuple(file_finding_entries(file_findings(edition))),
        )
        for edition, against in zip(editions, blockers, strict=True)
    ]


def others(actor: ActorContext, editions: Iterable[Edition]) -> list[Edition]:
    """Return the other editions that this approver may approve; 1 query."""
    mine = actor.grants.in_branches(Role.APPROVER, prefix="page__")
    waiting = Edition.objects.filter(mine, state=State.REVIEW)
    waiting = waiting.exclude(pk__in=[edition.pk for edition in editions])
    return list(waiting.with_page().order_by("placement__path")[:MAX_RELEASE_EDITIONS])
