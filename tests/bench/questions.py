"""
What people find: `python -m tests.bench.questions`.

The pages of the corpus (../shared/corpus, whose README says what it is) are published on a site
of their own; questions that citizens asked, and the titles of pages as somebody remembers them,
are sent to /search/. Printed: for how many of them a right page is the first, one of three, one
of ten; the mean of 1/rank; milliseconds of processor. TEST_DATABASE=postgresql: on a cluster of
its own.
"""

import json
import random
import re
import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from html import escape, unescape
from typing import Any
from urllib.parse import quote

from tests.bench.pages import Application, a_site, ask, database
from tests.bench.search import BATCH, database_clock
from tests.helpers.corpus import PAGES, rows

FAQ = PAGES.with_name("faq.json")
GROUPS = 100
KNOWN_ITEMS = 300
ADDRESS = re.compile(r'<span class="results__address">([^<]+)</span>')
PARTS = re.compile("[一-鿿々ァ-ヺー]{2,}")

Questions = Mapping[str, set[str]]


def main() -> None:
    if not PAGES.exists():
        print(f"Questions are not measured: there is no corpus at {PAGES}.")
        return
    with a_site() as application, database("questions"):
        places = publish(list(rows()))
        clock = database_clock()
        report("questions of citizens", asked(places), application, clock)
        report("titles half remembered", known_items(places), application, clock)


def publish(found: list[dict[str, Any]]) -> dict[str, tuple[str, str]]:
    """Publish a page for each row; return its address and title by the row's id."""
    from bureaus import search
    from bureaus.models import Edition, Kind
    from bureaus.models.locks import tree_lock
    from tests.helpers.cast import OPENING, place_all

    addresses = {row["id"]: f"/g{number % GROUPS}/p{number}/" for number, row in enumerate(found)}
    kinds: dict[str, Kind] = {"/": Kind.ORGANISATION}
    kinds |= {f"/g{number}/": Kind.PAGE for number in range(GROUPS)}
    kinds |= dict.fromkeys(addresses.values(), Kind.PAGE)
    texts = {addresses[row["id"]]: row for row in found}
    with tree_lock():
        pages = place_all(kinds)
        Edition.objects.bulk_create(
            [edition_of(page, texts.get(page.url_path), OPENING) for page in pages],
            batch_size=BATCH,
        )
    search.rebuild(lambda _done, _all: None)
    return {row["id"]: (addresses[row["id"]], row["title"]) for row in found}


def edition_of(page: Any, row: dict[str, Any] | None, opening: Any) -> Any:
    from bureaus.models import Edition, Kind, State

    paragraphs = row["paras"] if row else []
    return Edition(
        page=page,
        number=1,
        state=State.APPROVED,
        live_from=opening + timedelta(hours=1),
        title=row["title"][:200] if row else "分類",
        body="".join(f"<p>{escape(each, quote=False)}</p>" for each in paragraphs),
        category="division" if page.kind == Kind.ORGANISATION else "general",
    )


def asked(places: Mapping[str, tuple[str, str]]) -> Questions:
    """Return what citizens asked, with the addresses of the pages that answer it."""
    content = json.loads(FAQ.read_text(encoding="utf-8"))
    return {
        text: {places[f"ama{page}"][0] for page in content["qrels"][key] if f"ama{page}" in places}
        for key, text in content["queries"].items()
    }


def known_items(places: Mapping[str, tuple[str, str]]) -> Questions:
    """Return titles as remembered: half of their words, in another order."""
    dice = random.Random(3)
    found = {}
    for address, title in dice.sample(sorted(places.values()), KNOWN_ITEMS * 2):
        words = list(dict.fromkeys(PARTS.findall(title)))
        if len(words) >= 2:
            kept = dice.sample(words, max(2, len(words) // 2))
            found["の".join(kept)] = {
                other for other, name in places.values() if all(word in name for word in kept)
            } | {address}
    return dict(list(found.items())[:KNOWN_ITEMS])


def report(
    name: str, questions: Questions, application: Application, clock: Callable[[], float]
) -> None:
    ranks: list[int] = []
    times = []
    for text, right in questions.items():
        if not right:
            continue
        begin = clock()
        status, body = ask(application, f"/search/?q={quote(text)}")
        times.append((clock() - begin) * 1000)
        if status != "200":
            raise AssertionError(f"{text}: {status}")
        ranks.append(rank_of(right, ADDRESS.findall(body.decode())))
    print(f"{name}: {len(ranks)}, {', '.join(shares(ranks))}, {speed(times)}", flush=True)


def rank_of(right: set[str], found: Iterable[str]) -> int:
    """Return the place of the first right page, from 1; 0 if there is none."""
    return next((place for place, each in enumerate(found, 1) if unescape(each) in right), 0)


def shares(ranks: list[int]) -> Iterable[str]:
    for most in (1, 3, 10):
        yield f"S@{most} {sum(0 < rank <= most for rank in ranks) / len(ranks):.3f}"
    yield f"MRR {sum(1 / rank for rank in ranks if rank) / len(ranks):.3f}"


def speed(times: list[float]) -> str:
    middle, last = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    return f"p50 {middle:.0f} ms, p95 {last:.0f} ms"


if __name__ == "__main__":
    started = time.perf_counter()
    main()
    print(f"{time.perf_counter() - started:.0f} s")
