"""Every public page with the hard ones, and one page of each kind of refusal, as they are sent."""

import json
from typing import Any

from django.db import connection
from django.template.loader import render_to_string
from django.test import Client

from tests.helpers.databases import ROOT, only_process
from tests.helpers.hard_pages import plant_hard_pages
from tests.helpers.reader import BUREAU, GUIDE, NEWS_ITEM, REFUSED, SECTIONS, walk

ALSO = (
    f"{GUIDE}hozon/",
    f"{GUIDE}hozon/history/",
    f"{GUIDE}hozon/history/?older=1&newer=2",
    f"{GUIDE}nagai_namae/news/",
    "/search/",
    "/search/?q=ICT",
    "/search/?q=ICT&kind=news_item&year=2013&sort=date&archived=on",
    "/search/?q=総務省&page=2",
    "/search/?q=ICT政策ムー",
)
# The same pages at past moments: one of each template, a day, a minute, and the first records.
PAST = (
    "/?at=2013-12-31",
    "/?at=2013-12-31T10:00",
    f"{GUIDE}?at=2013-12-31",
    f"{BUREAU}?at=2013-12-31",
    f"{SECTIONS[0]}?at=2013-12-31",
    f"{NEWS_ITEM}?at=2013-12-31",
    f"{GUIDE}hozon/?at=2020-12-31",
    f"{GUIDE}hozon/history/?at=2020-12-31",
    f"{GUIDE}hozon/history/?older=1&newer=2&at=2020-12-31",
    "/news/?at=2013-12-31",
    "/news/?year=2013&page=2&at=2013-12-31",
    "/sitemap/?at=2013-12-31",
    "/search/?q=ICT&at=2013-12-31",
    "/search/?q=ICT政策ムー&at=2013-12-31",
)
REFUSALS = (*REFUSED, f"{GUIDE}sakujo/", "/main_sosiki")


class Reader(Client):
    """A client that keeps what it reads."""

    def __init__(self) -> None:
        super().__init__(HTTP_HOST="localhost")
        self.read: dict[str, str] = {}

    def get(self, path: str, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        response = super().get(path, *args, **kwargs)
        self.read[path] = response.content.decode()
        return response


def sent_pages() -> dict[str, dict[str, str]]:
    """
    Return the HTML of all public pages, of past ones and of refusals, by address.

    The first process that asks reads them on the site of the fixtures, seven seconds of processor
    time, and keeps them for the others of its run.
    """
    kept = ROOT / f"sent-pages-{connection.vendor}.json"
    with only_process("sent-pages"):
        if not kept.exists():
            pages = {"public": public_pages(), "past": past_pages(), "refusals": refusals()}
            kept.write_text(json.dumps(pages))
    read: dict[str, dict[str, str]] = json.loads(kept.read_text())
    return read


def public_pages() -> dict[str, str]:
    """The HTML of every public page, by address. Plants the hard pages."""
    plant_hard_pages()
    reader = Reader()
    walk(reader)
    for address in ALSO:
        reader.get(address)
    return reader.read


def past_pages() -> dict[str, str]:
    """The HTML of a page of each template at a past moment. After `public_pages`."""
    reader = Reader()
    for address in PAST:
        reader.get(address)
    return reader.read


def refusals() -> dict[str, str]:
    """The HTML of a page of each kind that refuses; of the hard pages, those that have gone."""
    reader = Reader()
    for address in REFUSALS:
        reader.get(address)
    posted = {"POST /": reader.post("/").content.decode()}
    others = {name: render_to_string(f"{name}.html") for name in ("403", "500")}
    return reader.read | posted | others
