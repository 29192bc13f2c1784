"""Autofix without a script: the form comes back with the fix in it, not yet saved."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, QueryDict

from bureaus.admin.core.access import request_grants
from bureaus.admin.editions.findings_panel import report_on_forms
from bureaus.admin.editions.forms import EditionForms
from bureaus.models import Edition
from bureaus.proofreading import RULES, Finding, Level
from bureaus.proofreading.registry import apply_fixes
from bureaus.publishing import FindingsReport

# Buttons of the form; a button has one name.
FIX, FIX_ALL, UNDO = "autofix", "autofix_rule", "undo_autofix"


@dataclass(frozen=True, slots=True)
class Autofixed:
    """The form with fixes in it, or without them again; the fields before undo them."""

    forms: EditionForms
    sentence: str
    before: tuple[tuple[str, str], ...] = ()  # the name of each field that changed, and its value


def requests_autofix(data: Mapping[str, str]) -> bool:
    return FIX in data or FIX_ALL in data or data.get("do") == UNDO


def apply_autofix(request: HttpRequest, edition: Edition) -> Autofixed:
    data = request.POST.copy()
    if data.get("do") == UNDO:
        return undo_autofix(request, edition, data)
    forms = EditionForms(edition, request_grants(request), data)
    report = report_on_forms(forms)
    found = fixable(report, data)
    if not found:
        return Autofixed(forms, "この指摘は、いまの文章にはありません。何も変えていません。")
    fixes = [finding.fix for finding in found if finding.fix]
    fixed = apply_fixes(report.manuscript, fixes)
    before = []
    for field in dict.fromkeys(fix.field for fix in fixes):
        name = forms.name_of(field)
        before.append((name, str(data.get(name, ""))))
        data[name] = fixed.value_of(field)
    removed_note = forms.removed.sentence if "body" in dict(before) else ""
    sentence = f"{done(found)}。下書きの保存は、まだです。{removed_note}"
    return Autofixed(EditionForms(edition, request_grants(request), data), sentence, tuple(before))


def fixable(report: FindingsReport, data: QueryDict) -> list[Finding]:
    """Return the finding whose button was pressed, or all open ones of its rule."""
    open_findings = [each for level in Level for each in report.open(level) if each.fix]
    if FIX_ALL in data:
        return [each for each in open_findings if each.rule == data[FIX_ALL]]
    return [each for each in report.findings if each.fix and " ".join(each.key) == data[FIX]][:1]


def done(found: list[Finding]) -> str:
    first = found[0]
    if len(found) > 1:
        return f"「{RULES[first.rule].name}」の{len(found)}か所を直しました"
    new = f"「{first.replacement}」に直しました" if first.replacement else "取り除きました"
    return f"「{first.words}」を{new}"


def undo_autofix(request: HttpRequest, edition: Edition, data: QueryDict) -> Autofixed:
    fields = zip(data.getlist("autofix_name"), data.getlist("autofix_before"), strict=False)
    for name, before in fields:
        if name in data:
            data[name] = before
    return Autofixed(EditionForms(edition, request_grants(request), data), "直す前に戻しました。")
