"""Choosing a picture or a document in a form: what is told of each, and the list to choose from."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from bureaus.admin.core.cleaning import parse_key
from bureaus.admin.core.thumbnails import thumbnail_at
from bureaus.models import Document, Image
from bureaus.text.formatting import file_note
from bureaus.uploads.intake import DOCUMENTS_ACCEPTED, IMAGES_ACCEPTED

SMALL = 160  # pixels: half of it on an ordinary screen


def media_summary(item: Image | Document) -> dict[str, str]:
    """What a form shows of it; of a picture its small one too, and the words that it brings."""
    if isinstance(item, Document):
        return {"name": f"{item}{file_note(item.address, item.byte_size, item.page_count)}"}
    return {
        "name": str(item),
        "thumbnail": thumbnail_at(item, SMALL).src,
        "alt": item.default_alt,
        "credit": item.credit,
    }


class MediaSelect(forms.Select):
    """
    A list of what is `shelved`, with what a form shows of each.

    Written in one go: a form has fifty of them, with a hundred to choose from in each.
    """

    shelved: Mapping[int, Image | Document] = {}

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        del renderer
        chosen = str(value or "")
        told = ((key, media_summary(item)) for key, item in self.shelved.items())
        options = format_html_join(
            "",
            '<option value="{}"{}{}>{}</option>',
            (
                (key, SELECTED if str(key) == chosen else "", data_of(words), words["name"])
                for key, words in (("", NOTHING), *told)
            ),
        )
        whole = {**self.attrs, **(attrs or {}), "name": name}
        written = format_html_join("", ' {}="{}"', whole.items())
        return format_html("<select{}>{}</select>", written, options)


SELECTED = SafeString(" selected")
NOTHING = {"name": "（選んでください）"}


def data_of(told: Mapping[str, str]) -> SafeString:
    known = ((name, told[name]) for name in ("thumbnail", "alt", "credit") if told.get(name))
    return format_html_join("", ' data-{}="{}"', known)


class MediaField(forms.Field):
    """One of the pictures or documents that are `shelved`."""

    widget = MediaSelect
    shelved: Mapping[int, Any] = {}

    def put(self, shelved: Mapping[int, Any]) -> None:
        self.shelved = self.widget.shelved = shelved

    def clean(self, value: Any) -> Any:
        text = str(value or "")
        if text and parse_key(text) not in self.shelved:
            raise forms.ValidationError(
                "選んだものが見つかりません。選び直してください。", code="gone"
            )
        return self.shelved[int(text)] if text else None


class UploadField(forms.FileField):
    """A file for a library. It is taken before the form is read: what is here is the label."""

    def __init__(self, library: type[Image] | type[Document], label: str) -> None:
        super().__init__(label=label, required=False)
        accepted = IMAGES_ACCEPTED if library is Image else DOCUMENTS_ACCEPTED
        self.help_text = f"{accepted.formats}、{accepted.size}まで"
        self.widget.attrs |= {"accept": accepted.accept, "data-bytes": accepted.most}
