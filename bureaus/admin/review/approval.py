"""The approval desk of one edition: before and after, what changed, and the decision."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bureaus.admin.core import access
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
from bureaus.admin.review.edition_differences import edition_differences
from bureaus.models import Edition, Role, State
from bureaus.publishing import (
    Blocked,
    Blocker,
    BlockerCode,
    approve,
    approve_urgently,
    confirm,
    findings_report,
    return_,
)
from bureaus.publishing.blockers.approval import (
    approve_blockers,
    approve_urgently_availability,
    confirm_blockers,
)
from bureaus.publishing.blockers.editions import return_availability
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
FOUR_EYES_CODES = frozenset({BlockerCode.OWN_TEXT, BlockerCode.OWN_ACCOUNT, BlockerCode.STATE})
# Blockers that are shown beside the field in which they are corrected; the others at the top.
FIELD_CODES: dict[str, frozenset[BlockerCode]] = {
    "approve": frozenset({BlockerCode.NOT_SEEN}),
    "book": MOMENT_CODES,
    "return": frozenset({BlockerCode.COMMENT}),
    "urgent": frozenset({BlockerCode.REASON}),
    "confirm": frozenset(),
}
# The anchor of the field of a blocker; the other fields are those of the moment.
ANCHORS = {
    BlockerCode.NOT_SEEN: "seen",
    BlockerCode.COMMENT: "comment",
    BlockerCode.REASON: "reason",
}
STATUS = {
    BlockerCode.ROLE: HTTPStatus.FORBIDDEN,
    BlockerCode.OWN_TEXT: HTTPStatus.FORBIDDEN,
    BlockerCode.OWN_ACCOUNT: HTTPStatus.FORBIDDEN,
    BlockerCode.CHANGED: HTTPStatus.CONFLICT,
    BlockerCode.STATE: HTTPStatus.CONFLICT,
}
NOT_SEEN = Blocker(BlockerCode.NOT_SEEN, "見え方と違いを確かめて、印を付けてください。")


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was asked and not done: `beside` the field, and at the `top`."""

    action: str
    beside: tuple[Blocker, ...]
    top: tuple[Blocker, ...]
    form: MomentForm
    status: int

    @property
    def mending(self) -> list[tuple[str, str]]:
        """What stands beside a field, with the anchor of that field."""
        found = [(str(blocker), ANCHORS.get(blocker.code, "id_date")) for blocker in self.beside]
        errors = self.form.errors.items() if self.form.is_bound else ()
        return found + [(str(text), f"id_{name}") for name, texts in errors for text in texts]


@allow_frames_inside
@access.admin_screen
@require_http_methods(["GET", "HEAD", "POST"])
def review_edition(request: HttpRequest, pk: int) -> HttpResponse:
    """Raises BadRequest for an action that is none. GET: at most 15 queries."""
    edition = access.get_visible_edition(request, pk)
    if request.method != "POST":
        return show_desk(request, edition)
    action = request.POST.get("decision", "")
    if action not in DECISIONS:
        raise BadRequest
    form = MomentForm(request.POST if action == "book" else None)
    try:
        sentence = DECISIONS[action](request, edition, form)
    except Blocked as refused:
        return show_desk(request, edition, refusal_of(action, refused.blockers, form))
    messages.success(request, sentence)
    return redirect(page_detail_url(edition.page_id))


def refusal_of(action: str, blockers: Iterable[Blocker], form: MomentForm) -> Refusal:
    blockers = tuple(blockers)
    statuses = [STATUS[blocker.code] for blocker in blockers if blocker.code in STATUS]
    return Refusal(
        action=action,
        beside=tuple(blocker for blocker in blockers if blocker.code in FIELD_CODES[action]),
        top=tuple(blocker for blocker in blockers if blocker.code not in FIELD_CODES[action]),
        form=form,
        status=max(statuses, default=HTTPStatus.BAD_REQUEST),
    )


# The decisions: each says what has become of it, or raises Refused.


def seen_revision(request: HttpRequest, edition: Edition) -> dict[int, int]:
    """The revision that the approver has looked at; a missing one is none at all."""
    text = request.POST.get("revision", "")
    return {edition.pk: int(text) if text.isdecimal() and len(text) < 10 else 0}  # noqa: PLR2004


def approve_now(request: HttpRequest, edition: Edition, form: MomentForm) -> str:
    del form
    if not request.POST.get("seen"):
        raise Blocked([NOT_SEEN])
    revisions = seen_revision(request, edition)
    approve(editions=[edition], actor=request_user(request), revisions=revisions)
    return f"「{edition}」を公開しました。"


