"""The steps of approval in an officer's branches, and the absences of those who confirm them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bureaus.admin.approval_steps.forms import AbsenceForm, StepForm, initial_of
from bureaus.admin.core import version_token
from bureaus.admin.core.access import admin_screen, render_screen, request_grants, status_for
from bureaus.admin.core.breadcrumbs import breadcrumbs
from bureaus.admin.core.cleaning import parse_key
from bureaus.admin.core.managed_pages import branches_to_choose, title_of
from bureaus.admin.core.users import display_name, request_user
from bureaus.models import Absence, ApprovalStep, Edition, Role
from bureaus.models.visibility import not_hidden
from bureaus.permissions import Grants
from bureaus.publishing import (
    Blocked,
    Blocker,
    cancel_absence,
    change_step,
    record_absence,
)
from bureaus.publishing.approval_steps import steps_now, with_people
from bureaus.publishing.blockers.approval_steps import version_of
from bureaus.text.formatting import TOKYO

TITLE = "確認の段階"
NO_ABSENCE = "その不在は、もうありません。"


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step in the list, with its people; `version` where the officer may change it."""

    step: ApprovalStep
    place: str
    people: tuple[str, ...]
    deputies: tuple[str, ...]
    is_managed: bool
    version: str = ""

    @property
    def pk(self) -> int:
        return self.step.pk

    def __str__(self) -> str:
        return self.step.name


@dataclass(frozen=True, slots=True)
class Refusal:
    """A form that was sent and not accepted."""

    form: StepForm | AbsenceForm
    blockers: Sequence[Blocker] = ()

    @property
    def status(self) -> int:
        return status_for(self.blockers)

    @property
    def sentences(self) -> list[tuple[str, str]]:
        """Return each reason with the id of the field to correct."""
        first = next(iter(self.form)).id_for_label
        errors = [
            (str(text), self.form[name].id_for_label or first)
            for name, texts in self.form.errors.items()
            for text in texts
        ]
        return [*((str(blocker), first) for blocker in self.blockers), *errors]


@require_http_methods(["GET", "POST"])
@admin_screen
def approval_steps(request: HttpRequest) -> HttpResponse:
    """Show the steps and the absences; POST changes one of them. At most 14 queries."""
    if request.method != "POST":
        return steps_screen(request)
    do = request.POST.get("do", "")
    action = {"delete": delete_step, "absent": send_absence, "present": take_absence_back}
    return action.get(do, send_step)(request)


def send_step(request: HttpRequest) -> HttpResponse:
    grants = request_grants(request)
    form = StepForm(grants, branches_to_choose(grants), request.POST)
    if not form.is_valid():
        return steps_screen(request, Refusal(form))
    step, version = parse_key(request.POST.get("step")), request.POST.get(version_token.FIELD, "")
    entry, actor = form.entry, request_user(request)
    try:
        change_step(page=entry.page, entry=entry, actor=actor, step=step or None, version=version)
    except Blocked as refusal:
        return steps_screen(request, Refusal(form, refusal.blockers))
    messages.success(
        request,
        f"「{entry.name}」の段階を保存しました。いま確認を待っている版も、これからこの段階を通ります。",
    )
    return redirect("admin:approval-steps")


def delete_step(request: HttpRequest) -> HttpResponse:
    step = steps_now(timezone.now()).filter(pk=parse_key(request.POST.get("step"))).first()
    if step is None or not request_grants(request).can_view_path(step.path):
        messages.warning(request, "その段階は、もうありません。")
        return redirect("admin:approval-steps")
    version = request.POST.get(version_token.FIELD, "")
    try:
        change_step(
            page=step.page, entry=None, actor=request_user(request), step=step.pk, version=version
        )
    except Blocked as refusal:
        for blocker in refusal.blockers:
            messages.warning(request, str(blocker))
        return redirect("admin:approval-steps")
    messages.success(request, f"「{step}」の段階をなくしました。")
    return redirect("admin:approval-steps")


def send_absence(request: HttpRequest) -> HttpResponse:
    names = absent_names(request, managed_steps(request_grants(request)))
    form = AbsenceForm(names, request.POST)
    if not form.is_valid():
        return steps_screen(request, Refusal(form))
    typed, actor = form.cleaned_data, request_user(request)
    name = typed["officer"] or actor.get_username()
    officer = User.objects.filter(username=name).first() if name in names else None
    days = {"first_day": typed["first_day"], "last_day": typed["last_day"]}
    try:
        record_absence(officer=officer or actor, actor=actor, **days)
    except Blocked as refusal:
        return steps_screen(request, Refusal(form, refusal.blockers))
    messages.success(
        request, f"「{officer or actor}」の不在を届けました。その間は、代理が確認します。"
    )
    return redirect("admin:approval-steps")


