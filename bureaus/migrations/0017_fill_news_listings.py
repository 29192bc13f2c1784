from django.db import migrations
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Length, Substr

STEP = 4


def fill(apps, schema_editor):
    """List every news item below the organisation above it: each has one placement so far."""
    Edition = apps.get_model("bureaus", "Edition")
    NewsListing = apps.get_model("bureaus", "NewsListing")
    Placement = apps.get_model("bureaus", "Placement")
    above = Substr(OuterRef("path"), 1, Length(OuterRef("path")) - STEP)
    placed = dict(
        Placement.objects.filter(kind="news_item", live_until=None)
        .annotate(above=Subquery(Placement.objects.filter(path=above).values("page")[:1]))
        .values_list("page", "above")
    )
    editions = Edition.objects.filter(
        page__kind="news_item", state="approved", answer="current"
    ).order_by("pk")
    NewsListing.objects.bulk_create(
        (
            NewsListing(
                edition_id=edition.pk,
                page_id=edition.page_id,
                organisation_id=placed[edition.page_id],
                issued_on=edition.issued_on,
                category=edition.category,
                live_from=edition.live_from,
                live_until=edition.live_until,
            )
            for edition in editions.only(
                "page", "issued_on", "category", "live_from", "live_until"
            ).iterator()
        ),
        batch_size=100,
    )


class Migration(migrations.Migration):

    dependencies = [("bureaus", "0016_news_listings")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
