"""Files as officers send them, honest and hostile ones, all made here."""

import io
import json
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pikepdf
from PIL import Image as Picture
from PIL import ImageCms, ImageDraw
from PIL.PngImagePlugin import PngInfo

from bureaus.uploads.sandbox_worker import MEMORY
from tests.helpers.paths import ROOT

MEASURED = "tests.programs.measured_sandbox"


@dataclass(frozen=True)
class Ended:
    answer: dict[str, Any]
    kilobytes: int  # the most that the child had of memory


def child(task: str, content: bytes, folder: Path, *, memory: int = MEMORY) -> Ended:
    """What the child process makes of this file, in `folder`."""
    source = folder / "source"
    source.write_bytes(content)
    made = folder / "made"
    made.mkdir()
    ended = subprocess.run(
        [sys.executable, "-s", "-m", MEASURED, str(memory), task, str(source), str(made)],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )
    return Ended(json.loads(ended.stdout), int(ended.stderr.split()[-1]))


# Pictures


def encoded(picture: Picture.Image, form: str, **options: Any) -> bytes:
    written = io.BytesIO()
    picture.save(written, form, **options)
    return written.getvalue()


def photograph(width: int = 2400, height: int = 1600) -> Picture.Image:
    """Soft colours and no two points alike, as a camera sees the world."""
    bands = [Picture.effect_noise((width // 8, height // 8), 60) for _ in range(3)]
    return Picture.merge("RGB", bands).resize((width, height), Picture.Resampling.BICUBIC)


def drawing(width: int = 1200, height: int = 800) -> Picture.Image:
    drawn = Picture.new("RGB", (width, height), "#f0f9ff")
    pen = ImageDraw.Draw(drawn)
    for number in range(0, width, 100):
        pen.rectangle((number, 50, number + 60, height - 50), outline="#00428c", width=4)
    return drawn


def jpeg(width: int = 2400, height: int = 1600, **options: Any) -> bytes:
    return encoded(photograph(width, height), "JPEG", quality=90, **options)


def with_secrets() -> bytes:
    """A photograph that says where it was taken, by whom, and carries a program behind it."""
    picture = photograph(1200, 800)
    exif = Picture.Exif()
    exif[0x010F], exif[0x9286] = "ひみつのカメラ", "ひみつ"
    exif.get_ifd(0x8825)[2] = (35.0, 40.0, 30.0)  # GPS: a latitude
    content = encoded(picture, "JPEG", exif=exif, comment=b"himitsu no comment")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("himitsu.html", "<script>alert('himitsu')</script>")
    return content + archive.getvalue()


def turned() -> bytes:
    """A picture that lies on its side, and says so: red is above when it stands."""
    lying = Picture.new("RGB", (300, 200), "blue")
    lying.paste("red", (0, 0, 150, 200))
    exif = Picture.Exif()
    exif[0x0112] = 6  # turned by 90° to the right when it is shown
    return encoded(lying, "JPEG", exif=exif, quality=95)


def in_other_colours() -> bytes:
    """A profile that exchanges red and blue: a program that ignores it shows blue for red."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for old, new in ((b"rXYZ", b"xXYZ"), (b"bXYZ", b"rXYZ"), (b"xXYZ", b"bXYZ")):
        profile = profile.replace(old, new)
    return encoded(Picture.new("RGB", (400, 300), (0, 0, 255)), "PNG", icc_profile=profile)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of_size(width: int, height: int) -> bytes:
    """A few bytes that say they are so large, and hold nothing."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 100_000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


def gif_of_frames(count: int) -> bytes:
    header = b"GIF89a" + struct.pack("<HHBBB", 10, 10, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    place = b"\x2c" + struct.pack("<HHHHB", 0, 0, 10, 10, 0)
    frame = b"\x21\xf9\x04\x04\x0a\0\0\0" + place + b"\x02\x02\x44\x01\0"
    return header + frame * count + b"\x3b"


def webp_of_size(width: int, height: int) -> bytes:
    data = b"\0\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def png_with_long_text() -> bytes:
    """Compressed text of 200 MB in a few hundred kilobytes."""
    text = PngInfo()
    text.add_itxt("Comment", "あ" * 3_000_000, zip=True)
    return encoded(Picture.new("RGB", (20, 20)), "PNG", pnginfo=text)


# Documents


def pdf(
    pages: int = 1, *, title: str = "運用ポリシー", tagged: bool = True, text: bool = True
) -> bytes:
    """A PDF as a ministry should write one."""
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page()
    if text:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        made.pages[0].Resources = pikepdf.Dictionary(
            Font=pikepdf.Dictionary(F1=made.make_indirect(font))
        )
        made.pages[0].Contents = made.make_stream(b"BT /F1 12 Tf (ICT) Tj ET")
    if tagged:
        made.Root.MarkInfo = pikepdf.Dictionary(Marked=True)
        made.Root.StructTreeRoot = pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot)
        made.Root.Lang = pikepdf.String("ja")
    if title:
        made.docinfo["/Title"] = title
    return written(made)


def written(made: pikepdf.Pdf, **options: Any) -> bytes:
    content = io.BytesIO()
    made.save(content, **options)
    return content.getvalue()


def pdf_with(danger: str) -> bytes:
    made = pikepdf.open(io.BytesIO(pdf()))
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    if danger == "script":
        made.Root.OpenAction = script
    elif danger == "script in a page":
        made.pages[0].AA = pikepdf.Dictionary(O=script)
    elif danger == "script behind a name":
        names = pikepdf.Array([pikepdf.String("a"), made.make_indirect(script)])
        made.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=names))
    elif danger == "launch":
        made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("a.exe"))
    elif danger == "file":
        made.attachments["a.exe"] = b"MZ"
    elif danger == "script in a link":
        link = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("JavaScript:app.alert(1)"))
        made.pages[0].Annots = pikepdf.Array([pikepdf.Dictionary(A=link)])
    elif danger == "script in a drawing":
        made.pages[0].Drawing = pikepdf.Dictionary(OnInstantiate=made.make_stream(b"alert(1)"))
    elif danger == "form":
        made.Root.AcroForm = pikepdf.Dictionary(XFA=made.make_stream(b"<xdp/>"), Fields=[])
    # In an object stream no program that looks for bytes finds it.
    return written(made, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def locked_pdf(*, user: str) -> bytes:
    made = pikepdf.open(io.BytesIO(pdf()))
    return written(made, encryption=pikepdf.Encryption(owner="ひみつ", user=user))


OFFICE = "application/vnd.openxmlformats-officedocument."
WORD = f"{OFFICE}wordprocessingml.document.main+xml"
EXCEL = f"{OFFICE}spreadsheetml.sheet.main+xml"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CORE = (
    '<?xml version="1.0"?><cp:coreProperties xmlns:cp="x" xmlns:dc='
    '"http://purl.org/dc/elements/1.1/"><dc:title>配付資料</dc:title>'
    "<dc:creator>鈴木</dc:creator></cp:coreProperties>"
)
APP = (
    '<?xml version="1.0"?><Properties xmlns='
    '"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Pages>3</Pages></Properties>"
)


def types(kind: str = WORD, further: Mapping[str, str] = MappingProxyType({})) -> str:
    """What the parts are: `further` ones by their names, which begin with a slash, or endings."""
    named = {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
        "/word/document.xml" if kind == WORD else "/xl/workbook.xml": kind,
        "/xl/worksheets/sheet1.xml": f"{OFFICE}spreadsheetml.worksheet+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/docProps/app.xml": f"{OFFICE}extended-properties+xml",
        **further,
    }
    rows = "".join(
        f'<Override PartName="{name}" ContentType="{content}"/>'
        if name.startswith("/")
        else f'<Default Extension="{name}" ContentType="{content}"/>'
        for name, content in named.items()
    )
    return f"<Types>{rows}</Types>"


def relationship(kind: str, target: str, mode: str, key: str = "rId1") -> str:
    how = f'TargetMode="{mode}"' if mode else ""
    return f'<Relationship Id="{key}" Type="{RELATIONSHIPS}/{kind}" Target="{target}" {how}/>'


def relationships(*rows: str) -> str:
    return f"<Relationships>{''.join(rows)}</Relationships>"


def office(
    kind: str = WORD, further: Mapping[str, str] = MappingProxyType({}), **parts: str | bytes
) -> bytes:
    """A Word or Excel file with these parts too, and with the types of `further` ones."""
    held: dict[str, str | bytes] = {
        "[Content_Types].xml": types(kind, further),
        "docProps/core.xml": CORE,
        "docProps/app.xml": APP,
    }
    if kind == WORD:
        held["word/document.xml"] = "<document/>"
    else:
        name = f'<sheet name="予算" xmlns:r="{RELATIONSHIPS}" r:id="rId1"/>'
        held["xl/workbook.xml"] = f"<workbook><sheets>{name}</sheets></workbook>"
        held["xl/_rels/workbook.xml.rels"] = relationships(
            relationship("worksheet", "worksheets/sheet1.xml", "")
        )
        held["xl/worksheets/sheet1.xml"] = "<worksheet/>"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in (held | parts).items():
            packed.writestr(name, text)
    return content.getvalue()


def swelling_pdf() -> bytes:
    """A few hundred kilobytes whose objects are 400 MB when they are unpacked."""
    packer = zlib.compressobj(9)
    head = b"1 0 << /Type /Catalog /Pages 3 0 R >>"
    packed = packer.compress(head)
    for _ in range(400):
        packed += packer.compress(b" " * 1024 * 1024)
    packed += packer.flush()
    objects = {
        2: b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>" % len(packed)
        + b"\nstream\n%s\nendstream" % packed,
        3: b"<< /Type /Pages /Kids [] /Count 0 >>",
    }
    content, places = b"%PDF-1.5\n", {}
    for number, text in objects.items():
        places[number] = len(content)
        content += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    start = len(content)
    rows = b"\0\0\0\0\0\0" + b"\2\0\0\0\2\0"
    rows += b"".join(b"\1" + struct.pack(">I", places[number]) + b"\0" for number in (2, 3))
    rows += b"\1" + struct.pack(">I", start) + b"\0"
    table = b"<< /Type /XRef /Size 5 /W [1 4 1] /Root 1 0 R /Length %d >>" % len(rows)
    content += b"4 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (table, rows)
    return content + b"startxref\n%d\n%%%%EOF\n" % start
