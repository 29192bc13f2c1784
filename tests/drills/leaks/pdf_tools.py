"""pikepdf and qpdf: the second writes anew what the first has made."""

import io
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pikepdf

from tests.drills.leaks.cases import HONEST, HiddenFile, HonestFile, Producer, package_unless
from tests.helpers import hidden_pdfs
from tests.helpers.hidden_pdfs import line, new_pdf
from tests.helpers.uploads import written

FORMS = (
    ("--object-streams=generate",),
    ("--linearize",),
    ("--qdf",),
    ("--stream-data=uncompress", "--object-streams=disable"),
)
PLAIN = ("--object-streams=disable",)
TABLE = "0 0 0.5 rg 60 {0} 400 24 re f 1 1 1 rg {1} 0.9 0.9 0.9 rg 60 {2} 400 24 re f 0 0 0 rg {3}"


def by_pikepdf(_folder: Path) -> Iterator[HiddenFile]:
    for way in hidden_pdfs.WAYS:
        content, rule, place = way()
        yield HiddenFile(way.__name__, "pdf", content, rule, place)


def honest_by_pikepdf(_folder: Path) -> Iterator[HonestFile]:
    for number in range(HONEST):
        yield HonestFile("pdf", written(honest_pdf(number)))


def honest_pdf(number: int) -> pikepdf.Pdf:
    """Pages with a table, bookmarks from the headings, and an organisation as the author."""
    pages = []
    for page in range(1 + number % 4):
        title = line(f"Chapter {page + 1} of report {number}", 760)
        rows = (line(f"Heading {number}", 706), line(f"Cell {page}", 680))
        table = TABLE.format(700, rows[0], 674, rows[1])
        pages.append(f"{title} {table} {line(f'Page {page + 1}', 40)}")
    made = new_pdf(*pages)
    with made.open_outline() as outline:
        for page in range(len(pages) if number % 2 else 0):
            outline.root.append(pikepdf.OutlineItem(f"Chapter {page + 1} of report {number}", page))
    made.docinfo["/Author"] = ("総務省", "Ministry of Internal Affairs", "user")[number % 3]
    made.docinfo["/Creator"] = "Microsoft® Word 2019"
    return made


def by_qpdf(folder: Path) -> Iterator[HiddenFile]:
    for number, way in enumerate(hidden_pdfs.WAYS):
        content, rule, place = way()
        if way is hidden_pdfs.bar:
            made = overlaid(folder)
        elif way is hidden_pdfs.revision:
            made = hidden_pdfs.with_second_page_anew(
                rewritten(
                    written(hidden_pdfs.two_pages(line(hidden_pdfs.SECRET, 700))), folder, PLAIN
                )
            )
        else:
            made = rewritten(content, folder, FORMS[number % len(FORMS)])
        yield HiddenFile(way.__name__, "pdf", made, rule, place)


def rewritten(content: bytes, folder: Path, options: tuple[str, ...]) -> bytes:
    before, after = folder / "before.pdf", folder / "after.pdf"
    before.write_bytes(content)
    subprocess.run(["qpdf", *options, str(before), str(after)], check=True)
    return after.read_bytes()


def overlaid(folder: Path) -> bytes:
    """The bar is a page of another file, which qpdf lays over the text."""
    text, bar, made = (folder / name for name in ("text.pdf", "bar.pdf", "made.pdf"))
    text.write_bytes(written(hidden_pdfs.two_pages(line(hidden_pdfs.SECRET, 700))))
    bar.write_bytes(written(new_pdf("0 0 0 rg 65 690 160 30 re f")))
    command = ["qpdf", str(text), "--overlay", str(bar), "--to=2", "--", str(made)]
    subprocess.run(command, check=True)
    return made.read_bytes()


def honest_by_qpdf(folder: Path) -> Iterator[HonestFile]:
    for number in range(HONEST):
        content = written(honest_pdf(100 + number))
        with pikepdf.open(io.BytesIO(content)):
            yield HonestFile("pdf", rewritten(content, folder, FORMS[number % len(FORMS)]))


PIKEPDF = Producer("pikepdf", "", by_pikepdf, honest_by_pikepdf)
QPDF = Producer("qpdf", package_unless("qpdf", "qpdf"), by_qpdf, honest_by_qpdf)
