"""The desk of one page: what it is, what is going on with it, and what comes next."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.views.decorators.http import require_safe

from bureaus.admin import doors
from bureaus.admin.adding import page_add
from bureaus.admin.page_sheet import sheet
from bureaus.admin.renaming import page_rename
from bureaus.admin.verbs import DOING, edition_verb, page_draft

ANY_VERB = "|".join(DOING)


@doors.screen
@require_safe
def page_desk(request: HttpRequest, pk: int) -> HttpResponse:
    return sheet(request, doors.seen_page(request, pk))


def addresses(admin_view: Callable[..., Any]) -> list[URLPattern]:
    of_page = "bureaus/page/<int:pk>/"
    return [
        path(f"{of_page}change/", admin_view(page_desk), name="bureaus_page_change"),
        path(f"{of_page}draft/", admin_view(page_draft), name="page-draft"),
        path(f"{of_page}add-below/", admin_view(page_add), name="page-add"),
        path(f"{of_page}rename/", admin_view(page_rename), name="page-rename"),
        re_path(
            rf"^bureaus/edition/(?P<pk>[1-9][0-9]{{0,17}})/(?P<verb>{ANY_VERB})/$",
            admin_view(edition_verb),
            name="edition-verb",
        ),
    ]
