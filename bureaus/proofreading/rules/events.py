"""The period of a reception or meeting, against the dates that the text names."""

import re
from collections.abc import Iterator

from bureaus.proofreading.calendar import Day, days_in
from bureaus.proofreading.findings import Level, Remark
from bureaus.proofreading.manuscript import Manuscript
from bureaus.proofreading.passages import Passage
from bureaus.proofreading.registry import rule
from bureaus.proofreading.rules import sources
from bureaus.text.formatting import japanese_date
from bureaus.text.periods import end_in_words, last_day

# 12月25日17時（必着）まで, 12月25日締切: a day by which something has to be done.
CLOSING = re.compile(
    r"[^。、\n0-9]{0,6}(?:[0-9]{1,2}(?:時(?:[0-9]{1,2}分)?|:[0-9]{2}))?[（(]?(?:まで|必着|締切|締め切)"
)


@rule(
    "event-deadline",
    "本文の締切と期間の終了の食い違い",
    Level.WARNING,
    hint="本文の日付と、期間の終了のどちらが正しいか確かめてください。",
    source=sources.HOUSE,
    signs="日",
)
def event_deadline(manuscript: Manuscript) -> Iterator[Remark]:
    """A closing day 12月25日 where the period ends on 28. False alarms: 0 of 300; accepted: 0."""
    if manuscript.event_end is None:
        return
    end = last_day(manuscript.event_end)
    closing = [
        (passage, day)
        for passage in manuscript.prose
        for day in days_in(passage, manuscript)
        if day.dates and CLOSING.match(passage.masked, day.end)
    ]
    if any(end in day.dates for _, day in closing):
        return
    for passage, day in closing[:1]:
        yield deadline_remark(passage, day, manuscript)


def deadline_remark(passage: Passage, day: Day, manuscript: Manuscript) -> Remark:
    end = end_in_words(manuscript.event_end) if manuscript.event_end else ""
    return passage.remark(
        day.start, day.end, f"本文では「{day.text}」までですが、期間の終了は{end}です。"
    )


@rule(
    "event-ended",
    "発表日より前に終わる期間",
    Level.WARNING,
    hint="発表日と期間を確かめてください。終わったことの報告なら、期間を消してください。",
    source=sources.HOUSE,
)
def event_ended(manuscript: Manuscript) -> Iterator[Remark]:
    """A period over before its news is issued. False alarms: 0 of 300; accepted: 0."""
    end, issued_on = manuscript.event_end, manuscript.issued_on
    if end is None or issued_on is None or last_day(end) >= issued_on:
        return
    title = manuscript.title_passage
    yield title.remark(
        0,
        len(title.text),
        f"期間は{end_in_words(end)}に終わり、発表日（{japanese_date(issued_on)}）より前です。",
    )
