from django.db import migrations, models


class Migration(migrations.Migration):
    """A page is an identity: its address and its place in the tree are those of its placement."""

    dependencies = [("bureaus", "0014_place_pages")]

    operations = [
        migrations.AlterModelOptions(
            name='newsitem',
            options={'verbose_name': '新着情報', 'verbose_name_plural': '新着情報'},
        ),
        migrations.AlterModelOptions(
            name='organisation',
            options={'verbose_name': '組織', 'verbose_name_plural': '組織'},
        ),
        migrations.AlterModelOptions(
            name='policysection',
            options={'verbose_name': '政策', 'verbose_name_plural': '政策'},
        ),
        migrations.RemoveConstraint(
            model_name='page',
            name='page_depth_is_of_its_path',
        ),
        migrations.RemoveConstraint(
            model_name='page',
            name='page_address_ends_with_its_slug',
        ),
        migrations.RemoveIndex(
            model_name='page',
            name='page_kind_depth_path',
        ),
        migrations.RemoveIndex(
            model_name='page',
            name='page_children',
        ),
        migrations.RemoveField(
            model_name='page',
            name='depth',
        ),
        migrations.RemoveField(
            model_name='page',
            name='numchild',
        ),
        migrations.RemoveField(
            model_name='page',
            name='path',
        ),
        migrations.RemoveField(
            model_name='page',
            name='slug',
        ),
        migrations.RemoveField(
            model_name='page',
            name='url_path',
        ),
        migrations.AlterField(
            model_name='auditentry',
            name='action',
            field=models.CharField(choices=[('add', '追加'), ('move', '移動'), ('rename', 'アドレスの変更'), ('reorder', '並べ替え'), ('start_draft', '下書きの開始'), ('edit', '編集'), ('submit', '確認の依頼'), ('return', '差し戻し'), ('approve', '承認'), ('approve_urgently', '緊急の承認'), ('confirm', '事後確認'), ('cancel_booking', '公開予約の取消し'), ('discard', '破棄'), ('appoint', '担当の設定'), ('dismiss', '担当の解除'), ('create_account', 'アカウントの作成'), ('synonyms', '同義語の変更'), ('share', '確認用リンクの発行'), ('accept', '指摘の了承'), ('upload', 'ファイルの登録'), ('describe', 'ファイルの説明の変更'), ('replace', 'ファイルの差し替え'), ('delete', 'ファイルの削除')], max_length=30, verbose_name='操作'),
        ),
        migrations.AlterField(
            model_name='page',
            name='key',
            field=models.CharField(editable=False, max_length=1010, unique=True, verbose_name='名前'),
        ),
    ]
