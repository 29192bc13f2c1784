"""Rules on figures: telephone and postal numbers, amounts, times, and periods."""

import re
from collections.abc import Iterator
from datetime import date

from bureaus.proofreading.calendar import day_of
from bureaus.proofreading.findings import Level, Remark
from bureaus.proofreading.manuscript import Manuscript
from bureaus.proofreading.passages import ERA, Passage
from bureaus.proofreading.registry import rule
from bureaus.proofreading.rules import sources
from bureaus.text.eras import era_year

HYPHEN = r"[-－−‐‑–]"
PHONE = re.compile(
    rf"(?<![0-9{HYPHEN[1:-1]}.])0[0-9]{{1,4}}{HYPHEN}[0-9]{{1,4}}{HYPHEN}[0-9]{{2,5}}(?![0-9{HYPHEN[1:-1]}])"
    rf"|(?<![0-9])0[0-9]{{1,4}}[（(][0-9]{{1,4}}[）)][0-9]{{2,5}}(?![0-9])"
)
SPOKEN_OF = re.compile(
    r"電話|TEL|Tel|tel|℡|☎|FAX|Fax|ファ[クッ]|番号|ダイヤル|内線|連絡|問[い合]|[：:]\s*$"
)
LONGER = re.compile(r"0[5789]0|0800|0570|0120|0180|0990")
DIGITS = 10
POSTAL = re.compile(
    rf"〒\s*(?:[0-9]{{3}}{HYPHEN}[0-9]{{1,3}}|[0-9]{{3}}{HYPHEN}[0-9]{{5,}}|[0-9]{{1,2}}{HYPHEN}[0-9]{{3,4}})(?![0-9])"
)
COMMA = re.compile(
    r"(?<![0-9,.，])[0-9]{1,3}(?:[,，][0-9]{3})*[,，](?:[0-9]{1,2}|[0-9]{4,})"
    r"(?:[,，][0-9]+)*(?![0-9,，])"
    "(?=[ ]?(?:円|千円|万円|億円|人|件|戸|世帯|名|台|㎡|平方メートル|トン|kg|ha))"
)
TIME = re.compile(
    r"(?P<half>午前|午後)(?P<hour>[0-9]{1,2})(?:時|:|：)|(?<![0-9:：])(?P<hours>[0-9]{1,2})時(?P<minutes>[0-9]{1,2})分"
)
LAST_HOUR, MINUTES, NOON = 24, 60, 12
WHEN = (
    rf"(?:(?:(?P<era{{0}}>{ERA})(?P<year{{0}}>元|[0-9]{{{{1,2}}}})|(?P<west{{0}}>(?:19|20)[0-9]{{{{2}}}}))年)?"
    r"(?:(?P<month{0}>[0-9]{{1,2}})月)(?P<day{0}>[0-9]{{1,2}})日"
)
UNTIL = r"(?:[（(][月火水木金土日][^）)]{0,4}[）)])?\s?(?:から|～|〜|~|－|より)\s?"
PERIOD = re.compile(f"{WHEN.format('')}{UNTIL}{WHEN.format('2')}")
HOURS = re.compile(
    rf"(?<![0-9:：])(?P<from>[0-9]{{1,2}})(?:時|[:：](?P<min>[0-9]{{2}}))(?P<from_min>[0-9]{{1,2}}分)?(?:から|～|〜|~|{HYPHEN})"
    r"(?P<to>[0-9]{1,2})(?:時|[:：](?P<min2>[0-9]{2}))(?!間)"
)
DAYTIME = range(6, 20)


@rule(
    "number-phone",
    "桁の合わない電話番号",
    Level.WARNING,
    hint="元の資料で、番号を確かめてください。",
    source=sources.HOUSE,
    signs="0",
)
def number_phone(manuscript: Manuscript) -> Iterator[Remark]:
    """03-5253-511, and in contacts. False alarms: 0 of 300; accepted: 0."""
    for passage in (*manuscript.passages, *manuscript.numbers):
        for match in passage.search(PHONE):
            digits = re.sub(r"\D", "", match[0])
            if len(digits) in right_lengths(digits) or not is_phone(passage, match):
                continue
            yield passage.remark(
                match.start(),
                match.end(),
                f"電話番号「{match[0]}」は{len(digits)}桁で、桁の数が合いません。",
            )


