"""The address of a page from the path of a request."""

import re

from bureaus.models.addresses import ADDRESS, ADDRESS_LENGTH, INDEX, is_address
from bureaus.text.words import LENGTH, readable_query

# What separates the words in a part of a path, and what is no search word.
SEPARATOR = re.compile(r"[\s\-_.+~]+")
NO_WORDS = frozenset({"index", "html", "htm", "php", "asp", "aspx", "json", "pdf", "csv", "xml"})
PARTS_READ = 5


def canonical_address(path: str) -> str:
    """Return `path` in the form of a page's address; empty where it cannot be one."""
    path = INDEX.sub("/", path)
    if not path.endswith("/"):
        path += "/"
    return path if is_address(path) else ""


def known_beginning(path: str) -> str:
    """Return the longest beginning of `path` that can be the address of a page."""
    beginning = ADDRESS.match(path[:ADDRESS_LENGTH])
    return beginning[0] if beginning else ""


def json_address(url: str) -> str:
    """Return the address of the JSON of a page or list; a query stays."""
    return file_address(url, ".json")


def markdown_address(url: str) -> str:
    """Return the address of the Markdown of a page; a query stays."""
    return file_address(url, ".md")


def file_address(url: str, ending: str) -> str:
    path, sign, query = url.partition("?")
    path = f"/index{ending}" if path == "/" else f"{path.removesuffix('/')}{ending}"
    return f"{path}{sign}{query}"


def calendar_address(url: str) -> str:
    """Return the address of the calendar file of a page: /a/b.ics."""
    path, sign, query = url.partition("?")
    return f"{path.removesuffix('/')}.ics{sign}{query}"


def page_address(path: str, ending: str = ".json") -> str:
    """Return the address of the page with its JSON at `path`: /a/b.json, also /a/b/index.json."""
    path = path.removesuffix(ending)
    return path.removesuffix("index") if path.endswith("/index") else f"{path.removesuffix('/')}/"


def search_words_in(path: str) -> str:
    """Return the words of the last part of a dead path that has any, to search for."""
    for part in path.split("/")[: -PARTS_READ - 1 : -1]:
        words = [
            word
            for word in SEPARATOR.split(readable_query(part)[:LENGTH])
            if word and not word.isdecimal() and word.lower() not in NO_WORDS
        ]
        if words:
            return " ".join(words)
    return ""
