"""The form that assigns a role."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.contrib.auth.models import User

from bureaus.admin.core.cleaning import parse_key
from bureaus.admin.core.managed_pages import NOT_MANAGED, Branch, managed_page
from bureaus.models import Role
from bureaus.permissions import Grants
from bureaus.publishing import Blocker

INDENT = "　"
WHAT_ROLES_DO = (
    (Role.WRITER, "作成者：下書きを書き、確認を依頼する"),
    (Role.APPROVER, "承認者：確認して、公開・予約・差し戻しをする"),
    (Role.MANAGER, "管理者：ページの追加・移動と、担当者の設定をする"),
)
NO_PLACE = "担当する場所を選んでください。一覧にないときは、下にアドレスを書いてください。"
# The field that shows a blocker.
FIELD_OF = {"role": "branch"}


class PersonForm(forms.Form):
    name = forms.CharField(
        label="ユーザー名",
        max_length=150,
        help_text="本人がログインに使う名前です。もうアカウントのある人には、役割だけが加わります。"
        "新しい人には、本人がパスワードを決めるための招待リンクを作ります。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "ユーザー名を書いてください。"},
    )
    role = forms.ChoiceField(
        label="役割",
        choices=WHAT_ROLES_DO,
        initial=Role.WRITER,
        widget=forms.RadioSelect,
        error_messages={"required": "役割を選んでください。"},
    )
    branch = forms.CharField(
        label="担当する場所",
        help_text="選んだページと、その下のすべてのページを担当します。",
        required=False,
    )
    address = forms.CharField(
        label="一覧にない場所のアドレス",
        help_text="「/main_sosiki/」のように書くと、上で選んだ場所の代わりになります。",
        max_length=1000,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, grants: Grants, branches: list[Branch], data: Any = None) -> None:
        super().__init__(data)
        self.grants = grants
        shallowest = min((branch.depth for branch in branches), default=1)
        choices = [("", "（選んでください）")] + [
            (str(branch.pk), f"{INDENT * (branch.depth - shallowest)}{branch.label}")
            for branch in branches
        ]
        self.fields["branch"].widget = forms.Select(choices=choices)
        self.is_outside = False

    def refuse(self, blockers: Iterable[Blocker]) -> None:
        for blocker in blockers:
            self.add_error(FIELD_OF.get(blocker.code, "name"), str(blocker))

    def errors_with_controls(self) -> Iterator[tuple[str, str]]:
        """Yield each error with the id of its control; for a choice the first one."""
        for name, sentences in self.errors.items():
            control = self[name].id_for_label or f"{self[name].auto_id}_0"
            for sentence in sentences:
                yield str(sentence), control

    def clean_name(self) -> str:
        return User.normalize_username(str(self.cleaned_data["name"]).strip())

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        address, branch = typed.get("address", ""), typed.get("branch", "")
        if not (address or branch):
            self.add_error("branch", NO_PLACE)
            return typed
        lookup = {"placement__url_path": address} if address else {"pk": parse_key(branch)}
        typed["page"] = managed_page(self.grants, **lookup)
        if typed["page"] is None:
            self.is_outside = True
            self.add_error("address" if address else "branch", NOT_MANAGED)
        return typed
