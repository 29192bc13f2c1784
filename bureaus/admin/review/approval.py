"""The approval page of one edition: before and after, the differences, and the decisions."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Self

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bureaus.admin.core import access, version_token
from bureaus.admin.core.breadcrumbs import edition_breadcrumbs, page_detail_url
from bureaus.admin.core.edition_summary import (
    chip_of,
    edition_authors,
    with_parts,
)
from bureaus.admin.core.frames import allow_frames_inside
from bureaus.admin.core.moment_form import MomentForm
from bureaus.admin.core.users import request_actor, request_user
from bureaus.admin.editions.findings_panel import findings_panel
from bureaus.admin.editions.previews import frame_of
from bureaus.admin.media.file_findings import entries_of
from bureaus.admin.review.edition_differences import edition_differences
from bureaus.models import Answer, Edition, Role, State
from bureaus.publishing import (
    Blocked,
    Blocker,
    BlockerCode,
    approve,
    approve_urgently,
    confirm,
    endorse,
    file_findings,
    findings_report,
    return_,
)
from bureaus.publishing.approval_steps import NO_STEPS, Progress, progress_of
from bureaus.publishing.blockers.approval import (
    approve_blockers,
    approve_urgently_availability,
    confirm_blockers,
)
from bureaus.publishing.blockers.approval_steps import endorse_blockers
from bureaus.publishing.blockers.blocker import raise_if_blocked
from bureaus.publishing.blockers.draft_comments import OPEN_COMMENTS
from bureaus.publishing.blockers.editions import return_availability
from bureaus.publishing.consequences import consequences, with_surroundings
from bureaus.publishing.draft_comments import count_open, open_threads
from bureaus.publishing.pages_below import Below, pages_below
from bureaus.publishing.workflow_facts import unconfirmed_approval
from bureaus.text.formatting import japanese_moment

# Blockers that another moment may remove, and those that an urgent approval does not have.
MOMENT_CODES = frozenset(
    {
        BlockerCode.PAST,
        BlockerCode.ORDER,
        BlockerCode.ISSUED_LATER,
        BlockerCode.PARENT_UNREADABLE,
        BlockerCode.LINK,
        BlockerCode.CHILDREN,
        BlockerCode.MOMENT,
    }
)
FOUR_EYES_CODES = frozenset(
    {BlockerCode.OWN_TEXT, BlockerCode.OWN_ACCOUNT, BlockerCode.STATE, BlockerCode.STEPS}
)
# Blockers that are shown beside the field in which they are corrected; the others at the top.
FIELD_CODES: dict[str, frozenset[BlockerCode]] = {
    "endorse": frozenset({BlockerCode.NOT_SEEN, BlockerCode.OPEN_COMMENTS}),
    "approve": frozenset({BlockerCode.NOT_SEEN, BlockerCode.OPEN_COMMENTS}),
    "book": MOMENT_CODES | {BlockerCode.OPEN_COMMENTS},
    "return": frozenset({BlockerCode.COMMENT}),
    "urgent": frozenset({BlockerCode.REASON}),
    "confirm": frozenset(),
}
# The anchor of the field of a blocker; the other fields are those of the moment.
ANCHORS = {
    BlockerCode.NOT_SEEN: "seen",
    BlockerCode.OPEN_COMMENTS: "comments",
    BlockerCode.COMMENT: "comment",
    BlockerCode.REASON: "reason",
}
NOT_SEEN = Blocker(BlockerCode.NOT_SEEN, "見え方と違いを確かめて、印を付けてください。")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A decision that was refused: the blockers shown beside its field, and those at the top."""

    name: str
    beside: tuple[Blocker, ...]
    top: tuple[Blocker, ...]
    form: MomentForm
    status: int

    @classmethod
    def of(cls, request: HttpRequest, name: str, blockers: Sequence[Blocker]) -> Self:
        return cls(
            name=name,
            beside=tuple(each for each in blockers if each.code in FIELD_CODES[name]),
            top=tuple(each for each in blockers if each.code not in FIELD_CODES[name]),
            form=MomentForm(request.POST if name == "book" else None),
            status=access.status_for(blockers),
        )

    @property
    def links(self) -> list[tuple[str, str]]:
        """What is to be corrected in a field, with the anchor of that field."""
        found = [(str(blocker), ANCHORS.get(blocker.code, "id_date")) for blocker in self.beside]
        errors = self.form.errors.items() if self.form.is_bound else ()
        return found + [(str(text), f"id_{name}") for name, texts in errors for text in texts]


