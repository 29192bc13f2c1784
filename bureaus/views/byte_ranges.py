"""Which part of a file a request asks for (RFC 9110, section 14)."""

import re
from typing import NamedTuple

from django.http import HttpRequest
from django.utils.http import http_date

from bureaus.uploads.stored_file import StoredFile

RANGE = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))", re.IGNORECASE)


class Part(NamedTuple):
    """From the first byte to the last, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


class NotSatisfiable(Exception):
    """A range that begins behind the end of the file."""


def part_asked(request: HttpRequest, file: StoredFile) -> Part | None:
    """
    Return the part that the request asks for, or None where the whole file is the answer.

    Several ranges at once, and what cannot be read as one, are answered with the whole file.
    Raises NotSatisfiable.
    """
    asked = RANGE.fullmatch(request.META.get("HTTP_RANGE", "").strip())
    if asked is None or request.method != "GET" or not is_meant(request, file):
        return None
    first, last, suffix = asked.groups()
    if suffix:
        part = Part(max(file.size - int(suffix), 0), file.size - 1)
    else:
        part = Part(int(first), min(int(last or file.size), file.size - 1))
        if last and int(last) < int(first):
            return None
    if part.first >= file.size:
        raise NotSatisfiable
    return part


def is_meant(request: HttpRequest, file: StoredFile) -> bool:
    """Whether the reader holds parts of this very file, if it says which file it means."""
    meant = request.META.get("HTTP_IF_RANGE", "").strip()
    return not meant or meant in {file.etag, http_date(file.modified)}
