"""What an officer types, kept for himself every few seconds, and offered back after a crash."""

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
OF_THE_FORM = ("form_key", "origin")  # its own key, and whose copy it was filled from
OF_MENDING = ("mend", "unmend_name", "unmend_value")
NOT_CONTENT = ("csrfmiddlewaretoken", "revision", "do", *OF_THE_FORM, *OF_MENDING)
UNREADABLE = "送られた内容を読み取れません。画面を開き直してください。"
GONE = (
    "この下書きは、もうありません。ほかの人が破棄したか、アドレスが違います。入力した内容は"
    "この画面に残っています。要るところを写し取ってください。"
)
CLOSED = "この画面の内容は、前に保存したか捨てたものです。新しい入力は、続けて自動保存します。"


@dataclass(frozen=True, slots=True)
class Sent:
    """`content`: None is a sign of presence alone."""

    form: FormVersion
    origin: str
    content: dict[str, str] | None


def sent_in(body: bytes) -> Sent:
    """Raises ValueError for what no form sends."""
    try:
        sent = json.loads(body)
        content = sent.get("content")
        if content is not None:
            content = {str(name): str(value) for name, value in content.items()}
        sequence = whole(sent["sequence"]) if "sequence" in sent else None
        form = FormVersion(key_in(sent.get("form_key")), whole(sent["revision"]), sequence)
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(UNREADABLE) from error
    return Sent(form, key_in(sent.get("origin")), content)


def working_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """
    GET: a fresh token, for a form that was open while its officer logged in again.

    POST of JSON {"revision", "form_key", "sequence", "origin", "content"}: keep the content, or
    without one note that he is there. Whatever is against it is said in JSON too: the form is to
    tell a draft that has gone from a login that has ended.
    """
    try:
        edition = get_visible_edition(request, pk)
        if request.method == "POST":
            put(request, edition)
        return answered(request, edition)
    except Blocked as refusal:
        return against(str(refusal), HTTPStatus.FORBIDDEN)
    except (Edition.DoesNotExist, Page.DoesNotExist):
        return against(GONE, HTTPStatus.NOT_FOUND)
    except AutosaveClosed:
        return against(CLOSED, HTTPStatus.CONFLICT, form_key=new_form_key())
    except AutosaveTooLarge as error:
        return against(str(error), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    except ValueError:
        return against(UNREADABLE, HTTPStatus.BAD_REQUEST)


def put(request: HttpRequest, edition: Edition) -> None:
    sent, officer = sent_in(request.body), request_user(request)
    if sent.content is None:
        heartbeat(edition=edition, officer=officer, form=sent.form)
        return
    save_autosave(edition=edition, officer=officer, content=sent.content, form=sent.form)
    if sent.origin:  # it has moved into this form
        discard_autosave(edition=edition, officer=officer, keys=[sent.origin])


def against(sentence: str, status: int, **more: str) -> JsonResponse:
    return JsonResponse({"sentence": sentence, **more}, status=status)


def answered(request: HttpRequest, edition: Edition) -> JsonResponse:
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
def drop_copy(request: HttpRequest, pk: int) -> HttpResponse:
    edition = get_visible_edition(request, pk)
    discard_autosave(edition=edition, officer=request_user(request), keys=keys_sent(request))
    messages.success(request, "保存していない内容を捨てました。")
    return HttpResponseRedirect(reverse("admin:bureaus_edition_change", args=[pk]))


# For the form


def autosave_quietly(request: HttpRequest, edition: Edition) -> str:
    """
    Into his own copy, where he may have one; the key of the form in which it is shown again.

    That form takes the place of the one that was sent, which is closed.
    """
    key, officer = new_form_key(), request_user(request)
    content = {name: str(request.POST[name]) for name in request.POST if name not in NOT_CONTENT}
    form = FormVersion(key, revision_sent(request))
    try:
        save_autosave(edition=edition, officer=officer, content=content, form=form)
    except (Blocked, AutosaveTooLarge, Edition.DoesNotExist):
        return key
    discard_autosave(edition=edition, officer=officer, keys=keys_sent(request))
    return key


def chosen_among(own: Iterable[Autosave], key: str) -> Autosave | None:
    """The one of form `key`, or the first where it has moved on into another form."""
    copies = list(own)
    return next((copy for copy in copies if copy.form_key == key), next(iter(copies), None))


def unlike_stored(
    request: HttpRequest, edition: Edition, copies: Iterable[Autosave]
) -> tuple[Autosave | None, EditionForms | None]:
    """
    The first of his own copies that says anything else than what is stored.

    With it a form that has read what is stored, and what all of them point to; 10 queries, or none.
    """
    own = own_autosaves(copies, request_user(request))
    if not own:
        return None, None
    named = {f"{copy.pk}-{name}": text for copy in own for name, text in copy.content.items()}
    first = EditionForms(edition, request_grants(request), named)
    for copy in own:
        if not EditionForms(
            edition, request_grants(request), copy.content, like=first
        ).is_as_stored:
            return copy, first
    return None, first


def keys_sent(request: HttpRequest) -> list[str]:
    """Of the form that was sent, and of the copy that it was filled from."""
    own, origin = (key_in(request.POST.get(name)) for name in OF_THE_FORM)
    return [own, origin] if origin else [own]


def revision_sent(request: HttpRequest) -> int:
    """The revision that the form began from; 0, which is none, where it says nothing."""
    return whole(request.POST.get("revision", ""))


def key_in(text: object) -> str:
    return str(text) if FORM_KEY.fullmatch(str(text)) else ""


def whole(text: object) -> int:
    """A number that the database can hold, or 0."""
    return int(str(text)) if NUMBER.fullmatch(str(text)) else 0
