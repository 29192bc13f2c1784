"""Where the links of imported pages lead: to pages of the import, to files of the source, away."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, unquote_to_bytes, urljoin, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.encoding import repercent_broken_unicode

from bureaus.models.addresses import former_path, is_address
from bureaus.text.rich_text import is_safe_address

AWAY = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Target:
    """
    Where a link leads: to `address`, a page's or another site's, or to `file` of the source.

    Neither where it leads nowhere.
    """

    address: str = ""
    file: str = ""


@dataclass(slots=True)
class LinkMap:
    """
    The addresses of the pages by their old paths, and the files of the source.

    `hosts`: those of the old site; `origin`: its address, for what is left behind there; `folder`:
    the one that holds the files of its top, with a slash, where a crawler has made one.
    """

    pages: Mapping[str, str]
    files: frozenset[str]
    hosts: frozenset[str] = frozenset()
    origin: str = ""
    folder: str = ""
    exists_here: Callable[[str], bool] = lambda _: False
    known: dict[str, bool] = field(default_factory=dict)

    def target(self, href: str, bases: Sequence[str]) -> Target:
        """Return where `href` leads from a page at any of `bases`, paths at the old site."""
        href = href.strip()
        if href.startswith("#"):
            return Target(href)
        parts = split(href)
        if parts is None or (parts.scheme and not AWAY.match(href)):
            return Target()
        if parts.scheme and parts.netloc.lower() not in self.hosts:
            return Target(href if is_safe_address(href) else "")
        if href.startswith("//") and parts.netloc.lower() not in self.hosts:
            return Target(f"https:{href}" if is_safe_address(f"https:{href}") else "")
        return self.target_inside(parts, bases)

    def target_inside(self, parts: SplitResult, bases: Sequence[str]) -> Target:
        # A crawler writes a query into the name of the file.
        path = f"{parts.path}%3F{parts.query}" if parts.query else parts.path
        paths = [old_path(urljoin(base, each)) for each in (path, parts.path) for base in bases]
        fragment = parts.fragment
        for found in filter(None, paths):
            if found in self.pages:
                anchor = f"#{fragment}" if fragment else ""
                return Target(f"{self.pages[found]}{anchor}")
        if file := self.first_file(paths):
            return Target(file=file)
        for found in filter(None, paths):
            if is_address(found) and self.is_here(found):
                return Target(found)
        left = next(filter(None, reversed(paths)), "")
        return Target(f"{self.origin}{left}" if self.origin and left else "")

    def file_at(self, source: str, bases: Sequence[str]) -> str:
        """Return the file of the source that `source`, of an img, names; empty where none."""
        parts = split(source.strip())
        if parts is None or (parts.netloc and parts.netloc.lower() not in self.hosts):
            return ""
        return self.first_file([unquoted(urljoin(base, parts.path)) for base in bases])

    def first_file(self, paths: Sequence[str]) -> str:
        """Return the first file at one of these paths, else in `folder`; empty where none."""
        inside = [path.removeprefix("/") for path in paths]
        names = [*inside, *(f"{self.folder}{path}" for path in inside)]
        return next((name for name in names if name in self.files), "")

    def is_here(self, address: str) -> bool:
        if address not in self.known:
            self.known[address] = self.exists_here(address)
        return self.known[address]


def split(address: str) -> SplitResult | None:
    try:
        return urlsplit(address)
    except ValueError:
        return None


def old_path(address: str) -> str:
    """Return the path of an old address as Django reads it in a request; empty for none."""
    parts = split(address)
    return former_path(unquoted(parts.path)) if parts else ""


def path_of_file(name: str) -> str:
    """Return the path at which a crawler found the file of this name."""
    return f"/{name.replace('%', '%25').replace('?', '%3F').replace('#', '%23')}"


def unquoted(path: str) -> str:
    """Decode the path; bytes that are no UTF-8 stay as they are written."""
    if not path.isascii():
        return unquote(path)
    return repercent_broken_unicode(unquote_to_bytes(path)).decode()


def reaches_pages(path: str) -> bool:
    """Return whether a request for this path is answered as one for a page."""
    try:
        found = resolve(path)
    except Resolver404:
        return False
    return found.url_name == "page" and not path.startswith(settings.STATIC_URL)
