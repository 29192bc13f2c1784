"""What a PDF holds beside its pages: bookmarks, destinations, annotations, layers, properties."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pikepdf

from bureaus.uploads.file_names import one_line
from bureaus.uploads.hidden.contents import HiddenContent, folded, hidden_content
from bureaus.uploads.hidden.names import names_and_paths
from bureaus.uploads.hidden.photographs import hidden_in_photograph

BOOKMARKS = 5_000
DEPTH = 50
PAIR = 2  # letters: how bookmarks are compared with the page
SAID = 0.6  # of the pairs of a bookmark that the document has: a heading with a small difference
JAPANESE = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff々]{2}")
# Bookmarks for which no page has to have the words.
USUAL = re.compile(
    r"(?:表紙|裏表紙|目次|本文|奥付|白紙|別紙|別添|別表|参考|資料|付録|様式|図|表|索引|ページ|頁|"
    r"スライド|シート|cover|contents|page|slide|sheet|index|appendix|pdf|docx?|xlsx?|pptx?|\d)+",
    re.IGNORECASE,
)
SEEN_ANNOTATIONS = frozenset({"/Link", "/FreeText", "/Widget", "/PrinterMark", "/TrapNet"})
HIDDEN_FLAGS = 0b100010  # hidden, and not displayed
LABELS = {
    "/Author": "作成者",
    "/Title": "表題",
    "/Subject": "件名",
    "/Keywords": "キーワード",
    "/Creator": "作成に使ったソフト",
    "/Producer": "書き出しに使ったソフト",
}
PERSONS = frozenset({"作成者", "最後に保存した人"})
XMP_PERSONS = re.compile(
    r"<(?P<tag>dc:creator|xmp:LastModifiedBy|pdfx:SourceModifiedBy|photoshop:AuthorsPosition)\b[^>]*>"
    r"(?P<inner>.*?)</(?P=tag)>",
    re.DOTALL,
)
MARKUP = re.compile(r"<[^>]*>")
ELEMENT = re.compile(r">([^<>]+)<|=\"([^\"]+)\"")
IMAGES = 200  # photographs of one file


def hidden_in_objects(pdf: pikepdf.Pdf, texts: Sequence[str]) -> Iterator[HiddenContent]:
    """Yield what the file says beside its pages; `texts` are those of the pages."""
    said = folded("".join(texts))
    yield from bookmarks(pdf, said)
    yield from destinations(pdf, said)
    yield from annotations(pdf)
    yield from layers(pdf)
    yield from properties(pdf)
    yield from photographs(pdf)


def bookmarks(pdf: pikepdf.Pdf, said: str) -> Iterator[HiddenContent]:
    for number, title in enumerate(titles_of(pdf), 1):
        if number > BOOKMARKS:
            return
        if says_more(title, said):
            yield hidden_content("pdf-bookmark", f"しおりの{number}番目", title)


def titles_of(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Yield the titles of the bookmarks in their order; a loop among them ends."""
    outlines = pdf.Root.get("/Outlines")
    if not isinstance(outlines, pikepdf.Dictionary):
        return
    waiting, seen = [outlines.get("/First")], set()
    while waiting:
        item = waiting.pop()
        if not isinstance(item, pikepdf.Dictionary) or item.objgen in seen:
            continue
        if item.is_indirect:
            seen.add(item.objgen)
        if len(seen) > BOOKMARKS:
            return
        yield str(item.get("/Title", ""))
        waiting += [item.get("/Next"), item.get("/First")]


def says_more(words: str, said: str) -> bool:
    """Return whether `words` are not in the text of the document, not even nearly."""
    text = folded(words)
    if len(text) < PAIR or text in said or USUAL.fullmatch(text):
        return False
    pairs = [text[at : at + PAIR] for at in range(len(text) - PAIR + 1)]
    return sum(pair in said for pair in pairs) < SAID * len(pairs)


def destinations(pdf: pikepdf.Pdf, said: str) -> Iterator[HiddenContent]:
    """Yield the named destinations with Japanese words that no page has; others are numbers."""
    for name in destination_names(pdf):
        if JAPANESE.search(name) and says_more(name, said):
            yield hidden_content("pdf-destination", "リンクの行き先の名前", name)


def destination_names(pdf: pikepdf.Pdf) -> list[str]:
    names = pdf.Root.get("/Names")
    tree = names.get("/Dests") if isinstance(names, pikepdf.Dictionary) else None
    found = []
    if isinstance(tree, pikepdf.Dictionary):
        found += [str(name) for name in pikepdf.NameTree(tree)]
    old = pdf.Root.get("/Dests")
    if isinstance(old, pikepdf.Dictionary):
        found += [key[1:] for key in old.keys()]  # noqa: SIM118 - no dict
    return found


def annotations(pdf: pikepdf.Pdf) -> Iterator[HiddenContent]:
    """Yield what annotations say that do not stand on the page, and marks for a redaction."""
    for number, page in enumerate(pdf.pages, 1):
        found = page.obj.get("/Annots")
        for each in list(found) if isinstance(found, pikepdf.Array) else []:
            if isinstance(each, pikepdf.Dictionary):
                yield from hidden_in_annotation(each, f"{number}ページ")


