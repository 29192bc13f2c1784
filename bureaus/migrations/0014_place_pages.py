from collections import Counter

from django.db import migrations
from django.db.models import F, Min, Q
from django.utils import timezone

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


def write_into_pages(apps, schema_editor):
    """Give the pages the columns of where they stand now, and what they had as former addresses."""
    Page = apps.get_model("bureaus", "Page")
    Placement = apps.get_model("bureaus", "Placement")
    FormerAddress = apps.get_model("bureaus", "FormerAddress")
    now = timezone.now()
    begun = Placement.objects.filter(live_from__lte=now)
    nodes = list(begun.filter(Q(live_until=None) | Q(live_until__gt=now)))
    children = Counter(node.path[:-STEP] for node in nodes)
    Page.objects.bulk_update(
        [
            Page(
                pk=node.page_id,
                path=node.path,
                depth=node.depth,
                numchild=children[node.path],
                slug=node.slug,
                url_path=node.url_path,
            )
            for node in nodes
        ],
        ["path", "depth", "numchild", "slug", "url_path"],
        batch_size=100,
    )
    addresses = {node.url_path for node in nodes}
    ended = begun.filter(live_until__lte=now).order_by("live_from", "pk")
    earlier = dict(ended.values_list("url_path", "page"))
    taken = FormerAddress.objects.filter(url_path__in=Page.objects.values("url_path"))
    taken.delete()
    FormerAddress.objects.bulk_create(
        [
            FormerAddress(url_path=address, page_id=page, since=now)
            for address, page in earlier.items()
            if address not in addresses
        ],
        batch_size=100,
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    """A placement for every page: docs/adr/0032."""

    dependencies = [("bureaus", "0013_placements")]

    operations = [migrations.RunPython(place_pages, write_into_pages)]
