"""
The child process that opens what officers upload: `python -m bureaus.uploads.sandbox_worker`.

It takes a task, a file and a folder to write into, and answers in JSON. It has no settings, no
database and no secret in its environment, and ends when it takes more memory or time than an
ordinary file needs, so that a hostile file can do no harm to the site.
"""

import json
import resource
import sys
import traceback
from errno import EDQUOT, EFBIG, ENOSPC
from pathlib import Path
from typing import Any

MEGABYTE = 1024 * 1024
MEMORY = 280 * MEGABYTE  # of data; code and the pages of the file come on top
FILE_SIZE = 128 * MEGABYTE  # a file
# Of processor time.
SECONDS = {"image": 20, "document": 20, "card": 20, "renditions": 20, "avif": 300}


def limit(task: str) -> None:
    seconds = SECONDS[task]
    for kind, most in (
        (resource.RLIMIT_DATA, MEMORY),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, FILE_SIZE),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def work(task: str, source: Path, folder: Path, point: list[int]) -> dict[str, Any]:
    # Imported under the limits, and only what the task needs.
    if task == "document":
        from bureaus.uploads.documents import read_document

        return read_document(source, folder)
    from bureaus.uploads import images

    if task == "image":
        return images.process_image(source, folder)
    if task == "card":
        return images.make_social_image(source, folder, point)
    return images.make_renditions(source, folder, point, with_avif=task == "avif")


def main(task: str, source: str, folder: str, *point: str) -> None:
    """Run `task` and print the answer; `point` is the focal point of a stored image, in %."""
    from bureaus.uploads.invalid_upload import BROKEN, NOT_STORED, TOO_HEAVY, InvalidUpload

    disk_errors = {EFBIG: TOO_HEAVY, ENOSPC: NOT_STORED, EDQUOT: NOT_STORED}
    limit(task)
    try:
        answer = work(task, Path(source), Path(folder), list(map(int, point)))
    except InvalidUpload as invalid:
        answer = {"invalid": [invalid.code, invalid.reason]}
    except MemoryError:
        answer = {"invalid": [TOO_HEAVY.code, TOO_HEAVY.reason]}
    except Exception as error:  # noqa: BLE001 - any exception of a decoder means a broken file
        traceback.print_exc()
        reason = disk_errors.get(getattr(error, "errno", 0), BROKEN)
        answer = {"invalid": [reason.code, reason.reason]}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
