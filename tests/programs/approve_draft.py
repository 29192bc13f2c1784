"""Submit and approve the only edition of the page at the address."""

from bureaus.publishing import approve, submit
from tests.helpers.reader import at


def main(url_path: str) -> None:
    edition = at(url_path).editions.get()
    submit(edition=edition, actor=None)
    approve(editions=[edition], actor=None)
