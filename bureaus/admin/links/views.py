"""The broken links of an officer's branches, on a screen and as CSV."""

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bureaus.admin.core.access import admin_screen, render_screen, request_grants
from bureaus.admin.core.branch_filter import branch_titles, in_chosen_branch
from bureaus.admin.core.breadcrumbs import breadcrumbs
from bureaus.admin.core.cleaning import parse_key
from bureaus.formats.csv_text import CONTENT_TYPE, csv_text, day_in_tokyo
from bureaus.links.report import BrokenLink, broken_links
from bureaus.models import CheckedLink

TITLE = "切れたリンク"
ON_SCREEN, IN_FILE = 200, 10_000
HEADINGS = ("ページの表題", "ページのアドレス", "リンク先", "状態", "見つけた日")


@require_safe
@admin_screen
def link_report(request: HttpRequest) -> HttpResponse:
    """List the broken links, of all branches or of one; as CSV where asked. 9 queries."""
    grants, now = request_grants(request), timezone.now()
    under = parse_key(request.GET.get("under"))
    where = in_chosen_branch(under, grants) if under else Q()
    if request.GET.get("format") == "csv":
        return csv_response(broken_links(grants, now, where, IN_FILE))
    found = broken_links(grants, now, where, ON_SCREEN + 1)
    last = CheckedLink.objects.exclude(checked_at=None).order_by("-checked_at")
    context = {
        "title": TITLE,
        "breadcrumbs": breadcrumbs(TITLE),
        "branches": branch_titles(grants, now),
        "under": under,
        "links": found[:ON_SCREEN],
        "is_cut": len(found) > ON_SCREEN,
        "checked_at": last.values_list("checked_at", flat=True).first(),
    }
    return render_screen(request, "admin/links/report.html", context)


def csv_response(found: list[BrokenLink]) -> HttpResponse:
    rows = (
        (
            link.title,
            f"{settings.SITE_ORIGIN}{link.address}",
            link.target,
            link.problem,
            day_in_tokyo(link.since) if link.since else "",
        )
        for link in found
    )
    response = HttpResponse(csv_text(HEADINGS, rows), content_type=CONTENT_TYPE)
    response.headers["Content-Disposition"] = 'attachment; filename="broken-links.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response
