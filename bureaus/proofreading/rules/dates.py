"""Rules on dates: in one form, correct, and with a year that is clear later."""

import re
from collections.abc import Iterator
from datetime import date

from bureaus.proofreading.calendar import DAY, WEEKDAYS, day_of, days_in, is_dated, year_of
from bureaus.proofreading.eras import LUNAR, has_year, is_of_era
from bureaus.proofreading.findings import Level, Remark
from bureaus.proofreading.manuscript import Manuscript
from bureaus.proofreading.passages import Passage
from bureaus.proofreading.registry import rule
from bureaus.proofreading.rules import sources
from bureaus.proofreading.rules.sources import KANJI
from bureaus.text.eras import LETTERS, era_year

SHORT_FORM = re.compile(
    r"(?<![0-9A-Za-z./-])(?:((?:19|20)[0-9]{2})|([MTSHR]|[明大昭平令](?:[治正和成])?)([0-9]{1,2}))"
    r"([./-])([0-9]{1,2})\4([0-9]{1,2})(?![0-9A-Za-z/-]|\.[0-9])"
)
SHORT_DAY = re.compile(
    r"(?<![0-9A-Za-z./-])([0-9]{1,2})/([0-9]{1,2})(?=[（(][月火水木金土日][）)・])"
)
SHORT_YEAR = re.compile(r"(?<![0-9A-Za-z])([SHR])([0-9]{1,2})年")
# No word begins within another: not 従来年, not 証明日. (A sign first, then what stands before it,
# is many times faster than the other way round.)
FREE = rf"(?<![{KANJI}].)"
# Counted by the reader of a text that speaks of what they have received: 昨年度受診いただいた方.
READERS = re.compile("いただいた|された方|した方|お持ちの")
RELATIVE = re.compile(
    rf"[今昨来本先]{FREE}(?:年度|年(?![金次齢報代表俸])|月|週|日(?![本程数誌]))"
    r"(?<!今日)(?<!来日)(?<!本月)(?<!本週)(?<!先年)"
    rf"|[一再]{FREE}[昨来]年度?|去{FREE}年|明{FREE}日"
)
QUESTION = re.compile(r"[？?]|(?:です|ます|せん|しょう|[いるたの])か(?:[。（]|$)|たい。?$")
GENERAL = re.compile("(?:例え|たとえ)ば|前々?年|翌年")  # then 今年 is any year
VAGUE = re.compile(
    rf"[今昨来]{FREE}[春夏秋冬](?![{KANJI}])|(?<![ぁ-ん])ことし"
    r"|予定(?=です|でし|であ|しています|しており|となって|して(?:い|お)|し、|。)"
    r"|(?<![（(])(?:開催|実施|公表|公開|施行|募集|する)予定(?=）|$)"
)
# What is planned happens once; going on as before, or what a reader plans, has no date.
PLANNED = re.compile(
    "開催|開[きく]|実施|公表|公開|施行|募集|開始|始め|発表|開設|開館|開通|運行|改正|改定|策定|発売|販売"
)
RECENT = re.compile(rf"近{FREE}(?:年|日中?)|最{FREE}近|昨{FREE}今")
PLANNED_LENGTH = 12
MONTH = re.compile(r"[0-9０-９]{1,2}月|[春夏秋冬][にの]|年度内|年内")
MINISTRIES = (
    "内閣総理|総務|法務|外務|財務|文部科学|厚生労働|農林水産|経済産業|国土交通|環境|防衛"
    "|内閣府特命担当|郵政|自治|デジタル|復興"
)
OFFICE = re.compile(rf"(?:{MINISTRIES})副?大臣(?:政務官)?|総理(?=[がはのも、]|から|より|に)")
HOLDER_LENGTH = 6
NAME_BEFORE = re.compile(rf"(?:^|[^{KANJI}])([{KANJI}]{{1,5}})$")
NAME_AFTER = re.compile(
    rf"[ \u3000](?!表彰|談話|会見|記者|挨拶|発言|答弁|宛|賞|殿|様|対談|会談)"
    rf"[{KANJI}]{{1,3}}[ \u3000]?[{KANJI}ぁ-ん]{{1,3}}"
)
NO_PERSON = re.compile("[省府国局各]|前任|現職|関係|当時|内閣|担当|歴代|所管|主務|日本|海外")
NO_NAME = frozenset(
    "各 前 元 現 新 両 副 旧 当 同 関係 当時 歴代 担当 初代 主要 所管 当該"
    " 両国 次期 新任 後任".split()
)


