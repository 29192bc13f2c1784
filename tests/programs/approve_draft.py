"""Submit and approve the only edition of the page at the address."""

from bureaus.models import Edition
from bureaus.publishing import approve, submit


def main(url_path: str) -> None:
    edition = Edition.objects.get(page__url_path=url_path)
    submit(edition=edition, actor=None)
    approve(editions=[edition], actor=None)
