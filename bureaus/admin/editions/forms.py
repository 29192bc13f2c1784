"""
The form of a draft: its text, and its figures, links and contacts in rows.

Unfinished text is saved as it is; only what cannot be stored is an error, and an error loses
nothing that was typed.
"""

import copy
import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any, ClassVar

from django import forms
from django.templatetags.static import static

from bureaus.admin.editions.fields import (
    BodyField,
    LineField,
    LinesField,
    PageField,
    PeriodEndField,
    PeriodField,
    length_of,
)
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
from bureaus.models import (
    CATEGORIES_OF,
    EVENT_CATEGORIES,
    Answer,
    Category,
    Edition,
    Kind,
    Page,
    Part,
)
from bureaus.models.edition_text import EditionText
from bureaus.models.events import EVENT_FIELDS
from bureaus.permissions import Grants
from bureaus.publishing.actions.editions import EDITABLE
from bureaus.reading import draft_text, draft_text_with
from bureaus.text.html_normalizer import normalize_html
from bureaus.text.office_html import RULES, Cleaned
from bureaus.text.periods import written_end, written_start

TEXT_LENGTH = 10_000  # characters, of every field but the body
LABELS = {
    "answer": "このページの扱い",
    "title_reading": "表題のよみ（かな）",
    "note": "お知らせ",
}
NO_DATE = "空のままにすると、公開が始まる日（日本時間）が発表日になります。"
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
    "note": (
        "掲載終了・移転・削除の理由や代わりの案内です。公開されます。\n"
        "後を引き継いだページのアドレス（/から始まる）を書くと、リンクになります。"
    ),
    "event_start": "例：令和8年12月1日、2026年12月1日 10時、2026-12-1 10:30",
    "event_end": "時刻がなければ、その日いっぱいまでです。過ぎると、自動で「終了」と表示されます。",
    "event_place": "会議の会場や、オンライン会議であることを書きます。",
    "is_cancelled": "会議や募集が取りやめになったとき",
    "moved_to": "ページの表題で探すか、アドレス（/から始まる）を書きます。",
}


# A page that is not public yet has nowhere to move, and nothing that could have changed.
OF_LATER_EDITIONS = ("answer", "moved_to", "note", "change_note", "is_minor")


