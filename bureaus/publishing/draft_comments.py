"""The comments on a draft in threads, and the passages of the draft that they are about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce

from bureaus.models import DraftComment, Edition, Link
from bureaus.models.edition_text import labelled_lines, prefetched_text
from bureaus.text.quotes import Quote, place_of


@dataclass(frozen=True, slots=True)
class Passage:
    """A line of a draft as it is read. `place` names it in a form."""

    place: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Thread:
    """
    A comment with its answers. `place` is that of its passage now.

    Empty for the whole draft, and where the passage has gone.
    """

    first: DraftComment
    answers: tuple[DraftComment, ...]
    place: str

    @property
    def is_gone(self) -> bool:
        return bool(self.first.field) and not self.place

    @property
    def is_open(self) -> bool:
        return self.first.resolved_at is None


def passages_of(edition: Edition) -> list[Passage]:
    """Return the lines of the edition in the order of its form. At most 4 queries."""
    links = Prefetch("links", Link.objects.with_targets())
    prefetch_related_objects([edition], "figures", links, "contacts")
    return [
        Passage(f"{field}-{line}", label, text)
        for field, (label, lines) in enumerate(labelled_lines(prefetched_text(edition)))
        for line, text in enumerate(lines)
    ]


def threads_of(edition: Edition, passages: Sequence[Passage]) -> list[Thread]:
    """Return the threads of the edition, the oldest first. 1 query."""
    comments = DraftComment.objects.filter(edition=edition).select_related("author", "resolver")
    found: dict[str, list[DraftComment]] = {}
    for comment in comments:
        found.setdefault(comment.thread, []).append(comment)
    return [
        Thread(first, tuple(answers), place_in(passages, first))
        for first, *answers in found.values()
        if first.is_first
    ]


def place_in(passages: Iterable[Passage], comment: DraftComment) -> str:
    """Return the place of the passage of a comment: in its own field, else wherever it went."""
    quote = Quote(comment.quote, comment.before, comment.after)
    ordered = sorted(passages, key=lambda passage: passage.label != comment.field)
    if not comment.quote:
        return next((each.place for each in ordered if each.label == comment.field), "")
    found = [each for each in ordered if place_of(quote, each.text) is not None]
    whole = quote.before + quote.text + quote.after
    exact = [each for each in found if whole in each.text]
    return next((each.place for each in exact or found), "")


def with_open_comments(editions: Any) -> Any:
    """Annotate `open_comments`: how many threads of an edition nobody has settled. No query."""
    unresolved = DraftComment.objects.unresolved().filter(edition=OuterRef("pk")).order_by()
    counted = unresolved.values("edition").annotate(count=Count("pk")).values("count")
    return editions.annotate(open_comments=Coalesce(Subquery(counted), 0))


def open_comments_of(editions: Iterable[Any]) -> int:
    """Return how many there are in editions from `with_open_comments`."""
    return sum(each.open_comments for each in editions)


def open_threads(edition: Any) -> list[Thread]:
    """Return the unsettled threads of an edition with `open_comments`; no query without any."""
    if not edition.open_comments:
        return []
    return [each for each in threads_of(edition, passages_of(edition)) if each.is_open]


def count_open(*editions: Edition) -> int:
    """Return how many threads nobody has settled. 1 query."""
    return DraftComment.objects.filter(edition__in=editions).unresolved().count()
