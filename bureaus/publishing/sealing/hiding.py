"""Which editions are hidden while an urgent proposal to seal is not decided."""

from django.utils import timezone

from bureaus.models import Edition, Seal
from bureaus.models.seals import OF_EDITIONS
from bureaus.publishing.sealing.targets import affected_editions, find_edition_target


def update_hidden(page: int | None) -> None:
    """
    Hide the approved editions of `page` that its urgent proposals are about, and no others.

    Each as a whole, until its proposal lapses: then it is read again without any action.
    """
    Edition.objects.filter(page=page, hidden_until__isnull=False).update(
        hidden_until=None, hidden_note=""
    )
    hiding = Seal.objects.hiding(timezone.now()).filter(page=page, kind__in=OF_EDITIONS)
    for seal in hiding.order_by("lapses_at"):
        target = find_edition_target(seal)
        editions = affected_editions(seal, target) if target else []
        Edition.objects.filter(pk__in=[each.pk for each in editions if not each.is_open]).update(
            hidden_until=seal.lapses_at, hidden_note=seal.sentence
        )
