"""The type of a file, decided by its first bytes, never by its name."""

import re

from bureaus.uploads.invalid_upload import InvalidUpload

BYTES_EXAMINED = 1024  # bytes
SIGNATURES: tuple[tuple[str, re.Pattern[bytes]], ...] = (
    ("jpeg", re.compile(rb"\xff\xd8\xff")),
    ("png", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("gif", re.compile(rb"GIF8[79]a")),
    ("webp", re.compile(rb"RIFF....WEBP", re.DOTALL)),
    ("heic", re.compile(rb"....ftyp(?:hei|hev|mif|msf)", re.DOTALL)),
    ("avif", re.compile(rb"....ftypavi", re.DOTALL)),
    ("tiff", re.compile(rb"II\*\0|MM\0\*")),
    ("bmp", re.compile(rb"BM....\0\0\0\0", re.DOTALL)),
    ("pdf", re.compile(rb"%PDF-")),
    ("zip", re.compile(rb"PK(?:\x03\x04|\x05\x06)")),
    ("ole", re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")),
    (
        "svg",
        re.compile(
            rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!DOCTYPE\s+)?svg",
            re.IGNORECASE | re.DOTALL,
        ),
    ),
    ("html", re.compile(rb"\s*<[!?a-z]", re.IGNORECASE)),
)
IMAGE_TYPES = frozenset({"jpeg", "png", "gif", "webp"})
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

OTHER_FORMAT = "画像です。JPEGかPNGの形式で書き出してから登録してください。"
IMAGE_REFUSALS = {
    "heic": "は、HEIC形式の画像です。スマートフォンの設定を「互換性優先」にして撮るか、"
    "JPEG形式で書き出してから登録してください。",
    "avif": f"は、AVIF形式の{OTHER_FORMAT}",
    "tiff": f"は、TIFF形式の{OTHER_FORMAT}",
    "bmp": f"は、BMP形式の{OTHER_FORMAT}",
    "svg": "は、SVG形式の画像です。プログラムを含められる形式なので登録できません。"
    "PNG形式で書き出してから登録してください。",
    "html": "は、画像ではなくHTMLかXMLのファイルです。登録できません。"
    "JPEGかPNGの形式の画像を選んでください。",
    "pdf": "は、PDFです。文書として登録するか、JPEGかPNGの形式の画像を選んでください。",
}
NOT_AN_IMAGE = (
    "は、画像として読み取れません。JPEG・PNG・WebP・GIFのどれかの形式の画像を選んでください。"
)
IS_AN_IMAGE = "は、画像です。文書ではなく、画像として登録してください。"
DOCUMENT_REFUSALS = {
    "svg": "は、SVG形式の画像です。プログラムを含められる形式なので登録できません。"
    "PNG形式で書き出して、画像として登録してください。",
    "html": "は、HTMLかXMLのファイルです。登録できません。内容は、ページの本文に書いてください。",
    "ole": "は、パスワードの付いたファイルか、古い形式（.doc・.xls・.ppt）のファイルです。"
    "パスワードを外し、.docx・.xlsx・.pptx の形式で保存し直してください。",
}
NOT_A_DOCUMENT = (
    "は、登録できる文書ではありません。PDF・Word（.docx）・Excel（.xlsx）・"
    "PowerPoint（.pptx）・CSV（.csv）のどれかの形式で保存し直してください。"
)


def file_type(beginning: bytes) -> str:
    """Return the type; empty where no signature matches, as of plain text."""
    beginning = beginning[:BYTES_EXAMINED].removeprefix(BYTE_ORDER_MARK)
    return next((name for name, sign in SIGNATURES if sign.match(beginning)), "")


def refuse_non_image(kind: str) -> None:
    """Raise InvalidUpload where it is not an image."""
    if kind not in IMAGE_TYPES:
        raise InvalidUpload("kind", IMAGE_REFUSALS.get(kind, NOT_AN_IMAGE))


def refuse_non_document(kind: str) -> None:
    """Raise InvalidUpload; a file without a signature may still be a table."""
    if kind in IMAGE_TYPES | {"heic", "avif", "tiff", "bmp"}:
        raise InvalidUpload("kind", IS_AN_IMAGE)
    if kind not in {"pdf", "zip", ""}:
        raise InvalidUpload("kind", DOCUMENT_REFUSALS.get(kind, NOT_A_DOCUMENT))