class ContentForm(forms.ModelForm):
    """The fields of the content of a draft; their limits are those of the model."""

    title = LineField(label="表題", max_length=length_of(Edition, "title"), required=False)
    title_reading = LineField(
        label=LABELS["title_reading"],
        max_length=length_of(Edition, "title_reading"),
        required=False,
    )
    title_english = LineField(
        label="表題（英語）", max_length=length_of(Edition, "title_english"), required=False
    )
    lead = LinesField(label="要旨", max_length=TEXT_LENGTH, required=False)
    body = BodyField(label="本文", required=False)
    event_start = PeriodField(label="開始", required=False)
    event_end = PeriodEndField(label="終了", required=False)
    event_place = LineField(
        label="場所", max_length=length_of(Edition, "event_place"), required=False
    )
    note = LinesField(label=LABELS["note"], max_length=TEXT_LENGTH, required=False)
    moved_to = PageField(label="移転先", required=False)
    change_note = LinesField(label="変更の内容", max_length=TEXT_LENGTH, required=False)

    class Meta:
        model = Edition
        fields = EDITABLE
        labels = LABELS
        widgets: ClassVar[dict[str, Any]] = {
            "issued_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        }

    def __init__(self, *, pages: Mapping[str, Page], instance: Edition, data: Data | None) -> None:
        moved_to = instance.moved_to
        initial = {"moved_to": moved_to.url_path if moved_to else ""}
        super().__init__(data, instance=instance, initial=initial, use_required_attribute=False)
        self.fields["moved_to"].pages = pages  # type: ignore[attr-defined]
        # The editor loads its library from here: an import map would be a script in the page.
        self.fields["body"].widget.attrs |= {
            "data-library": static("django_prose_editor/editor.js"),
            "data-office-html": static("js/office_html.js"),
            "data-office-rules": json.dumps(RULES, ensure_ascii=False),
        }
        for name, text in HELP.items():
            self.fields[name].help_text = text
        for name in ("change_note", "lead", "note"):
            self.fields[name].widget.attrs["rows"] = 2 if name == "change_note" else 4
        kind = Kind(instance.page.kind)
        self.fields["category"].choices = [  # type: ignore[attr-defined]
            (str(category), category.label) for category in CATEGORIES_OF[kind]
        ]
        if kind != Kind.NEWS_ITEM:
            for name in ("issued_on", *EVENT_FIELDS):
                del self.fields[name]
        elif instance.based_on is None:
            self.fields["issued_on"].help_text = NO_DATE
        if is_plain_beginning(instance):
            for name in OF_LATER_EDITIONS:
                del self.fields[name]

    def _post_clean(self) -> None:
        """Replace Django's, which queries the database for each constraint: the fields suffice."""

    def clean(self) -> dict[str, Any]:
        moved_to = self.cleaned_data.get("moved_to")
        if moved_to is not None and moved_to.pk == self.instance.page_id:
            self.add_error("moved_to", "移転先は、このページとは別のページにしてください。")
        if not {*EVENT_FIELDS} & {*self.errors}:
            for name, sentence in event_faults(self.cleaned_data):
                self.add_error(name, sentence)
        return self.cleaned_data


def is_plain_beginning(edition: Edition) -> bool:
    """Whether it is the first edition of its page, and holds nothing that only later ones need."""
    return edition.number == 1 and not (
        edition.answer != Answer.CURRENT
        or edition.moved_to_id
        or edition.note
        or edition.change_note
        or edition.is_minor
    )


def event_faults(cleaned: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what keeps the period from being stored, as field and sentence."""
    start, end, place, is_cancelled = (cleaned.get(name) for name in EVENT_FIELDS)
    category = Category(cleaned["category"]) if cleaned.get("category") else None
    if not (start or end or place or is_cancelled):
        return
    if category is not None and category not in EVENT_CATEGORIES:
        sentence = (
            f"区分「{category.label}」のページには、期間や場所を入れられません。区分を"
            "意見募集・公募・会議のどれかにするか、期間、場所と中止を消してください。"
        )
        yield "category", sentence
    if start is None:
        yield "event_start", "期間の開始がありません。開始と終了の両方を入れてください。"
    if end is None:
        yield "event_end", "期間の終了がありません。開始と終了の両方を入れてください。"
    if start and end and end <= start:
        sentence = (
            f"終了「{written_end(end)}」が、開始「{written_start(start)}」より後になっていません。"
            "どちらかを直してください。"
        )
        yield "event_end", sentence


class EditionForms:
    """
    The whole form of `edition`, filled from what was sent or from an autosave.

    `granted` decides which pages and files can be chosen. 5 queries, with data up to 5 more.
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
        `like`: another form of the same edition, that has read the stored draft already.

        `refused`: why files that came with `data` were refused, by the names of their fields.
        """
        self.stored: EditionText = like.stored if like else draft_text(edition)
        self.choices: MediaChoices = (
            like.choices if like else MediaChoices(self.stored, data, granted)
        )
        self.content = ContentForm(pages=self.choices.pages, instance=copy.copy(edition), data=data)
        stored_parts: tuple[tuple[type[Row], tuple[Part, ...]], ...] = (
            (FigureRow, self.stored.figures),
            (LinkRow, self.stored.links),
            (ContactRow, self.stored.contacts),
        )
        self.figures, self.links, self.contacts = (
            rows_of(row, data=data, parts=parts, choices=self.choices, refused=refused)
            for row, parts in stored_parts
        )

    @property
    def row_sets(self) -> tuple[Rows, Rows, Rows]:
        return (self.figures, self.links, self.contacts)

    @cached_property
    def is_storable(self) -> bool:
        """Whether all of it can be stored; every part is validated, for its errors are shown."""
        return all([self.content.is_valid(), *(rows.is_storable for rows in self.row_sets)])

    def is_valid(self) -> bool:
        return self.is_storable

    @property
    def changes(self) -> dict[str, Any]:
        cleaned = self.content.cleaned_data
        return {name: cleaned[name] for name in EDITABLE if name in cleaned}

    @property
    def parts(self) -> dict[type[Part], list[Part]]:
        """Return the parts for `publishing.edit`, without the rows that cannot be stored."""
        return {rows.form.part: [row.build() for row in rows.valid_rows] for rows in self.row_sets}

    def edited(self) -> Edition:
        """Return the edition with the storable fields of the form in it, not saved."""
        self.content.is_valid()
        edition: Edition = copy.copy(self.stored.edition)
        for name, value in self.changes.items():
            setattr(edition, name, value)
        return edition

    def text(self) -> EditionText:
        return draft_text_with(self.edited(), self.parts)

    def name_of(self, field: str) -> str:
        """Return the name of the form field for `field` of a manuscript: figures-2-alt, say."""
        prefix, _, rest = field.partition("-")
        number, _, part = rest.partition("-")
        if not rest:
            return field
        rows = next(rows for rows in self.row_sets if rows.prefix == prefix)
        forms_of_parts = rows.valid_rows if rows.is_bound else rows.forms
        return str(forms_of_parts[int(number) - 1].add_prefix(part))

    @property
    def removed(self) -> Cleaned:
        """Return what was removed from the body; known once it has been validated."""
        removed: Cleaned = self.content.fields["body"].removed  # type: ignore[attr-defined]
        return removed

    @property
    def is_as_stored(self) -> bool:
        """Whether saving it would change nothing."""
        return self.is_storable and content_of(self.text()) == content_of(self.stored)

    @property
    def moved_to_title(self) -> str:
        if "moved_to" not in self.content.fields:
            return ""
        return self.choices.title_at(str(self.content["moved_to"].value() or ""))


def content_of(text: EditionText) -> list[Any]:
    """Return all fields and parts of `text`, to be compared with another's."""
    content = [comparable(name, text.edition) for name in EDITABLE if name != "moved_to"]
    figures = [(p.image_id, p.alt, p.is_decorative, p.caption, p.size) for p in text.figures]
    links = [(p.text, p.page_id, p.document_id, p.url) for p in text.links]
    contacts = [(p.name, p.phone, p.fax, p.email) for p in text.contacts]
    return [*content, text.edition.moved_to_id, figures, links, contacts]


def comparable(name: str, edition: Edition) -> Any:
    """Return a field without its insignificant differences, such as white space."""
    value = getattr(edition, name)
    if name == "body":
        return normalize_html(value)
    return value.strip() if isinstance(value, str) else value