@dataclass(frozen=True, slots=True)
class Decision:
    """The form of one decision: `blockers` disable it, `refused` are those of what was sent."""

    name: str
    blockers: list[Blocker]
    refused: tuple[Blocker, ...]
    repeats_top: bool  # the blockers are those at the top of the page
    is_open: bool

    @property
    def template(self) -> str:
        return f"admin/review/decisions/{self.name}.html"


@allow_frames_inside
@access.admin_screen
@require_http_methods(["GET", "HEAD", "POST"])
def review_edition(request: HttpRequest, pk: int) -> HttpResponse:
    """
    Show the page, or decide. Raises BadRequest for an unknown decision.

    GET: at most 15 queries, 3 more where the site has steps of approval.
    """
    if request.method != "POST":
        return approval_page(request, pk)
    edition = access.get_visible_edition(request, pk)
    name = request.POST.get("decision", "")
    if name not in DECISIONS:
        raise BadRequest
    try:
        sentence = DECISIONS[name](request, edition)
    except Blocked as blocked:
        return approval_page(request, pk, Refusal.of(request, name, blocked.blockers))
    messages.success(request, sentence)
    return redirect(page_detail_url(edition.page_id))


# The decisions: each returns the sentence that reports it. Raises Blocked.


def endorse_step(request: HttpRequest, edition: Edition) -> str:
    raise_if_blocked(unseen(request, edition, has_seen=bool(request.POST.get("seen"))))
    revisions = version_token.sent_revisions(request.POST)
    note, actor = request.POST.get("note", ""), request_user(request)
    endorse(edition=edition, actor=actor, note=note, revisions=revisions)
    following = progress_of(edition).next
    then = f"次は「{following.step}」の段階です。" if following else "承認者の確認に進みます。"
    return f"「{edition}」を確認済みにしました。{then}"


def approve_now(request: HttpRequest, edition: Edition) -> str:
    raise_if_blocked(unseen(request, edition, has_seen=bool(request.POST.get("seen"))))
    revisions = version_token.sent_revisions(request.POST)
    approve(editions=[edition], actor=request_user(request), revisions=revisions)
    return f"「{edition}」を公開しました。"


def approve_later(request: HttpRequest, edition: Edition) -> str:
    form = MomentForm(request.POST)
    unread = list(unseen(request, edition, has_seen=True))
    if unread or not form.is_valid():
        raise Blocked(unread)
    revisions = version_token.sent_revisions(request.POST)
    actor = request_user(request)
    approve(editions=[edition], actor=actor, at=form.moment, revisions=revisions)
    return f"「{edition}」を承認しました。{japanese_moment(form.moment)}に公開されます。"


def unseen(request: HttpRequest, edition: Edition, *, has_seen: bool) -> Iterator[Blocker]:
    """Yield what the approver has not ticked. 1 query."""
    if not has_seen:
        yield NOT_SEEN
    if not request.POST.get("comments") and count_open(edition):
        yield OPEN_COMMENTS


def return_to_writer(request: HttpRequest, edition: Edition) -> str:
    comment = request.POST.get("comment", "")
    return_(edition=edition, actor=request_user(request), comment=comment)
    return f"「{edition}」を差し戻しました。理由は、作成者に見えています。"


def approve_without_review(request: HttpRequest, edition: Edition) -> str:
    approve_urgently(
        edition=edition,
        actor=request_user(request),
        reason=request.POST.get("reason", ""),
        revisions=version_token.sent_revisions(request.POST),
    )
    return f"「{edition}」を緊急に公開しました。ほかの承認者の事後確認を待っています。"


def confirm_afterwards(request: HttpRequest, edition: Edition) -> str:
    confirm(edition=edition, actor=request_user(request), note=request.POST.get("note", ""))
    return f"「{edition}」の緊急の公開を、事後確認しました。"


DECISIONS: dict[str, Callable[[HttpRequest, Edition], str]] = {
    "endorse": endorse_step,
    "approve": approve_now,
    "book": approve_later,
    "return": return_to_writer,
    "urgent": approve_without_review,
    "confirm": confirm_afterwards,
}


# The page


