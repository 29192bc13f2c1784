"""Delete a file of a library, after a confirmation; a file that any edition uses stays."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from bureaus.admin.core.access import admin_screen, render_screen, status_for
from bureaus.admin.core.breadcrumbs import Breadcrumb, admin_url
from bureaus.admin.core.users import request_actor, request_user
from bureaus.admin.media.library import File, Library, get_visible_file, library_breadcrumbs
from bureaus.models import Document, Image, Role
from bureaus.permissions import ActorContext
from bureaus.publishing import Blocked, Blocker, BlockerCode, delete_document, delete_image
from bureaus.publishing.blockers.media import delete_blockers


@dataclass(frozen=True, slots=True)
class Removal:
    """
    The address of the confirmation, or the blockers.

    `seal_address`: where an approver proposes to seal what cannot be deleted any more.
    """

    address: str
    blockers: Sequence[Blocker]
    seal_address: str


def removal_of(file: File, officer: ActorContext) -> Removal:
    name = "image-delete" if isinstance(file, Image) else "document-delete"
    blockers = delete_blockers(item=file, actor=officer)
    is_kept = any(blocker.code == BlockerCode.EVER_PUBLIC for blocker in blockers)
    may_seal = is_kept and officer.grants.has_role(Role.APPROVER)
    seal_address = admin_url(name.replace("delete", "seal"), file.pk) if may_seal else ""
    return Removal(admin_url(name, file.pk), blockers, seal_address)


def delete_view(library: Library) -> Callable[..., HttpResponse]:
    """Return the view that asks for confirmation and deletes by POST."""

    @admin_screen
    @require_http_methods(["GET", "HEAD", "POST"])
    def ask_and_delete(request: HttpRequest, pk: int) -> HttpResponse:
        file = get_visible_file(library, request, pk)
        if request.method != "POST":
            return ask(request, library, file, removal_of(file, request_actor(request)).blockers)
        try:
            delete(file, request_user(request))
        except Blocked as refusal:
            status = status_for(refusal.blockers)
            return ask(request, library, file, refusal.blockers, status=status)
        messages.success(request, f"{library.title}「{file}」を削除しました。")
        return redirect(library.address)

    return ask_and_delete


def delete(file: File, officer: Any) -> None:
    """Raises Blocked."""
    if isinstance(file, Document):
        delete_document(document=file, actor=officer)
    else:
        delete_image(image=file, actor=officer)


def ask(
    request: HttpRequest,
    library: Library,
    file: File,
    blockers: Sequence[Blocker],
    *,
    status: int = HTTPStatus.OK,
) -> TemplateResponse:
    title = f"{library.title}を削除する"
    back = admin_url(library.change_name, file.pk)
    context = {
        "title": title,
        "breadcrumbs": library_breadcrumbs(library, Breadcrumb(str(file), back), title),
        "file": file,
        "blockers": blockers,
        "back": back,
    }
    return render_screen(request, "admin/media/library_delete.html", context, status=status)
