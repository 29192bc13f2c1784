import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models
from django.db.models import F, Min, Q, Value
from django.db.models.functions import Concat, Length

import bureaus.models.addresses

STEP = 4
KINDS = ["page", "organisation", "policy_section", "news_item"]
LASTING = Q(live_until=None) | Q(live_until__gt=F("live_from"))


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
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
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
                position=int(page.path[-STEP:], len(alphabet)),
                live_from=starts[page.path],
            )
            for page in sorted(rows, key=lambda page: page.pk)
        ],
        batch_size=500,
    )


class Migration(migrations.Migration):
    """Where a page stands is a row of its own, with an interval: docs/adr/0032."""

    dependencies = [("bureaus", "0012_field_terms")]

    operations = [
        migrations.AddField(
            "page", "key", models.CharField(editable=False, max_length=1010, null=True, verbose_name="名前")
        ),
        migrations.CreateModel(
            name="Placement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=255, unique=True)),
                ("depth", models.PositiveIntegerField()),
                ("numchild", models.PositiveIntegerField(default=0)),
                ("kind", models.CharField(choices=[("page", "一般のページ"), ("organisation", "組織"), ("policy_section", "政策"), ("news_item", "新着情報")], max_length=20, verbose_name="種類")),
                ("slug", models.CharField(blank=True, max_length=80, validators=[bureaus.models.addresses.validate_slug], verbose_name="アドレスの末尾")),
                ("url_path", models.CharField(max_length=1000, verbose_name="アドレス")),
                ("position", models.PositiveIntegerField(blank=True, verbose_name="並び順")),
                ("live_from", models.DateTimeField(verbose_name="開始")),
                ("live_until", models.DateTimeField(blank=True, null=True, verbose_name="終了")),
                ("release", models.CharField(blank=True, max_length=32, verbose_name="変更")),
                ("page", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="placements", to="bureaus.page", verbose_name="ページ")),
            ],
            options={"verbose_name": "配置", "verbose_name_plural": "配置"},
        ),
        migrations.CreateModel(
            name="SiblingPosition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField(verbose_name="並び順")),
                ("live_from", models.DateTimeField(verbose_name="開始")),
                ("live_until", models.DateTimeField(blank=True, null=True, verbose_name="終了")),
                ("release", models.CharField(max_length=32, verbose_name="変更")),
                ("page", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="sibling_positions", to="bureaus.page", verbose_name="ページ")),
            ],
            options={"verbose_name": "並び順", "verbose_name_plural": "並び順", "ordering": ["page", "live_from"]},
        ),
        migrations.RunPython(place_pages),
    ]
