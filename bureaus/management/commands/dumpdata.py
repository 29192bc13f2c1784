from typing import Any

from django.core.management.commands import dumpdata

from bureaus.loading.shapes import FOLLOWING


class Command(dumpdata.Command):
    """Django's, without what follows from the rest: loading makes that anew."""

    def handle(self, *app_labels: str, **options: Any) -> None:
        options["exclude"] = [*options["exclude"], *FOLLOWING]
        super().handle(*app_labels, **options)
