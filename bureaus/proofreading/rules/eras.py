"""Rules on years of Japanese eras: possible ones, with the right western year."""

import re
from collections.abc import Iterator

from bureaus.proofreading.eras import (
    ERA_TIME,
    ERA_YEAR,
    bound,
    days_meant,
    is_of_era,
    right_time,
)
from bureaus.proofreading.findings import Level, Remark
from bureaus.proofreading.manuscript import Manuscript
from bureaus.proofreading.passages import ERA
from bureaus.proofreading.registry import rule
from bureaus.proofreading.rules import sources
from bureaus.proofreading.rules.sources import KANJI, SPACES
from bureaus.text.eras import FIRST_AND_LAST, era_year

LAW = re.compile(
    rf"版|(?:[0-9]+月(?:[0-9]+日)?(?:付け)?)?[{KANJI}]{{0,10}}(?:法律|政令|省令|府令|規則|告示|訓令|条約|条例|通達|通知|勅令|決定|法)?第[0-9一-十]"
)
BOTH = re.compile(
    rf"(?P<west>(?:1[89]|20)[0-9]{{2}})(?:年度?)?[（(](?P<era>{ERA})(?P<year>元|[0-9]{{1,2}})(?:年度?)?[）)]"
    rf"|(?P<era2>{ERA})(?P<year2>元|[0-9]{{1,2}})(?:年度?)?[（(](?P<west2>(?:1[89]|20)[0-9]{{2}})(?:年度?)?[）)]"
)
# 令和6年能登半島地震, 令和7年国勢調査: of an official name the year is a part.
OFFICIAL = re.compile(
    rf"(?:[0-9]{{1,2}}月)?[{KANJI}ァ-ヺー・]{{0,12}}"
    r"(?:地震|震災|豪雨|大雨|台風|豪雪|大雪|噴火|大火|津波|水害|災害|国勢調査|センサス|オリンピック|博覧会|万博)"
)
# What goes on may be a name (令和6年成人式), unless it goes on in time (平成25年度末).
GOES_ON = re.compile(rf"[{SPACES}]?[{KANJI}ァ-ヺ「『]|[0-9]+月号")
IN_TIME = re.compile("[以中末頃分前後春夏秋冬現時当上下]")
# 平成32年度（令和2年度）: the text says itself what is meant.
RENAMED = re.compile(rf"[（(](?:現在の|現|旧)?(?:{ERA})")
RENAMING = re.compile(rf"(?:{ERA})(?:元|[0-9]{{1,2}})(?:年度?)?[（(](?:旧)?$")
RENAMING_LENGTH = 9


@rule(
    "date-era-only",
    "和暦だけの年",
    Level.WARNING,
    hint="西暦を添えてください。一度添えれば、同じ年は和暦だけでもかまいません。",
    source=sources.DATES,
    signs="治正和成",
)
def date_era_only(manuscript: Manuscript) -> Iterator[Remark]:
    """平成25年 and nowhere 2013年, names and 「」 aside. False alarms: 0 of 300; accepted: 0."""
    said = manuscript.all_text
    known: set[int] = set()
    for passage in manuscript.prose:
        # Another rule reports years that disagree.
        both = {match.start("era" if match["era"] else 0) for match in passage.search(BOTH)}
        for match in passage.search(ERA_YEAR):
            year, text = era_year(match[1], match[2]), passage.masked
            if year in known or passage.is_quoted(match.start()) or match.start() in both:
                continue
            is_named = is_official(text, match.end())
            if is_named or is_impossible(text, match.start()) or f"{year}年" in said:
                continue
            known.add(year)
            yield passage.remark(
                match.start(),
                match.end(),
                f"「{match[0]}」に西暦がありません。",
                f"{match[0]}（{year}年{match[3] or ''}）" if ends(text, match.end()) else None,
            )


def is_official(text: str, end: int) -> bool:
    """Return whether a year that ends there is part of a name or of a law's number."""
    return bool(LAW.match(text, end) or OFFICIAL.match(text, end))


def is_impossible(text: str, start: int) -> bool:
    """Return whether the year never existed in its era, so that no western year is due."""
    match = ERA_TIME.match(text, start)
    meant = match and days_meant(match)
    return bool(match and meant and not is_of_era(match["era"], *meant))


def ends(text: str, end: int) -> bool:
    """Return whether nothing follows that may belong to the year, such as a name."""
    return not GOES_ON.match(text, end) or bool(IN_TIME.match(text, end))


@rule(
    "date-era-wrong",
    "和暦と西暦の食い違い",
    Level.ERROR,
    hint="元の資料で、正しい年を確かめてください。",
    source=sources.DATES,
    signs="治正和成",
)
def date_era_wrong(manuscript: Manuscript) -> Iterator[Remark]:
    """2013年（平成24年）. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.passages:
        for match in passage.search(BOTH):
            era, year = match["era"] or match["era2"], match["year"] or match["year2"]
            west = int(match["west"] or match["west2"])
            right = era_year(era, year)
            if right != west:
                yield passage.remark(
                    match.start(),
                    match.end(),
                    f"「{match[0]}」の和暦と西暦が合いません（{era}{year}年は{right}年です）。",
                )


@rule(
    "date-era-impossible",
    "その元号にない年や日",
    Level.ERROR,
    hint="いまの元号か西暦で書いてください。",
    source=sources.DATES,
    signs="治正和成",
)
def date_era_impossible(manuscript: Manuscript) -> Iterator[Remark]:
    """平成32年度, but in a text of before 2019. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.passages:
        for match in passage.search(ERA_TIME):
            era, meant = match["era"], days_meant(match)
            if meant is None or is_of_era(era, *meant) or is_said(match):
                continue
            ended = FIRST_AND_LAST[era][1]
            was_to_come = manuscript.issued_on and manuscript.issued_on <= ended < meant[0]
            if was_to_come or passage.is_quoted(match.start()):
                continue
            yield passage.remark(
                match.start(),
                match.end(),
                f"「{match[0]}」はありません（{bound(era, meant[0])}）。"
                f"{right_time(match, meant[0])}に当たります。",
            )


def is_said(match: re.Match[str]) -> bool:
    """Return whether the text itself gives the year of another era beside it."""
    start = max(0, match.start() - RENAMING_LENGTH)
    before = RENAMING.search(match.string, start, match.start())
    return bool(before or RENAMED.match(match.string, match.end()))
