"""The parts that the lists of the admin share: filters in the address and uncounted pages."""

from collections.abc import Mapping
from typing import Any, Self

from django import forms
from django.core.paginator import Page, Paginator

from bureaus.admin.core.cleaning import parse_key
from bureaus.text.words import LENGTH, readable_query

LAST_PAGE = 100_000  # an offset has its limits, and no list is that long


class SearchField(forms.CharField):
    """The words of a search, cut to the length that is read; white space is folded."""

    widget = forms.SearchInput

    def __init__(self) -> None:
        super().__init__(required=False, max_length=LENGTH)

    def to_python(self, value: Any) -> str:
        return " ".join(readable_query(str(value or "").strip()[:LENGTH]).split())


class TickInput(forms.CheckboxInput):
    """A checkbox that is sent as `1`; any other value counts as not ticked."""

    def format_value(self, value: Any) -> str:
        del value
        return "1"

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        del files
        return data.get(name) in ("1", True)


class FilterForm(forms.Form):
    """The filters of a list, none of them required. Its controls have the ids `finder-…`."""

    use_required_attribute = False

    @classmethod
    def read(cls, query: Mapping[str, Any], **options: Any) -> Self:
        """Return a valid form for any `query`: an unreadable value counts as absent."""
        sent = cls(query, auto_id="finder-%s", **options)
        sent.full_clean()
        readable = {name: sent.cleaned_data.get(name, "") for name in sent.fields}
        form = cls(readable, auto_id="finder-%s", **options)
        form.full_clean()
        return form


class UncountedPage(Page):
    """A page of a list that knows whether more rows follow, and not how many."""

    paginator: "UncountedPaginator"

    def __init__(self, rows: list[Any], number: int, paginator: "UncountedPaginator") -> None:
        super().__init__(rows[: paginator.per_page], number, paginator)
        self.is_followed = len(rows) > paginator.per_page

    def has_next(self) -> bool:
        return self.is_followed

    def has_previous(self) -> bool:
        return self.number > self.paginator.first_number

    def start_index(self) -> int:
        return self.paginator.offset(self.number) + 1

    def end_index(self) -> int:
        return self.paginator.offset(self.number) + len(self)


class UncountedPaginator(Paginator):
    """
    Read one row more than a page shows in place of counting all rows. 1 query a page.

    The count of a long list costs more than its page. Numbers begin with `first_number`, as they
    do in the addresses of the list.
    """

    def __init__(self, rows: Any, per_page: int, *, first_number: int = 1) -> None:
        super().__init__(rows, per_page)
        self.first_number = first_number

    def validate_number(self, number: Any) -> int:
        """Return the number nearest to `number`; the first one where it cannot be read."""
        return min(max(parse_key(str(number)), self.first_number), LAST_PAGE)

    def get_page(self, number: Any) -> UncountedPage:
        """Return the page `number` for any `number`; it is empty behind the last row."""
        number = self.validate_number(number)
        start = self.offset(number)
        rows = list(self.object_list[start : start + self.per_page + 1])
        return UncountedPage(rows, number, self)

    def offset(self, number: int) -> int:
        return (number - self.first_number) * self.per_page
