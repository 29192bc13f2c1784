"""Form fields for images and documents of the libraries."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from bureaus.admin.core.cleaning import parse_key
from bureaus.admin.core.thumbnails import thumbnail_at
from bureaus.models import Document, Image
from bureaus.publishing.file_findings import fault_of
from bureaus.text.formatting import file_note
from bureaus.uploads.intake import DOCUMENTS_ACCEPTED, IMAGES_ACCEPTED

SMALL = 160  # pixels; half of it on a screen of ordinary density


def media_summary(item: Image | Document) -> dict[str, str]:
    """Return what a form shows of a file; of an image the thumbnail, description and credit."""
    if isinstance(item, Document):
        name = f"{item}{file_note(item.address, item.byte_size, item.page_count)}"
        return {"name": name, "fault": fault_of(item)}
    return {
        "name": str(item),
        "thumbnail": thumbnail_at(item, SMALL).src,
        "alt": item.default_alt,
        "credit": item.credit,
    }


class MediaSelect(forms.Select):
    """
    A select of `media_items`, with data attributes for what a form shows of each.

    It is written in one pass: a form has fifty of them with a hundred options each.
    """

    media_items: Mapping[int, Image | Document] = {}

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        del renderer
        chosen = str(value or "")
        options_data = ((key, media_summary(item)) for key, item in self.media_items.items())
        options = format_html_join(
            "",
            '<option value="{}"{}{}>{}</option>',
            (
                (key, SELECTED if str(key) == chosen else "", data_of(words), words["name"])
                for key, words in (("", NOTHING), *options_data)
            ),
        )
        whole = {**self.attrs, **(attrs or {}), "name": name}
        written = format_html_join("", ' {}="{}"', whole.items())
        return format_html("<select{}>{}</select>", written, options)


SELECTED = SafeString(" selected")
NOTHING = {"name": "（選んでください）"}


def data_of(options_data: Mapping[str, str]) -> SafeString:
    known = (
        (name, options_data[name])
        for name in ("thumbnail", "alt", "credit", "fault")
        if options_data.get(name)
    )
    return format_html_join("", ' data-{}="{}"', known)


class MediaField(forms.Field):
    """One of the images or documents in `media_items`."""

    widget = MediaSelect
    media_items: Mapping[int, Any] = {}

    def set_media(self, media_items: Mapping[int, Any]) -> None:
        self.media_items = self.widget.media_items = media_items

    def clean(self, value: Any) -> Any:
        text = str(value or "")
        if text and parse_key(text) not in self.media_items:
            raise forms.ValidationError(
                "選んだものが見つかりません。選び直してください。", code="gone"
            )
        return self.media_items[int(text)] if text else None


class UploadField(forms.FileField):
    """An upload for a library. A view stores the file before this form is read."""

    def __init__(self, library: type[Image] | type[Document], label: str) -> None:
        super().__init__(label=label, required=False)
        accepted = IMAGES_ACCEPTED if library is Image else DOCUMENTS_ACCEPTED
        self.help_text = f"{accepted.formats}、{accepted.size}まで"
        self.widget.attrs |= {"accept": accepted.accept, "data-bytes": accepted.most}
