import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Names of models and fields are the terms that docs/glossary.md lists."""

    dependencies = [
        ("bureaus", "0011_account_events"),
        ("auth", "0012_alter_user_first_name_max_length"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex("Event", "event_verb_edition"),
        migrations.RenameModel("Event", "AuditEntry"),
        migrations.RenameModel("Stewardship", "BranchRole"),
        migrations.RenameModel("WorkingCopy", "Autosave"),
        migrations.RenameModel("VainSearch", "ZeroResultQuery"),
        migrations.RenameField("AuditEntry", "verb", "action"),
        migrations.AddIndex("AuditEntry", models.Index(fields=["action", "edition"], name="audit_action_edition")),
        migrations.RenameIndex("AuditEntry", new_name="audit_of_file", old_name="event_of_file"),
        migrations.RemoveConstraint(
            model_name='autosave',
            name='working_copy_once_a_form',
        ),
        migrations.RemoveConstraint(
            model_name='branchrole',
            name='stewardship_once',
        ),
        migrations.RemoveConstraint(
            model_name='branchrole',
            name='stewardship_role_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='zeroresultquery',
            name='vain_search_once_a_day',
        ),
        migrations.AlterField(
            model_name='auditentry',
            name='edition',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='audit_entries', to='bureaus.edition', verbose_name='版'),
        ),
        migrations.AlterField(
            model_name='auditentry',
            name='page',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='audit_entries', to='bureaus.page', verbose_name='ページ'),
        ),
        migrations.AlterField(
            model_name='autosave',
            name='edition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='autosaves', to='bureaus.edition', verbose_name='版'),
        ),
        migrations.AlterField(
            model_name='autosave',
            name='officer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='autosaves', to=settings.AUTH_USER_MODEL, verbose_name='担当者'),
        ),
        migrations.AlterField(
            model_name='branchrole',
            name='group',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='branch_roles', to='auth.group', verbose_name='グループ'),
        ),
        migrations.AlterField(
            model_name='branchrole',
            name='page',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='branch_roles', to='bureaus.page', verbose_name='担当の先頭'),
        ),
        migrations.AddConstraint(
            model_name='autosave',
            constraint=models.UniqueConstraint(fields=('edition', 'officer', 'form_key'), name='autosave_once_a_form'),
        ),
        migrations.AddConstraint(
            model_name='branchrole',
            constraint=models.UniqueConstraint(fields=('group', 'page', 'role'), name='branch_role_once', violation_error_message='このグループは、このページのこの役割をもう持っています。'),
        ),
        migrations.AddConstraint(
            model_name='branchrole',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['writer', 'approver', 'manager'])), name='branch_role_is_known', violation_error_message='役割は writer・approver・manager のどれかです。'),
        ),
        migrations.AddConstraint(
            model_name='zeroresultquery',
            constraint=models.UniqueConstraint(fields=('day', 'word'), name='zero_result_once_a_day', violation_error_message='同じ日の同じ検索語が、もうあります。'),
        ),
    ]
