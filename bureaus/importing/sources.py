"""The pages of a source: the rows of its table, or the HTML files of a crawl."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from bureaus.importing.archives import Archive, Files, Folder, read_file
from bureaus.importing.links import path_of_file
from bureaus.importing.remarks import UnreadableSource
from bureaus.importing.tables import SIZE, read_rows
from bureaus.models.addresses import RESERVED_SLUGS, SLUG_LENGTH, address_under

PAGE_FILE = re.compile(r"\.(?:html?|xhtml|php|aspx?|jsp|cgi)(?:\?.*)?$", re.IGNORECASE)
PAGE_ENDING = re.compile(r"\.(?:html?|xhtml|php|aspx?|jsp|cgi)(?=$|\?)", re.IGNORECASE)
START_FILE = re.compile(r"(?:index|default|welcome)\.[a-z]+", re.IGNORECASE)
NOT_IN_A_SLUG = re.compile(r"[^a-z0-9_-]+")
HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)
UNNAMED = "page"


@dataclass(frozen=True, slots=True)
class Entry:
    """
    A page as its source has it. `values` are the cells of its row; a file of a crawl has none.

    `place` names it in the report; `file` holds its body; `old` is its address at the old site.
    """

    place: str
    address: str
    file: str = ""
    old: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_crawled(self) -> bool:
        return not self.values


@dataclass(frozen=True, slots=True)
class Source:
    """`folder`: the part of the names of a crawl's files that is no part of the old address."""

    name: str
    files: Files
    entries: tuple[Entry, ...]
    folder: str = ""

    @property
    def hosts(self) -> frozenset[str]:
        host = self.folder.strip("/").rpartition("/")[2]
        return frozenset({host.lower()} if HOST.fullmatch(host) else ())


def read_source(path: Path, under: str = "/") -> Source:
    """
    Return the pages of a CSV file, a ZIP file or a folder.

    A ZIP file or folder with a CSV file at its top is a table with its files, without one the
    HTML files of a crawl, whose pages go below `under`. Raises UnreadableSource.
    """
    if not path.exists():
        raise UnreadableSource(f"「{path}」がありません。ファイルの名前を確かめてください。")
    if path.is_dir():
        return from_files(path.name, Folder(path), under)
    if path.suffix.lower() == ".zip":
        return from_files(path.name, Archive(path), under)
    if path.suffix.lower() != ".csv":
        raise UnreadableSource(
            f"「{path.name}」は取り込めません。CSV、ZIP、フォルダーのどれかを渡してください。"
        )
    return from_table(path.name, Folder(path.parent), path.name)


def from_files(name: str, files: Files, under: str) -> Source:
    tables = tables_of(files.names)
    if len(tables) > 1:
        raise UnreadableSource(
            f"「{name}」のいちばん上に、CSVが{len(tables)}個あります（{'、'.join(tables[:5])}）。"
            "ページの表だけを残してください。"
        )
    return from_table(name, files, tables[0]) if tables else from_crawl(name, files, under)


def tables_of(names: Sequence[str]) -> list[str]:
    """Return the CSV files at the top; none where the start page of a site stands there."""
    shown = [name for name in names if not is_hidden(name)]
    first = shown[0].partition("/")[0] if shown else ""
    top = f"{first}/" if all(name.startswith(f"{first}/") for name in shown) else ""
    at_top = [name for name in shown if "/" not in name.removeprefix(top)]
    if any(map(is_start, at_top)):
        return []
    return [name for name in at_top if is_table(name)]


def is_table(name: str) -> bool:
    return name.lower().endswith(".csv") and not name.endswith(".report.csv")


def from_table(name: str, files: Files, table: str) -> Source:
    content = read_file(files, table, SIZE)
    folder = table.rpartition("/")[0]
    prefix = f"{folder}/" if folder else ""
    entries = [
        Entry(
            place=f"{PurePosixPath(table).name} {row.line}行目",
            address=full_address(row["address"], row["parent"]),
            file=f"{prefix}{row['file'].lstrip('/')}" if row["file"] else "",
            old=row["old"],
            values=row.values,
        )
        for row in read_rows(table, content, required="title")
    ]
    return Source(name, files, tuple(entries), f"{folder}/" if folder else "")


def full_address(address: str, parent: str) -> str:
    """Return the address of a row, which names its whole address or its parent and its slug."""
    address = re.sub(r"^https?://[^/]+", "", address.strip())
    parent = re.sub(r"^https?://[^/]+", "", parent.strip())
    if parent and address and not address.startswith("/"):
        return address_under(with_slashes(parent), address.strip("/"))
    return with_slashes(address) if address else ""


def with_slashes(address: str) -> str:
    inner = address.strip("/")
    return f"/{inner}/" if inner else "/"


def from_crawl(name: str, files: Files, under: str) -> Source:
    names = [each for each in files.names if PAGE_FILE.search(each) and not is_hidden(each)]
    if not names:
        raise UnreadableSource(
            f"「{name}」に、ページの表（CSV）もHTMLのファイルもありません。中身を確かめてください。"
        )
    folder = shared_folder(names)
    addresses = crawl_addresses([each.removeprefix(folder) for each in names], under)
    entries = [
        Entry(place=each, address=address, file=each, old=path_of_file(each.removeprefix(folder)))
        for each, address in zip(names, addresses, strict=True)
    ]
    return Source(name, files, tuple(entries), folder)


def is_hidden(name: str) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def shared_folder(names: list[str]) -> str:
    """Return the folder that holds all files, where it stands for the site and not for a path."""
    first = names[0].partition("/")[0]
    if not all(name.startswith(f"{first}/") for name in names):
        return ""
    has_start = any(is_start(name) and name.count("/") == 1 for name in names)
    return f"{first}/" if HOST.fullmatch(first) or has_start else ""


def crawl_addresses(names: Sequence[str], under: str) -> Iterator[str]:
    """
    Yield the address for each file: /Menu/01_0100.html becomes /menu/01_0100/.

    A folder without a start page is no page, and part of the slug below: /menu/s-news-01_0100/.
    """
    pages = {name.rpartition("/")[0] for name in names if is_start(name)}
    taken: set[str] = set()
    for name in names:
        folder, _, file = name.rpartition("/")
        address, joined = under, ""
        for end, part in enumerate(parts := folder.split("/") if folder else [], 1):
            joined = f"{joined}-{part}" if joined else part
            if "/".join(parts[:end]) in pages:
                address, joined = address_under(address, slug_from(joined)), ""
        if not is_start(name):
            stem = PAGE_ENDING.sub("", file)
            address = address_under(address, slug_from(f"{joined}-{stem}" if joined else stem))
        yield free_address(address, taken)


def is_start(name: str) -> bool:
    return START_FILE.fullmatch(name.rpartition("/")[2]) is not None


def free_address(address: str, taken: set[str]) -> str:
    """Return `address`, with a number where it is taken, and take it."""
    number, free = 1, address
    while free in taken:
        number += 1
        free = f"{address.rstrip('/') or f'/{UNNAMED}'}-{number}/"
    taken.add(free)
    return free


def slug_from(name: str) -> str:
    slug = NOT_IN_A_SLUG.sub("-", name.lower()).strip("-_")[:SLUG_LENGTH].strip("-_") or UNNAMED
    return f"{slug}-{UNNAMED}" if slug in RESERVED_SLUGS else slug
