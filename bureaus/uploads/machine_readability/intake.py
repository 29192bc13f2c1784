"""The judgement as a part of what is read from a file at intake."""

import resource
import time
from pathlib import Path
from typing import Any, BinaryIO

from bureaus.uploads.csv_files import decode_with_encoding
from bureaus.uploads.invalid_upload import InvalidUpload
from bureaus.uploads.machine_readability.judge import judge_csv, judge_workbook

KEY = "readability"
SECONDS = 8  # of processor time that must be left: advice is no reason to refuse a file


def with_judgement(facts: dict[str, Any], source: Path | BinaryIO) -> dict[str, Any]:
    """Return the facts about a document, those about a table with its judgement."""
    judgement = judgement_of(facts.get("kind", ""), source) if has_time() else None
    return facts if judgement is None else facts | {KEY: judgement}


def has_time() -> bool:
    """Return whether the child process that reads uploads may take as long as a judgement."""
    most, _ = resource.getrlimit(resource.RLIMIT_CPU)
    return most == resource.RLIM_INFINITY or time.process_time() < most - SECONDS


def judgement_of(kind: str, source: Path | BinaryIO) -> dict[str, Any] | None:
    if kind == "xlsx":
        return judge_workbook(source)
    if kind != "csv":
        return None
    try:
        return judge_csv(*decode_with_encoding(content_of(source)))
    except InvalidUpload:  # of a stored file, which nobody refuses any more
        return None


def content_of(source: Path | BinaryIO) -> bytes:
    if isinstance(source, Path):
        return source.read_bytes()
    source.seek(0)
    return source.read()
