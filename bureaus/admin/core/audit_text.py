"""Audit entries in the words of officers."""

from datetime import date, datetime
from typing import Any

from bureaus.models import Action, AuditEntry, Role
from bureaus.publishing.page_reviews import INTERVALS
from bureaus.publishing.workflow_facts import is_recall
from bureaus.text.formatting import japanese_date, japanese_moment

RECALLED = "依頼の取り下げ"
LABELS = {
    "title": "表題",
    "default_alt": "代替テキストの案",
    "credit": "撮影者・提供者",
    "tags": "タグ",
    "focal_x": "中心の位置（左から%）",
    "focal_y": "中心の位置（上から%）",
}


def audit_words(event: AuditEntry) -> str:
    """What was done, of an entry from `with_submitters`: a return may be a recall."""
    submitter: int | None = event.submitted_by  # type: ignore[attr-defined]
    return RECALLED if is_recall(event, submitter) else event.get_action_display()


def audit_details(event: AuditEntry) -> str:
    details: dict[str, Any] = event.details
    is_end = event.action == Action.DISMISS
    texts = {
        "source": lambda value: f"第{value}版から",
        "number": lambda value: f"第{value}版「{details.get('title', '（無題）')}」",
        "booked": lambda value: booked_text(event, value),
        "dated": lambda value: f"発表日を{japanese_date(date.fromisoformat(value))}に",
        "old": lambda value: f"旧アドレス {value}",
        "released": lambda value: f"転送をやめたアドレス {'、'.join(value)}",
        "lost": lambda value: (
            f"ほかのページが使うため、転送が終わった旧アドレス {'、'.join(value)}"
        ),
        "synonyms": lambda value: f"同義語「{value}」",
        "synonyms_before": lambda value: f"それまでは「{value}」",
        "word": lambda value: f"用語「{value}」",
        "word_before": lambda value: f"それまでは「{value}」",
        "officer": lambda value: (
            f"{value}を{Role(details['role']).label}{'から外す' if is_end else 'に'}"
        ),
        "step": lambda value: f"段階「{step_name(value)}」",
        "step_name": lambda value: f"段階「{value}」",
        "step_before": lambda value: f"それまでは「{value}」",
        "people": lambda value: f"確認する人：{value}",
        "deputies": lambda value: f"代理：{value}",
        "absent": lambda value: f"不在「{value}」",
        "present": lambda value: f"不在の取消し「{value}」",
        "days": lambda value: INTERVALS.get(int(value), f"{value}日ごと"),
        "copied": lambda _key: "ほかのページのコピー",
        "origin": lambda value: f"元は「{value}」",
        "redirects": lambda value: f"旧アドレス {'、'.join(value)}",
        "name": lambda value: f"「{value}」",
        "changes": changes_text,
        "finding": lambda value: f"「{value}」",
    }
    return "　".join(text_of(details[name]) for name, text_of in texts.items() if name in details)


def step_name(mark: str) -> str:
    """Return the name of a step of which the entry has the mark (ApprovalStep.mark)."""
    return mark.partition(" ")[2]


def booked_text(event: AuditEntry, value: str) -> str:
    """Return the booked moment: an entry without an edition is about the place of the page."""
    when = japanese_moment(datetime.fromisoformat(value))
    if event.edition_id is not None:
        return f"{when}に公開"
    return f"{when}の場所の予約" if event.action == Action.CANCEL_BOOKING else f"{when}からの予約"


def changes_text(changes: dict[str, Any]) -> str:
    """Return the new description of a file; 0 is a value."""
    texts = ((label, changes[name]) for name, label in LABELS.items() if name in changes)
    return "、".join(
        f"{label}「{value}」" if value != "" else f"{label}なし" for label, value in texts
    )
