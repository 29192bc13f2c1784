"""Mending without a script: the form comes back with the fix in it, and is saved by its officer."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, QueryDict

from bureaus.admin.core.access import request_grants
from bureaus.admin.editions.findings_panel import report_on_forms
from bureaus.admin.editions.forms import EditionForms
from bureaus.models import Edition

FIX, UNDO = "mend", "unmend"  # buttons of the form; a button has one name


@dataclass(frozen=True, slots=True)
class Autofixed:
    """The form with a fix in it, or without it again; `name` and `before` take it back."""

    forms: EditionForms
    sentence: str
    name: str = ""
    before: str = ""


def requests_autofix(sent: Mapping[str, str]) -> bool:
    return FIX in sent or sent.get("do") == UNDO


def apply_autofix(request: HttpRequest, edition: Edition) -> Autofixed:
    data = request.POST.copy()
    if data.get("do") == UNDO:
        return undone(request, edition, data)
    forms = EditionForms(edition, request_grants(request), data)
    proof = report_on_forms(forms)
    key = data[FIX]
    found = next((each for each in proof.findings if each.fix and " ".join(each.key) == key), None)
    if found is None or found.fix is None:
        return Autofixed(forms, "この指摘は、いまの文章にはありません。何も変えていません。")
    fix, name = found.fix, forms.name_of(found.place.field)
    before = str(data.get(name, ""))
    data[name] = fix.value[: fix.start] + fix.new + fix.value[fix.end :]
    new = f"「{found.replacement}」に直しました" if found.replacement else "取り除きました"
    dropped = forms.dropped if name == "body" else ""
    sentence = f"「{found.words}」を{new}。下書きの保存は、まだです。{dropped}"
    return Autofixed(EditionForms(edition, request_grants(request), data), sentence, name, before)


def undone(request: HttpRequest, edition: Edition, data: QueryDict) -> Autofixed:
    name = data.get("unmend_name", "")
    if name in data:
        data[name] = data.get("unmend_value", "")
    return Autofixed(EditionForms(edition, request_grants(request), data), "直す前に戻しました。")
