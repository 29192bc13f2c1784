from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("bureaus", "0027_seal_endings")]

    operations = [
        migrations.AlterModelOptions(
            name="auditentry",
            options={
                "ordering": ["-at", "-pk"],
                "verbose_name": "操作の記録",
                "verbose_name_plural": "操作の記録",
            },
        ),
    ]
