"""What a browser would send of the form of a draft, for the stories about it."""

from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse

from bureaus.admin.editions.forms import EditionForms
from bureaus.models import Edition, Page
from bureaus.permissions import grants_of
from bureaus.publishing import start_draft

Fields = dict[str, str]


def draft_of(page: Page, writer: User) -> Edition:
    return start_draft(page=page, actor=writer)


def address(edition: Edition, name: str = "bureaus_edition_change") -> str:
    return reverse(f"admin:{name}", args=[edition.pk])


def fields_of(edition: Edition, user: User) -> Fields:
    """The fields of the form as they are shown, with the two empty rows of each sort."""
    edition = Edition.objects.select_related("page").get(pk=edition.pk)
    forms = EditionForms(edition, grants_of(user))
    fields: Fields = {"revision": str(edition.revision), "do": "save"}
    bound = [*forms.content]
    for rows in forms.row_sets:
        bound += [*rows.management_form]
        for row in rows.forms:
            bound += [*row]
    for field in bound:
        value: Any = field.value()
        if field.widget_type == "checkbox":
            fields |= {field.html_name: "on"} if value else {}
        else:
            fields[field.html_name] = "" if value is None else str(value)
    return fields


def row(sort: str, number: int, **values: Any) -> Fields:
    return {f"{sort}-{number}-{name}": str(value) for name, value in values.items()}
