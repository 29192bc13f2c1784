"""Proofreading of a form that is being edited, and the acceptance of a finding."""

from collections.abc import Iterator
from http import HTTPStatus

from django.contrib import messages
from django.forms import CharField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from bureaus.admin.core.access import (
    admin_screen,
    get_visible_edition,
    render_screen,
    request_grants,
    status_for,
)
from bureaus.admin.core.breadcrumbs import edition_breadcrumbs
from bureaus.admin.core.cleaning import clean_lines
from bureaus.admin.core.users import request_user
from bureaus.admin.editions.findings_panel import findings_panel, report_on_forms
from bureaus.admin.editions.forms import EditionForms
from bureaus.models import Action, Edition
from bureaus.models.acceptances import REASON_LENGTH
from bureaus.proofreading import RULES, Finding
from bureaus.publishing import Blocked, Blocker, accept_finding, findings_report


@require_POST
@admin_screen
def proofread_form(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the findings of the form as it was sent: their number, the list, and their ranges."""
    edition = get_visible_edition(request, pk)
    forms = EditionForms(edition, request_grants(request), request.POST)
    may_accept = request_grants(request).allows(Action.ACCEPT, edition.page)
    panel = findings_panel(edition, report_on_forms(forms), forms.name_of, may_accept=may_accept)
    answer = {
        "count": "".join(unchecked_fields(forms)) or panel.count,
        "html": render_to_string(
            "admin/editions/findings_panel.html", {"panel": panel, "is_editable": True}
        ),
        "findings": [entry.as_json() for entry in panel.marked],
    }
    return JsonResponse(
        answer,
        headers={"Cache-Control": "no-store"},
        json_dumps_params={"ensure_ascii": False},  # a third of the size
    )


def unchecked_fields(forms: EditionForms) -> Iterator[str]:
    """Name the fields that were not checked as they cannot be stored: a body that is too heavy."""
    for name, sentences in forms.content.errors.items():
        if isinstance(forms.content.fields[name], CharField):
            yield f"{forms.content.fields[name].label}は調べていません。{sentences[0]}"


@admin_screen
@require_http_methods(["GET", "HEAD", "POST"])
def accept_finding_view(request: HttpRequest, pk: int) -> HttpResponse:
    """
    Ask for the reason to accept the finding of `?rule=` and `?quote=`, and record it.

    The dialog of the edition's form gets JSON.
    """
    edition = get_visible_edition(request, pk)
    rule, quote = request.GET.get("rule", ""), request.GET.get("quote", "")
    wants_json = request.headers.get("Accept", "").startswith("application/json")
    if request.method != "POST":
        return reason_form(request, edition, rule, quote)
    reason = clean_lines(request, "reason")
    try:
        accept_finding(
            edition=edition, rule=rule, quote=quote, reason=reason, actor=request_user(request)
        )
    except Blocked as refusal:
        if wants_json:
            sentences = [str(each) for each in refusal.blockers]
            return JsonResponse({"sentences": sentences}, status=status_for(refusal.blockers))
        return reason_form(request, edition, rule, quote, refusal.blockers)
    if wants_json:
        return JsonResponse({"sentences": []})
    messages.success(request, "指摘をそのままにし、理由を記録しました。承認者にも見えます。")
    here = reverse("admin:bureaus_edition_change", args=[edition.pk])
    return HttpResponseRedirect(f"{here}#findings")


def reason_form(
    request: HttpRequest,
    edition: Edition,
    rule: str,
    quote: str,
    blockers: tuple[Blocker, ...] = (),
) -> HttpResponse:
    """Show the screen without scripts: the finding, and the field for the reason."""
    context = {
        "title": "指摘をそのままにする",
        "breadcrumbs": edition_breadcrumbs(edition, "指摘をそのままにする"),
        "edition": edition,
        "finding": finding_of(edition, rule, quote),
        "rule_name": RULES[rule].name if rule in RULES else "",
        "reason": request.POST.get("reason", ""),
        "reason_length": REASON_LENGTH,
        "blockers": blockers,
    }
    status = status_for(blockers) if blockers else HTTPStatus.OK
    return render_screen(request, "admin/editions/accept_finding.html", context, status=status)


def finding_of(edition: Edition, rule: str, quote: str) -> Finding | None:
    findings = findings_report(edition).findings
    return next((each for each in findings if each.key == (rule, quote)), None)
