"""CSV: checked, and written again as UTF-8 with the byte order mark that Excel in Japan needs."""

import csv
import io
import re
from pathlib import Path
from typing import Any

from bureaus.uploads.file_types import NOT_A_DOCUMENT
from bureaus.uploads.invalid_upload import InvalidUpload

ENCODINGS = ("utf-8-sig", "cp932")
SIZE = 20_000_000  # bytes: all of it is in memory
ROWS = 1_000_000
ROWS_SAID, TEXT_LENGTH = 20_000, 300_000  # of a table, that the search reads
CONTROLS = frozenset(map(chr, range(32))) - frozenset("\t\r\n")
# Values that a spreadsheet evaluates on opening; numbers with a sign are none.
FORMULA = re.compile(r'(?:^|,)"?(?:[=@]|[+-][A-Za-z])', re.MULTILINE)
# Values that call a program (DDE), which are refused.
CALLS_A_PROGRAM = re.compile(r"(?:^|,)\"?\s*[=@+-][^,\n|!]*\|[^,\n!]*!", re.MULTILINE)
HAS_FORMULAS = (
    "「=」や「@」などで始まる値があります。表計算ソフトで開くと計算式として動くことがあるので、"
    "値だけにして保存し直してください。"
)
UNEVEN_ROWS = (
    "列の数が行によって違います。1行目を見出しとし、どの行も同じ列の数にすると、機械でも読めます。"
)


def read_csv(source: Path, folder: Path) -> dict[str, Any]:
    """Check a CSV file and write it again. Raises InvalidUpload where it is no text or no table."""
    if source.stat().st_size > SIZE:
        raise InvalidUpload(
            "size", f"は、表としては大きすぎます。{SIZE // 1_000_000}MB以内に分けてください。"
        )
    text = decode_csv(source.read_bytes())
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    except csv.Error as error:
        raise InvalidUpload("kind", NOT_A_DOCUMENT) from error
    widths = [*map(len, rows)]
    if CALLS_A_PROGRAM.search(text):
        raise InvalidUpload(
            "dangerous",
            "には、表計算ソフトで開くとほかのプログラムを呼ぶ値（「=プログラム名|…!」の形）が"
            "含まれています。値を文字や数に直して保存し直してください。",
        )
    if not widths or max(widths) < 2 or len(widths) > ROWS:  # noqa: PLR2004 - or it is no table
        raise InvalidUpload("kind", NOT_A_DOCUMENT)
    file = folder / "table.csv"
    file.write_bytes(text.encode("utf-8-sig"))
    warnings = [UNEVEN_ROWS] if min(widths) < max(widths) else []
    warnings += [HAS_FORMULAS] if FORMULA.search(text) else []
    said = "\n".join(" ".join(row) for row in rows[:ROWS_SAID])[:TEXT_LENGTH]
    return {"kind": "csv", "file": file.name, "text": said, "warnings": warnings}


def decode_csv(content: bytes) -> str:
    return decode_with_encoding(content)[0]


def decode_with_encoding(content: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding. Raises InvalidUpload."""
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not CONTROLS & set(text):
            return text, encoding
    raise InvalidUpload("kind", NOT_A_DOCUMENT)
