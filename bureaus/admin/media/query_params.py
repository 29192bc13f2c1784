"""What the address of a library asks for: words, one filter, and which page of the list."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode

from django.http import QueryDict

from bureaus.text.words import readable_query
from bureaus.text.words.typed_query import LENGTH

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
