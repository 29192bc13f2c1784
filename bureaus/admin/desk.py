from django.http import HttpRequest
from django.template.response import TemplateResponse

from bureaus.admin.doors import show


def show_desk(request: HttpRequest) -> TemplateResponse:
    return show(request, "admin/desk.html", {"title": "机"})
