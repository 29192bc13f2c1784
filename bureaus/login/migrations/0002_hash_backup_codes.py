from django.contrib.auth.hashers import make_password
from django.db import migrations


def hash_backup_codes(apps, schema_editor):
    """Store the hashes of the codes. The version before still reads the codes (docs/adr/0042)."""
    StaticDevice = apps.get_model("otp_static", "StaticDevice")
    BackupCodes = apps.get_model("login", "BackupCodes")
    BackupCode = apps.get_model("login", "BackupCode")
    for device in StaticDevice.objects.prefetch_related("token_set"):
        codes = BackupCodes.objects.create(
            user_id=device.user_id, name=device.name, confirmed=device.confirmed
        )
        BackupCode.objects.bulk_create(
            BackupCode(device=codes, hash=make_password(token.token))
            for token in device.token_set.all()
        )


class Migration(migrations.Migration):
    dependencies = [
        ("login", "0001_backup_codes"),
        ("otp_static", "0003_add_timestamps"),
    ]

    operations = [migrations.RunPython(hash_backup_codes, migrations.RunPython.noop)]