@rule(
    "date-short-form",
    "記号で書いた日付",
    Level.WARNING,
    hint="「2013年5月23日」の形にしてください。",
    source=sources.DATES,
    signs="0123456789",
)
def date_short_form(manuscript: Manuscript) -> Iterator[Remark]:
    """2013/5/23, H25.5.23. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.passages:
        for match in passage.search(SHORT_FORM):
            day = day_meant(match)
            if day:
                is_format = passage.is_quoted(match.start())  # 「2013-05-23」 is how it is written
                new = None if is_format else spelt_out(match, day)
                yield passage.remark(
                    match.start(), match.end(), f"日付が「{match[0]}」の形です。", new
                )
        for match in passage.search(SHORT_DAY):
            if day_of(2000, int(match[1]), int(match[2])):
                new = f"{int(match[1])}月{int(match[2])}日"
                yield passage.remark(
                    match.start(), match.end(), f"日付が「{match[0]}」の形です。", new
                )
        for match in passage.search(SHORT_YEAR):
            era = LETTERS[match[1]]
            new = f"{era}{match[2]}年" if has_year(era, era_year(era, match[2])) else None
            yield passage.remark(match.start(), match.end(), f"年が「{match[0]}」の形です。", new)


def day_meant(match: re.Match[str]) -> date | None:
    era = era_meant(match)
    year = era_year(era, match[3]) if era else int(match[1])
    return day_of(year, int(match[5]), int(match[6]))


def era_meant(match: re.Match[str]) -> str:
    return LETTERS.get((match[2] or "")[:1], "")


def spelt_out(match: re.Match[str], day: date) -> str | None:
    """Return 2013年5月23日 for 2013/5/23; None for a possible number (H2-4-1) or a wrong era."""
    era = era_meant(match)
    if era and (match[4] == "-" or not is_of_era(era, day, day)):
        return None
    said = f"{era}{int(match[3])}年" if era else f"{match[1]}年"
    return f"{said}{day.month}月{day.day}日"


@rule(
    "date-weekday",
    "日付と曜日の食い違い",
    Level.ERROR,
    hint="日付と曜日のどちらが正しいか、元の資料で確かめてください。",
    source=sources.DATES,
    signs="日",
)
def date_weekday(manuscript: Manuscript) -> Iterator[Remark]:
    """2013年5月23日（金）, which was a Thursday. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.passages:
        for day in days_in(passage, manuscript):
            right = [WEEKDAYS[each.weekday()] for each in day.dates]
            if day.weekday and right and day.weekday not in right:
                yield passage.remark(
                    day.start,
                    day.end,
                    f"「{day.text}」の曜日が合いません"
                    f"（{day.dates[0].year}年のこの日は{right[0]}曜日です）。",
                )


