"""
sitemap.xml (sitemaps.org), written by hand.

Django's own renders a template for every address, which takes it seconds for 50,000.
"""

from collections.abc import Iterable
from html import escape

from bureaus.reading import SitemapEntry

CONTENT_TYPE = "application/xml; charset=utf-8"
HEADING = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def urlset(entries: Iterable[SitemapEntry], origin: str) -> str:
    """Addresses hold nothing that XML would read as its own: see models.addresses."""
    start = escape(origin)
    lines = [
        f"<url><loc>{start}{url}</loc><lastmod>{since.isoformat(timespec='seconds')}"
        "</lastmod></url>\n"
        for url, since in entries
    ]
    return "".join([f"{HEADING}<urlset {NAMESPACE}>\n", *lines, "</urlset>\n"])


def index(parts: int, origin: str) -> str:
    start = escape(origin)
    lines = [
        f"<sitemap><loc>{start}/sitemap-{part}.xml</loc></sitemap>\n"
        for part in range(1, parts + 1)
    ]
    return "".join([f"{HEADING}<sitemapindex {NAMESPACE}>\n", *lines, "</sitemapindex>\n"])
