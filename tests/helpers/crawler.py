"""A crawler of the site: breadth first, with or without regard to robots.txt (RFC 9309)."""

import re
from collections import Counter, deque
from collections.abc import Callable
from urllib.parse import urldefrag, urljoin

from django.test import Client
from lxml.html import document_fromstring

LINKS = "//a/@href | //link[@rel='alternate']/@href"
LIMIT = 5_000  # requests
Permission = Callable[[str], bool]


def crawl(client: Client, *seeds: str, may_fetch: Permission = lambda _: True) -> Counter[str]:
    """
    Return how often each address is requested until no link leads to a new one.

    Links are followed whatever their `rel` says. Raises AssertionError after `LIMIT` requests.
    """
    waiting, known = deque(seeds), {*seeds}
    requested: Counter[str] = Counter()
    while waiting:
        address = waiting.popleft()
        requested[address] += 1
        assert requested.total() <= LIMIT, "the crawl does not end"
        for target in targets(client, address):
            if target not in known and may_fetch(target):
                known.add(target)
                waiting.append(target)
    return requested


def targets(client: Client, address: str) -> list[str]:
    """Return where the answer at `address` leads on this site, by its links or its redirect."""
    response = client.get(address)
    if "Location" in response.headers:
        found = [response.headers["Location"]]
    elif response.headers["Content-Type"].startswith("text/html"):
        found = [str(href) for href in document_fromstring(response.content).xpath(LINKS)]
    else:
        return []
    inside = [urldefrag(urljoin(address, href))[0] for href in found]
    inside = [href.removeprefix("http://localhost") for href in inside]
    return [href for href in inside if href.startswith("/")]


def permission(robots_txt: str) -> Permission:
    """Return what robots.txt says of an address: the longest rule that matches it decides."""
    rules = [
        (name.strip().lower() == "allow", path.strip())
        for name, sign, path in (line.partition(":") for line in robots_txt.splitlines())
        if sign and name.strip().lower() in ("allow", "disallow") and path.strip()
    ]

    def may_fetch(address: str) -> bool:
        matching = [(len(path), allows) for allows, path in rules if pattern(path).match(address)]
        return max(matching, default=(0, True))[1]

    return may_fetch


def pattern(path: str) -> re.Pattern[str]:
    """Return a rule as a regular expression: * is any text, a final $ the end."""
    text = re.escape(path.removesuffix("$")).replace(r"\*", ".*")
    return re.compile(f"{text}$" if path.endswith("$") else text)