@rule(
    "date-impossible",
    "ない日付",
    Level.ERROR,
    hint="元の資料で、正しい日付を確かめてください。",
    source=sources.DATES,
    signs="月",
)
def date_impossible(manuscript: Manuscript) -> Iterator[Remark]:
    """2月30日. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.passages:
        for match in passage.search(DAY):
            month, day = int(match["month"]), int(match["day"])
            year = year_of(match) or 2000  # which has a 29 February
            if year >= LUNAR and day_of(year, month, day) is None:
                yield passage.remark(
                    match.start(), match.end(), f"「{match[0]}」という日はありません。"
                )


@rule(
    "date-relative",
    "いつのことか分からない「今年」など",
    Level.ERROR,
    hint="「2013年」のように、年や日を書いてください。",
    source=sources.WRITING,
    signs="今昨来本先一再去明",
)
def date_relative(manuscript: Manuscript) -> Iterator[Remark]:
    """今年 in a text without a year that is no answer. False alarms: 0 of 300; accepted: 1."""
    if QUESTION.search(manuscript.title):
        return  # which is of the year in which it is asked
    for passage in (manuscript.title_passage, *manuscript.prose, *manuscript.captions):
        for match in passage.search(RELATIVE):
            is_named = passage.is_quoted(match.start())  # 「今年の漢字」
            sentence = sentence_at(passage, match.start())
            is_any = GENERAL.search(sentence) or READERS.search(sentence)
            if not is_named and not is_any and not is_dated(manuscript, passage, match.start()):
                yield passage.remark(
                    match.start(),
                    match.end(),
                    f"「{match[0]}」がいつのことか、日付がないので後で読む人に分かりません。",
                )


def sentence_at(passage: Passage, position: int) -> str:
    start = max(passage.text.rfind(mark, 0, position) for mark in "。\n") + 1
    ends = [passage.text.find(mark, position) for mark in "。\n"]
    return passage.text[start : min((end for end in ends if end >= 0), default=None)]


@rule(
    "date-vague",
    "いつのことか分からない「予定」など",
    Level.WARNING,
    hint="いつからのこと、いつの予定かを、年や月で書いてください。",
    source=sources.WRITING,
    signs="予今昨来こ",
)
def date_vague(manuscript: Manuscript) -> Iterator[Remark]:
    """今春, 開催の予定 in a text that names no year. False alarms: 0 of 300; accepted: 1."""
    for passage in manuscript.prose:
        for match in passage.search(VAGUE):
            is_dated_here = is_dated(manuscript, passage, match.start())
            if not is_dated_here and not has_month(passage, match) and is_planned(passage, match):
                yield passage.remark(
                    match.start(),
                    match.end(),
                    f"「{match[0]}」がいつのことか、日付がないので後で読む人に分かりません。",
                )


@rule(
    "date-recent",
    "いつのことか分からない「近年」など",
    Level.NOTICE,
    hint="いつからのことかを、年で書けるか確かめてください。",
    source=sources.WRITING,
    signs="近最昨",
)
def date_recent(manuscript: Manuscript) -> Iterator[Remark]:
    """近年, 最近 in a text that names no year. False alarms: 2 of 300; accepted: 1."""
    for passage in manuscript.prose:
        for match in passage.search(RECENT):
            if not is_dated(manuscript, passage, match.start()):
                sentence = f"「{match[0]}」がいつのことか、後で読む人に分かりません。"
                yield passage.remark(match.start(), match.end(), sentence)


def is_planned(passage: Passage, match: re.Match[str]) -> bool:
    """Return whether the word is no 予定, or that of something that happens once."""
    if "予定" not in match[0]:
        return True
    start = max(0, match.start() - PLANNED_LENGTH)
    return PLANNED.search(passage.text, start, match.end()) is not None


def has_month(passage: Passage, match: re.Match[str]) -> bool:
    """Return whether the sentence up to 予定 names the month."""
    start = max(passage.text.rfind(mark, 0, match.start()) for mark in "。\n") + 1
    return (
        match[0].endswith("予定") and MONTH.search(passage.text, start, match.start()) is not None
    )


@rule(
    "date-office-holder",
    "日付のない役職者の名前",
    Level.WARNING,
    hint="いつの役職かが分かるように、日付を書いてください。",
    source=sources.HOUSE,
    signs="臣総",
)
def date_office_holder(manuscript: Manuscript) -> Iterator[Remark]:
    """新藤総務大臣 where no date is given. False alarms: 0 of 300; accepted: 1."""
    for passage in (*manuscript.prose, *manuscript.captions):
        for start, end in holders(passage):
            if not is_dated(manuscript, passage, start):
                words = passage.text[start:end]
                yield passage.remark(
                    start,
                    end,
                    f"「{words}」がいつの役職か、日付がないので後で読む人に分かりません。",
                )


def holders(passage: Passage) -> Iterator[tuple[int, int]]:
    """Yield the ranges of an office with a name before it, or after it and a space."""
    for match in passage.search(OFFICE):
        start = passage.block_at(match.start()).start
        before = NAME_BEFORE.search(
            passage.masked[max(start, match.start() - HOLDER_LENGTH) : match.start()]
        )
        after = NAME_AFTER.match(passage.masked, match.end())
        if before and before[1] not in NO_NAME and not NO_PERSON.search(before[1]):
            yield match.start() - len(before[1]), match.end()
        elif after:
            yield match.start(), after.end()
