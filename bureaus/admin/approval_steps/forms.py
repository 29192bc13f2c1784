"""The form of a step of approval, and that of an absence."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from bureaus.admin.core.cleaning import parse_key
from bureaus.admin.core.managed_pages import NOT_MANAGED, Branch, managed_page
from bureaus.models import ApprovalStep
from bureaus.permissions import Grants
from bureaus.publishing.blockers.approval_steps import MOST_STEPS, StepEntry
from bureaus.text.rich_text import strip_invisible

BETWEEN_NAMES = re.compile(r"[\s、，,;；]+")
LENGTH = 2_000  # characters typed
WRONG_ORDER = f"順番は、1から{MOST_STEPS}までの数にしてください。"
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class NamesField(forms.CharField):
    """User names between spaces, commas or 、."""

    def __init__(self, **options: Any) -> None:
        options["widget"] = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
        super().__init__(max_length=LENGTH, **options)

    def to_python(self, value: Any) -> Any:
        typed = strip_invisible(str(super().to_python(value)))
        return tuple(name for name in BETWEEN_NAMES.split(typed) if name)

    def validate(self, value: Any) -> None:
        """Leave what is missing to the action, which says it with everything else."""

    def run_validators(self, value: Any) -> None:
        """Judge no list as a text; its length was bounded by the field of the form."""


class StepForm(forms.Form):
    branch = forms.CharField(
        label="段階を置く場所",
        help_text="選んだページと、その下のすべてのページが、承認の前にこの段階を通ります。",
        error_messages={"required": "場所を選んでください。"},
    )
    name = forms.CharField(
        label="段階の名前",
        help_text="例：課の確認",
        max_length=LENGTH,
        strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "段階の名前を書いてください。例：課の確認"},
    )
    position = forms.IntegerField(
        label="順番",
        help_text="同じ場所に段階がいくつかあるときの、早い順。下の場所の段階が、いつも先です。",
        initial=1,
        min_value=1,
        max_value=MOST_STEPS,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), WRONG_ORDER
        ),
    )
    people = NamesField(
        label="確認する人のユーザー名",
        help_text="1人でも、何人でも。そのうちの1人が確認すると、次へ進みます。例：佐藤、高橋",
        required=False,
    )
    deputies = NamesField(
        label="代理のユーザー名（いなくてもよい）",
        help_text="上の全員が不在か、自分で書いた版のときに、代わって確認します。",
        required=False,
    )

    def __init__(
        self, grants: Grants, branches: Iterable[Branch], data: Any = None, **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.grants = grants
        choices = [("", "（選んでください）"), *((str(one.pk), one.label) for one in branches)]
        self.fields["branch"].widget = forms.Select(choices=choices)

    def clean_branch(self) -> Any:
        page = managed_page(self.grants, pk=parse_key(self.cleaned_data["branch"]))
        if page is None:
            raise forms.ValidationError(NOT_MANAGED)
        return page

    @property
    def entry(self) -> StepEntry:
        """Return the step that was typed, of a valid form."""
        typed = self.cleaned_data
        return StepEntry(
            page=typed["branch"],
            name=strip_invisible(typed["name"]).strip(),
            position=typed["position"],
            people=typed["people"],
            deputies=typed["deputies"],
        )


def initial_of(step: ApprovalStep) -> dict[str, Any]:
    """Return what the form of a stored step shows. 1 query."""
    people = list(step.people.select_related("officer"))
    names: Mapping[bool, list[str]] = {
        is_deputy: [each.officer.username for each in people if each.is_deputy == is_deputy]
        for is_deputy in (False, True)
    }
    return {
        "branch": str(step.page_id),
        "name": step.name,
        "position": step.position,
        "people": "、".join(names[False]),
        "deputies": "、".join(names[True]),
    }


class AbsenceForm(forms.Form):
    officer = forms.CharField(label="不在の人", required=False)
    first_day = forms.DateField(
        label="最初の日",
        widget=DAY,
        error_messages=dict.fromkeys(("required", "invalid"), "最初の日を選んでください。"),
    )
    last_day = forms.DateField(
        label="最後の日",
        widget=DAY,
        error_messages=dict.fromkeys(("required", "invalid"), "最後の日を選んでください。"),
    )

    def __init__(self, names: Iterable[str], data: Any = None, **options: Any) -> None:
        super().__init__(data, prefix="absence", **options)
        self.fields["officer"].widget = forms.Select(choices=[(name, name) for name in names])
