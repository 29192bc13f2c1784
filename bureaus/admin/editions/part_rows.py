"""Formsets for the figures, links and contacts of a draft: rows to add, remove and order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django import forms

from bureaus.admin.core.choices import named_pages, options
from bureaus.admin.core.cleaning import parse_key
from bureaus.admin.core.media_fields import MediaField, UploadField, media_summary
from bureaus.admin.editions.fields import LineField, PageField, length_of, one_line
from bureaus.models import Contact, Document, Figure, FigureSize, Image, Link, Part
from bureaus.models.edition_text import EditionText
from bureaus.models.media import Library
from bureaus.permissions import Grants
from bureaus.publishing.file_findings import fault_of

Data = Mapping[str, Any]
CHOICES_LISTED = 100  # pictures or documents to choose from: the newest
# Rows of each type that are stored: with 20 fields in three rows, and two empty rows of each type,
# the form stays below DATA_UPLOAD_MAX_NUMBER_FIELDS.
ROWS = 50
ROWS_READ = 200  # with the emptied and the deleted


class Row(forms.Form):
    """One part of an edition. A row with empty fields is ignored."""

    part: ClassVar[type[Part]]
    help: ClassVar[str]
    content: ClassVar[tuple[str, ...]]

    def __init__(
        self, *args: Any, choices: "MediaChoices", refused: Mapping[str, list[str]], **kwargs: Any
    ) -> None:
        """`refused`: why files that came with the form were refused, by field name."""
        super().__init__(*args, **{**kwargs, "empty_permitted": True})
        self.choices = choices
        self.refused = refused.get(self.add_prefix("upload"), [])
        self.set_choices()

    def set_choices(self) -> None:
        """Set what the fields choose from."""

    def has_changed(self) -> bool:
        """Whether any field has a value, whatever was stored before."""
        values = (
            self.fields[name].widget.value_from_datadict(
                self.data, self.files, self.add_prefix(name)
            )
            for name in self.content
        )
        return bool(self.refused) or any(
            value.strip() if isinstance(value, str) else value for value in values
        )

    @property
    def content_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.content]

    @property
    def is_deleted(self) -> bool:
        return bool(self.is_bound and self.cleaned.get("DELETE"))

    @property
    def cleaned(self) -> dict[str, Any]:
        self.is_valid()
        return getattr(self, "cleaned_data", {})

    @property
    def place(self) -> tuple[bool, int]:
        order = self.cleaned.get("ORDER")
        return (order is None, order or 0)

    def build(self) -> Part:
        return self.part(**{name: self.cleaned[name] for name in self.content})


class FileRow(Row):
    """A row that refers to a file of the library, or adds one by its field `upload`."""

    def clean_upload(self) -> None:
        if self.refused:
            raise forms.ValidationError(self.refused)


class FigureRow(FileRow):
    part = Figure
    help = (
        "本文の横に、順番どおりに並びます。本文のなかに置くときは、置きたいところに「〔図1〕」とだけ書いた"
        "段落を作ります。画面より大きな図には、拡大して見るリンクが付きます。"
    )
    content = ("image", "alt", "is_decorative", "caption", "size")

    image = MediaField(label="画像", required=False)
    upload = UploadField(Image, "新しい画像を登録する")
    alt = LineField(label="代替テキスト", max_length=length_of(Figure, "alt"), required=False)
    is_decorative = forms.BooleanField(label="装飾の画像（読み上げない）", required=False)
    caption = LineField(label="説明文", max_length=length_of(Figure, "caption"), required=False)
    size = forms.ChoiceField(
        label="大きさ",
        choices=[("", "自動（横長の図は大きく）"), *FigureSize.choices],
        required=False,
    )

    def set_choices(self) -> None:
        self.fields["image"].set_media(self.choices.images)  # type: ignore[attr-defined]
        alt = self.fields["alt"]
        alt.help_text = "図が伝えることを、見えない人にも分かるように書きます。"
        if self.hints:
            names = ("helptext", "hints")
            ids = " ".join(f"{self['alt'].auto_id}_{name}" for name in names)
            alt.widget.attrs["aria-describedby"] = ids

    @property
    def picture(self) -> Image | None:
        """Return the image that is chosen."""
        key = parse_key(str(self["image"].value() or ""))
        picture: Image | None = self.choices.images.get(key)
        return picture

    @property
    def thumbnail(self) -> str:
        return media_summary(self.picture)["thumbnail"] if self.picture else ""

    @cached_property
    def hints(self) -> list[str]:
        """Return what is wrong with the text alternative; nothing for an empty row."""
        if self.picture is None:
            return []
        texts = {name: one_line(str(self[name].value() or "")) for name in ("alt", "caption")}
        is_decorative = bool(self["is_decorative"].value())
        figure = Figure(image=self.picture, is_decorative=is_decorative, **texts)
        return [fault.sentence for fault in figure.faults]

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("image", self) is None and not self.refused:
            self.add_error(
                "image", "画像を選んでください。図を載せないときは、行を削除してください。"
            )
        return self.cleaned_data


class LinkRow(FileRow):
    part = Link
    help = "本文の後に並びます。リンク先は、ページ・文書・外部のアドレスのうち1つです。"
    content = ("text", "page", "document", "url")

    text = LineField(label="リンクの文字", max_length=length_of(Link, "text"), required=False)
    page = PageField(label="サイト内のページ", required=False)
    document = MediaField(label="文書", required=False)
    upload = UploadField(Document, "新しい文書を登録する")
    url = forms.URLField(
        label="外部のアドレス",
        max_length=length_of(Link, "url"),
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "外部のアドレスを https:// から正しく書いてください。"},
    )

    def set_choices(self) -> None:
        self.fields["page"].pages = self.choices.pages  # type: ignore[attr-defined]
        self.fields["document"].set_media(self.choices.documents)  # type: ignore[attr-defined]
        self.fields["url"].validators[0].schemes = ["http", "https"]  # type: ignore[attr-defined]

    @property
    def fault(self) -> str:
        """Return what has to be corrected in the chosen document."""
        document = self.choices.documents.get(parse_key(str(self["document"].value() or "")))
        return fault_of(document) if document else ""

    @property
    def page_title(self) -> str:
        return self.choices.title_at(str(self["page"].value() or ""))

    def clean(self) -> dict[str, Any]:
        names = ("page", "document", "url")
        is_without_text = not self.cleaned_data.get("text") and "text" in self.cleaned_data
        if is_without_text and not self.refused:
            self.add_error("text", "リンクの文字を書いてください。行き先が分かる言葉にします。")
        if self.refused or any(name in self.errors for name in names):
            return self.cleaned_data
        targets = [name for name in names if self.cleaned_data.get(name)]
        if not targets:
            self.add_error(
                "page",
                "リンク先がありません。ページ・文書・外部のアドレスのうち1つを選んでください。",
            )
        elif len(targets) > 1:
            self.add_error(
                targets[1], "リンク先が2つ以上あります。1つだけ残して、ほかは空にしてください。"
            )
        return self.cleaned_data


class ContactRow(Row):
    part = Contact
    help = "このページについての問合せ先です。なければ、上の組織の連絡先が出ます。"
    content = ("name", "phone", "fax", "email")

    name = LineField(label="課・担当", max_length=length_of(Contact, "name"), required=False)
    phone = LineField(label="電話", max_length=length_of(Contact, "phone"), required=False)
    fax = LineField(label="FAX", max_length=length_of(Contact, "fax"), required=False)
    email = forms.EmailField(label="メール", max_length=length_of(Contact, "email"), required=False)

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("name") and "name" in self.cleaned_data:
            self.add_error("name", "課・担当の名前を書いてください。")
        return self.cleaned_data


class MediaChoices:
    """Pages and files that rows can refer to, read once a form: 2 queries and those for pages."""

    def __init__(self, stored: EditionText, data: Data | None, granted: Grants) -> None:
        moved_to = stored.edition.moved_to
        also = [link.page for link in stored.links if link.page]
        also += [moved_to] if moved_to else []
        addresses = list(values_of(data, "-page", "moved_to")) if data is not None else []
        found = named_pages(addresses, granted, also=also)
        self.pages, self.titles = found.pages, found.titles
        images = [part.image_id for part in stored.figures]
        self.images = files_for(Image, "-image", data, images, granted)
        documents = [part.document_id for part in stored.links if part.document_id]
        self.documents = files_for(Document, "-document", data, documents, granted)

    def title_at(self, address: str) -> str:
        """Return the title in force of the chosen page."""
        page = self.pages.get(address)
        return self.titles.get(page.pk, "") if page else ""


def files_for(
    library: Library, ending: str, data: Data | None, stored: Sequence[int], granted: Grants
) -> dict[int, Any]:
    """Return the files of a library to choose from, with those that are `stored` or were sent."""
    keys = set(filter(None, map(parse_key, values_of(data or {}, ending))))
    return options(library, [*stored, *keys], granted, count=CHOICES_LISTED)


def values_of(data: Data, *endings: str) -> Iterator[str]:
    """Yield the values of the fields whose names have one of `endings`."""
    for name in data:
        if name.endswith(endings):
            yield one_line(str(data[name] or ""))


class Rows(forms.BaseFormSet):
    """All parts of one type. Without a script, numbers typed beside them give their order."""

    form: type[Row]

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["ORDER"].label = "順番"
        form.fields["DELETE"].label = "この行を削除"

    @property
    def name(self) -> str:
        return str(self.form.part._meta.verbose_name)

    @property
    def help(self) -> str:
        return self.form.help

    @property
    def invalid_rows(self) -> list[Row]:
        return [row for row in self.ordered if self.is_bound and row.errors and not row.is_deleted]

    @property
    def valid_rows(self) -> list[Row]:
        rows = [
            row for row in self.forms if row.has_changed() and row.is_valid() and not row.is_deleted
        ]
        return sorted(rows, key=lambda row: row.place)

    @property
    def is_storable(self) -> bool:
        """Whether every row that is not deleted can be stored."""
        return not self.error and all(
            row.is_deleted or not row.has_changed() or row.is_valid() for row in self.forms
        )

    @property
    def error(self) -> str:
        """Return what is wrong with the rows as a whole."""
        if not self.is_bound:
            return ""
        if not self.management_form.is_valid():
            return "行を読み取れませんでした。画面を開き直してください。"
        sent = int(self.management_form.cleaned_data["TOTAL_FORMS"] or 0)
        if sent > ROWS_READ or self.stored_count > ROWS:
            return f"行が多すぎます。{ROWS}行以内にしてください。"
        return ""

    @property
    def stored_count(self) -> int:
        """Return the number of rows that have a value and are not deleted."""
        return sum(row.has_changed() and not row.is_deleted for row in self.forms)

    @property
    def ordered(self) -> list[Row]:
        """Return the rows in their order, the empty ones last."""
        if not self.is_bound:
            return list(self.forms)
        return sorted(self.forms, key=lambda row: (not row.has_changed(), row.place))


def rows_of(
    row: type[Row],
    *,
    data: Data | None,
    parts: Iterable[Part],
    choices: MediaChoices,
    refused: Mapping[str, list[str]],
) -> Rows:
    formset: type[Rows] = forms.formset_factory(  # type: ignore[assignment]
        row,
        formset=Rows,
        extra=2,
        can_order=True,
        can_delete=True,
        max_num=ROWS_READ,  # with fifty rows stored there are still empty ones, to replace one
        absolute_max=ROWS_READ,
    )
    return formset(
        data,
        prefix=f"{row.part.__name__.lower()}s",
        initial=[initial_of(row, part) for part in parts],
        form_kwargs={"choices": choices, "refused": refused},
    )


def initial_of(row: type[Row], part: Part) -> dict[str, Any]:
    values = {name: getattr(part, name) for name in row.content}
    page, document, image = (values.get(name) for name in ("page", "document", "image"))
    for name, chosen in (("document", document), ("image", image)):
        if name in values:
            values[name] = chosen.pk if chosen else ""
    if "page" in values:
        values["page"] = page.url_path if page else ""
    return values
