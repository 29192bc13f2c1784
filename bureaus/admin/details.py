"""What an event keeps besides its note, in the words of an officer."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from bureaus.models import Role
from bureaus.text import japanese_moment

WORDS: dict[str, tuple[str, Callable[[Any], str]]] = {
    "number": ("版", lambda number: f"第{number}版"),
    "title": ("表題", str),
    "source": ("元にした版", lambda number: f"第{number}版"),
    "booked": ("公開の予約", lambda moment: japanese_moment(datetime.fromisoformat(moment))),
    "old": ("前のアドレス", str),
    "new": ("新しいアドレス", str),
    "released": ("転送をやめたアドレス", lambda addresses: "、".join(map(str, addresses))),
    "officer": ("担当者", str),
    "role": ("役割", lambda role: str(Role(role).label)),
}


def in_words(details: dict[str, Any]) -> str:
    """表題：お知らせ／版：第2版; a key that has no words yet shows its value alone."""
    said = []
    for name, value in details.items():
        label, words = WORDS.get(name, ("", str))
        said.append(f"{label}：{words(value)}" if label else words(value))
    return "／".join(said)
