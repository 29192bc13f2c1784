"""The way into the admin for officers whose story is not about the way in."""

from typing import Any

from playwright.sync_api import Page

cookies: dict[tuple[str, str], Any] = {}


def come_in(page: Page, origin: str, address: str, *, name: str, password: str) -> None:
    """
    Go to `address` as this officer, with the cookies of their last login at this site.

    Where the site asks who they are, they log in: to check a password is slow on purpose.
    """
    page.context.add_cookies(cookies.get((origin, name), []))
    page.goto(address)
    if "/admin/login/" in page.url:
        log_in(page, name, password)
        cookies[origin, name] = page.context.cookies()


def log_in(page: Page, name: str, password: str) -> None:
    page.fill("#id_username", name)
    page.fill("#id_password", password)
    page.press("#id_password", "Enter")
    page.wait_for_url(lambda url: "/login/" not in url)