def right_lengths(digits: str) -> tuple[int, ...]:
    if digits.startswith(("070", "080", "090", "050", "0800")):
        return (DIGITS + 1,)
    return (DIGITS,)


def is_phone(passage: Passage, match: re.Match[str]) -> bool:
    """Return whether the words before it say so, or the number begins as one."""
    before = passage.text[max(0, match.start() - 12) : match.start()]
    return passage.field != "body" or bool(SPOKEN_OF.search(before)) or match[0][:2] in {"03", "06"}


@rule(
    "number-postal",
    "桁の合わない郵便番号",
    Level.WARNING,
    hint="元の資料で、番号を確かめてください。",
    source=sources.HOUSE,
    signs="〒",
)
def number_postal(manuscript: Manuscript) -> Iterator[Remark]:
    """〒100-892. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.passages:
        for match in passage.search(POSTAL):
            yield passage.remark(
                match.start(), match.end(), f"郵便番号「{match[0]}」の桁の数が合いません。"
            )


@rule(
    "number-comma",
    "位置の違う桁区切り",
    Level.WARNING,
    hint="元の資料で、数を確かめてください。",
    source=sources.HOUSE,
    signs=",，",
)
def number_comma(manuscript: Manuscript) -> Iterator[Remark]:
    """10,00円. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.passages:
        for match in passage.search(COMMA):
            sentence = f"「{match[0]}」は、桁を区切る位置が3桁ごとではありません。"
            yield passage.remark(match.start(), match.end(), sentence)


@rule(
    "time-impossible",
    "ない時刻",
    Level.WARNING,
    hint="元の資料で、時刻を確かめてください。",
    source=sources.DATES,
    signs="時:：",
)
def time_impossible(manuscript: Manuscript) -> Iterator[Remark]:
    """午後14時, 9時65分. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.passages:
        for match in passage.search(TIME):
            hour = int(match["hour"] or match["hours"] or 0)
            is_wrong = hour > (NOON if match["half"] else LAST_HOUR + 1)
            if is_wrong or int(match["minutes"] or 0) >= MINUTES:
                yield passage.remark(
                    match.start(), match.end(), f"「{match[0]}」という時刻はありません。"
                )


@rule(
    "period-reversed",
    "始まりより前に終わる期間",
    Level.WARNING,
    hint="元の資料で、期間を確かめてください。",
    source=sources.DATES,
    signs="月時:：",
)
def period_reversed(manuscript: Manuscript) -> Iterator[Remark]:
    """5月31日から5月1日まで, 17時から9時まで. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.passages:
        for match in passage.search(PERIOD):
            first, last = day_in(match, ""), day_in(match, "2", match)
            if first and last and last < first and not crosses_year(match):
                sentence = f"「{match[0]}」は、始まりより前に終わります。"
                yield passage.remark(match.start(), match.end(), sentence)
        for match in passage.search(HOURS):
            begin, end = int(match["from"]), int(match["to"])
            if begin in DAYTIME and end in DAYTIME and end < begin and end > NOON - 7:
                before = passage.text[max(0, match.start() - 2) : match.start()]
                if before not in {"午前", "午後"}:
                    sentence = f"「{match[0]}」は、始まりより前に終わります。"
                    yield passage.remark(match.start(), match.end(), sentence)


def day_in(match: re.Match[str], suffix: str, before: re.Match[str] | None = None) -> date | None:
    """Return a day of a period; the second is of the year of the first, where it names none."""
    year = year_in(match, suffix) or (year_in(before, "") if before else 0) or 2000
    return day_of(year, int(match[f"month{suffix}"]), int(match[f"day{suffix}"]))


def year_in(match: re.Match[str], suffix: str) -> int:
    if match[f"west{suffix}"]:
        return int(match[f"west{suffix}"])
    era = match[f"era{suffix}"]
    return era_year(era, match[f"year{suffix}"]) if era else 0


def crosses_year(match: re.Match[str]) -> bool:
    """Return whether it may end in the next year, which is not named: 12月29日から1月3日まで."""
    return not year_in(match, "2") and match["month"] != match["month2"]
