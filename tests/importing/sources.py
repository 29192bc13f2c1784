"""Files to import, written for each test."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.core.management import call_command

HEADS = ("アドレス", "表題", "日付", "種類", "本文", "元のアドレス")


def table(*rows: Sequence[str], heads: Sequence[str] = HEADS, codec: str = "utf-8-sig") -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([heads, *rows])
    return stream.getvalue().encode(codec)


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def archive(path: Path, files: Mapping[str, bytes | str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(name, content)
    return path


def run(*arguments: object, code: int = 0) -> str:
    """What the command prints; it has to end with `code`."""
    output = io.StringIO()
    ended = 0
    try:
        call_command("import_pages", *map(str, arguments), stdout=output, stderr=output)
    except SystemExit as end:
        ended = int(end.code or 0)
    assert ended == code, output.getvalue()
    return output.getvalue()


def report(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))
