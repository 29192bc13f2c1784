"""What an officer typed into a field of one line or of several; nothing invisible in it."""

from django.http import HttpRequest

from bureaus.richtext import strip_invisible


def lines_typed(request: HttpRequest, name: str) -> str:
    data = request.POST if request.method == "POST" else request.GET
    return strip_invisible(data.get(name, "").replace("\r\n", "\n")).strip()


def line_typed(request: HttpRequest, name: str) -> str:
    return lines_typed(request, name).replace("\n", " ").replace("\t", " ")
