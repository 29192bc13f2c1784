"""
The form of a draft: what it says, and its figures, links and contacts in rows.

What is not finished is saved as it is; only what could not be stored is an error, and nothing
that was typed is lost by one.
"""

import copy
import json
from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any, ClassVar

from django import forms
from django.templatetags.static import static

from bureaus.admin.editions.fields import BodyField, LineField, PageField, WordsField
from bureaus.admin.editions.part_rows import (
    ContactRow,
    Data,
    FigureRow,
    LinkRow,
    MediaChoices,
    Row,
    Rows,
    rows_of,
)
from bureaus.models import CATEGORIES_OF, Edition, Kind, Page, Part
from bureaus.models.edition_text import EditionText
from bureaus.permissions import Grants
from bureaus.publishing.actions.editions import EDITABLE
from bureaus.reading import draft_text, draft_text_with
from bureaus.text.html_normalizer import normalize_html
from bureaus.text.office_html import RULES

TEXT_LENGTH = 10_000  # characters, of what is no body
LABELS = {
    "answer": "このページの扱い",
    "title_reading": "表題のよみ（かな）",
    "note": "お知らせ",
}
HELP = {
    "answer": (
        "掲載：ふつうに公開します。\n"
        "掲載終了（保存版）：お知らせを付けて残します。\n"
        "移転：別のページへ転送します。\n"
        "削除：お知らせだけを残します。"
    ),
    "title": "ページの名前です。見出しと、一覧や検索結果に出ます。",
    "title_reading": "ひらがなで書きます。",
    "lead": "本文の前に置く、2〜3文の要約です。",
    "change_note": "何を変えたかを1行で書きます。更新履歴として公開されます。",
    "is_minor": "誤字の直しなど、内容が変わらないとき",
    "note": "掲載終了・移転・削除の理由や代わりの案内です。公開されます。",
    "moved_to": "ページの表題で探すか、アドレス（/から始まる）を書きます。",
}


