"""Shortcuts through the review screens, for the stories about approvals."""

from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from lxml import html
from lxml.html import HtmlElement

from bureaus.models import Edition, Page
from bureaus.publishing import approve
from tests.helpers.editing import TOMORROW, submitted


def enter(user: User) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    return client


def booked(page: Page, writer: User, approver: User, **changes: object) -> Edition:
    """An edition that starts tomorrow."""
    waiting = submitted(page, writer, **changes)
    return approve(editions=[waiting], actor=approver, at=timezone.now() + TOMORROW)[0]


def parsed(response: Any) -> HtmlElement:
    page: HtmlElement = html.fromstring(response.content.decode())
    return page


def open_buttons(page: HtmlElement) -> set[str]:
    """The words on what can be pressed in the forms of the screen."""
    return {
        str(button.text_content())
        for button in page.iterfind(".//div[@id='content']//form//button")
        if button.get("disabled") is None
    }
