"""Memento (RFC 7089): Link headers, and TimeMaps as link-format (RFC 6690) and as JSON."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.http import http_date

from bureaus.reading import Memento, PageEditions, TimeMap
from bureaus.text.formatting import utc_moment

LINK_FORMAT = "application/link-format"
JSON = "application/json"
ENDINGS = {LINK_FORMAT: "history/timemap.link", JSON: "history/timemap.json"}


def memento_datetime(moment: datetime) -> str:
    """Return the whole second of `moment` as HTTP writes it: Thu, 01 Aug 2013 14:59:59 GMT."""
    return http_date(int(moment.timestamp()))


def link(url: str, rel: str, **attributes: str) -> str:
    parts = [f"<{url}>", f'rel="{rel}"', *(f'{name}="{text}"' for name, text in attributes.items())]
    return "; ".join(parts)


def original_link(url: str) -> str:
    """Return the link to the page of today, which negotiates by Accept-Datetime itself."""
    return link(url, "original timegate")


def timemap_links(url: str) -> list[str]:
    return [link(f"{url}{end}", "timemap", type=media) for media, end in ENDINGS.items()]


def memento_links(editions: PageEditions, origin: str) -> list[str]:
    """Return a link for each memento among them, with all its relations."""
    named = {
        "first": editions.first,
        "last": editions.last,
        "prev": editions.previous,
        "next": editions.next,
    }
    relations: dict[Memento, list[str]] = {}
    for rel, memento in named.items():
        if memento:
            relations.setdefault(memento, []).append(rel)
    return [memento_link(memento, rels, origin) for memento, rels in relations.items()]


def memento_link(memento: Memento, relations: Iterable[str], origin: str) -> str:
    rel = " ".join([*relations, "memento"])
    return link(f"{origin}{memento.url}", rel, datetime=memento_datetime(memento.start))


def timemap_text(timemap: TimeMap, origin: str) -> str:
    """Return the TimeMap as link-format, a link a line."""
    url = f"{origin}{timemap.url}"
    bounds = {
        name: memento_datetime(memento.start)
        for name, memento in zip(("from", "until"), ends_of(timemap), strict=False)
    }
    links = [
        original_link(url),
        link(f"{url}{ENDINGS[LINK_FORMAT]}", "self", type=LINK_FORMAT, **bounds),
        link(f"{url}{ENDINGS[JSON]}", "timemap", type=JSON),
        *(memento_link(each, ends(each, timemap), origin) for each in timemap.mementos),
    ]
    return ",\n".join(links) + "\n"


def ends(memento: Memento, timemap: TimeMap) -> list[str]:
    """Return "first" and "last" as far as they are true of this memento."""
    return [
        name
        for name, end in zip(("first", "last"), ends_of(timemap), strict=False)
        if memento == end
    ]


def ends_of(timemap: TimeMap) -> list[Memento]:
    """Return the first and last memento; nothing where there is none."""
    return [timemap.mementos[0], timemap.mementos[-1]] if timemap.mementos else []


def timemap_data(timemap: TimeMap, origin: str) -> dict[str, Any]:
    """Return the TimeMap in the JSON that Memento aggregators write (docs/json.md)."""
    url = f"{origin}{timemap.url}"
    mementos = [memento_data(memento, origin) for memento in timemap.mementos]
    named = dict(zip(("first", "last"), [*mementos[:1], *mementos[-1:]], strict=False))
    return {
        "original_uri": url,
        "timegate_uri": url,
        "timemap_uri": {
            "link_format": f"{url}{ENDINGS[LINK_FORMAT]}",
            "json_format": f"{url}{ENDINGS[JSON]}",
        },
        "mementos": {**named, "list": mementos},
    }


def memento_data(memento: Memento, origin: str) -> dict[str, str]:
    return {"datetime": utc_moment(memento.start), "uri": f"{origin}{memento.url}"}
