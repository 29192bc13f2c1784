"""What the address of the tree asks for: where it stands, what is open, what is looked for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode, urlsplit

from django.http import QueryDict
from django.urls import reverse

from bureaus.admin.core.cleaning import KEY, parse_key
from bureaus.admin.core.page_states import Chip
from bureaus.models import Kind
from bureaus.text.words import LENGTH, readable_query

OPENED = re.compile(rf"({KEY.pattern})(?:-([1-9][0-9]?))?", re.ASCII)
PROOFS = {"error": "誤りがある", "any": "誤りか注意がある"}
MOST_OPENED = 50  # pages whose children are shown at once
MOST_BATCHES = 10  # of one page's children


@dataclass(frozen=True, slots=True)
class TreeParams:
    """
    `opened`: how many batches of children are shown of which page, in the order of opening.

    `show` is a page to be opened up to and marked, `after` the last one of the list before this.
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
        """Nothing in `query` can make this fail: what cannot be read is as if not asked."""
        state, kind, proof = (query.get(name, "") for name in ("state", "kind", "proof"))
        return cls(
            under=parse_key(query.get("under")),
            opened=opened_in(query.getlist("open")),
            show=parse_key(query.get("show")),
            words=clean_words(query.get("q", "")),
            state=state if state in Chip.values else "",
            kind=kind if kind in Kind.values else "",
            is_mine=query.get("mine") == "1",
            is_waiting=query.get("waiting") == "1",
            is_list=query.get("list") == "1",
            after=parse_key(query.get("after")),
            proof=proof if proof in PROOFS else "",
        )

    @property
    def looks_for(self) -> bool:
        """Whether a list is wanted, and not the tree."""
        narrowed = self.words or self.state or self.kind or self.proof
        return bool(narrowed or self.is_mine or self.is_waiting or self.is_list)

    @property
    def query(self) -> str:
        """The same, as it stands in an address."""
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
    The tree that somebody came from, out of the query that he brought along.

    The query is read and written anew: it can lead nowhere else.
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
    """What is looked for; of a whole address of this or another site, its path."""
    text = readable_query(text.strip()[:LENGTH])
    if text.startswith(("http://", "https://")):
        try:
            text = urlsplit(text).path
        except ValueError:
            return text
    return " ".join(text.split())
