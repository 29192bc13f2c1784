"""Moments in Tokyo to the minute, as officers choose them and previews show them."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from bureaus.models import Edition
from bureaus.permissions import Grants
from bureaus.reading import Moment, UnreadableMoment, present_moment
from bureaus.reading.moments import parse_moment, start_text
from bureaus.text.formatting import TOKYO, japanese_moment

FIRST_YEAR, LAST_YEAR = 1900, 2199  # clocks before it were not Tokyo's
AROUND_THEN = "それまでに始まる予約も入っています。"
AROUND_NOW = "まわりのページは、いまの内容です。"
UNREADABLE = "日時を読み取れません。日付と時刻を選び直してください。"


class MomentForm(forms.Form):
    """A date and a time in two fields with a browser's pickers."""

    use_required_attribute = False  # a refusal is a sentence beside the field

    date = forms.DateField(
        label="日付",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "日付を選んでください。",
            "invalid": "日付を「2013-08-01」の形で書いてください。",
        },
    )
    time = forms.TimeField(
        label="時刻（日本時間）",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={
            "required": "時刻を選んでください。",
            "invalid": "時刻を「14:00」の形で書いてください。",
        },
    )

    def clean_date(self) -> Any:
        day = self.cleaned_data["date"]
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(
                f"「{day.year}年」は使えません。{FIRST_YEAR}年から{LAST_YEAR}年までの"
                "日付にしてください。"
            )
        return day

    @property
    def moment(self) -> datetime:
        """Return the minute of a valid form. Tokyo has no daylight saving time."""
        minute = self.cleaned_data["time"].replace(second=0, microsecond=0)
        return datetime.combine(self.cleaned_data["date"], minute, TOKYO)


def moment_of(edition: Edition, requested: str = "") -> Moment:
    """
    Return the moment at which a preview shows `edition`: `requested`, or when it is in force.

    Raises UnreadableMoment. An officer may preview the future as far as `parse_admin_moment`
    allows.
    """
    if requested:
        return requested_moment(requested)
    now = present_moment()
    start, end = edition.live_from, edition.live_until
    if start is not None and start > now.at:
        return Moment(start)
    if start is not None and end is not None and end <= now.at:
        return requested_moment(start_text(start))
    return now


def parse_admin_moment(moment: Moment, grants: Grants) -> Moment:
    """
    Return the moment at which the pages around an edition are shown to this officer.

    The future holds bookings of other branches: without the right to view the whole site the
    surroundings are those of now.
    """
    return moment if moment.at <= timezone.now() or grants.can_view_whole_site else present_moment()


def requested_moment(text: str) -> Moment:
    try:
        at = parse_moment(text)
    except (ValueError, OverflowError):
        at = None
    if at is None:
        raise UnreadableMoment(UNREADABLE)
    # Links keep a past moment only: the public cannot follow links into the future.
    return Moment(at, text if at <= timezone.now() else "")


def moment_in_words(edition: Edition, moment: Moment, known: Moment, *, is_requested: bool) -> str:
    """Describe a preview of `edition` at `moment` with its surroundings at `known`."""
    when = japanese_moment(moment.at)
    around = AROUND_THEN if known.at == moment.at else AROUND_NOW
    if is_requested:
        return f"{when}に、この版を見た場合の見え方です。{around}"
    if edition.live_from is None:
        return "この版を、いま公開した場合の見え方です。"
    if moment.is_past:
        return f"この版が公開された当時（{when}）の見え方です。"
    if moment.at == edition.live_from:
        return f"公開が始まる日時（{when}）の見え方です。{around}"
    return "いま公開中の見え方です。"
