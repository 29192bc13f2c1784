"""What identifies private persons is found in each way of writing it, and an office's is not."""

import random

import pytest

from bureaus.proofreading import RULES, Manuscript
from bureaus.proofreading.rules.privacy import has_check_digit

PRIVACY = [name for name in RULES if name.startswith("privacy-")]
WIDE = str.maketrans("0123456789-@", "０１２３４５６７８９－＠")
SURNAMES = "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 五十嵐 佐々木 長谷川".split()
GIVEN = "太郎 花子 一郎 美咲 翔 さくら 健 陽子 大輔".split()
TOWNS = "東京都港区芝 千葉県柏市北町 兵庫県尼崎市南町 札幌市中央区大通西 三戸郡五戸町字川原".split()
ENDS = ("丁目2番3号", "-2-3", "番地")
OFFICES = (
    "代表 03-5253-5111（内線5736）|電話：0570-00-0001|フリーダイヤル 0120-123-456"
    "|ファックス 06-6489-1827|電話 0797-32-0707|〒070-8505|令和5年法律第1234567号"
    "|法人番号 2000012020001|受付番号 123456789012|JANコード 4901234567894"
    "|電子メール kokusai_atmark_soumu.go.jp|soumu-kouhou@soumu.go.jp|info@city.example.lg.jp"
    "|kanbou.hisyo@mlit.go.jp|寄附金の振込先 普通 1234567|納付書の番号 1234567"
    "|2015-0410-0827-14.html|090-0000-0000|xxxx@gmail.com|普通の書類1234567890"
).split("|")


def found(html: str) -> set[str]:
    manuscript = Manuscript(title="見本のページ", body=html)
    return {name for name in PRIVACY if any(RULES[name](manuscript))}


def my_number(dice: random.Random) -> str:
    digits = "".join(dice.choices("0123456789", k=11))
    return next(whole for last in "0123456789" if has_check_digit(whole := digits + last))


def written(dice: random.Random) -> list[tuple[str, str]]:
    """Return a text of each kind, in one of its ways of writing, with its rule."""
    number, gap = my_number(dice), dice.choice(["", " ", "-", "－", "　", "ー"])
    grouped = gap.join((number[:4], number[4:8], number[8:]))
    account = dice.choice(
        "普通 {0}|普通預金　{0}|当座預金口座 {0}|口座番号：{0}|普通口座番号は{0}|口座番号{0}"
        "|記号 12340　番号 {0}".split("|")
    ).format(dice.randint(1_000_000, 9_999_999))
    mobile = dice.choice(["{0}-{1}-{2}", "{0}{1}{2}", "{0} {1} {2}", "({0}){1}-{2}"]).format(
        dice.choice(["090", "080", "070"]), dice.randint(2000, 9999), dice.randint(2000, 9999)
    )
    domain = dice.choice("gmail.com yahoo.co.jp docomo.ne.jp icloud.com outlook.jp".split())
    mail = dice.choice([f"hana.{dice.randint(10, 99)}@{domain}", "ken-takahashi@corp.co.jp"])
    texts = [
        ("privacy-my-number", f"番号：{grouped}"),
        ("privacy-account", f"振込口座　{account}"),
        ("privacy-mobile", f"連絡先は{mobile}です。"),
    ]
    texts = [(rule, dice.choice([text, text.translate(WIDE)])) for rule, text in texts]
    return [*texts, ("privacy-mail", f"申込み：{mail}"), ("privacy-list", persons(dice))]


def persons(dice: random.Random) -> str:
    rows = [
        (
            dice.choice(SURNAMES) + dice.choice(["", "　", " "]) + dice.choice(GIVEN),
            f"{dice.choice(TOWNS)}{dice.randint(1, 9)}"
            + dice.choice(["丁目2番3号", "-2-3", "番地"]),
        )
        for _ in range(3)
    ]
    if dice.random() < 1 / 3:
        cells = "".join(f"<tr><td>{name}</td><td>{place}</td></tr>" for name, place in rows)
        return f"</p><table>{cells}</table><p>"
    return "</p><p>".join(f"{name}（{place}）" for name, place in rows)


def test_two_hundred_texts_about_persons_are_found() -> None:
    dice = random.Random(16)
    texts = [each for _ in range(40) for each in written(dice)]
    missed = [(rule, text) for rule, text in texts if found(f"<p>{text}</p>") != {rule}]
    assert len(texts) == 200
    assert missed == []


@pytest.mark.parametrize("text", OFFICES)
def test_an_office_s_own_lines_are_none(text: str) -> None:
    assert found(f"<p>{text}</p>") == set()


def test_the_address_behind_a_link_is_read() -> None:
    assert found('<p><a href="mailto:taro.yamada@gmail.com">申込み</a></p>') == {"privacy-mail"}


@pytest.mark.parametrize(("digits", "right"), [("123456789018", True), ("123456789010", False)])
def test_the_check_digit_is_the_one_of_the_ordinance(digits: str, *, right: bool) -> None:
    assert has_check_digit(digits) is right
