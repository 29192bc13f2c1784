"""The comparison of what every address answers with the oracle, and of tables with each other."""

import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from django.db import connection
from django.db.models import Model
from django.test import Client

from bureaus.models import Edition, NewsListing, Page, Placement, SiblingPosition
from bureaus.reading import (
    Gone,
    Missing,
    Moment,
    Moved,
    PageAnswer,
    PageView,
    answer_page,
    requested_moment,
)
from tests.helpers.tree_oracle import Oracle
from tests.helpers.tree_oracle_answers import Answers

SECOND = timedelta(seconds=1)


def questions(oracle: Oracle, dice: random.Random, sampled: int = 3) -> dict[datetime, set[str]]:
    """Return every address that ever existed by the moments around each of its boundaries."""
    boundaries = oracle.all_boundaries()
    addresses_at: dict[datetime, set[str]] = {}
    for address in [*oracle.holdings, *oracle.former]:
        own = oracle.boundaries(address)
        if own - {boundaries[0]}:
            own |= set(dice.sample(boundaries, min(sampled, len(boundaries))))
        for moment in own:
            for around in (moment - SECOND, moment, moment + SECOND):
                addresses_at.setdefault(around, set()).add(address)
    return dict(sorted(addresses_at.items()))


def some_of(
    asked: Mapping[datetime, set[str]], count: int, dice: random.Random
) -> dict[datetime, set[str]]:
    """Return `count` of the questions at most."""
    pairs = [(at, address) for at, addresses in asked.items() for address in sorted(addresses)]
    chosen: dict[datetime, set[str]] = {}
    for at, address in sorted(dice.sample(pairs, min(count, len(pairs)))):
        chosen.setdefault(at, set()).add(address)
    return chosen


def compare(
    oracle: Oracle,
    now: datetime,
    addresses_at: Mapping[datetime, set[str]],
    report: Callable[[str], None] = lambda _: None,
) -> tuple[int, list[str]]:
    """Return how many answers were compared, and those that differ."""
    count = 0
    differences: list[str] = []
    today = Answers(oracle, now)
    for at, addresses in addresses_at.items():
        is_past = at < now
        then = Answers(oracle, at, today if is_past else None)
        moment = Moment(at, "then" if is_past else "")
        for address in sorted(addresses):
            count += 1
            if count % 10_000 == 0:
                report(f"{count:,} comparisons, {len(differences)} differences")
            expected = then.answer(address)
            answered = answer_of(answer_page(address, moment))
            if answered != expected:
                differences.append(f"{address} at {at}: {answered}, expected {expected}")
    return count, differences


def compare_served(
    oracle: Oracle, dice: random.Random, now: datetime, count: int
) -> tuple[int, list[str]]:
    """The same for `count` requests of a citizen, now and in the past: status and target."""
    client = Client(HTTP_HOST="localhost")
    today = Answers(oracle, now)
    moments = [moment for moment in oracle.all_boundaries() if moment < now]
    addresses = [*oracle.holdings]
    differences = []
    for _ in range(count):
        address, moment = dice.choice(addresses), dice.choice([*moments, now])
        then = Answers(oracle, moment, today if moment < now else None)
        # In its canonical form: any other redirects to that first.
        text = requested_moment(moment.isoformat()).text if moment < now else ""
        query = f"at={quote(text, safe=':')}" if text else ""
        expected = served_as(then.answer(address), query)
        response = client.get(f"{address}?{query}")
        answered = response.status_code, response.get("Location", "")
        if answered != expected:
            differences.append(f"{address} at {moment}: {answered}, expected {expected}")
    return count, differences


def served_as(answer: tuple[object, ...], query: str) -> tuple[int, str]:
    """Return status and target of the response; a redirect keeps the moment that was asked for."""
    match answer:
        case ("moved", address):
            return (302, f"{address}?{query}") if query else (301, str(address))
        case (kind, *_):
            return {"page": 200, "gone": 410, "missing": 404}[str(kind)], ""
    raise AssertionError(answer)


def dump() -> list[list[Any]]:
    """Return the tables of the tree and of the editions, without the keys that count up."""
    return [
        rows_of(Placement, "path"),
        rows_of(SiblingPosition, "page_id, live_from, id"),
        rows_of(Page, "id"),
        rows_of(Edition, "id"),
        rows_of(NewsListing, "page_id, live_from"),
    ]


def rows_of(model: type[Model], order: str) -> list[Any]:
    """Read without converting a column: the whole site is read before and after each booking."""
    columns = [str(field.column) for field in model._meta.concrete_fields if not field.primary_key]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)} FROM {model._meta.db_table} ORDER BY {order}")  # noqa: S608 - no value
        return list(cursor.fetchall())


def difference(before: list[list[Any]], after: list[list[Any]]) -> list[tuple[str, Any]]:
    """Return the rows that are in one of the dumps only."""
    return [
        (sign, row)
        for first, second in zip(before, after, strict=True)
        for sign, rows, others in (("-", first, set(second)), ("+", second, set(first)))
        for row in rows
        if row not in others
    ]


def without_moment(url: str) -> str:
    return urlsplit(url).path


def answer_of(answer: PageAnswer) -> tuple[object, ...]:
    """Return the answer of the site in the form of the oracle's."""

    def crumbs(links: Any) -> tuple[tuple[str, str], ...]:
        return tuple((link.title, without_moment(link.url)) for link in links)

    def urls(links: Any) -> tuple[str, ...]:
        return tuple(without_moment(link.url) for link in links)

    match answer:
        case Moved():
            return "moved", answer.url_path
        case Gone():
            return "gone", answer.title, crumbs(answer.breadcrumbs)
        case Missing():
            return "missing", crumbs(answer.breadcrumbs), answer.exists_today
        case PageView():
            around = answer.page_links
            return (
                "page",
                answer.title,
                answer.url,
                answer.is_archived,
                crumbs(answer.breadcrumbs),
                urls(answer.sections),
                urls(answer.organisations),
                urls(answer.pages),
                tuple(
                    without_moment(link.url) if link else None
                    for link in (around.previous, around.next)
                ),
                urls(answer.site_frame.navigation)[:-1],
                urls(answer.news),
            )
