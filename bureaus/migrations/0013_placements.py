import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
from django.db import migrations, models

import bureaus.models.addresses


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
            options={
                "verbose_name": "配置",
                "verbose_name_plural": "配置",
                "indexes": [
                    models.Index(fields=['page', 'live_from'], name='placement_of_page_from'),
                    models.Index(fields=['url_path', 'live_from'], name='placement_address_from'),
                    models.Index(fields=['kind', 'depth', 'path'], name='placement_kind_depth_path'),
                    models.Index(condition=models.Q(('kind__in', ['page', 'organisation', 'policy_section'])), fields=['depth', 'path'], name='placement_children'),
                    models.Index(condition=models.Q(('release', ''), _negated=True), fields=['release'], name='placement_of_release'),
                ],
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(('live_until', None)), fields=('page',), name='placement_one_open_a_page', violation_error_message='このページには、終わりのない配置がもうあります。'),
                    models.UniqueConstraint(condition=models.Q(('live_until', None)), fields=('url_path',), name='placement_one_open_an_address', violation_error_message='このアドレスには、終わりのない配置がもうあります。'),
                    models.UniqueConstraint(condition=models.Q(('live_until', None), ('live_until__gt', models.F('live_from')), _connector='OR'), fields=('page', 'live_from'), name='placement_one_start_a_page', violation_error_message='このページには、同じ日時に始まる配置がもうあります。'),
                    models.CheckConstraint(condition=models.Q(('live_until', None), ('live_until__gte', models.F('live_from')), _connector='OR'), name='placement_ends_not_before_its_start', violation_error_message='配置の終了が、開始より前になっています。'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['page', 'organisation', 'policy_section', 'news_item'])), name='placement_kind_is_known', violation_error_message='ページの種類は、page・organisation・policy_section・news_item のどれかにしてください。'),
                    models.CheckConstraint(condition=models.Q(('depth', django.db.models.expressions.CombinedExpression(django.db.models.functions.text.Length('path'), '/', models.Value(4)))), name='placement_depth_is_of_its_path', violation_error_message='木の列 depth が path と合いません。木の列は、追加・移動・アドレスの変更だけが書きます。'),
                    models.CheckConstraint(condition=models.Q(models.Q(('depth', 1), ('slug', ''), ('url_path', '/')), models.Q(('depth__gt', 1), models.Q(('slug', ''), _negated=True), ('url_path__endswith', django.db.models.functions.text.Concat(models.Value('/'), 'slug', models.Value('/')))), _connector='OR'), name='placement_address_ends_with_its_slug', violation_error_message='アドレスが末尾の名前（slug）と合いません。アドレスは「親のアドレス + slug + /」です。'),
                ],
            },
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
            options={
                "verbose_name": "並び順",
                "verbose_name_plural": "並び順",
                "ordering": ["page", "live_from"],
                "indexes": [
                    models.Index(fields=['page', 'live_from'], name='sibling_position_of_page'),
                    models.Index(fields=['release'], name='sibling_position_of_release'),
                ],
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(('live_until', None)), fields=('page',), name='sibling_position_one_open', violation_error_message='このページには、終わりのない並び順がもうあります。'),
                    models.CheckConstraint(condition=models.Q(('live_until', None), ('live_until__gte', models.F('live_from')), _connector='OR'), name='sibling_position_ends_not_before_its_start', violation_error_message='並び順の終了が、開始より前になっています。'),
                ],
            },
        ),
        # Without "not null" the columns can be removed, and come back, on tables with rows.
        migrations.AlterField("page", "path", models.CharField(max_length=255, unique=True, null=True)),
        migrations.AlterField("page", "depth", models.PositiveIntegerField(null=True)),
        migrations.AlterField("page", "numchild", models.PositiveIntegerField(default=0, null=True)),
        migrations.AlterField("page", "slug", models.CharField("アドレスの末尾", max_length=80, blank=True, null=True, validators=[bureaus.models.addresses.validate_slug])),
        migrations.AlterField("page", "url_path", models.CharField("アドレス", max_length=1000, unique=True, null=True)),
    ]
