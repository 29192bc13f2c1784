"""A folder that has its name only when it is complete."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import CommandError

UNFINISHED = ".part"


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """
    Yield a folder to fill, which is then renamed to `folder`; its owner alone can read it.

    What was interrupted keeps the temporary name. Raises CommandError where `folder` exists, or
    cannot be written.
    """
    if folder.exists():
        raise CommandError(f"「{folder}」はもうあります。別の名前にしてください。")
    unfinished = folder.with_name(f"{folder.name}{UNFINISHED}")
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True, mode=0o700)
        yield unfinished
        unfinished.rename(folder)
    except OSError as error:
        raise CommandError(
            f"「{folder}」に書き込めません（{error}）。空きと権限を確かめてください。"
        ) from error
