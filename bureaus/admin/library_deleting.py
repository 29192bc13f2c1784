"""Taking a file out of a library: asked for first, and never what a page shows or has shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from bureaus.admin.crumbs import address_of
from bureaus.admin.doors import show
from bureaus.admin.library import File, Library, crumbs_of, seen
from bureaus.admin.officers import asking, officer_of
from bureaus.admin.page_sheet import status_of
from bureaus.models import Document, Image, Verb
from bureaus.permissions import Known
from bureaus.publishing import (
    Reason,
    Refused,
    delete_document,
    delete_image,
    reasons_against,
)


@dataclass(frozen=True, slots=True)
class Removal:
    """The button that leads to the question, or why it cannot be pressed."""

    address: str
    reasons: Sequence[Reason]


def removal_of(file: File, officer: Known) -> Removal:
    name = "image-delete" if isinstance(file, Image) else "document-delete"
    reasons = reasons_against(Verb.DELETE, item=file, actor=officer)
    return Removal(address_of(name, file.pk), reasons)


def delete_screen(library: Library) -> Callable[..., HttpResponse]:
    """Ask, and by POST delete; whoever uses it meanwhile keeps it."""

    @require_http_methods(["GET", "HEAD", "POST"])
    def ask_and_delete(request: HttpRequest, pk: int) -> HttpResponse:
        file = seen(library, request, pk)
        if request.method != "POST":
            return ask(request, library, file, removal_of(file, asking(request)).reasons)
        try:
            delete(file, officer_of(request))
        except Refused as refusal:
            status = status_of(refusal.reasons)
            return ask(request, library, file, refusal.reasons, status=status)
        messages.success(request, f"{library.title}「{file}」を削除しました。")
        return redirect(library.address)

    return ask_and_delete


def delete(file: File, officer: Any) -> None:
    """Raises Refused."""
    if isinstance(file, Document):
        delete_document(document=file, actor=officer)
    else:
        delete_image(image=file, actor=officer)


def ask(
    request: HttpRequest,
    library: Library,
    file: File,
    reasons: Sequence[Reason],
    *,
    status: int = HTTPStatus.OK,
) -> TemplateResponse:
    title = f"{library.title}を削除する"
    crumbs = crumbs_of(library, str(file), title)
    crumbs[2]["url"] = back = address_of(library.change_name, file.pk)
    context = {"title": title, "crumbs": crumbs, "file": file, "reasons": reasons, "back": back}
    return show(request, "admin/library_delete.html", context, status=status)
