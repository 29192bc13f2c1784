"""Names of persons and postal addresses in a text, recognised without a dictionary of words."""

import re

from bureaus.proofreading.rules.sources import KANJI

# The commonest surnames, which about half of the people have.
SURNAMES = (
    "佐藤 鈴木 高橋 田中 伊藤 渡辺 渡邉 渡邊 山本 中村 小林 加藤 吉田 山田"
    " 佐々木 山口 松本 井上 木村 斎藤 斉藤 齋藤 齊藤 清水 山崎 池田 阿部 橋本"
    " 山下 石川 中島 前田 藤田 小川 後藤 岡田 長谷川 村上 近藤 石井 坂本 遠藤"
    " 青木 藤井 西村 福田 太田 三浦 藤原 岡本 松田 中川 中野 原田 小野 田村"
    " 竹内 金子 和田 中山 石田 上田 森田 柴田 酒井 工藤 横山 宮崎 宮本 内田"
    " 高木 安藤 島田 谷口 大野 高田 丸山 今井 河野 藤本 村田 武田 上野 杉山"
    " 増田 菅原 平野 大塚 千葉 久保 松井 小島 岩崎 桜井 野口 松尾 野村 木下"
    " 菊地 菊池 佐野 大西 杉本 新井 浜田 市川 古川 水野 小松 島崎 吉川 山内"
    " 西田 西川 北村 安田 五十嵐 川口 平田 関口 中田 服部 川崎 飯田 岩田 本田"
    " 久保田 吉村 土屋 矢野 広瀬 秋山 石原 松下 大橋 馬場 松浦 熊谷 本間 辻本"
    " 小山 川村 小西 田口 樋口 永井 片山 内藤 荒木 大谷 尾崎 荒井 渡部 堀内"
    " 黒田 松岡"
).split()
LONGEST_FIRST = sorted(SURNAMES, key=len, reverse=True)
NAME = re.compile(
    rf"(?<![{KANJI}])(?:{'|'.join(LONGEST_FIRST)})"
    rf"(?:[ \u3000][{KANJI}ぁ-んァ-ヶー]{{1,4}}|[{KANJI}]{{1,3}}|[{KANJI}]?[ぁ-ん]{{2,3}})?"
    rf"(?![{KANJI}])"
)
# What follows a surname in the names of places, offices and firms.
NO_GIVEN_NAME = re.compile(
    "[市区町村郡県府道駅橋川山谷島園院校館店社堂屋部課局係所署会組線号様方邸台丘港湾岳寺宮]$"
)
ROMAN_SURNAMES = (
    "sato satoh suzuki takahashi tanaka ito itoh watanabe yamamoto nakamura kobayashi kato katoh"
    " yoshida yamada sasaki yamaguchi matsumoto inoue kimura saito saitoh shimizu yamazaki ikeda"
    " abe hashimoto yamashita ishikawa nakajima maeda fujita ogawa goto okada hasegawa murakami"
    " kondo ishii sakamoto endo aoki fujii nishimura fukuda ota miura fujiwara okamoto matsuda"
).split()
ADDRESS = re.compile(
    rf"(?:[{KANJI}ヶケノツ々]{{1,6}}[都道府県])?[{KANJI}ヶケノツのがぁ-んァ-ヶ]{{1,8}}?[市区町村郡]"
    rf"[{KANJI}ヶケノツのがぁ-んァ-ヶー]{{0,14}}?"
    r"[0-9一二三四五六七八九十]{1,4}(?:丁目|番地?|[-－−‐―ー][0-9]{1,4})"
)
PLACE = re.compile("[市区町村郡].*[0-9一二三四五六七八九十]")
# A firm, an office or an institution: their addresses are no secret.
ORGANISATION = re.compile(
    "株式会社|有限会社|合同会社|法人|協会|連合|組合|事務所|支店|支所|本店|本社|営業所|病院|医院|診療所"
    "|クリニック|薬局|学校|大学|高校|学園|保育園|幼稚園|こども園|センター|会館|公民館|図書館|体育館|公園"
    "|施設|役所|役場|庁舎|警察|消防|郵便局|銀行|農協|工場|ホーム|ホテル|旅館|店舗|商店|商会|工業|建設|研究所"
    "|機構|財団|省|庁|課|局|室"
)


def has_person(text: str) -> bool:
    """Return whether the text names a person with surname and given name."""
    return any(is_full_name(match[0]) for match in NAME.finditer(text))


def is_full_name(name: str) -> bool:
    surname = next(each for each in LONGEST_FIRST if name.startswith(each))
    given = name[len(surname) :]
    if given[:1] in {" ", "\u3000"}:
        return NO_GIVEN_NAME.search(given[1:]) is None
    return bool(given) and NO_GIVEN_NAME.search(given) is None


def has_address(text: str) -> bool:
    """Return whether the text holds an address down to the number of the house."""
    return PLACE.search(text) is not None and ADDRESS.search(text) is not None
