"""What a producer makes: files that hide something, honest files, and where both come from."""

import random
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.helpers.hidden_pdfs import PATH, SECRET_NAME

WAYS = 12
HONEST = 30
REMOVED = "removed"  # the rule of pictures: nothing of it is in what the site serves
REFUSED = "refused"
SUBJECTS = ("情報通信政策", "電波の利用", "地域の活性化", "統計調査", "消防と防災", "行政評価")
VERBS = ("を進めます。", "について意見を募集します。", "の結果を公表します。", "を見直します。")


@dataclass(frozen=True, slots=True)
class HiddenFile:
    """A file with hidden content, and the rule and place by which it must be found."""

    way: str
    suffix: str
    content: bytes
    rule: str
    place: str


@dataclass(frozen=True, slots=True)
class HonestFile:
    suffix: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Producer:
    """`missing` names the Debian package without which it makes nothing, or is empty."""

    name: str
    missing: str
    hidden: Callable[[Path], Iterable[HiddenFile]]
    honest: Callable[[Path], Iterable[HonestFile]]


def package_unless(program: str, package: str) -> str:
    return "" if shutil.which(program) else package


def sentences(number: int, count: int = 6) -> list[str]:
    """Return the sentences of the honest document of this number: always the same ones."""
    dice = random.Random(number)
    return [f"{dice.choice(SUBJECTS)}{dice.choice(VERBS)}" for _ in range(count)]


__all__ = ["PATH", "SECRET_NAME"]
