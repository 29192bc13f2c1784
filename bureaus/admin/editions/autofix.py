"""Autofix without a script: the form comes back with the fix in it, not yet saved."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, QueryDict

from bureaus.admin.core.access import request_grants
from bureaus.admin.editions.findings_panel import report_on_forms
from bureaus.admin.editions.forms import EditionForms
from bureaus.models import Edition

FIX, UNDO = "autofix", "undo_autofix"  # buttons of the form; a button has one name


@dataclass(frozen=True, slots=True)
class Autofixed:
    """The form with a fix in it, or without it again; `name` and `before` undo it."""

    forms: EditionForms
    sentence: str
    name: str = ""
    before: str = ""


def requests_autofix(data: Mapping[str, str]) -> bool:
    return FIX in data or data.get("do") == UNDO


def apply_autofix(request: HttpRequest, edition: Edition) -> Autofixed:
    data = request.POST.copy()
    if data.get("do") == UNDO:
        return undo_autofix(request, edition, data)
    forms = EditionForms(edition, request_grants(request), data)
    findings = report_on_forms(forms).findings
    finding = next((f for f in findings if f.fix and " ".join(f.key) == data[FIX]), None)
    if finding is None or finding.fix is None:
        return Autofixed(forms, "この指摘は、いまの文章にはありません。何も変えていません。")
    fix, name = finding.fix, forms.name_of(finding.place.field)
    before = str(data.get(name, ""))
    data[name] = fix.value[: fix.start] + fix.new + fix.value[fix.end :]
    new = f"「{finding.replacement}」に直しました" if finding.replacement else "取り除きました"
    removed_note = forms.removed.sentence if name == "body" else ""
    sentence = f"「{finding.words}」を{new}。下書きの保存は、まだです。{removed_note}"
    return Autofixed(EditionForms(edition, request_grants(request), data), sentence, name, before)


def undo_autofix(request: HttpRequest, edition: Edition, data: QueryDict) -> Autofixed:
    name = data.get("autofix_name", "")
    if name in data:
        data[name] = data.get("autofix_before", "")
    return Autofixed(EditionForms(edition, request_grants(request), data), "直す前に戻しました。")
