"""The findings about the file of a document: their list, and the acceptance of one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from bureaus.admin.core.access import admin_screen, render_screen, status_for
from bureaus.admin.core.breadcrumbs import Breadcrumb, admin_url
from bureaus.admin.core.cleaning import clean_lines
from bureaus.admin.core.users import request_actor, request_user
from bureaus.admin.media.library import DOCUMENTS, get_visible_file, library_breadcrumbs
from bureaus.models import Action, Document, FileFinding
from bureaus.models.acceptances import REASON_LENGTH
from bureaus.publishing import Blocked, Blocker, accept_file_finding
from bureaus.publishing.blockers.media import role_anywhere_blockers
from bureaus.publishing.file_findings import rule_of

TITLE = "隠れた内容を了承する"


@dataclass(frozen=True, slots=True)
class FileFindingEntry:
    """A finding in the list; `accept_url` is empty where the officer cannot accept it."""

    finding: FileFinding
    accept_url: str = ""

    @property
    def level(self) -> str:
        if self.finding.is_accepted:
            return "accepted"
        return "error" if rule_of(self.finding).is_error else "warning"

    @property
    def label(self) -> str:
        return {"accepted": "了承済み", "error": "誤り", "warning": "注意"}[self.level]

    @property
    def sentence(self) -> str:
        return rule_of(self.finding).sentence

    @property
    def remedy(self) -> str:
        return rule_of(self.finding).remedy


def entries_of(
    findings: Iterable[FileFinding], *, may_accept: bool = False
) -> list[FileFindingEntry]:
    return [
        FileFindingEntry(each, accept_url(each) if may_accept and not each.is_accepted else "")
        for each in findings
    ]


def accept_url(finding: FileFinding) -> str:
    return admin_url("document-accept", finding.document_id, finding.pk)


def entries_for(request: HttpRequest, document: Document) -> list[FileFindingEntry]:
    """Return the findings about the document, errors first, for its own screen. 1 query."""
    rows = list(FileFinding.objects.filter(document=document).select_related("actor"))
    rows.sort(key=lambda row: (row.is_accepted, not rule_of(row).is_error, row.pk))
    blockers = list(role_anywhere_blockers(Action.ACCEPT, request_actor(request))) if rows else []
    return entries_of(rows, may_accept=not blockers)


@admin_screen
@require_http_methods(["GET", "HEAD", "POST"])
def accept_file_finding_view(request: HttpRequest, pk: int, finding_pk: int) -> HttpResponse:
    """Ask for the reason to accept a finding, and record it. Raises Http404."""
    document: Document = get_visible_file(DOCUMENTS, request, pk)
    found = FileFinding.objects.filter(document=document, pk=finding_pk).select_related("actor")
    finding = found.first()
    if finding is None:  # the file has been replaced
        raise Http404
    if request.method != "POST":
        return reason_form(request, document, finding)
    reason = clean_lines(request, "reason")
    try:
        accept_file_finding(finding=finding, reason=reason, actor=request_user(request))
    except Blocked as refusal:
        return reason_form(request, document, finding, refusal.blockers)
    messages.success(
        request, "了承し、理由を記録しました。この文書を使うページの承認者にも見えます。"
    )
    return redirect(f"{admin_url(DOCUMENTS.change_name, pk)}#hidden")


def reason_form(
    request: HttpRequest,
    document: Document,
    finding: FileFinding,
    blockers: Sequence[Blocker] = (),
) -> HttpResponse:
    back = admin_url(DOCUMENTS.change_name, document.pk)
    context = {
        "title": TITLE,
        "breadcrumbs": library_breadcrumbs(DOCUMENTS, Breadcrumb(str(document), back), TITLE),
        "document": document,
        "entry": FileFindingEntry(finding),
        "reason": request.POST.get("reason", ""),
        "reason_length": REASON_LENGTH,
        "blockers": blockers,
        "back": back,
    }
    status = status_for(blockers) if blockers else HTTPStatus.OK
    return render_screen(request, "admin/media/accept_file_finding.html", context, status=status)