class ContentForm(forms.ModelForm):
    title = LineField(label="表題", max_length=200, required=False)
    title_reading = LineField(label=LABELS["title_reading"], max_length=400, required=False)
    title_english = LineField(label="表題（英語）", max_length=400, required=False)
    lead = WordsField(label="要旨", max_length=TEXT_LENGTH, required=False)
    body = BodyField(label="本文", required=False)
    note = WordsField(label=LABELS["note"], max_length=TEXT_LENGTH, required=False)
    moved_to = PageField(label="移転先", required=False)
    change_note = WordsField(label="変更の内容", max_length=TEXT_LENGTH, required=False)

    class Meta:
        model = Edition
        fields = EDITABLE
        labels = LABELS
        widgets: ClassVar[dict[str, Any]] = {
            "issued_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        }

    def __init__(self, *, named: Mapping[str, Page], instance: Edition, data: Data | None) -> None:
        moved_to = instance.moved_to
        initial = {"moved_to": moved_to.url_path if moved_to else ""}
        super().__init__(data, instance=instance, initial=initial, use_required_attribute=False)
        self.fields["moved_to"].named = named  # type: ignore[attr-defined]
        # The editor loads its library from here: an import map would be a script in the page.
        self.fields["body"].widget.attrs |= {
            "data-library": static("django_prose_editor/editor.js"),
            "data-office-html": static("js/office_html.js"),
            "data-office-rules": json.dumps(RULES, ensure_ascii=False),
        }
        for name, words in HELP.items():
            self.fields[name].help_text = words
        for name in ("change_note", "lead", "note"):
            self.fields[name].widget.attrs["rows"] = 2 if name == "change_note" else 4
        kind = Kind(instance.page.kind)
        self.fields["category"].choices = [  # type: ignore[attr-defined]
            (str(category), category.label) for category in CATEGORIES_OF[kind]
        ]
        if kind != Kind.NEWS_ITEM:
            del self.fields["issued_on"]

    def _post_clean(self) -> None:
        """Not Django's, which asks the database about each constraint: the fields have said all."""

    def clean(self) -> dict[str, Any]:
        moved_to = self.cleaned_data.get("moved_to")
        if moved_to is not None and moved_to.pk == self.instance.page_id:
            self.add_error("moved_to", "移転先は、このページとは別のページにしてください。")
        return self.cleaned_data


class EditionForms:
    """
    The whole form of `edition`; `data` is what was sent, or what an own copy holds.

    `granted` says which pages he may point to. 5 queries, with data up to 5 more.
    """

    def __init__(
        self,
        edition: Edition,
        granted: Grants,
        data: Data | None = None,
        *,
        like: "EditionForms | None" = None,
        refused: Mapping[str, list[str]] = MappingProxyType({}),
    ) -> None:
        """
        `like`: another form of the same edition, that has read already what is stored.

        `refused`: why files that came with `data` were not taken, by the names of their fields.
        """
        self.stored: EditionText = like.stored if like else draft_text(edition)
        self.shelf: MediaChoices = like.shelf if like else MediaChoices(self.stored, data, granted)
        self.content = ContentForm(named=self.shelf.named, instance=copy.copy(edition), data=data)
        sorts: tuple[tuple[type[Row], tuple[Part, ...]], ...] = (
            (FigureRow, self.stored.figures),
            (LinkRow, self.stored.links),
            (ContactRow, self.stored.contacts),
        )
        self.figures, self.links, self.contacts = (
            rows_of(row, data=data, parts=parts, shelf=self.shelf, refused=refused)
            for row, parts in sorts
        )

    @property
    def sorts(self) -> tuple[Rows, Rows, Rows]:
        return (self.figures, self.links, self.contacts)

    @cached_property
    def is_right(self) -> bool:
        """Whether all of it can be stored."""
        is_right = [self.content.is_valid(), *(rows.is_right for rows in self.sorts)]
        return all(is_right)

    def is_valid(self) -> bool:
        return self.is_right

    @property
    def changes(self) -> dict[str, Any]:
        cleaned = self.content.cleaned_data
        return {name: cleaned[name] for name in EDITABLE if name in cleaned}

    @property
    def parts(self) -> dict[type[Part], list[Part]]:
        """As `publishing.edit` takes them; rows that cannot be stored are not among them."""
        return {rows.form.part: [row.made() for row in rows.valid_rows] for rows in self.sorts}

    def edited(self) -> Edition:
        """The edition with what can be stored of the form in it, not saved."""
        self.content.is_valid()
        edition: Edition = copy.copy(self.stored.edition)
        for name, value in self.changes.items():
            setattr(edition, name, value)
        return edition

    def text(self) -> EditionText:
        return draft_text_with(self.edited(), self.parts)

    def name_of(self, field: str) -> str:
        """The field of the form that holds `field` of what it says: figures-2-alt, say."""
        sort, _, rest = field.partition("-")
        number, _, part = rest.partition("-")
        if not rest:
            return field
        rows = next(rows for rows in self.sorts if rows.prefix == sort)
        told = rows.valid_rows if rows.is_bound else rows.forms
        return str(told[int(number) - 1].add_prefix(part))

    @property
    def dropped(self) -> str:
        """What was taken out of the body, in a sentence; known once it has been validated."""
        return str(self.content.fields["body"].dropped)  # type: ignore[attr-defined]

    @property
    def is_as_stored(self) -> bool:
        """Whether saving it would change nothing."""
        return self.is_right and said(self.text()) == said(self.stored)

    @property
    def moved_to_title(self) -> str:
        return self.shelf.title_at(str(self.content["moved_to"].value() or ""))


def said(text: EditionText) -> list[Any]:
    """Everything that `text` says, to be held against another."""
    content = [plain(name, text.edition) for name in EDITABLE if name != "moved_to"]
    figures = [(p.image_id, p.alt, p.is_decorative, p.caption) for p in text.figures]
    links = [(p.text, p.page_id, p.document_id, p.url) for p in text.links]
    contacts = [(p.name, p.phone, p.fax, p.email) for p in text.contacts]
    return [*content, text.edition.moved_to_id, figures, links, contacts]


def plain(name: str, edition: Edition) -> Any:
    """A field, without the differences that nobody means."""
    value = getattr(edition, name)
    if name == "body":
        return normalize_html(value)
    return value.strip() if isinstance(value, str) else value
