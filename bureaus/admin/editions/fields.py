"""Form fields of a draft: they remove invisible characters, and keep all others."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from html import escape, unescape
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django import forms
from django.conf import settings
from django.db.models import Model
from django.http.request import validate_host

from bureaus.models import Page
from bureaus.text.html_normalizer import normalize_html
from bureaus.text.office_html import Cleaned
from bureaus.text.periods import (
    UnreadablePeriod,
    end_of,
    start_of,
    written_end,
    written_start,
)
from bureaus.text.rich_text import BodyTooHeavy, clean_body, is_safe_address, strip_invisible

NO_PAGE = "「{}」にページが見つかりません。アドレスを確かめるか、表題で探して選んでください。"

WHOLE_LINK = re.compile(r'<a href="(https?://[^"]*)"', re.IGNORECASE)


def one_line(text: str) -> str:
    return " ".join(strip_invisible(text).split())


def site_relative_links(body: str) -> str:
    """
    Return `body` with whole addresses of this site as paths, which stay right on any host.

    Only of paths are the links checked, dated and counted as uses.
    """
    return WHOLE_LINK.sub(lambda link: f'<a href="{own_path(link[1])}"', body)


def own_path(written: str) -> str:
    """Return the path of an address of this site as it is written in HTML; another as it is."""
    try:
        parts = urlsplit(unescape(written))
        is_own = validate_host(parts.hostname or "", own_hosts())
    except ValueError:
        return written
    path = urlunsplit(("", "", parts.path or "/", parts.query, parts.fragment))
    is_page = is_own and is_safe_address(path) and not path.startswith("/media/")
    return escape(path) if is_page else written


def own_hosts() -> list[str]:
    """Return the hosts that are known by name; in development any host may be allowed."""
    own = urlsplit(settings.SITE_ORIGIN).hostname
    return [host for host in (own, *settings.ALLOWED_HOSTS) if host and host != "*"]


def length_of(model: type[Model], name: str) -> int | None:
    """Return the greatest length of a stored text, which its field in a form has too."""
    length: int | None = getattr(model._meta.get_field(name), "max_length", None)
    return length


class LineField(forms.CharField):
    """One line of text. Invisible characters are removed before it is validated."""

    def to_python(self, value: Any) -> str:
        return one_line(str(value or ""))


class LinesField(forms.CharField):
    """Several lines of text."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: Any) -> str:
        lines = str(value or "").replace("\r\n", "\n").replace("\r", "\n")
        return strip_invisible(lines).strip()


class BodyField(forms.CharField):
    """
    Rich text, sanitised and normalised. A body that is too heavy is an error.

    After cleaning, `removed` says what was removed from it or changed, and lists it.
    """

    removed = Cleaned("")
    widget = forms.Textarea(attrs={"rows": 24, "spellcheck": "false"})

    def to_python(self, value: Any) -> str:
        html = str(value or "").replace("\r\n", "\n").replace("\r", "\n")
        try:
            cleaned = clean_body(html)
        except BodyTooHeavy as error:
            raise forms.ValidationError(str(error), code="heavy") from error
        self.removed = cleaned
        return site_relative_links(normalize_html(cleaned.html))


class PeriodField(forms.Field):
    """The start of a period, as people write days and times; `PeriodEndField` is its end."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"})
    read: Callable[[str], datetime] = staticmethod(start_of)
    write: Callable[[datetime], str] = staticmethod(written_start)

    def to_python(self, value: Any) -> datetime | None:
        text = one_line(str(value or ""))
        if not text:
            return None
        try:
            return self.read(text)
        except UnreadablePeriod as error:
            raise forms.ValidationError(str(error), code="period") from error

    def prepare_value(self, value: Any) -> Any:
        return self.write(value) if isinstance(value, datetime) else value


class PeriodEndField(PeriodField):
    read = staticmethod(end_of)
    write = staticmethod(written_end)


class PageField(forms.Field):
    """A page, by its address; `pages` are those that the addresses in the form belong to."""

    widget = forms.TextInput(attrs={"data-chooser": "", "autocomplete": "off"})
    pages: Mapping[str, Page] = {}

    def to_python(self, value: Any) -> Page | None:
        text = one_line(str(value or ""))
        if not text:
            return None
        if text not in self.pages:
            raise forms.ValidationError(NO_PAGE.format(text[:100]), code="page")
        return self.pages[text]
