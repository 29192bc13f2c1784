"""Read fields of one or several lines without invisible characters."""

import re

from django.http import HttpRequest

from bureaus.text.rich_text import strip_invisible

KEY_PATTERN = "[1-9][0-9]{0,17}"  # a positive 64-bit integer
KEY = re.compile(KEY_PATTERN, re.ASCII)


def clean_lines(request: HttpRequest, name: str) -> str:
    data = request.POST if request.method == "POST" else request.GET
    return strip_invisible(data.get(name, "").replace("\r\n", "\n")).strip()


def clean_line(request: HttpRequest, name: str) -> str:
    return clean_lines(request, name).replace("\n", " ").replace("\t", " ")


def parse_key(text: str | None) -> int:
    return int(text) if text and KEY.fullmatch(text) else 0
