"""The XML of a part of an Office file, read as a stream by local names."""

from collections.abc import Iterator, Mapping
from typing import Any
from zipfile import ZipFile

from lxml import etree

EVENTS = ("start", "end")
OPTIONS: dict[str, Any] = {"resolve_entities": False, "no_network": True, "huge_tree": False}
Element = tuple[str, Mapping[str, str], str]


def local(name: str) -> str:
    """Return the name of an element or attribute without its namespace."""
    return name.rpartition("}")[2]


def attributes_of(element: Any) -> Mapping[str, str]:
    return {local(key): value for key, value in element.attrib.items()}


def events(archive: ZipFile, name: str) -> Iterator[tuple[str, str, Any]]:
    """Yield "start" or "end", the local name and the element; each is forgotten at its end."""
    with archive.open(name) as stream:
        for event, element in etree.iterparse(stream, events=EVENTS, **OPTIONS):
            if not isinstance(element.tag, str):
                continue
            yield event, local(element.tag), element
            if event == "end":
                forget(element)


def whole_elements(archive: ZipFile, name: str, *wanted: str) -> Iterator[Any]:
    """Yield each element of these names with all that it contains; it is forgotten afterwards."""
    tags = [f"{{*}}{each}" for each in wanted]
    with archive.open(name) as stream:
        for _, element in etree.iterparse(stream, tag=tags, **OPTIONS):
            yield element
            forget(element)


def forget(element: Any) -> None:
    """Empty the element, and remove what stands before it."""
    element.clear(keep_tail=True)
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def elements(archive: ZipFile, name: str, *wanted: str) -> Iterator[Element]:
    """Yield the local name, the attributes and the whole text of each element of these names."""
    for element in whole_elements(archive, name, *wanted):
        yield local(element.tag), attributes_of(element), "".join(element.itertext())
