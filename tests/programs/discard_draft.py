"""Discard the edition whose key is the argument."""

from bureaus.models import Edition
from bureaus.publishing import discard


def main(pk: str) -> None:
    discard(edition=Edition.objects.get(pk=int(pk)), actor=None)
