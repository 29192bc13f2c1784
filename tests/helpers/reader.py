"""Reading the site as a citizen's browser does: pages as HTML, their words and their links."""

from urllib.parse import urldefrag, urljoin

from django.test import Client
from django.utils import timezone
from lxml.html import HtmlElement, document_fromstring

from bureaus.models import Page

GUIDE = "/main_sosiki/"
BUREAU = f"{GUIDE}joho_kokusai/"
SECTIONS = [f"{BUREAU}{slug}/" for slug in ("ict_seisaku", "kenkyu_hyojun", "kaigai_tenkai")]
NEWS_ITEM = f"{BUREAU}20130523-ict-seichou-kaigi/"
NEWS_LISTS = {"/news/", f"{BUREAU}news/"}
FILE_ENDINGS = (".ics", ".xml", ".csv", ".json", ".md", ".txt")
EVENT_LISTS = {"/events/", f"{BUREAU}events/"}
PLAIN_PAGES = {
    "/sitemap/": "サイトマップ",
    "/accessibility/": "ウェブアクセシビリティ",
    "/terms/": "利用規約",
    "/privacy/": "プライバシーポリシー",
}
REFUSED = {
    "/nothing/": 404,
    "/?at=never": 400,
    "/?at=9998-01-01": 400,
    "/?at=2001-01-01": 404,
    "/news/?page=99": 404,
    "/news/?year=zz": 404,
}
SECRET = "まだ見えてはいけない題名"
FILES = "starts-with(., '/documents/') or starts-with(., '/media/')"
HREFS = f"//a/@href[not({FILES})]"
HEADINGS = "//h1 | //h2 | //h3 | //h4 | //h5 | //h6"


def read(client: Client, address: str, status: int = 200) -> HtmlElement:
    """Return the page at `address`, which must answer with `status`."""
    response = client.get(address)
    assert response.status_code == status, f"{address} → {response.status_code}"
    page: HtmlElement = document_fromstring(response.content.decode())
    return page


def texts(page: HtmlElement, path: str) -> list[str]:
    """Return what the elements at this XPath say, without the layout's white space."""
    return [" ".join(str(found.text_content()).split()) for found in page.xpath(path)]


def values(page: HtmlElement, path: str) -> list[str]:
    """Return the attributes at this XPath."""
    return [str(found) for found in page.xpath(path)]


def links(page: HtmlElement, path: str) -> list[tuple[str, str]]:
    """Words and address of the links below this XPath."""
    found = page.xpath(f"{path}//a")
    return [(" ".join(str(a.text_content()).split()), str(a.get("href"))) for a in found]


def walk(client: Client) -> dict[str, HtmlElement]:
    """Every page of today that links from the home page lead to, lists with one filter."""
    pages: dict[str, HtmlElement] = {}
    waiting = ["/"]
    while waiting:
        address = waiting.pop()
        if address in pages:
            continue
        pages[address] = read(client, address)
        targets = [urldefrag(urljoin(address, href))[0] for href in values(pages[address], HREFS)]
        waiting += [target for target in targets if is_of_today(target)]
    return pages


def is_of_today(target: str) -> bool:
    """Whether the link stays on this site and in the present; with one filter at most."""
    is_page = target.startswith("/") and not target.endswith(FILE_ENDINGS)
    return is_page and "&" not in target and "?at=" not in target


def at(address: str) -> Page:
    """The page with this address now."""
    placed = Page.objects.placed(timezone.now())
    return placed.get(placement__url_path=address)  # type: ignore[no-any-return]
