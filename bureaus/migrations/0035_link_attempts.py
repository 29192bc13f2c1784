from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bureaus', '0034_event_periods'),
    ]

    operations = [
        migrations.AddField(
            model_name='checkedlink',
            name='attempted_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='確かめようとした日時'),
        ),
        migrations.AddField(
            model_name='checkedlink',
            name='failing_since',
            field=models.DateTimeField(blank=True, null=True, verbose_name='返事がなくなった日時'),
        ),
    ]
