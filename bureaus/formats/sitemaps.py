"""
sitemap.xml (sitemaps.org), written line by line.

Django's own framework renders a template for every address: seconds for 50,000.
"""

from collections.abc import Iterable
from html import escape

from bureaus.reading.rows import SitemapRow

CONTENT_TYPE = "application/xml; charset=utf-8"
HEADING = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def sitemap_xml(rows: Iterable[SitemapRow], origin: str, lists: Iterable[str] = ()) -> str:
    """
    Return the addresses of pages with their last change, and of lists, which have none.

    An address has no character that XML would have to escape: see models.addresses.
    """
    start = escape(origin)
    lines = [f"<url><loc>{start}{url}</loc></url>\n" for url in lists]
    lines += [
        f"<url><loc>{start}{url}</loc><lastmod>{since.isoformat(timespec='seconds')}"
        "</lastmod></url>\n"
        for url, since in rows
    ]
    return "".join([f"{HEADING}<urlset {NAMESPACE}>\n", *lines, "</urlset>\n"])


def sitemap_index_xml(parts: int, origin: str) -> str:
    start = escape(origin)
    lines = [
        f"<sitemap><loc>{start}/sitemap-{part}.xml</loc></sitemap>\n"
        for part in range(1, parts + 1)
    ]
    return "".join([f"{HEADING}<sitemapindex {NAMESPACE}>\n", *lines, "</sitemapindex>\n"])
