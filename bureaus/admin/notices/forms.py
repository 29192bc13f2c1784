"""The form with which an officer chooses the mails about each kind of notice."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db import transaction

from bureaus.models import Delivery, NoticeChoice, NoticeKind
from bureaus.notices.outbox import delivery_of


class NoticeChoicesForm(forms.Form):
    """One field a kind, with the present choice, or what holds without one."""

    def __init__(self, officer: User, data: Any = None) -> None:
        super().__init__(
            data, initial={kind.value: d for kind, d in delivery_of(officer.pk).items()}
        )
        self.officer = officer
        for kind in NoticeKind:
            self.fields[kind.value] = forms.ChoiceField(
                label=kind.label,
                choices=Delivery.choices,
                widget=forms.RadioSelect,
                error_messages={
                    "required": f"「{kind.label}」の受け取り方を選んでください。",
                    "invalid_choice": f"「{kind.label}」の受け取り方を、3つから選んでください。",
                },
            )

    @transaction.atomic
    def save(self) -> None:
        """Store all choices. 1 query."""
        NoticeChoice.objects.bulk_create(
            [
                NoticeChoice(officer=self.officer, kind=kind, delivery=delivery)
                for kind, delivery in self.cleaned_data.items()
            ],
            update_conflicts=True,
            unique_fields=["officer", "kind"],
            update_fields=["delivery"],
        )