def book(request: HttpRequest, edition: Edition, form: MomentForm) -> str:
    if not form.is_valid():
        raise Blocked([])
    revisions = seen_revision(request, edition)
    actor = request_user(request)
    approve(editions=[edition], actor=actor, at=form.moment, revisions=revisions)
    return f"「{edition}」を承認しました。{japanese_moment(form.moment)}に公開されます。"


def give_back(request: HttpRequest, edition: Edition, form: MomentForm) -> str:
    del form
    comment = request.POST.get("comment", "")
    return_(edition=edition, actor=request_user(request), comment=comment)
    return f"「{edition}」を差し戻しました。理由は、作成者に見えています。"


def approve_at_once(request: HttpRequest, edition: Edition, form: MomentForm) -> str:
    del form
    approve_urgently(
        edition=edition,
        actor=request_user(request),
        reason=request.POST.get("reason", ""),
        revisions=seen_revision(request, edition),
    )
    return f"「{edition}」を緊急に公開しました。ほかの承認者の事後確認を待っています。"


def confirm_afterwards(request: HttpRequest, edition: Edition, form: MomentForm) -> str:
    del form
    confirm(edition=edition, actor=request_user(request), note=request.POST.get("note", ""))
    return f"「{edition}」の緊急の公開を、事後確認しました。"


DECISIONS: dict[str, Callable[[HttpRequest, Edition, MomentForm], str]] = {
    "approve": approve_now,
    "book": book,
    "return": give_back,
    "urgent": approve_at_once,
    "confirm": confirm_afterwards,
}


# The desk


def show_desk(request: HttpRequest, seen: Edition, refusal: Refusal | None = None) -> HttpResponse:
    edition, before = with_before(seen)
    hands = edition_authors(edition)
    is_unconfirmed = unconfirmed_approval(edition.audit_entries.all()) is not None
    blockers = blockers_for(request, edition, is_unconfirmed=is_unconfirmed)
    is_approver = Role.APPROVER in access.request_grants(request).roles_at(edition.page)
    context = {
        "title": f"{'事後確認' if is_unconfirmed else '承認'}：{edition.title or '（無題）'}",
        "breadcrumbs": edition_breadcrumbs(edition, "事後確認" if is_unconfirmed else "承認"),
        "edition": edition,
        "before": before,
        "chip": chip_of(edition),
        "hands": hands,
        "differences": edition_differences(before, edition),
        "proof": findings_panel(edition, findings_report(edition)),
        "frames": [frame_of(before) if before else None, frame_of(edition)],
        "blockers": blockers,
        "top_blockers": next(iter(blockers.values()), []),
        "is_approver": is_approver,
        "is_booked": edition.is_booked(timezone.now()),
        "is_unconfirmed": is_unconfirmed,
        "sees_bookings": access.request_grants(request).can_view_whole_site,
        "refusal": refusal,
        "form": refusal.form if refusal else MomentForm(),
        "moment_blockers": refusal.beside if refusal and refusal.action == "book" else (),
        "typed": request.POST,
    }
    status = refusal.status if refusal else HTTPStatus.OK
    return access.render_screen(request, "admin/review/approval.html", context, status=status)


def with_before(edition: Edition) -> tuple[Edition, Edition | None]:
    """`edition` and what is, or was, in force before it, with all they say; 5 queries."""
    moment = edition.live_from or timezone.now()
    earlier = Edition.objects.filter(page=edition.page_id, live_from__lt=moment)
    before = earlier.exclude(pk=edition.pk).order_by("-live_from").values("pk")[:1]
    both = {
        each.pk: each
        for each in with_parts(Edition.objects.filter(Q(pk=edition.pk) | Q(pk__in=before)))
    }
    if edition.pk not in both:
        raise Edition.DoesNotExist
    found = both.pop(edition.pk)
    return found, next(iter(both.values()), None)


def blockers_for(
    request: HttpRequest, edition: Edition, *, is_unconfirmed: bool
) -> dict[str, list[Blocker]]:
    """
    What can be decided here, the main thing first, each with the blockers against it.

    What the officer has yet to write is no reason. An urgent approval asks for all that an
    approval does, but for other eyes; asking twice would cost as much again.
    """
    actor = request_actor(request)
    if edition.state == State.REVIEW:
        against = approve_blockers(editions=[edition], actor=actor)
        returning = return_availability(edition=edition, actor=actor)
        return {
            "approve": against,
            "book": [each for each in against if each.code not in MOMENT_CODES],
            "return": returning,
            "urgent": [each for each in against if each.code not in FOUR_EYES_CODES],
        }
    if edition.state == State.DRAFT:
        return {"urgent": approve_urgently_availability(edition=edition, actor=actor)}
    if is_unconfirmed:
        return {"confirm": confirm_blockers(edition=edition, actor=actor)}
    return {}