def approval_page(request: HttpRequest, pk: int, refusal: Refusal | None = None) -> HttpResponse:
    edition, before = with_before(pk)
    access.require_visible(request, edition)
    is_unconfirmed = unconfirmed_approval(edition.audit_entries.all()) is not None
    steps = progress_of(edition) if edition.state == State.REVIEW else NO_STEPS
    blockers = blockers_for(request, edition, steps, is_unconfirmed=is_unconfirmed)
    decisions = decisions_for(blockers, refusal)
    grants = access.request_grants(request)
    is_approver = Role.APPROVER in grants.roles_at(edition.page)
    heading = "事後確認" if is_unconfirmed else "承認"
    context = {
        "title": f"{heading}：{edition.title or '（無題）'}",
        "breadcrumbs": edition_breadcrumbs(edition, heading),
        "edition": edition,
        "version": version_token.edition_version(edition),
        "before": before,
        "chip": chip_of(edition),
        "authors": edition_authors(edition),
        "differences": edition_differences(before, edition),
        "proof": findings_panel(edition, findings_report(edition)),
        "hidden": entries_of(file_findings(edition)),
        "open_comments": open_threads(edition),
        "frames": [frame_of(before) if before else None, frame_of(edition)],
        "decisions": decisions,
        "below": below_of(edition) if decisions and not is_unconfirmed else None,
        "has_children": any(
            each.code == BlockerCode.CHILDREN for one in decisions for each in one.blockers
        ),
        "consequences": [consequences(edition)] if decisions and not is_unconfirmed else [],
        "top_blockers": decisions[0].blockers if decisions else [],
        "steps": steps,
        "is_approver": is_approver,
        "decides": is_approver or steps.awaits(grants.officer),
        "is_booked": edition.is_booked(timezone.now()),
        "is_unconfirmed": is_unconfirmed,
        "sees_bookings": grants.can_view_whole_site,
        "refusal": refusal,
        "form": refusal.form if refusal else MomentForm(),
        "typed": request.POST,
    }
    status = refusal.status if refusal else HTTPStatus.OK
    return access.render_screen(request, "admin/review/approval.html", context, status=status)


def below_of(edition: Edition) -> Below | None:
    """Return what may stay below an archived page; a blocker names what may not below others."""
    return pages_below(edition) if edition.answer == Answer.ARCHIVED else None


def with_before(pk: int) -> tuple[Edition, Edition | None]:
    """Return the edition `pk` and the one in force before it, both with their parts; 5 queries."""
    itself = Edition.objects.filter(pk=pk).order_by()
    moment = Coalesce(Subquery(itself.values("live_from")), timezone.now())
    earlier = Edition.objects.filter(page__in=itself.values("page"), live_from__lt=moment)
    before = earlier.exclude(pk=pk).order_by("-live_from").values("pk")[:1]
    found = with_parts(Edition.objects.filter(Q(pk=pk) | Q(pk__in=before)))
    both = {each.pk: each for each in with_surroundings(found)}
    if pk not in both:
        raise Edition.DoesNotExist
    current = both.pop(pk)
    return current, next(iter(both.values()), None)


def decisions_for(
    blockers_by_name: dict[str, list[Blocker]], refusal: Refusal | None
) -> list[Decision]:
    top = next(iter(blockers_by_name.values()), [])
    refused_name = refusal.name if refusal else ""
    return [
        Decision(
            name=name,
            blockers=blockers,
            refused=refusal.beside if refusal and name == refused_name else (),
            repeats_top=blockers == top,
            is_open=bool(top) or name == refused_name,
        )
        for name, blockers in blockers_by_name.items()
    ]


def blockers_for(
    request: HttpRequest, edition: Edition, steps: Progress, *, is_unconfirmed: bool
) -> dict[str, list[Blocker]]:
    """
    Return the decisions that the state allows, the main one first, each with its blockers.

    Who confirms the next step decides about that, and as an approver also urgently.

    An urgent approval has the blockers of an approval except the two-person rule; computing
    them on their own would double the queries.
    """
    actor = request_actor(request)
    if edition.state == State.REVIEW and steps.awaits(actor.pk):
        urgent = approve_urgently_availability(edition=edition, actor=actor)
        is_approver = Role.APPROVER in actor.grants.roles_at(edition.page)
        return {
            "endorse": endorse_blockers(edition=edition, actor=actor),
            "return": return_availability(edition=edition, actor=actor),
            **({"urgent": urgent} if is_approver else {}),
        }
    if edition.state == State.REVIEW:
        of_each = {edition.pk: steps}
        blockers = approve_blockers(editions=[edition], actor=actor, steps=of_each)
        return {
            "approve": blockers,
            "book": [each for each in blockers if each.code not in MOMENT_CODES],
            "return": return_availability(edition=edition, actor=actor),
            "urgent": [each for each in blockers if each.code not in FOUR_EYES_CODES],
        }
    if edition.state == State.DRAFT:
        return {"urgent": approve_urgently_availability(edition=edition, actor=actor)}
    if is_unconfirmed:
        return {"confirm": confirm_blockers(edition=edition, actor=actor)}
    return {}
