from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bureaus', '0038_readability_files'),
    ]

    operations = [
        migrations.AddField(
            model_name='figure',
            name='size',
            field=models.CharField(blank=True, choices=[('small', '小（本文の横）'), ('medium', '中（本文の3分の2ほど）'), ('large', '大（本文の幅いっぱい）')], db_default='', default='', max_length=10, verbose_name='大きさ'),
        ),
    ]
