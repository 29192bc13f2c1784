"""What changed from one edition to another, field by field: all that they say, and its markup."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bureaus.models import Edition
from bureaus.models.edition_text import LabelledLines, labelled_lines, prefetched_text
from bureaus.text.body_lines import body_lines
from bureaus.text.differences import Pair, compare

NEAR = 1  # unchanged lines shown before and after a change


@dataclass(frozen=True, slots=True)
class Same:
    """Lines that are the same in both and are not shown."""

    count: int


@dataclass(frozen=True, slots=True)
class Field:
    """`rows`: the changed lines with those near them; of a field that is the same, all."""

    label: str
    rows: tuple[Pair | Same, ...]
    is_changed: bool


@dataclass(frozen=True, slots=True)
class EditionDifferences:
    fields: tuple[Field, ...]
    is_markup_only: bool = False  # words and links are the same, and the body's HTML is not

    @property
    def changed(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.is_changed)

    @property
    def unchanged(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if not field.is_changed)


def edition_differences(older: Edition | None, newer: Edition) -> EditionDifferences:
    """
    Between two editions from `editions.whole`, without a query; of the first one, all is new.

    A field that is empty in both is left out.
    """
    before = dict(lines_of(older)) if older else {}
    fields = []
    for label, lines in lines_of(newer):
        old = before.get(label, [])
        if old or lines:
            fields.append(field_of(label, compare(old, lines)))
    is_changed = any(field.is_changed for field in fields)
    has_other_markup = older is not None and older.body != newer.body
    return EditionDifferences(tuple(fields), has_other_markup and not is_changed)


def lines_of(edition: Edition) -> list[LabelledLines]:
    return labelled_lines(prefetched_text(edition), body_lines=body_lines)


def field_of(label: str, pairs: Sequence[Pair]) -> Field:
    is_changed = any(pair.is_changed for pair in pairs)
    return Field(label, tuple(condensed(pairs)) if is_changed else tuple(pairs), is_changed)


def condensed(pairs: Sequence[Pair]) -> Iterable[Pair | Same]:
    """The changes, and one line around each: what is the same at length is only counted."""
    changes = [number for number, pair in enumerate(pairs) if pair.is_changed]
    visible = {near for number in changes for near in range(number - NEAR, number + NEAR + 1)}
    skipped = 0
    for number, pair in enumerate(pairs):
        if number in visible:
            if skipped:
                yield Same(skipped)
            skipped = 0
            yield pair
        else:
            skipped += 1
    if skipped:
        yield Same(skipped)
