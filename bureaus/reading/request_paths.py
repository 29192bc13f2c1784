"""What a path that came in means as the address of a page."""

import re

from bureaus.models.addresses import ADDRESS, ADDRESS_LENGTH, is_address
from bureaus.text.words import LENGTH, readable_query

HOME_AS_JSON = "/index.json"
INDEX = re.compile(r"/index\.html?$")
# What parts the words of a last part, and what is no word of it.
PARTING = re.compile(r"[\s\-_.+~]+")
NO_WORDS = frozenset({"index", "html", "htm", "php", "asp", "aspx", "json", "pdf", "csv", "xml"})
PARTS_LOOKED_AT = 5


def canonical_address(path: str) -> str:
    """`path` as the address of a page would be written; empty where it could not be one."""
    path = INDEX.sub("/", path)
    if not path.endswith("/"):
        path += "/"
    return path if is_address(path) else ""


def known_beginning(path: str) -> str:
    """The longest beginning of `path` that could be the address of a page."""
    beginning = ADDRESS.match(path[:ADDRESS_LENGTH])
    return beginning[0] if beginning else ""


def as_json(url: str) -> str:
    """The address of a page, or of a list, as that of its JSON; a query stays."""
    path, sign, query = url.partition("?")
    path = HOME_AS_JSON if path == "/" else f"{path.removesuffix('/')}.json"
    return f"{path}{sign}{query}"


def page_of_json(path: str) -> str:
    """The address of the page whose JSON `path` asks for: `/a/b.json`, also `/a/b/index.json`."""
    path = path.removesuffix(".json")
    return path.removesuffix("index") if path.endswith("/index") else f"{path.removesuffix('/')}/"


def search_words_in(path: str) -> str:
    """What to search for where `path` leads nowhere: the words of its last part that has any."""
    for part in path.split("/")[: -PARTS_LOOKED_AT - 1 : -1]:
        words = [
            word
            for word in PARTING.split(readable_query(part)[:LENGTH])
            if word and not word.isdecimal() and word.lower() not in NO_WORDS
        ]
        if words:
            return " ".join(words)
    return ""
