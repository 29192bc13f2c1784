"""The role holders of the branches that an officer manages: list, appoint and dismiss."""

from http import HTTPStatus
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST

from bureaus.admin.core.access import admin_screen, render_screen, request_grants, status_for
from bureaus.admin.core.breadcrumbs import breadcrumbs
from bureaus.admin.core.cleaning import parse_key
from bureaus.admin.core.lists import UncountedPaginator
from bureaus.admin.core.managed_pages import (
    NOT_MANAGED,
    branches_to_choose,
    managed_page,
    page_title,
)
from bureaus.admin.core.users import request_user
from bureaus.admin.people.forms import PersonForm
from bureaus.admin.people.queries import RoleRow, role_rows
from bureaus.login.invitations import invitation_sentence
from bureaus.models import Role
from bureaus.permissions import Grants, grants_of
from bureaus.publishing import Blocked, Blocker, BlockerCode, appoint, dismiss

ROLES_PER_PAGE = 200
MANAGERS_ONLY = Blocker(
    BlockerCode.ROLE,
    "担当者の設定は、その場所の管理者がします。担当者を加えたいときは、管理者に依頼してください。",
)


def grants_of_manager(request: HttpRequest) -> Grants:
    """Return the grants of a manager. Raises Blocked for others."""
    grants = request_grants(request)
    if not grants.is_manager:
        raise Blocked([MANAGERS_ONLY])
    return grants


@require_http_methods(["GET", "POST"])
@admin_screen
def people(request: HttpRequest) -> HttpResponse:
    """Show the list and the form; POST appoints. 8 queries at any size."""
    grants = grants_of_manager(request)
    form = PersonForm(grants, branches_to_choose(grants), request.POST or None)
    status = HTTPStatus.OK
    if form.is_valid():
        try:
            return appoint_person(request, form)
        except Blocked as refusal:
            form.refuse(refusal.blockers)
            status = status_for(refusal.blockers)
    elif form.is_outside:
        status = HTTPStatus.FORBIDDEN
    elif form.is_bound:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render_screen(
        request,
        "admin/people/people.html",
        {
            "title": "担当者",
            "breadcrumbs": breadcrumbs("担当者"),
            "form": form,
            **role_tables(request, grants),
        },
        status=status,
    )


def appoint_person(request: HttpRequest, form: PersonForm) -> HttpResponse:
    typed = form.cleaned_data
    name, role, page = typed["name"], Role(typed["role"]), typed["page"]
    is_new = not User.objects.filter(username=name).exists()
    account = appoint(name=name, role=role, page=page, actor=request_user(request))
    messages.success(
        request,
        format_html(
            '「{}」を「{}」とその下の{}にしました。<span class="quiet">{}</span>',
            account,
            page_title(page),
            role.label,
            page.url_path,
        ),
    )
    if is_new:  # nobody gets a link into an account that somebody else created
        messages.info(request, invitation_sentence(request, account))
    return redirect("admin:people")


@require_POST
@admin_screen
def dismiss_person(request: HttpRequest) -> HttpResponse:
    grants = grants_of_manager(request)
    number, role = request.POST.get("page", ""), request.POST.get("role", "")
    page = managed_page(grants, pk=parse_key(number))
    if page is None or role not in Role.values:
        raise Blocked([Blocker(BlockerCode.ROLE, NOT_MANAGED)])
    name = request.POST.get("name", "").replace("\0", "")
    dismiss(name=name, role=Role(role), page=page, actor=request_user(request))
    messages.success(
        request,
        format_html(
            '「{}」は「{}」の{}ではなくなりました。<span class="quiet">{}</span>',
            name,
            page_title(page),
            Role(role).label,
            page.url_path,
        ),
    )
    return redirect("admin:people" if grants_of(request.user).is_manager else "admin:index")


def role_tables(request: HttpRequest, grants: Grants) -> dict[str, Any]:
    """Return one page of the list, a table a branch."""
    paginator = UncountedPaginator(role_rows(grants), ROLES_PER_PAGE, first_number=0)
    page = paginator.get_page(request.GET.get("p"))
    by_branch = groupby(map(RoleRow._make, page), key=lambda row: row.branch)
    return {"tables": [(branch, list(rows)) for branch, rows in by_branch], "page": page}
