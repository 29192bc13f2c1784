"""The order of pages as an officer has typed or clicked it: no query, nothing is stored."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from django.http import QueryDict

from bureaus.admin.core.cleaning import KEY_PATTERN, parse_key

NUMBER = re.compile(r"[0-9]{1,4}", re.ASCII)
STEP = re.compile(rf"(up|down)-({KEY_PATTERN})", re.ASCII)


@dataclass(frozen=True, slots=True)
class TypedOrder:
    """
    The pages in the order that was sent, each with the number that was typed for it.

    `errors`: the sentence for each page whose number cannot be used.
    """

    keys: tuple[int, ...]
    numbers: Mapping[int, str]
    errors: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def read(cls, data: QueryDict, stored: Collection[int]) -> Self:
        """Read the list; what is no longer there is left out, and what has come is at the end."""
        sent = dict.fromkeys(map(parse_key, data.getlist("page")))
        typed = dict(zip(sent, data.getlist("number"), strict=False))
        keys = [key for key in sent if key in stored]
        keys += [key for key in stored if key not in sent]
        numbers = {
            key: typed.get(key, "").strip() or str(place) for place, key in enumerate(keys, 1)
        }
        if set(keys) != set(sent):
            numbers = {key: str(place) for place, key in enumerate(keys, 1)}
        sentence = f"1から{len(keys)}までの番号を、半角の数字で入れてください。"
        wrong = {key: sentence for key in keys if not is_place(numbers[key], len(keys))}
        return cls(tuple(keys), numbers, wrong)

    @property
    def arranged(self) -> list[int]:
        """The pages in the order of the numbers: those that were given another one take it."""
        places = {key: int(self.numbers[key]) for key in self.keys}
        moved = [key for place, key in enumerate(self.keys, 1) if places[key] != place]
        order = [key for key in self.keys if key not in set(moved)]
        for key in sorted(moved, key=lambda each: places[each]):
            order.insert(places[key] - 1, key)
        return order


def is_place(text: str, count: int) -> bool:
    return NUMBER.fullmatch(text) is not None and 1 <= int(text) <= count


def step_of(button: str) -> tuple[int, int]:
    """Return the page and the steps of a button like `up-12`; two zeros of any other."""
    found = STEP.fullmatch(button)
    if found is None:
        return 0, 0
    return int(found[2]), -1 if found[1] == "up" else 1


def stepped(order: Sequence[int], key: int, steps: int) -> list[int]:
    """Return `order` with `key` moved, as far as there is place."""
    others = [each for each in order if each != key]
    if key in order:
        others.insert(max(0, order.index(key) + steps), key)
    return others
