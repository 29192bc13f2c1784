"""Add pages below the root until it is killed, and print the address of each."""

from bureaus.models import Kind, Page
from bureaus.publishing import add

MOST = 5_000


def main() -> None:
    begin = Page.objects.count()
    for number in range(begin, begin + MOST):
        root = Page.objects.get(key="/")
        add(parent=root, kind=Kind.PAGE, slug=f"w{number}", title="書きかけ", actor=None)
        print(f"/w{number}/", flush=True)