def hidden_in_annotation(annotation: Any, place: str) -> Iterator[HiddenContent]:
    kind = str(annotation.get("/Subtype"))
    words = " ".join(
        one_line(str(annotation[key])) for key in ("/T", "/Contents") if has_text(annotation, key)
    )
    flags = annotation.get("/F", 0)
    is_hidden = isinstance(flags, int) and bool(flags & HIDDEN_FLAGS)
    if kind == "/Redact":
        yield hidden_content("pdf-redaction", place, words or "墨消しの印")
    elif kind not in SEEN_ANNOTATIONS and has_text(annotation, "/Contents"):
        yield hidden_content("pdf-annotation", place, words)
    elif is_hidden and kind != "/Link":
        value = annotation.get("/V")
        said = words or (str(value) if isinstance(value, pikepdf.String) else "")
        if folded(said):
            yield hidden_content("pdf-annotation", place, said)


def has_text(dictionary: Any, key: str) -> bool:
    value = dictionary.get(key)
    return isinstance(value, pikepdf.String) and bool(folded(str(value)))


# Layers


def layers_off(pdf: pikepdf.Pdf) -> dict[Any, str]:
    """Return the names of the layers that are not shown when the file is opened, by their keys."""
    properties = pdf.Root.get("/OCProperties")
    if not isinstance(properties, pikepdf.Dictionary):
        return {}
    groups = properties.get("/OCGs")
    listed = list(groups) if isinstance(groups, pikepdf.Array) else []
    every = [each for each in listed if isinstance(each, pikepdf.Dictionary)]
    default = properties.get("/D")
    if not isinstance(default, pikepdf.Dictionary):
        return {}
    on = keys_in(default.get("/ON"))
    off = keys_in(default.get("/OFF"))
    if str(default.get("/BaseState")) == "/OFF":
        off |= {each.objgen for each in every} - on
    return {each.objgen: str(each.get("/Name", "")) for each in every if each.objgen in off}


def keys_in(array: Any) -> set[Any]:
    if not isinstance(array, pikepdf.Array):
        return set()
    return {each.objgen for each in list(array) if isinstance(each, pikepdf.Object)}


def layers(pdf: pikepdf.Pdf) -> Iterator[HiddenContent]:
    """Yield the layers that are off, with the page on which they draw."""
    off = layers_off(pdf)
    if not off:
        return
    for number, page in enumerate(pdf.pages, 1):
        for key in sorted(layers_on(page) & off.keys()):
            yield hidden_content("pdf-layer", f"{number}ページ", f"レイヤー「{off[key]}」")


def layers_on(page: pikepdf.Page) -> set[Any]:
    """Return the keys of the layers that a page names in its resources and annotations."""
    resources = page.obj.get("/Resources")
    found: set[Any] = set()
    if isinstance(resources, pikepdf.Dictionary):
        for name in ("/Properties", "/XObject"):
            table = resources.get(name)
            values = dict(table.items()).values() if isinstance(table, pikepdf.Dictionary) else ()
            for each in values:
                found |= keys_of_layer(each)
    annotations = page.obj.get("/Annots")
    for each in list(annotations) if isinstance(annotations, pikepdf.Array) else []:
        found |= keys_of_layer(each)
    return found


def keys_of_layer(thing: Any) -> set[Any]:
    """Return the layers of a property list, a drawing or an annotation; a list may name several."""
    if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        return set()
    layer = thing.get("/OC", thing)
    if not isinstance(layer, pikepdf.Dictionary):
        return set()
    members = layer.get("/OCGs")
    if isinstance(members, pikepdf.Array):
        return keys_in(members)
    return (
        {layer.objgen, members.objgen}
        if isinstance(members, pikepdf.Dictionary)
        else {layer.objgen}
    )


# Properties


def properties(pdf: pikepdf.Pdf) -> Iterator[HiddenContent]:
    info = pdf.trailer.get("/Info")
    texts: dict[str, str] = {}
    if isinstance(info, pikepdf.Dictionary):
        for key, value in info.items():
            if isinstance(value, pikepdf.String):
                texts[LABELS.get(key, key[1:])] = one_line(str(value))
    found = list(names_and_paths(texts, PERSONS, "文書のプロパティー"))
    yield from found
    known = {each.words for each in found}
    yield from (each for each in metadata(pdf) if each.words not in known)


def metadata(pdf: pikepdf.Pdf) -> Iterator[HiddenContent]:
    """Yield the persons and paths in XMP, which many programs write beside the properties."""
    stream = pdf.Root.get("/Metadata")
    if not isinstance(stream, pikepdf.Stream):
        return
    text = stream.read_bytes()[:1_000_000].decode("utf-8", "replace")
    texts = {}
    for found in XMP_PERSONS.finditer(text):
        texts["作成者"] = one_line(MARKUP.sub(" ", found["inner"]))
    for number, found in enumerate(ELEMENT.finditer(text)):
        value = (found[1] or found[2]).strip()
        if not value.startswith(("http:", "https:", "uuid:", "xmp.")):
            texts[f"XMP {number}"] = value
    for each in names_and_paths(texts, PERSONS, "文書のメタデータ"):
        yield HiddenContent(each.rule, "文書のメタデータ（XMP）", each.words)


def photographs(pdf: pikepdf.Pdf) -> Iterator[HiddenContent]:
    """Yield what the photographs of the pages say about where they were taken."""
    seen: set[Any] = set()
    for number, page in enumerate(pdf.pages, 1):
        for image in images_of(page).values():
            if image.objgen in seen or len(seen) >= IMAGES:
                continue
            seen.add(image.objgen)
            if str(image.get("/Filter")) == "/DCTDecode":
                yield from hidden_in_photograph(image.read_raw_bytes(), f"{number}ページの写真")


def images_of(page: pikepdf.Page) -> Mapping[str, Any]:
    try:
        return dict(page.get_images().items())
    except (AttributeError, TypeError, ValueError):  # the resources are no dictionary
        return {}
