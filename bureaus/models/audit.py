"""The audit log: who did which action to which page or edition, when, and with what note."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone

from bureaus.models.addresses import ADDRESS_LENGTH
from bureaus.models.editions import Edition
from bureaus.models.pages import Page


class Action(models.TextChoices):
    ADD = "add", "追加"
    IMPORT = "import", "取り込み"
    MOVE = "move", "移動"
    RENAME = "rename", "アドレスの変更"
    REORDER = "reorder", "並べ替え"
    START_DRAFT = "start_draft", "下書きの開始"
    EDIT = "edit", "編集"
    SUBMIT = "submit", "確認の依頼"
    ENDORSE = "endorse", "段階の確認"
    RETURN = "return", "差し戻し"
    APPROVE = "approve", "承認"
    APPROVE_URGENTLY = "approve_urgently", "緊急の承認"
    CONFIRM = "confirm", "事後確認"
    CANCEL_BOOKING = "cancel_booking", "公開予約の取消し"
    RESCHEDULE = "reschedule", "一括公開の日時の変更"
    DISCARD = "discard", "破棄"
    APPOINT = "appoint", "担当の設定"
    DISMISS = "dismiss", "担当の解除"
    APPROVAL_STEPS = "approval_steps", "確認の段階の変更"
    # Of an account, which belongs to no page: the address is that of the list of accounts.
    CREATE_ACCOUNT = "create_account", "アカウントの作成"
    ABSENCE = "absence", "不在の届け"
    SYNONYMS = "synonyms", "同義語の変更"
    HOUSE_WORDS = "house_words", "用語の変更"
    # Of the page as it is: the text is still right, or how often that is looked at.
    REVIEW = "review", "見直し"
    REVIEW_INTERVAL = "review_interval", "見直しの間隔の変更"
    SHARE = "share", "確認用リンクの発行"
    UNSHARE = "unshare", "確認用リンクの取消し"
    ACCEPT = "accept", "指摘の了承"
    # On a draft, among officers.
    COMMENT = "comment", "コメント"
    RESOLVE = "resolve", "コメントの解決"
    REOPEN = "reopen", "コメントの再開"
    # Of a picture or a document: the address is the file's.
    UPLOAD = "upload", "ファイルの登録"
    DESCRIBE = "describe", "ファイルの説明の変更"
    REPLACE = "replace", "ファイルの差し替え"
    DELETE = "delete", "ファイルの削除"
    # Of what was published, from every moment: an edition, a part of it, a file or a note.
    PROPOSE_SEAL = "propose_seal", "消去の提案"
    SEAL = "seal", "消去"
    REFUSE_SEAL = "refuse_seal", "消去の却下"
    WITHDRAW_SEAL = "withdraw_seal", "消去の提案の取下げ"


class AuditEntriesAreFinal(Exception):
    """An attempt to change or delete an audit entry."""


def refuse(*_args: object, **_kwargs: object) -> NoReturn:
    raise AuditEntriesAreFinal("記録は書き足すだけで、変更も削除もできません。")


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    update = bulk_update = delete = refuse


class AuditEntry(models.Model):
    action = models.CharField("操作", max_length=30, choices=Action.choices)
    address = models.CharField("そのときのアドレス", max_length=ADDRESS_LENGTH)
    page = models.ForeignKey(
        Page,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="audit_entries",
        verbose_name="ページ",
    )
    edition = models.ForeignKey(
        Edition,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="audit_entries",
        verbose_name="版",
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="担当者",
    )
    at = models.DateTimeField("日時", default=timezone.now)
    note = models.TextField("メモ", blank=True)
    details = models.JSONField("詳細", default=dict, blank=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "操作の記録"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["action", "edition"], name="audit_action_edition"),
            # The history of a file, which belongs to no page.
            models.Index(
                fields=["address"], name="audit_of_file", condition=models.Q(page__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.address}"

    def save(self, **kwargs: Any) -> None:
        if not self._state.adding:
            refuse()
        super().save(**kwargs)

    delete = refuse
