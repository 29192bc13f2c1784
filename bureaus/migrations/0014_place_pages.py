from django.db import migrations
from django.db.models import F, Min

STEP = 4  # characters of a tree path for each level
BASE = 36  # of the number that they are


def place_pages(apps, schema_editor):
    """Each page stands where it stands now since its first edition, or its creation."""
    Page = apps.get_model("bureaus", "Page")
    Placement = apps.get_model("bureaus", "Placement")
    Page.objects.update(key=F("url_path"))
    rows = list(
        Page.objects.annotate(first=Min("editions__live_from")).order_by("-depth", "path")
    )
    starts = {}
    for page in rows:  # from the leaves up: a placement lies within that of its parent
        own = min(filter(None, (page.created_at, page.first, starts.get(page.path))))
        starts[page.path] = own
        above = page.path[:-STEP]
        starts[above] = min(own, starts.get(above, own))
    Placement.objects.bulk_create(
        [
            Placement(
                page=page,
                kind=page.kind,
                path=page.path,
                depth=page.depth,
                numchild=page.numchild,
                slug=page.slug,
                url_path=page.url_path,
                position=int(page.path[-STEP:], BASE),
                live_from=starts[page.path],
            )
            for page in sorted(rows, key=lambda page: page.pk)
        ],
        batch_size=500,
    )


class Migration(migrations.Migration):
    """A placement for every page: docs/adr/0032."""

    dependencies = [("bureaus", "0013_placements")]

    operations = [migrations.RunPython(place_pages, migrations.RunPython.noop)]
