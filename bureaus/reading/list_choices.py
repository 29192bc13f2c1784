"""The choices of a list: its filters and its pages, as links."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from bureaus.reading.view_models import FilterChoice

Value = TypeVar("Value")


def filter_choices(
    options: Iterable[tuple[str, Value]], url_of: Callable[[Value], str], chosen: Value
) -> tuple[FilterChoice, ...]:
    """Return a link for each label and value, that of the `chosen` value marked."""
    return tuple(FilterChoice(label, url_of(value), value == chosen) for label, value in options)


def page_choices(here: int, count: int, url_of: Callable[[int], str]) -> tuple[FilterChoice, ...]:
    """Return the first, the last and the pages near this one; a gap between them is one choice."""
    near = {1, count, *range(max(1, here - 2), min(count, here + 2) + 1)}
    choices: list[FilterChoice] = []
    for page in sorted(near) if count > 1 else ():
        if choices and page - 1 not in near:
            choices.append(FilterChoice("…", "", is_chosen=False))
        choices.append(FilterChoice(str(page), url_of(page), is_chosen=page == here))
    return tuple(choices)


def filter_label(*filters: str, page: int) -> str:
    """Return （2013年、報道資料、2ページ目）; empty for the first page of the whole list."""
    label = "、".join(filter(None, [*filters, f"{page}ページ目" if page > 1 else ""]))
    return f"（{label}）" if label else ""
