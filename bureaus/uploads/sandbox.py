"""Starting the child process, and believing nothing but its answer."""

import json
import logging
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from bureaus.uploads.invalid_upload import BUSY, TOO_HEAVY, InvalidUpload

ROOT = Path(__file__).resolve().parents[2]
AT_ONCE = 2  # children of one process of the server
PATIENCE = 30  # seconds until it is one's turn
# Seconds by the clock.
TIMEOUT = {"image": 40, "document": 40, "card": 40, "renditions": 40, "avif": 600}
# Nothing of ours goes along: no key, no address of a database.
ENVIRONMENT = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"}

logger = logging.getLogger(__name__)
turns = BoundedSemaphore(AT_ONCE)


@contextmanager
def run_in_sandbox(task: str, source: Path, *point: int) -> Iterator[tuple[dict[str, Any], Path]]:
    """
    What the child answers of `source`, and the folder into which it has written.

    `point` is the focal point of a picture that is kept already.

    The folder goes with the block, whatever happens. Raises Unfit. Never inside a transaction: it
    may take seconds.
    """
    with tempfile.TemporaryDirectory(prefix="ministry-upload-") as folder:
        if not turns.acquire(timeout=PATIENCE):
            raise BUSY
        try:
            answer = ask(task, source, Path(folder), *point)
        finally:
            turns.release()
        if "unfit" in answer:
            raise InvalidUpload(*answer["unfit"])
        yield answer, Path(folder)


def ask(task: str, source: Path, folder: Path, *point: int) -> dict[str, Any]:
    """Raises Unfit where the child ended without an answer: of memory, time or a fault."""
    words = [task, str(source), str(folder), *map(str, point)]
    command = [sys.executable, "-s", "-m", "bureaus.uploads.sandbox_worker", *words]
    try:
        ended = subprocess.run(  # noqa: S603 - our own program; the file is only named
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT[task],
            cwd=folder,
            env=ENVIRONMENT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TOO_HEAVY from error
    said = ended.stderr.decode("utf-8", "replace").strip()
    if said:
        logger.info("%s %s: %s", task, source.name, said)
    if ended.returncode:
        logger.warning("%s of an upload ended with %s", task, ended.returncode)
        raise TOO_HEAVY
    answer: dict[str, Any] = json.loads(ended.stdout)
    return answer
