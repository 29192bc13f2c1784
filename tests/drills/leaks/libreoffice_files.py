"""LibreOffice Writer: flat text documents, written as PDF and as Word files."""

import base64
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.drills.leaks.cases import (
    HONEST,
    PATH,
    SECRET_NAME,
    HiddenFile,
    HonestFile,
    Producer,
    package_unless,
    sentences,
)
from tests.helpers.uploads import jpeg

SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("style", "style"),
        ("text", "text"),
        ("draw", "drawing"),
        ("table", "table"),
        ("meta", "meta"),
        ("fo", "xsl-fo-compatible"),
        ("svg", "svg-compatible"),
    )
)
OTHERS = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
STYLE = '<style:style style:name="%s" style:family="%s"><style:%s-properties %s/></style:style>'
OVER_TEXT = (
    'draw:fill="solid" draw:fill-color="#000000" draw:stroke="none" style:run-through="foreground"'
    ' style:wrap="run-through" style:horizontal-pos="from-left" style:horizontal-rel="paragraph"'
    ' style:vertical-pos="from-top" style:vertical-rel="paragraph"'
)
STYLES = "".join(
    (
        STYLE % ("White", "text", "text", 'fo:color="#ffffff"'),
        STYLE % ("Ground", "text", "text", 'fo:color="#003366" fo:background-color="#003366"'),
        STYLE % ("Gone", "text", "text", 'text:display="none"'),
        STYLE % ("Cell", "table-cell", "table-cell", 'fo:background-color="#003366"'),
        STYLE % ("Bar", "graphic", "graphic", OVER_TEXT),
    )
)
SIZE = 'svg:width="5cm" svg:height="1cm"'
PLACED = (
    f'text:anchor-type="paragraph" svg:x="-0.2cm" svg:y="-0.2cm" {SIZE} draw:style-name="Bar"'
    ' draw:z-index="1"'
)
JPEG = base64.b64encode(jpeg(200, 40)).decode()
PICTURE = f"<draw:image><office:binary-data>{JPEG}</office:binary-data></draw:image>"
CHANGED = "<dc:creator>係長</dc:creator><dc:date>2026-01-01T00:00:00</dc:date>"
SECRET = f"<text:p>{SECRET_NAME}</text:p>"
BODY = "本文の2番目の段落"
FIRST = "1ページ"
PROPERTY = "文書のプロパティーの「%s」"


def changes(kind: str, inner: str = "") -> str:
    region = f"<office:change-info>{CHANGED}</office:change-info>{inner}"
    return (
        '<text:tracked-changes><text:changed-region text:id="c1">'
        f"<text:{kind}>{region}</text:{kind}></text:changed-region></text:tracked-changes>"
    )


def span(style: str) -> str:
    return f'<text:p><text:span text:style-name="{style}">{SECRET_NAME}</text:span></text:p>'


NOTE = f"<text:p>本文<office:annotation>{CHANGED}{SECRET}</office:annotation></text:p>"
AUTHOR = (
    f"<meta:initial-creator>{SECRET_NAME}</meta:initial-creator>"
    f"<dc:creator>{SECRET_NAME}</dc:creator>"
)
DELETED = '<text:p>本文<text:change text:change-id="c1"/></text:p>'
INSERTED = (
    f'<text:p><text:change-start text:change-id="c1"/>{SECRET_NAME}'
    '<text:change-end text:change-id="c1"/></text:p>'
)
BAR = f"<text:p><draw:rect {PLACED}/>{SECRET_NAME}</text:p>"
FRAME = f"<text:p><draw:frame {PLACED}>{PICTURE}</draw:frame>{SECRET_NAME}</text:p>"


class Way(NamedTuple):
    """`before` stands before the text of the document."""

    form: str
    rule: str
    place: str
    body: str = ""
    metadata: str = ""
    before: str = ""


