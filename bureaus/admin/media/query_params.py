"""What the address of a library asks for: words, one filter, and which page of the list."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import reduce
from operator import and_, or_
from typing import Self
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict

from bureaus.text.words import readable_query
from bureaus.text.words.questions import LENGTH, WORDS

NUMBER = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
MOST_PAGES = 100_000  # what lies behind is empty anyway, and an offset has its limits


@dataclass(frozen=True, slots=True)
class LibraryParams:
    words: str = ""
    only: str = ""  # the name of the filter
    page: int = 1

    @classmethod
    def of(cls, query: QueryDict, filters: Collection[str]) -> Self:
        """Nothing in `query` can make this fail: what cannot be read is as if not asked."""
        only, page = query.get("only", ""), query.get("page", "")
        return cls(
            words=" ".join(readable_query(query.get("q", "").strip()[:LENGTH]).split()),
            only=only if only in filters else "",
            page=min(int(page), MOST_PAGES) if NUMBER.fullmatch(page) else 1,
        )

    @property
    def narrows(self) -> bool:
        return bool(self.words or self.only)

    @property
    def query(self) -> str:
        """The same, as it stands in an address."""
        values = {"q": self.words, "only": self.only, "page": self.page if self.page > 1 else ""}
        return urlencode({name: value for name, value in values.items() if value})

    def at(self, page: int) -> Self:
        return replace(self, page=page)


def with_words(words: str, fields: Iterable[str]) -> Q:
    """
    Every word, if any, in any of `fields`, all as they were typed or all as NFKC writes them.

    What is stored is stored as it was written.
    """
    fields = tuple(fields)
    spellings = dict.fromkeys((words, unicodedata.normalize("NFKC", words)))
    every = ((in_any(fields, word) for word in each.split()[:WORDS]) for each in spellings)
    return reduce(or_, (reduce(and_, conditions, Q()) for conditions in every))


def in_any(fields: Iterable[str], word: str) -> Q:
    condition = Q()
    for field in fields:
        condition |= Q(**{f"{field}__icontains": word})
    return condition
