"""What an officer typed into a field of one line or of several; nothing invisible in it."""

from django.http import HttpRequest

from bureaus.text.rich_text import strip_invisible


def clean_lines(request: HttpRequest, name: str) -> str:
    data = request.POST if request.method == "POST" else request.GET
    return strip_invisible(data.get(name, "").replace("\r\n", "\n")).strip()


def clean_line(request: HttpRequest, name: str) -> str:
    return clean_lines(request, name).replace("\n", " ").replace("\t", " ")
