import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bureaus', '0035_link_attempts'),
    ]

    operations = [
        migrations.AlterField(
            model_name='documenttext',
            name='document',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='extracted', serialize=False, to='bureaus.document', verbose_name='文書'),
        ),
    ]
