"""PDF files that hold more than their pages show, and honest ones; written by pikepdf alone."""

import io
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from tests.helpers.uploads import jpeg, written

SECRET = "HIMITSU"  # in letters that every reader can draw
SECRET_NAME = "秘密太郎"
PATH = r"C:\Users\himitsu\Documents\draft.docx"
BODY = "BT /F1 14 Tf 72 %d Td (%s) Tj ET"
Made = tuple[bytes, str, str]  # the file, the rule, the place


def line(text: str, height: int) -> str:
    return BODY % (height, text)


def new_pdf(*pages: str) -> pikepdf.Pdf:
    """A tagged PDF with a title, of pages with these content streams in Helvetica."""
    made = pikepdf.new()
    font = made.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    )
    for content in pages:
        page = made.add_blank_page(page_size=(595, 842))
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
        page.obj.Contents = made.make_stream(content.encode())
    made.Root.MarkInfo = Dictionary(Marked=True)
    made.Root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot)
    made.Root.Lang = String("ja")
    made.docinfo["/Title"] = "Policy"
    return made


def two_pages(more: str = "") -> pikepdf.Pdf:
    """Two pages; `more` is drawn on the second one."""
    return new_pdf(
        line("Policy of the ministry", 760),
        f"{line('Second page of the policy', 760)} {more}",
    )


def bar() -> Made:
    content = f"{line(SECRET, 700)} 0 0 0 rg 65 690 160 30 re f"
    return written(two_pages(content)), "pdf-covered", "2ページ"


def picture() -> Made:
    made = two_pages(f"{line(SECRET, 700)} q 200 0 0 60 60 680 cm /Im1 Do Q")
    image = made.make_stream(
        jpeg(200, 60),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=200,
        Height=60,
        ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=Name.DCTDecode,
    )
    made.pages[1].obj.Resources.XObject = Dictionary(Im1=image)
    return written(made), "pdf-covered", "2ページ"


def ground() -> Made:
    content = f"0 0 0.4 rg 65 690 160 30 re f 0 0 0.4 rg {line(SECRET, 700)}"
    return written(two_pages(content)), "pdf-invisible", "2ページ"


def outside() -> Made:
    made = two_pages(line(SECRET, 30))
    made.pages[1].obj.CropBox = Array([0, 60, 595, 842])
    return written(made), "pdf-outside", "2ページ"


def layer() -> Made:
    made = two_pages(f"/OC /L1 BDC {line(SECRET, 700)} EMC")
    group = made.make_indirect(Dictionary(Type=Name.OCG, Name=String("draft")))
    made.Root.OCProperties = Dictionary(OCGs=[group], D=Dictionary(OFF=[group], Order=[group]))
    made.pages[1].obj.Resources.Properties = Dictionary(L1=group)
    return written(made), "pdf-layer", "2ページ"


def annotation() -> Made:
    made = two_pages()
    note = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Text,
        Rect=[500, 700, 520, 720],
        Contents=String(f"{SECRET_NAME}さんに確認"),
        T=String("係長"),
    )
    made.pages[1].obj.Annots = Array([made.make_indirect(note)])
    return written(made), "pdf-annotation", "2ページ"


def bookmark() -> Made:
    made = two_pages()
    with made.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("Policy of the ministry", 0))
        outline.root.append(pikepdf.OutlineItem(f"対象者 {SECRET_NAME}", 1))
    return written(made), "pdf-bookmark", "しおりの2番目"


def destination() -> Made:
    made = two_pages()
    where = Array([made.pages[1].obj, Name.Fit])
    names = Array([String("section.1"), where, String(SECRET_NAME), where])
    made.Root.Names = Dictionary(Dests=made.make_indirect(Dictionary(Names=names)))
    return written(made), "pdf-destination", "リンクの行き先の名前"


def attachment() -> Made:
    made = two_pages()
    made.attachments["list.csv"] = SECRET_NAME.encode()
    return written(made), "refused", "埋め込まれたファイル"


def revision(words: str = SECRET) -> Made:
    before = written(
        two_pages(line(words, 700)), object_stream_mode=pikepdf.ObjectStreamMode.disable
    )
    return with_second_page_anew(before), "pdf-revision", "1番目の版の2ページ"