def take_absence_back(request: HttpRequest) -> HttpResponse:
    key = parse_key(request.POST.get("absence"))
    absence = Absence.objects.select_related("officer").filter(pk=key).first()
    if absence is None:
        messages.warning(request, NO_ABSENCE)
        return redirect("admin:approval-steps")
    try:
        cancel_absence(absence=absence, actor=request_user(request))
    except Blocked:  # as if there were none: whose it is concerns only those who may see it
        messages.warning(request, NO_ABSENCE)
    else:
        messages.success(request, "不在を取り消しました。")
    return redirect("admin:approval-steps")


# The screen


def steps_screen(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    grants, now = request_grants(request), timezone.now()
    today = timezone.localdate(now, TOKYO)
    found = [step for step in with_people(titled(), today) if is_listed(step.path, grants)]
    chosen = chosen_step(request, found, grants)
    managed = [step for step in found if Role.MANAGER in grants.roles_at_path(step.path)]
    context = {
        "title": TITLE,
        "breadcrumbs": breadcrumbs(TITLE),
        "rows": [row_of(step, grants) for step in found],
        "may_write": grants.is_manager,
        "step": chosen,
        "version": version_of(chosen) if chosen else "",
        "refusal": refusal,
        "absences": absences_shown(request, managed),
        **forms_of(request, grants, chosen, managed, refusal),
    }
    status = refusal.status if refusal else 200
    return render_screen(request, "admin/approval_steps/steps.html", context, status=status)


def titled() -> Any:
    """Return the steps with the titles of their pages: for those who see it, and for all."""
    now = timezone.now()
    public = Edition.objects.filter(not_hidden(), page=OuterRef("page")).in_force(now)
    return steps_now(now).annotate(
        title=title_of("page"), public_title=Subquery(public.values("title")[:1])
    )


def is_listed(path: str, grants: Grants) -> bool:
    """Whether the page at `path` is in the officer's branches, or above one of them."""
    return grants.can_view_path(path) or any(top.startswith(path) for top, _ in grants.branches)


def chosen_step(
    request: HttpRequest, found: Iterable[ApprovalStep], grants: Grants
) -> ApprovalStep | None:
    data = request.POST if request.method == "POST" else request.GET
    key = parse_key(data.get("step"))
    return next(
        (
            step
            for step in found
            if step.pk == key and Role.MANAGER in grants.roles_at_path(step.path)  # type: ignore[attr-defined]
        ),
        None,
    )


def row_of(step: Any, grants: Grants) -> StepRow:
    names: dict[bool, list[str]] = {False: [], True: []}
    for each in step.people.all():
        away = "（不在）" if each.officer.absences_of_the_day else ""
        names[each.is_deputy].append(f"{display_name(each.officer)}{away}")
    is_managed = Role.MANAGER in grants.roles_at_path(step.path)
    return StepRow(
        step=step,
        place=place_of(step, grants),
        people=tuple(names[False]),
        deputies=tuple(names[True]),
        is_managed=is_managed,
        version=version_of(step) if is_managed else "",
    )


def place_of(step: Any, grants: Grants) -> str:
    """Return the title of its page; of one above the officer's branches only what is public."""
    if grants.can_view_path(step.path):
        return step.title or "（無題）"
    return step.public_title or "上の場所"


def forms_of(
    request: HttpRequest,
    grants: Grants,
    chosen: ApprovalStep | None,
    managed: Sequence[ApprovalStep],
    refusal: Refusal | None,
) -> dict[str, Any]:
    sent = refusal.form if refusal else None
    step_form = absence_form = None
    if grants.is_manager:
        initial = initial_of(chosen) if chosen else {}
        branches = branches_to_choose(grants)
        if chosen:  # a step stays where it is
            branches = [each for each in branches if each.pk == chosen.page_id]
        step_form = StepForm(grants, branches, initial=initial)
    if isinstance(sent, StepForm):
        step_form = sent
    absence_form = AbsenceForm(absent_names(request, managed))
    if isinstance(sent, AbsenceForm):
        absence_form = sent
    return {"form": step_form, "absence_form": absence_form}


def managed_steps(grants: Grants) -> list[ApprovalStep]:
    steps = steps_now(timezone.now()).prefetch_related("people__officer")
    return [step for step in steps if Role.MANAGER in grants.roles_at_path(step.path)]


def absent_names(request: HttpRequest, managed: Iterable[Any]) -> list[str]:
    """Return oneself, and the people of the steps that one manages."""
    others = {each.officer.username for step in managed for each in step.people.all()}
    own = request_user(request).username
    return [own, *sorted(others - {own})]


def absences_shown(request: HttpRequest, managed: Iterable[Any]) -> list[Absence]:
    today = timezone.localdate(timezone.now(), TOKYO)
    names = absent_names(request, managed)
    absences = Absence.objects.not_over(today).filter(officer__username__in=names)
    return list(absences.select_related("officer"))
