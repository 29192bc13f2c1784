"""The lists of seals that a command finds or is given, and their replay."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import DatabaseError

from bureaus.management.database_copies import database_copy
from bureaus.publishing.sealing.seal_list import (
    DamagedSealList,
    Entries,
    keep_list,
    kept_entries,
    read_entries,
    replay,
    stored_entries,
)

NAME = "seals.json"


def add_seals_argument(parser: CommandParser) -> None:
    parser.add_argument(
        "--seals",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help=f"消去の一覧（ほかの控えの {NAME}）。隣の控えとこのサイトのものは、自動で読みます",
    )


def read_list(file: Path) -> Entries:
    """Raises CommandError."""
    try:
        return read_entries(file.read_bytes())
    except (OSError, DamagedSealList) as error:
        raise CommandError(
            f"消去の一覧「{file}」を読めません（{error}）。別の控えの {NAME} を指定してください。"
            "何も変えていません。"
        ) from error


def known_entries(folder: Path, given: Iterable[Path], report: Callable[[str], None]) -> Entries:
    """
    Return every seal in the lists `given`, in `folder` and the copies beside it, and of this site.

    `report` gets a sentence about each list. Raises CommandError.
    """
    entries: dict[str, dict[str, Any]] = {}
    for file in [*given, *lists_beside(folder)]:
        found = read_list(file)
        if found:
            report(f"消去の一覧「{file}」から、{len(found)}件を読みました。")
        entries.update(found)
    return {**entries, **entries_of_this_site()}


def lists_beside(folder: Path) -> list[Path]:
    """Return the lists of the folder and of those beside it, where they have a database copy."""
    name = database_copy().name
    found = sorted(folder.resolve().parent.glob(f"*/{NAME}"))
    return [file for file in found if (file.parent / name).is_file()]


def entries_of_this_site() -> Entries:
    """Return the seals of the media storage and the database; nothing where there is none yet."""
    try:
        kept = kept_entries()
    except DamagedSealList as error:
        raise CommandError(
            f"画像と文書の保存場所にある消去の一覧を読めません（{error}）。控えの {NAME} を、"
            "そこの seals/seals.json に写してから、もう一度実行してください。何も変えていません。"
        ) from error
    try:
        return {**kept, **stored_entries()}
    except DatabaseError:  # empty, broken, or older than seals
        return kept


def replay_all(entries: Entries) -> str:
    """Carry out what the database does not know, and return a sentence about it."""
    done = replay(entries)
    keep_list(entries)
    return f"後から消去されたもの{done}件を、もう一度消去しました。" if done else ""