def with_second_page_anew(before: bytes) -> bytes:
    """Write the second page anew behind the file, as a program that appends does."""
    with pikepdf.open(io.BytesIO(before)) as read:
        number = read.pages[1].obj.Contents.objgen[0]
        size, root = len(read.objects) + 1, read.Root.objgen[0]
    stream = line("Second page of the policy", 760).encode()
    start = len(before)
    content = b"%d 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (
        number,
        len(stream),
        stream,
    )
    table = start + len(content)
    former = before.rpartition(b"startxref")[2].split()[0]
    content += b"xref\n%d 1\n%010d 00000 n \n" % (number, start)
    content += b"trailer\n<< /Size %d /Root %d 0 R /Prev %s >>\n" % (size, root, former)
    content += b"startxref\n%d\n%%%%EOF\n" % table
    return before + content


def person() -> Made:
    made = two_pages()
    made.docinfo["/Author"] = SECRET_NAME
    return written(made), "person", "文書のプロパティーの「作成者」"


def path() -> Made:
    made = two_pages()
    with made.open_metadata() as metadata:
        metadata["dc:source"] = PATH
    return written(made), "path", "文書のメタデータ（XMP）"


# Further ways, which the drill does not count.


def redaction() -> Made:
    made = two_pages(line(SECRET, 700))
    mark = Dictionary(Type=Name.Annot, Subtype=Name.Redact, Rect=[65, 690, 225, 720])
    made.pages[1].obj.Annots = Array([made.make_indirect(mark)])
    return written(made), "pdf-redaction", "2ページ"


def bar_as_annotation() -> Made:
    made = two_pages(line(SECRET, 700))
    drawn = made.make_stream(b"0 0 0 rg 0 0 160 30 re f", BBox=[0, 0, 160, 30])
    drawn.Type, drawn.Subtype = Name.XObject, Name.Form
    square = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Square,
        Rect=[65, 690, 225, 720],
        F=4,
        AP=Dictionary(N=made.make_indirect(drawn)),
    )
    made.pages[1].obj.Annots = Array([made.make_indirect(square)])
    return written(made), "pdf-covered", "2ページ"


def bar_over_scan(bar: str = "0 0 0 rg 65 690 160 30 re f") -> Made:
    """A scanned page whose recognised text lives on under the bar."""
    made = new_pdf(
        f"q 595 0 0 842 0 0 cm /Im1 Do Q 3 Tr {line('Recognised text', 760)} {line(SECRET, 700)}"
        f" 0 Tr {bar}"
    )
    image = made.make_stream(
        jpeg(200, 280),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=200,
        Height=280,
        ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=Name.DCTDecode,
    )
    made.pages[0].obj.Resources.XObject = Dictionary(Im1=image)
    return written(made), "pdf-covered", "1ページ"


def removed_page() -> Made:
    """A page that is left in the file and is none of its pages any more."""
    made = new_pdf(line("Policy of the ministry", 760), line(SECRET, 700))
    removed = made.pages[1].obj
    del made.pages[1]
    made.Root.PieceInfo = Dictionary(Kept=removed)
    return written(made), "pdf-revision", "取り除いたページ"


WAYS: tuple[Callable[[], Made], ...] = (
    bar,
    picture,
    ground,
    outside,
    layer,
    annotation,
    bookmark,
    destination,
    attachment,
    revision,
    person,
    path,
)
FURTHER: tuple[Callable[[], Made], ...] = (
    redaction,
    bar_as_annotation,
    bar_over_scan,
    removed_page,
)


# Honest files


def table_with_grounds() -> bytes:
    """White letters on dark cells, dark ones on light cells, and rules between them."""
    content = (
        "0 0 0.5 rg 60 690 400 26 re f 1 1 1 rg "
        + line("Heading of the table", 698)
        + " 0.9 0.9 0.9 rg 60 660 400 26 re f 0 0 0 rg "
        + line("Row of the table", 668)
        + " 0 0 0 rg 60 655 400 1 re f"
    )
    return written(two_pages(content))


def scan() -> bytes:
    """A picture of the page with the recognised text under it, as a scanner writes it."""
    return bar_over_scan(bar="")[0]


def with_bookmarks() -> bytes:
    made = two_pages()
    with made.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("1. Policy of  the Ministry", 0))
        outline.root.append(pikepdf.OutlineItem("目次", 0))
    made.docinfo["/Author"] = "総務省"
    made.docinfo["/Creator"] = "Microsoft Word"
    made.docinfo["/Producer"] = "Microsoft: Print To PDF"
    return written(made)


def linearized() -> bytes:
    return written(two_pages(line("More words", 700)), linearize=True)


def signed_behind() -> bytes:
    """Appended without a change of what the pages say, as a signature is."""
    return revision("Policy")[0]


HONEST = (table_with_grounds, scan, with_bookmarks, linearized, signed_behind)
