"""Autosave of a draft's form every few seconds, and its recovery after a crash."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from bureaus.admin.core.access import admin_screen, get_visible_edition, request_grants
from bureaus.admin.core.users import request_user
from bureaus.admin.editions.forms import EditionForms
from bureaus.models import Autosave, Edition, Page, State
from bureaus.models.autosaves import new_form_key
from bureaus.publishing import Blocked
from bureaus.publishing.actions.autosave import (
    FORM_KEY,
    AutosaveClosed,
    AutosaveTooLarge,
    FormVersion,
    autosaves_of,
    discard_autosave,
    heartbeat,
    other_editors,
    own_autosaves,
    save_autosave,
)
from bureaus.text.formatting import japanese_moment, japanese_time

NUMBER = re.compile(r"[0-9]{1,9}")
FORM_KEYS = ("form_key", "origin")  # its own key, and that of the autosave it was filled from
AUTOFIX_FIELDS = ("autofix", "autofix_rule", "autofix_name", "autofix_before")
NOT_CONTENT = ("csrfmiddlewaretoken", "revision", "do", *FORM_KEYS, *AUTOFIX_FIELDS)
UNREADABLE = "送られた内容を読み取れません。画面を開き直してください。"
GONE = (
    "この下書きは、もうありません。ほかの人が破棄したか、アドレスが違います。入力した内容は"
    "この画面に残っています。要るところを写し取ってください。"
)
CLOSED = "この画面の内容は、前に保存したか捨てたものです。新しい入力は、続けて自動保存します。"


@dataclass(frozen=True, slots=True)
class AutosaveRequest:
    """What a form has sent; without `content` it is a heartbeat."""

    form: FormVersion
    origin: str
    content: dict[str, str] | None


def parse_request(body: bytes) -> AutosaveRequest:
    """Raises ValueError for what no form sends."""
    try:
        sent = json.loads(body)
        content = sent.get("content")
        if content is not None:
            content = {str(name): str(value) for name, value in content.items()}
        sequence = whole_number(sent["sequence"]) if "sequence" in sent else None
        form = FormVersion(
            form_key_of(sent.get("form_key")), whole_number(sent["revision"]), sequence
        )
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(UNREADABLE) from error
    return AutosaveRequest(form, form_key_of(sent.get("origin")), content)


def autosave(request: HttpRequest, pk: int) -> HttpResponse:
    """
    GET: return a new token, for a form that was open while its officer logged in again.

    POST of JSON {"revision", "form_key", "sequence", "origin", "content"}: save the content, or
    without it record a heartbeat. Refusals are JSON too, so that the form can distinguish a draft
    that was discarded from a login that has ended.
    """
    try:
        edition = get_visible_edition(request, pk)
        if request.method == "POST":
            save_or_heartbeat(request, edition)
        return status_response(request, edition)
    except Blocked as refusal:
        return refusal_response(str(refusal), HTTPStatus.FORBIDDEN)
    except (Edition.DoesNotExist, Page.DoesNotExist):
        return refusal_response(GONE, HTTPStatus.NOT_FOUND)
    except AutosaveClosed:
        return refusal_response(CLOSED, HTTPStatus.CONFLICT, form_key=new_form_key())
    except AutosaveTooLarge as error:
        return refusal_response(str(error), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    except ValueError:
        return refusal_response(UNREADABLE, HTTPStatus.BAD_REQUEST)


def save_or_heartbeat(request: HttpRequest, edition: Edition) -> None:
    sent, officer = parse_request(request.body), request_user(request)
    if sent.content is None:
        heartbeat(edition=edition, officer=officer, form=sent.form)
        return
    save_autosave(edition=edition, officer=officer, content=sent.content, form=sent.form)
    if sent.origin:  # its content is in this form now
        discard_autosave(edition=edition, officer=officer, keys=[sent.origin])


def refusal_response(sentence: str, status: int, **more: str) -> JsonResponse:
    return JsonResponse({"sentence": sentence, **more}, status=status)


def status_response(request: HttpRequest, edition: Edition) -> JsonResponse:
    others = other_editors(autosaves_of(edition), request_user(request))
    response = JsonResponse(
        {
            "time": japanese_time(timezone.now()),
            "token": get_token(request),
            "revision": edition.revision,
            "is_open": edition.state == State.DRAFT,
            "others": [
                f"{other.name}さんが{japanese_moment(other.since)}から開いています。"
                for other in others
            ],
        }
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@admin_screen
def discard_autosave_view(request: HttpRequest, pk: int) -> HttpResponse:
    edition = get_visible_edition(request, pk)
    discard_autosave(edition=edition, officer=request_user(request), keys=sent_form_keys(request))
    messages.success(request, "保存していない内容を捨てました。")
    return HttpResponseRedirect(reverse("admin:bureaus_edition_change", args=[pk]))


# For the form


def autosave_quietly(request: HttpRequest, edition: Edition) -> str:
    """
    Save what was sent where the officer may, and return the key of the form that shows it again.

    That form replaces the one that was sent, which is closed.
    """
    key, officer = new_form_key(), request_user(request)
    content = {name: str(request.POST[name]) for name in request.POST if name not in NOT_CONTENT}
    form = FormVersion(key, sent_revision(request))
    try:
        save_autosave(edition=edition, officer=officer, content=content, form=form)
    except (Blocked, AutosaveTooLarge, Edition.DoesNotExist):
        return key
    discard_autosave(edition=edition, officer=officer, keys=sent_form_keys(request))
    return key


def autosave_of_form(own: Iterable[Autosave], key: str) -> Autosave | None:
    """Return the autosave of form `key`, or the first where it has moved into another form."""
    saves = list(own)
    return next((each for each in saves if each.form_key == key), next(iter(saves), None))


def first_unsaved(
    request: HttpRequest, edition: Edition, autosaves: Iterable[Autosave]
) -> tuple[Autosave | None, EditionForms | None]:
    """
    Return the officer's first autosave that differs from the stored draft.

    With it a form that has read the draft and the pages and files of all; 10 queries, or none.
    """
    own = own_autosaves(autosaves, request_user(request))
    if not own:
        return None, None
    grants = request_grants(request)
    fields = {f"{each.pk}-{name}": text for each in own for name, text in each.content.items()}
    first = EditionForms(edition, grants, fields)
    for each in own:
        if not EditionForms(edition, grants, each.content, like=first).is_as_stored:
            return each, first
    return None, first


def sent_form_keys(request: HttpRequest) -> list[str]:
    """Return the keys of the form that was sent and of the autosave that it was filled from."""
    own, origin = (form_key_of(request.POST.get(name)) for name in FORM_KEYS)
    return [own, origin] if origin else [own]


def sent_revision(request: HttpRequest) -> int:
    """Return the revision that the form began from; 0, which is none, where it has none."""
    return whole_number(request.POST.get("revision", ""))


def form_key_of(text: object) -> str:
    return str(text) if FORM_KEY.fullmatch(str(text)) else ""


def whole_number(text: object) -> int:
    """Return a number that the database can hold, or 0."""
    return int(str(text)) if NUMBER.fullmatch(str(text)) else 0
