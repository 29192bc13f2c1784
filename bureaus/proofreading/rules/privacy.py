"""Rules on what identifies private persons: numbers, accounts, telephones, mail, lists."""

import re
from collections.abc import Iterator

from bureaus.proofreading.findings import Level, Remark
from bureaus.proofreading.manuscript import Manuscript
from bureaus.proofreading.passages import Block, Passage
from bureaus.proofreading.person_names import (
    ORGANISATION,
    ROMAN_SURNAMES,
    has_address,
    has_person,
)
from bureaus.proofreading.registry import rule
from bureaus.proofreading.rules import sources

HYPHEN = r"\-－−‐‑–—―ー"
GAP = f"[ \u3000{HYPHEN}]?"
ALONE, ENDED = rf"(?<![0-9A-Za-z.,{HYPHEN}])", rf"(?![0-9A-Za-z.,{HYPHEN}])"
# Twelve digits, also in groups of four; not a part of a longer number or of a word.
TWELVE = re.compile(rf"{ALONE}[0-9]{{4}}({GAP})[0-9]{{4}}\1[0-9]{{4}}{ENDED}")
CHECKED = 11  # digits before the check digit
SEVEN = rf"[0-9]{{7}}(?![0-9{HYPHEN}])"
ACCOUNT = re.compile(
    rf"(?:普通|当座|貯蓄)(?:[預貯]金)?(?:口座)?(?:番号)?[ \u3000:：（(]*(?:No\.?)?[ \u3000]*{SEVEN}"
    rf"|口座番号[ \u3000:：はが（(]*(?:普通|当座)?[ \u3000]*{SEVEN}"
    rf"|記号[ \u3000:：]*1[0-9]{{3}}0(?:{GAP}[0-9])?[ \u3000、,・／/]*"
    r"番号[ \u3000:：]*[0-9]{2,8}(?![0-9])"
)
# What an office itself asks to be paid into: the account is meant to be public.
OWN_ACCOUNT = re.compile(
    r"義[援捐]金|寄附|寄付|募金|納付|会計管理者|振込先|振り込|払込|支援金口座|基金"
)
MOBILE = re.compile(
    rf"(?<![0-9{HYPHEN}])0[789]0(?P<gap>{GAP})[0-9]{{4}}(?P=gap)[0-9]{{4}}(?![0-9{HYPHEN}])"
    rf"|(?<![0-9{HYPHEN}])\(?0[789]0\)[0-9]{{4}}[{HYPHEN}]?[0-9]{{4}}(?![0-9{HYPHEN}])"
)
SAMPLE = re.compile(r"(\d)\1{3}\D?(?:\1{4}|0000)|1234\D?5678")  # of a form
MAIL = re.compile(r"(?<![\w.+-])([\w.+-]{1,64})[@＠]([\w-]+(?:\.[\w-]+)+)", re.ASCII)
FREE_MAIL = re.compile(
    r"(?:gmail\.com|googlemail\.com|yahoo\.(?:co\.jp|com|ne\.jp)|ymail\.ne\.jp|hotmail\.\w+(?:\.\w+)?"
    r"|outlook\.(?:com|jp)|live\.(?:jp|com)|msn\.com|icloud\.com|me\.com|mac\.com|aol\.(?:com|jp)"
    r"|(?:\w+\.)?docomo\.ne\.jp|(?:\w+\.)?ezweb\.ne\.jp|au\.com|(?:\w+\.)?softbank\.ne\.jp"
    r"|(?:\w+\.)?vodafone\.ne\.jp|ymobile\.ne\.jp|ymobile1\.ne\.jp|rakuten\.jp|uqmobile\.jp"
    r"|proton(?:mail)?\.(?:com|me)|qq\.com|naver\.com)",
    re.IGNORECASE,
)
EXAMPLE_MAIL = re.compile(r"example|xxx|\*\*\*|sample", re.IGNORECASE)
SURNAME = re.compile(rf"(?:^|[._-])(?:{'|'.join(ROMAN_SURNAMES)})(?=$|[._\-0-9])", re.IGNORECASE)
RECORDS = 3  # persons with addresses that make a list
NEAR = 3  # blocks in which the address follows the name: cells of a row, lines of an entry


@rule(
    "privacy-my-number",
    "マイナンバーのような数字",
    Level.WARNING,
    hint="マイナンバー（個人番号）なら、すぐに消し、所管の個人情報の担当者に知らせてください。"
    "ほかの番号なら、その理由を書いて残せます。",
    source=sources.MY_NUMBER,
    signs="0123456789",
)
def my_number(manuscript: Manuscript) -> Iterator[Remark]:
    """Twelve digits with their check digit. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.passages:
        for match in passage.search(TWELVE):
            digits = re.sub(r"\D", "", match[0])
            if has_check_digit(digits) and len(set(digits)) > 1:
                yield passage.remark(
                    match.start(),
                    match.end(),
                    f"「{match[0]}」は、検査用数字まで合う12桁の数字で、マイナンバーのように"
                    "見えます。",
                )


def has_check_digit(digits: str) -> bool:
    """Return whether the last digit is the one of 平成26年総務省令第85号第5条."""
    total = sum(
        int(digit) * (place + 1 if place <= 6 else place - 5)  # noqa: PLR2004 - as in the ordinance
        for place, digit in enumerate(reversed(digits[:CHECKED]), 1)
    )
    rest = total % 11
    return int(digits[CHECKED]) == (0 if rest <= 1 else 11 - rest)


@rule(
    "privacy-account",
    "口座番号",
    Level.WARNING,
    hint="個人の口座なら、消してください。公開してよい口座なら、その理由を書いて残せます。",
    source=sources.PERSONAL,
    signs="0123456789",
)
def account(manuscript: Manuscript) -> Iterator[Remark]:
    """An account that is not asked to be paid into. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.passages:
        for match in passage.search(ACCOUNT):
            if not OWN_ACCOUNT.search(context(passage, match)):
                yield passage.remark(
                    match.start(),
                    match.end(),
                    f"「{match[0]}」は、銀行などの口座番号のように見えます。",
                )


