"""The templates that every site has: skeletons of an edition with placeholders (docs/adr/0047)."""

from dataclasses import dataclass

from bureaus.models import Category, Kind


@dataclass(frozen=True, slots=True)
class BuiltInTemplate:
    """`example` is a title; `body` is HTML of the vocabulary of the editor."""

    key: str
    name: str
    kind: Kind
    category: Category
    example: str
    lead: str
    body: str


def sections(*parts: tuple[str, str]) -> str:
    """Return a body of headings, each with its text."""
    return "".join(f"<h3>{heading}</h3>{text}" for heading, text in parts)


def paragraph(text: str) -> str:
    return f"<p>{text}</p>"


def items(name: str, tag: str = "ul") -> str:
    return f"<{tag}><li>〔記入：{name}〕</li></{tag}>"


MEETING_PARTS = (
    ("日時", paragraph("〔記入：日時〕")),
    ("場所", paragraph("〔記入：場所〕")),
    ("議題", items("議題", "ol")),
)
BUILT_IN = (
    BuiltInTemplate(
        key="press",
        name="報道発表",
        kind=Kind.NEWS_ITEM,
        category=Category.PRESS,
        example="○○計画の決定",
        lead="〔記入：何を発表するか〕",
        body=sections(
            ("概要", paragraph("〔記入：概要〕")),
            ("背景・経緯", paragraph("〔記入：背景・経緯〕")),
            ("今後の予定", paragraph("〔記入：今後の予定〕")),
        ),
    ),
    BuiltInTemplate(
        key="consultation",
        name="意見募集",
        kind=Kind.NEWS_ITEM,
        category=Category.CONSULTATION,
        example="○○省令案に対する意見募集",
        lead="〔記入：何への意見を、なぜ募集するか〕",
        body=sections(
            ("意見募集の対象", items("対象となる案")),
            ("募集期間", paragraph("〔記入：始まりの日〕から〔記入：終わりの日〕まで")),
            ("意見の提出方法", items("提出方法")),
            ("今後の予定", paragraph("〔記入：今後の予定〕")),
        ),
    ),
    BuiltInTemplate(
        key="meeting",
        name="会議開催案内",
        kind=Kind.NEWS_ITEM,
        category=Category.MEETING,
        example="○○審議会（第○回）の開催",
        lead="〔記入：どの会議を開くか〕",
        body=sections(*MEETING_PARTS, ("傍聴", paragraph("〔記入：傍聴の方法〕"))),
    ),
    BuiltInTemplate(
        key="materials",
        name="審議会の資料",
        kind=Kind.PAGE,
        category=Category.GENERAL,
        example="○○審議会（第○回） 議事次第・配布資料",
        lead="",
        body=sections(
            *MEETING_PARTS,
            ("出席者", items("出席者")),
            ("配布資料", paragraph("配布資料は、このページの「リンク」にあります。")),
        ),
    ),
)
