"""Memento (RFC 7089): Link headers, and TimeMaps as link-format (RFC 6690) and as JSON."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.utils.http import http_date

from bureaus.reading import Memento, PageEditions, TimeMap
from bureaus.reading.timemaps import Part
from bureaus.text.formatting import utc_moment

LINK_FORMAT = "application/link-format"
JSON = "application/json"
SUFFIXES = {LINK_FORMAT: "history/timemap.link", JSON: "history/timemap.json"}


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
    return [link(f"{url}{end}", "timemap", type=media) for media, end in SUFFIXES.items()]


def memento_links(editions: PageEditions, absolute: Callable[[str], str]) -> list[str]:
    """
    Return a link for each memento among them, with all its relations.

    `absolute` maps the address of a memento to the absolute one in the format of the request.
    """
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
    return [
        memento_link(absolute(memento.url), memento, rels) for memento, rels in relations.items()
    ]


def memento_link(url: str, memento: Memento, relations: Iterable[str]) -> str:
    rel = " ".join([*relations, "memento"])
    return link(url, rel, datetime=memento_datetime(memento.start))


def timemap_text(timemap: TimeMap, origin: str) -> str:
    """Return the TimeMap as link-format, a link a line."""
    url = f"{origin}{timemap.url}"
    own = part_url(url, LINK_FORMAT, timemap.number)
    links = [
        original_link(url),
        link(own, "self", type=LINK_FORMAT, **bounds(timemap.span)),
        link(part_url(url, JSON, timemap.number), "timemap", type=JSON),
        *(
            link(part_url(url, LINK_FORMAT, part.number), "timemap", **part_attributes(part))
            for part in timemap.others
        ),
        *(
            memento_link(f"{origin}{each.url}", each, ends(each, timemap))
            for each in timemap.mementos
        ),
    ]
    return ",\n".join(links) + "\n"


def part_url(url: str, media: str, number: int | None) -> str:
    """Return the address of a part of the TimeMap of the page at `url`; None: of the newest."""
    return f"{url}{SUFFIXES[media]}" + (f"?page={number}" if number else "")


def part_attributes(part: Part) -> dict[str, str]:
    return {"type": LINK_FORMAT, **bounds(part.span)}


def bounds(span: tuple[datetime, datetime] | None) -> dict[str, str]:
    """Return the attributes `from` and `until`; nothing where there is no memento."""
    return dict(zip(("from", "until"), map(memento_datetime, span or ()), strict=False))


def ends(memento: Memento, timemap: TimeMap) -> list[str]:
    """Return "first" and "last" as far as they are true of this memento."""
    named = {"first": timemap.first, "last": timemap.last}
    return [name for name, end in named.items() if memento == end]


def timemap_data(timemap: TimeMap, origin: str) -> dict[str, Any]:
    """Return the TimeMap in the JSON that Memento aggregators write (docs/json.md)."""
    url = f"{origin}{timemap.url}"
    named = {"first": timemap.first, "last": timemap.last}
    index = [part_data(part, url) for part in timemap.others]
    return {
        "original_uri": url,
        "timegate_uri": url,
        "timemap_uri": {
            "link_format": part_url(url, LINK_FORMAT, timemap.number),
            "json_format": part_url(url, JSON, timemap.number),
        },
        **({"timemap_index": index} if index else {}),
        "mementos": {
            **{name: memento_data(end, origin) for name, end in named.items() if end},
            "list": [memento_data(memento, origin) for memento in timemap.mementos],
        },
    }


def part_data(part: Part, url: str) -> dict[str, str]:
    start, end = map(utc_moment, part.span)
    return {"uri": part_url(url, JSON, part.number), "from": start, "until": end}


def memento_data(memento: Memento, origin: str) -> dict[str, str]:
    return {"datetime": utc_moment(memento.start), "uri": f"{origin}{memento.url}"}