def context(passage: Passage, match: re.Match[str]) -> str:
    """Return what stands some lines around the match."""
    return passage.text[max(0, match.start() - 300) : match.end() + 100]


@rule(
    "privacy-mobile",
    "携帯電話の番号",
    Level.WARNING,
    hint="個人の電話なら、組織の代表電話や内線に替えてください。業務用の電話なら、その理由を書いて"
    "残せます。",
    source=sources.PERSONAL,
    signs="0",
)
def mobile(manuscript: Manuscript) -> Iterator[Remark]:
    """090-…, 080-…, 070-…, also in full-width. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.passages:
        for match in passage.search(MOBILE):
            if SAMPLE.search(match[0]):
                continue
            yield passage.remark(
                match.start(),
                match.end(),
                f"「{match[0]}」は、携帯電話の番号です。個人のものではありませんか。",
            )


@rule(
    "privacy-mail",
    "個人のメールアドレス",
    Level.WARNING,
    hint="組織のアドレス（課の名前のアドレスなど）に替えてください。公開してよいものなら、その理由を"
    "書いて残せます。",
    source=sources.PERSONAL,
    signs="@＠",
)
def mail(manuscript: Manuscript) -> Iterator[Remark]:
    """Free mail, mail of telephones, surnames. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.passages:
        for match in MAIL.finditer(passage.text):
            if what := kind_of_mail(match[1], match[2]):
                yield passage.remark(
                    match.start(), match.end(), f"「{match[0]}」は、{what}のように見えます。"
                )
        for anchor in passage.anchors:
            found = MAIL.search(anchor.href) if anchor.href.startswith("mailto:") else None
            what = kind_of_mail(found[1], found[2]) if found else ""
            if found and what and found[0] not in anchor.text:
                yield passage.remark(
                    anchor.start,
                    anchor.end,
                    f"リンク先の「{found[0]}」は、{what}のように見えます。",
                )


def kind_of_mail(local: str, domain: str) -> str:
    """Return what makes an address a person's own; empty for an office's."""
    if EXAMPLE_MAIL.search(f"{local}@{domain}"):
        return ""
    if FREE_MAIL.fullmatch(domain):
        return "個人で使うメールのアドレス"
    return "人の名前のアドレス" if SURNAME.search(local) else ""


@rule(
    "privacy-list",
    "氏名と住所の一覧",
    Level.WARNING,
    hint="公開してよい名簿かを確かめ、要らない住所は消すか、市区町村までにしてください。"
    "公開してよいものなら、その理由を書いて残せます。",
    source=sources.PERSONAL,
    signs="市区町村郡",
)
def listed_persons(manuscript: Manuscript) -> Iterator[Remark]:
    """Three persons or more with their addresses. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.prose:
        entries = list(entries_in(passage))
        if len(entries) >= RECORDS:
            first = entries[0]
            yield passage.remark(
                first.start,
                first.end,
                f"「{first.text.strip()[:20]}」など、人の名前と住所が{len(entries)}人分並んで"
                "います。",
                block=first,
            )


def entries_in(passage: Passage) -> Iterator[Block]:
    """Yield the blocks or lines that name a person whose address is there or follows."""
    lines = list(lines_in(passage))
    if sum(has_address(line.text) for line in lines) < RECORDS:
        return  # names take longer to find
    marks = [
        (has_person(line.text), has_address(line.text), bool(ORGANISATION.search(line.text)))
        for line in lines
    ]
    for number, (is_person, _, is_organisation) in enumerate(marks):
        if is_person and not is_organisation and address_follows(marks[number : number + NEAR + 1]):
            yield lines[number]


def address_follows(marks: list[tuple[bool, bool, bool]]) -> bool:
    """Return whether an address stands in the first line or before the next person's."""
    for number, (is_person, is_address, is_organisation) in enumerate(marks):
        if is_organisation or (number and is_person):
            return False
        if is_address:
            return True
    return False


def lines_in(passage: Passage) -> Iterator[Block]:
    """Yield the blocks, those of several lines line by line; digits are narrowed."""
    for block in passage.blocks:
        start = block.start
        for line in passage.masked[block.start : block.end].split("\n"):
            if line.strip():
                yield Block(block.number, block.tag, start, start + len(line), line, block.inside)
            start += len(line) + 1
