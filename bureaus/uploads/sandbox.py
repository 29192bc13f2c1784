"""The child process that opens uploads: its start, its limits and its answer."""

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
MAX_CHILDREN = 2  # children of one process of the server
SLOT_TIMEOUT = 30  # seconds to wait for a slot
# Seconds by the clock.
TIMEOUT = {"image": 40, "document": 40, "card": 40, "renditions": 40, "avif": 600}
# The child inherits no key and no address of a database.
ENVIRONMENT = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"}

logger = logging.getLogger(__name__)
slots = BoundedSemaphore(MAX_CHILDREN)


@contextmanager
def run_in_sandbox(task: str, source: Path, *point: int) -> Iterator[tuple[dict[str, Any], Path]]:
    """
    Yield the child's answer about `source`, and the folder into which it has written.

    `point` is the focal point of a stored image. The folder is deleted at the end. Raises
    InvalidUpload. Never inside a transaction: it may take seconds.
    """
    with tempfile.TemporaryDirectory(prefix="ministry-upload-") as folder:
        if not slots.acquire(timeout=SLOT_TIMEOUT):
            raise BUSY
        try:
            answer = run_worker(task, source, Path(folder), *point)
        finally:
            slots.release()
        if "invalid" in answer:
            raise InvalidUpload(*answer["invalid"])
        yield answer, Path(folder)


def run_worker(task: str, source: Path, folder: Path, *point: int) -> dict[str, Any]:
    """Run the child. Raises InvalidUpload where it ended without an answer."""
    arguments = [task, str(source), str(folder), *map(str, point)]
    command = [sys.executable, "-s", "-m", "bureaus.uploads.sandbox_worker", *arguments]
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
    errors = ended.stderr.decode("utf-8", "replace").strip()
    if errors:
        logger.info("%s %s: %s", task, source.name, errors)
    if ended.returncode:
        logger.warning("%s of an upload ended with %s", task, ended.returncode)
        raise TOO_HEAVY
    answer: dict[str, Any] = json.loads(ended.stdout)
    return answer
