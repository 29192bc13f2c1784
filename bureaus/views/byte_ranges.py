"""The byte range of a file that a request asks for (RFC 9110, section 14)."""

import re
from typing import NamedTuple

from django.http import HttpRequest
from django.utils.http import http_date

from bureaus.uploads.stored_file import StoredFile

RANGE = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))", re.IGNORECASE)


class ByteRange(NamedTuple):
    """From the first byte to the last, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


class NotSatisfiable(Exception):
    """A range that begins after the end of the file."""


def requested_range(request: HttpRequest, file: StoredFile) -> ByteRange | None:
    """
    Return the range that the request asks for, or None for the whole file.

    Several ranges at once, and an unreadable one, are answered with the whole file.
    Raises NotSatisfiable.
    """
    match = RANGE.fullmatch(request.META.get("HTTP_RANGE", "").strip())
    if match is None or request.method != "GET" or not matches_if_range(request, file):
        return None
    first, last, suffix = match.groups()
    if suffix:
        byte_range = ByteRange(max(file.size - int(suffix), 0), file.size - 1)
    else:
        byte_range = ByteRange(int(first), min(int(last or file.size), file.size - 1))
        if last and int(last) < int(first):
            return None
    if byte_range.first >= file.size:
        raise NotSatisfiable
    return byte_range


def matches_if_range(request: HttpRequest, file: StoredFile) -> bool:
    """Return whether the client has parts of this version of the file, if it names one."""
    validator = request.META.get("HTTP_IF_RANGE", "").strip()
    return not validator or validator in {file.etag, http_date(file.modified)}
