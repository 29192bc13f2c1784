"""
What searching costs: `python -m tests.bench.search 20000 100000`.

Milliseconds of a whole request to /search/ with the production settings, by the kind of question:
parts of the texts of so many characters, words that nearly every page holds, and what no page
holds; and of the look-up behind the officers' tree. Of the processor, which other programs do not
lengthen; TEST_DATABASE=postgresql: on a cluster of its own, with what its backend works.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from tests.bench.pages import Application, a_site, ask, database

if TYPE_CHECKING:
    from bureaus.models import Kind

SIZES = (20_000, 100_000)
VOCABULARY = 8_000  # words
BUREAUS = 30
LENGTH = 800  # characters of a text
QUESTIONS = 60  # of each kind
COMMON = ("総務省", "政策", "について", "省", "年")
FRAME = "総務省は、{}について、平成25年度の政策として{}を公表しました。{}"
BATCH = 1_000
COMPARED = 10  # parts of each length, with a naive look
NAIVE = 20_000  # editions up to which it is worth the waiting


def main(sizes: list[int]) -> None:
    with a_site() as application:
        for size in sizes:
            with database(f"search{size}"):
                measure(application, size)


class Writer:
    """Texts of words as often as words are: the second half as often as the first, and so on."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        signs = [chr(0x4E00 + self.dice.randrange(3_000)) for _ in range(1_500)]
        signs += [chr(0x30A2 + self.dice.randrange(70)) for _ in range(300)]
        lengths = (1, 2, 2, 2, 3, 4)
        self.words = [
            "".join(self.dice.choices(signs, k=self.dice.choice(lengths)))
            for _ in range(VOCABULARY)
        ]
        self.weights = list(accumulate(1 / (rank + 3) for rank in range(VOCABULARY)))

    def text(self, length: int) -> str:
        return "".join(self.dice.choices(self.words, cum_weights=self.weights, k=length // 2))


def kinds_at(size: int) -> "dict[str, Kind]":
    """A ministry of thirty bureaus, and all its pages below them."""
    from bureaus.models import Kind

    places = [(f"/o/b{number}/", Kind.ORGANISATION) for number in range(BUREAUS)]
    places = [("/", Kind.ORGANISATION), ("/o/", Kind.PAGE), *places]
    places += [
        (f"/o/b{number % BUREAUS}/p{number}/", Kind.PAGE) for number in range(len(places), size)
    ]
    return dict(places)


def fill(size: int) -> list[str]:
    """So many pages with an edition each; return some of their texts."""
    from datetime import timedelta

    from bureaus.models import Edition, Kind, State
    from bureaus.models.locks import tree_lock
    from tests.helpers.cast import OPENING, place_all

    writer, samples = Writer(size), []
    with tree_lock():
        editions = []
        for page in place_all(kinds_at(size)):
            texts = [writer.text(LENGTH // 3) for _ in range(3)]
            body = FRAME.format(*texts)
            samples += [body] if writer.dice.random() < 2_000 / size else []
            editions.append(
                Edition(
                    page=page,
                    number=1,
                    state=State.APPROVED,
                    live_from=OPENING + timedelta(hours=writer.dice.randrange(60_000)),
                    title=writer.text(16),
                    body=f"<p>{body}</p>",
                    category="division" if page.kind == Kind.ORGANISATION else "general",
                )
            )
        Edition.objects.bulk_create(editions, batch_size=BATCH)
    return samples


def questions(samples: list[str]) -> dict[str, list[str]]:
    dice = random.Random(1)

    def part(length: int) -> str:
        text = dice.choice(samples)
        start = dice.randrange(len(text) - length)
        return text[start : start + length]

    found = {
        f"{length} characters": [part(length) for _ in range(QUESTIONS)] for length in (1, 2, 3, 5)
    }
    return found | {
        "phrases of 15": [f"「{part(15)}」" for _ in range(QUESTIONS)],
        "two words": [f"{part(2)} {part(2)}" for _ in range(QUESTIONS)],
        "on every page": [dice.choice(COMMON) for _ in range(QUESTIONS)],
        "in one year": [f"{dice.choice(COMMON)}&year={2013 + number % 7}" for number in range(20)],
        "sorted by date": [f"{dice.choice(COMMON)}&sort=date" for _ in range(20)],
        "in the past": [f"{dice.choice(COMMON)}&at=2013-0{4 + n % 4}-20" for n in range(20)],
        "in vain": [f"{part(2)}無{part(2)}無" for _ in range(QUESTIONS)],
        "suggestions": [part(2) for _ in range(QUESTIONS)],
        "officers' tree": [*map(part, range(1, 11)), *COMMON, *(f"{part(2)}無" for _ in range(20))],
    }


def measure(application: Application, size: int) -> None:
    from django.db import connection

    from bureaus import search

    samples = fill(size)
    begin = time.perf_counter()
    search.rebuild(lambda _done, _all: None)
    built = time.perf_counter() - begin
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    print(
        f"\n{size:,} editions, {connection.vendor}: index {search.byte_size() / 2**20:,.0f} MB,"
        f" built in {built:,.0f} s\n  {'':<18}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}"
    )
    if size <= NAIVE:
        print_row_of_recall(samples)
    queries = questions(samples)
    clock = database_clock()
    every: list[float] = []
    for name, texts in queries.items():
        times = [timed(application, name, text, clock) for text in texts]
        every += times if name not in {"suggestions", "officers' tree"} else []
        print_row(name, times)
    print_row("all of /search/", every)


def database_clock() -> Callable[[], float]:
    """Seconds that this process has worked, and on PostgreSQL its backend: Linux counts both."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return time.process_time
    connection.close()
    connection.settings_dict["CONN_MAX_AGE"] = None  # the same backend to the end
    connection.ensure_connection()
    work = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    if not work.exists():
        return time.perf_counter
    return lambda: time.process_time() + int(work.read_text().split()[0]) / 1e9


def timed(application: Application, name: str, text: str, clock: Callable[[], float]) -> float:
    if name == "officers' tree":
        return timed_tree(text, clock)
    text, sign, rest = text.partition("&")
    path = "/search/suggestions.json" if name == "suggestions" else "/search/"
    begin = clock()
    status, _ = ask(application, f"{path}?q={quote(text)}{sign}{rest}")
    elapsed = (clock() - begin) * 1000
    if status != "200":
        raise AssertionError(f"{path} {text}: {status}")
    return elapsed


def timed_tree(text: str, clock: Callable[[], float]) -> float:
    from django.contrib.auth.models import AnonymousUser
    from django.utils import timezone

    from bureaus.admin.tree.query_params import TreeParams
    from bureaus.admin.tree.search import find_in_tree
    from bureaus.permissions import Grants

    begin = clock()
    everything = Grants(is_unlimited=True)
    find_in_tree(
        TreeParams(words=text), grants=everything, now=timezone.now(), actor=AnonymousUser()
    )
    return (clock() - begin) * 1000


def print_row_of_recall(samples: list[str]) -> None:
    """What the index finds, held against a look at every folded line there is."""
    from bureaus.models import Edition
    from bureaus.search import ParsedQuery, matching_editions
    from bureaus.search.sources import entry_of, sources
    from bureaus.text.words import fold

    dice = random.Random(2)
    texts = [fold(dice.choice(samples)) for _ in range(COMPARED)]
    parts = {text[40 : 40 + length] for text in texts for length in (1, 2, 3, 5, 15)}
    found = {
        part: {
            *matching_editions(Edition.objects.all(), ParsedQuery(((part,),))).values_list(
                "pk", flat=True
            )
        }
        for part in parts
    }
    expected: dict[str, set[int]] = {part: set() for part in parts}
    for entry in map(entry_of, sources(Edition.objects.all())):
        lines = f"{entry.title}\n{entry.text}"
        for part in parts:
            if part in lines:
                expected[part].add(entry.edition)
    right = sum(len(found[part] & expected[part]) for part in parts)
    recall = right / sum(map(len, expected.values()))
    precision = right / sum(map(len, found.values()))
    print(f"  {len(parts)} parts, {right:,} hits: recall {recall:.6f}, precision {precision:.6f}")


def print_row(name: str, times: list[float]) -> None:
    middle, last = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    print(f"  {name:<18}{middle:>9.1f}{last:>9.1f}{max(times):>9.1f}")


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or list(SIZES))
