"""Ghostscript: programs in PostScript, written by its device pdfwrite."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.drills.leaks.cases import (
    HONEST,
    PATH,
    HiddenFile,
    HonestFile,
    Producer,
    package_unless,
)
from tests.helpers.hidden_pdfs import SECRET

PAGE = "2ページ"
NAME = "<FEFF79D85BC6592A90CE>"  # 秘密太郎
TEXT = f"72 700 moveto ({SECRET}) show"
FILL = "newpath 65 690 moveto 160 0 rlineto 0 30 rlineto -160 0 rlineto closepath fill"
IMAGE = (
    "gsave 65 690 translate 160 30 scale 2 1 8 [2 0 0 -1 0 1] {<40c040c0a0a0>} false 3 colorimage"
    " grestore"
)
HELVETICA = "/Helvetica findfont 14 scalefont setfont"
ESCAPED = PATH.replace("\\", "\\\\")
NOTE = "[ /Rect [400 700 420 720] /Contents %s /Subtype /%s /ANN pdfmark"
# The drawing of the second page, the rule and the place.
WAYS = {
    "bar": (f"{TEXT} 0 setgray {FILL}", "pdf-covered", PAGE),
    "picture": (f"{TEXT} {IMAGE}", "pdf-covered", PAGE),
    "white": (f"1 setgray {TEXT}", "pdf-invisible", PAGE),
    "ground": (f"0 0 0.5 setrgbcolor {FILL} {TEXT}", "pdf-invisible", PAGE),
    "outside": (f"72 30 moveto ({SECRET}) show", "pdf-outside", PAGE),
    "tiny": (f"/Helvetica findfont 0.4 scalefont setfont {TEXT}", "pdf-invisible", PAGE),
    "bookmark": (f"[ /Title {NAME} /Page 2 /OUT pdfmark", "pdf-bookmark", "しおりの1番目"),
    "annotation": (NOTE % (NAME, "Text"), "pdf-annotation", PAGE),
    "highlight": (NOTE % (NAME, "Highlight"), "pdf-annotation", PAGE),
    "author": (
        f"[ /Author {NAME} /DOCINFO pdfmark",
        "person",
        "文書のプロパティーの「作成者」",
    ),
    "path": (
        f"[ /Title ({ESCAPED}) /DOCINFO pdfmark",
        "path",
        "文書のプロパティーの「表題」",
    ),
    "stamp": (NOTE % (NAME, "Stamp"), "pdf-annotation", PAGE),
}


def document(second: str, cropped: str = "") -> str:
    first = f"{HELVETICA} 72 760 moveto (Policy of the ministry) show showpage"
    title = f"{HELVETICA} {cropped} 72 760 moveto (Second page of the policy) show"
    return f"%!PS\n{first}\n{title}\n{second}\nshowpage\n"


def written(program: str, folder: Path) -> bytes:
    source, made = folder / "source.ps", folder / "made.pdf"
    source.write_text(program)
    command = ["gs", "-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite", "-sPAPERSIZE=a4"]
    subprocess.run([*command, f"-sOutputFile={made}", str(source)], check=True)
    return made.read_bytes()


def hidden(folder: Path) -> Iterator[HiddenFile]:
    for way, (drawing, rule, place) in WAYS.items():
        cropped = "[ /CropBox [0 60 595 842] /PAGE pdfmark" if way == "outside" else ""
        yield HiddenFile(way, "pdf", written(document(drawing, cropped), folder), rule, place)


def honest(folder: Path) -> Iterator[HonestFile]:
    """Reports with a heading in white on blue, shaded rows and links."""
    for number in range(HONEST):
        rows = " ".join(
            f"0.9 setgray 60 {row} 400 20 rectfill 0 setgray 72 {row + 5} moveto"
            f" (Row {row} of table {number}) show"
            for row in range(200, 600, 40)
        )
        title = (
            "0 0 0.5 setrgbcolor 60 690 400 26 rectfill 1 setgray"
            f" 72 698 moveto (Heading of report {number}) show"
        )
        link = (
            "[ /Rect [60 690 460 716] /Border [0 0 0] /Subtype /Link"
            " /Action << /Subtype /URI /URI (https://www.soumu.go.jp/) >> /ANN pdfmark"
        )
        yield HonestFile("pdf", written(document(f"{title} {rows} {link}"), folder))


GHOSTSCRIPT = Producer("ghostscript", package_unless("gs", "ghostscript"), hidden, honest)