WAYS = {
    "bar": Way("pdf", "pdf-covered", FIRST, BAR),
    "picture": Way("pdf", "pdf-covered", FIRST, FRAME),
    "white": Way("pdf", "pdf-invisible", FIRST, span("White")),
    "ground": Way("pdf", "pdf-invisible", FIRST, span("Ground")),
    "note": Way("pdf", "pdf-annotation", FIRST, NOTE),
    "author": Way("pdf", "person", PROPERTY % "作成者", metadata=AUTHOR),
    "path": Way("pdf", "path", PROPERTY % "件名", metadata=f"<dc:subject>{PATH}</dc:subject>"),
    "deletion": Way("docx", "tracked-change", BODY, DELETED, "", changes("deletion", SECRET)),
    "insertion": Way("docx", "tracked-change", BODY, INSERTED, "", changes("insertion")),
    "comment": Way("docx", "comment", "コメント0", NOTE),
    "vanishing": Way("docx", "hidden-text", BODY, span("Gone")),
    "white-word": Way("docx", "faint-text", BODY, span("White")),
}


def document(body: str, metadata: str = "", before: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {SPACES} {OTHERS}'
        ' office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text">'
        f"<office:meta>{metadata}</office:meta><office:automatic-styles>{STYLES}"
        f"</office:automatic-styles><office:body><office:text>{before}"
        f"<text:p>総務省の報道資料です。</text:p>{body}</office:text></office:body></office:document>"
    )


def converted(sources: dict[str, str], form: str, folder: Path) -> dict[str, bytes]:
    """Return each document in the form, all of them by one start of the program."""
    place = folder / form
    place.mkdir(exist_ok=True)
    for name, text in sources.items():
        (place / f"{name}.fodt").write_text(text)
    names = [str(place / f"{name}.fodt") for name in sources]
    filters = {
        "pdf": 'pdf:writer_pdf_Export:{"ExportNotes":{"type":"boolean","value":"true"}}',
        "docx": "docx",
    }
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", filters[form], "--outdir", place]
    subprocess.run([*map(str, command), *names], check=True, capture_output=True, timeout=500)
    return {name: (place / f"{name}.{form}").read_bytes() for name in sources}


def hidden(folder: Path) -> Iterator[HiddenFile]:
    for form in ("pdf", "docx"):
        ways = {name: way for name, way in WAYS.items() if way.form == form}
        sources = {name: document(*way[3:]) for name, way in ways.items()}
        made = converted(sources, form, folder)
        for name, way in ways.items():
            yield HiddenFile(name, form, made[name], way.rule, way.place)


def honest(folder: Path) -> Iterator[HonestFile]:
    """Reports with headings, white letters in dark cells and pictures, half in each form."""
    numbers = range(HONEST)
    for form, part in (("pdf", numbers[::2]), ("docx", numbers[1::2])):
        made = converted({f"honest{number}": report(number) for number in part}, form, folder)
        for content in made.values():
            yield HonestFile(form, content)


def report(number: int) -> str:
    said = sentences(number, 20)
    title = f'<text:h text:outline-level="1">第{number}章 {said[0]}</text:h>'
    heading = f'<text:p><text:span text:style-name="White">{said[1]}</text:span></text:p>'
    cell = f'<table:table-cell table:style-name="Cell">{heading}</table:table-cell>'
    row = f"<table:table-row>{cell}</table:table-row>"
    table = f'<table:table table:name="T"><table:table-column/>{row}</table:table>'
    frame = f'<draw:frame text:anchor-type="as-char" {SIZE}>{PICTURE}</draw:frame>'
    picture = f"<text:p>{frame}</text:p>"
    rest = "".join(f"<text:p>{sentence}</text:p>" for sentence in said)
    return document(title + rest + table + picture, "<dc:creator>総務省</dc:creator>")


LIBREOFFICE = Producer(
    "LibreOffice", package_unless("soffice", "libreoffice-writer-nogui"), hidden, honest
)
