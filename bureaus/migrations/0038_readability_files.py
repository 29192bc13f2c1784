from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def name_files(apps, schema_editor):
    """Until here, the report of a document was that of the file that it has."""
    Document = apps.get_model("bureaus", "Document")
    reports = apps.get_model("bureaus", "ReadabilityReport").objects
    file = Document.objects.filter(pk=OuterRef("document")).values("file")
    reports.filter(document__in=Document.objects.all()).update(file=Subquery(file))


class Migration(migrations.Migration):

    dependencies = [
        ('bureaus', '0037_draft_comments'),
    ]

    operations = [
        migrations.AddField(
            model_name='readabilityreport',
            name='file',
            field=models.CharField(blank=True, db_default='', max_length=100, verbose_name='ファイル'),
        ),
        migrations.RunPython(name_files, migrations.RunPython.noop, elidable=True),
    ]
