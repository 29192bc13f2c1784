"""The state of the tree in its address: the top page, the open branches and the filters."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

from django import forms
from django.http import QueryDict
from django.urls import reverse

from bureaus.admin.core.cleaning import KEY, parse_key
from bureaus.admin.core.lists import FilterForm, SearchField, TickInput
from bureaus.admin.core.page_states import Chip
from bureaus.models import Kind
from bureaus.text.words import LENGTH, readable_query

OPENED = re.compile(rf"({KEY.pattern})(?:-([1-9][0-9]?))?", re.ASCII)
PROOFS = {"error": "誤りがある", "any": "誤りか注意がある"}
MOST_OPENED = 50  # pages that are open at once
MOST_BATCHES = 10  # of one page's children


class WordsField(SearchField):
    """The words of a search; of a whole address, the path."""

    def to_python(self, value: Any) -> str:
        return clean_words(str(value or ""))


class TreeFilter(FilterForm):
    """The filters above the tree; with any of them a list takes the place of the tree."""

    q = WordsField()
    state = forms.ChoiceField(required=False, choices=[("", "すべて"), *Chip.choices])
    kind = forms.ChoiceField(required=False, choices=[("", "すべて"), *Kind.choices])
    proof = forms.ChoiceField(required=False, choices=[("", "すべて"), *PROOFS.items()])
    mine = forms.BooleanField(required=False, widget=TickInput)
    waiting = forms.BooleanField(required=False, widget=TickInput)


@dataclass(frozen=True, slots=True)
class TreeParams:
    """
    The state of the tree.

    `opened` has the open pages in the order of opening, each with its visible batches of children.
    The tree is opened down to `show`, which is marked. `after` is the last row of the previous
    page of the list.
    """

    under: int = 0
    opened: tuple[tuple[int, int], ...] = ()
    show: int = 0
    words: str = ""
    state: str = ""
    kind: str = ""
    is_mine: bool = False
    is_waiting: bool = False
    is_list: bool = False
    after: int = 0
    proof: str = ""  # pages in which the proofreader found an error, or anything

    @classmethod
    def of(cls, query: QueryDict) -> Self:
        """Return the state for any `query`: an unreadable value counts as absent."""
        filters = TreeFilter.read(query).cleaned_data
        return cls(
            under=parse_key(query.get("under")),
            opened=opened_in(query.getlist("open")),
            show=parse_key(query.get("show")),
            words=filters["q"],
            state=filters["state"],
            kind=filters["kind"],
            is_mine=filters["mine"],
            is_waiting=filters["waiting"],
            is_list=query.get("list") == "1",
            after=parse_key(query.get("after")),
            proof=filters["proof"],
        )

    @property
    def looks_for(self) -> bool:
        """Tell whether any filter is set, so that a list takes the place of the tree."""
        narrowed = self.words or self.state or self.kind or self.proof
        return bool(narrowed or self.is_mine or self.is_waiting or self.is_list)

    @property
    def query(self) -> str:
        """Return the query string of the same state."""
        opened = ",".join(
            f"{key}-{batches}" if batches > 1 else str(key) for key, batches in self.opened
        )
        values: Mapping[str, str | int] = {
            "under": self.under,
            "open": opened,
            "show": self.show,
            "q": self.words,
            "state": self.state,
            "kind": self.kind,
            "proof": self.proof,
            "mine": int(self.is_mine),
            "waiting": int(self.is_waiting),
            "list": int(self.is_list),
            "after": self.after,
        }
        return urlencode({name: value for name, value in values.items() if value}, safe=",")

    @property
    def address(self) -> str:
        address = reverse("admin:bureaus_page_changelist")
        return f"{address}?{self.query}" if self.query else address

    def with_open(self, key: int, batches: int = 1) -> Self:
        others = tuple(item for item in self.opened if item[0] != key)
        return replace(self, opened=(*others, (key, batches)), show=0)

    def without(self, key: int) -> Self:
        return replace(self, opened=tuple(i for i in self.opened if i[0] != key), show=0)


def tree_params(text: str) -> TreeParams:
    """
    Read the state of the tree that another screen leads back to.

    The query is parsed and written anew, so that it can lead nowhere else.
    """
    return TreeParams.of(QueryDict(text[:2_000]))


def opened_in(texts: list[str]) -> tuple[tuple[int, int], ...]:
    opened: dict[int, int] = {}
    for text in ",".join(texts).split(",")[:MOST_OPENED]:
        found = OPENED.fullmatch(text)
        if found is not None:
            opened[int(found[1])] = min(int(found[2] or 1), MOST_BATCHES)
    return tuple(opened.items())


def clean_words(text: str) -> str:
    """Return the words of a search; of a whole address, its path."""
    text = readable_query(text.strip()[:LENGTH])
    if text.startswith(("http://", "https://")):
        try:
            text = urlsplit(text).path
        except ValueError:
            return text
    return " ".join(text.split())
