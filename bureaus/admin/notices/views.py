"""The notices to an officer, and the choice of the mails."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from bureaus.admin.core.access import admin_screen, render_screen, request_grants, status_for
from bureaus.admin.core.breadcrumbs import breadcrumbs
from bureaus.admin.core.users import request_user
from bureaus.admin.notices.forms import NoticeChoicesForm
from bureaus.models import Notice
from bureaus.notices.lines import notice_lines

SHOWN = 50


@require_http_methods(["GET", "POST"])
@admin_screen
def notices(request: HttpRequest) -> HttpResponse:
    """Show the last notices and the choices; POST stores these. 6 queries."""
    officer = request_user(request)
    form = NoticeChoicesForm(officer, request.POST or None)
    if form.is_valid():
        form.save()
        messages.success(request, "メールの受け取り方を保存しました。")
        return redirect("admin:notices")
    own = Notice.objects.known().filter(recipient=officer).with_entries()
    lines = notice_lines(own[:SHOWN], request_grants(request))
    title = "お知らせ"
    context = {
        "title": title,
        "breadcrumbs": breadcrumbs(title),
        "lines": lines,
        "form": form,
        "mail_address": officer.email,
    }
    status = status_for([]) if form.errors else 200
    return render_screen(request, "admin/notices/notices.html", context, status=status)
