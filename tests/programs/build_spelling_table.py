"""
Build the table of spellings: `python -m tests.programs.build_spelling_table`.

It reads the normalised forms of SudachiDict, which is installed for other purposes, and writes
bureaus/text/words/spelling_table.txt. Words in rare kanji, proper names, and kana that several
words share are left out: a search compares characters and knows no words.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from sudachipy.sudachipy import Dictionary

from bureaus.text.words.folding import fold
from bureaus.text.words.spelling_table import PATH, STEM

HEADER = """\
# Spellings of one word, folded, a group a line; "=" begins a group of stems of verbs.
# Written by tests/programs/build_spelling_table.py from SudachiDict {version} (small).
# SudachiDict: Copyright Works Applications Co., Ltd. Licensed under the Apache License,
# Version 2.0: http://www.apache.org/licenses/LICENSE-2.0. Changed: selected and folded.
"""
NOUNS = {"名詞", "形状詞", "副詞", "接続詞", "連体詞"}
LEFT_OUT = {"接尾辞", "接頭辞", "助詞", "助動詞", "記号", "補助記号"}
KANJI = re.compile("[一-鿿々]")
KANA = re.compile("[ァ-ヺー]+")
JAPANESE = re.compile("[一-鿿々ぁ-ゖァ-ヺー]+")
COMMON = (0x98, 0x72)  # the last kanji of the first level of JIS X 0208
PARTS_OF_OTHERS = {"大ナ"}  # 多大な
ADJECTIVE = "形容詞"
KANA_LENGTH = 4  # characters at least of a word in kana alone
# The characters that a verb of each ending takes after its stem; 表シ would be found in 公表シ.
ROWS = {row[2]: row for row in "ワイウエオッ カキクケコイ ガギグゲゴイ".split()} | {
    row[2]: row
    for row in "タチツテトッ ナニヌネノン バビブベボン マミムメモン ラリルレロッ".split()
}
# What the dictionary does not join, or what has too little kana to be taken without a look.
BY_HAND = """
一つ ひとつ
二つ ふたつ
三つ みっつ
四つ よっつ
五つ いつつ
一人 ひとり
二人 ふたり
子ども 子供 こども
全て すべて
更に さらに
分かる わかる
分かり わかり
分から わから
分かっ わかっ
出来る できる
出来た できた
出来て できて
出来ま できま
出来な できな
出来れば できれば
等 など
事 こと
時 とき
所 ところ
物 もの
為 ため
頃 ころ ごろ
皆 みな
私 わたし わたくし
既に すでに
予め あらかじめ
及び および
又は または
但し ただし
並びに ならびに
若しくは もしくは
殆ど ほとんど
皆様 皆さま みなさま
皆さん みなさん
沢山 たくさん
一緒 いっしょ
作る つくる
作り つくり
作っ つくっ
宜しく よろしく
是非 ぜひ
色々 いろいろ 色色
何処 どこ
何時 いつ
概ね おおむね
お年寄り おとしより
相応しい ふさわしい
挨拶 あいさつ
南瓜 カボチャ
名前 なまえ
椅子 いす
玩具 おもちゃ
烏 カラス
鼠 ネズミ
猪 イノシシ
雀 スズメ
出来事 できごと 出来ごと
様々 さまざま 様様
お年寄り お年より
お問い合わせ お問合せ お問い合せ お問合わせ
進める すすめる
進め すすめ
下さい ください
頂く いただく
致します いたします
御案内 ご案内
御意見 ご意見
御利用 ご利用
御質問 ご質問
御相談 ご相談
御協力 ご協力
御確認 ご確認
御連絡 ご連絡
障害 障がい 障碍
障害者 障がい者 障碍者
付近 附近
付属 附属
交付 交附
寄付 寄附
拡充 拡充
お知らせ 御知らせ
お問い合わせ 御問い合わせ
町づくり まちづくり 街づくり
物づくり ものづくり モノづくり
ゴミ ごみ 塵芥
Wi-Fi WiFi
e-mail Email Eメール
e-Gov eGov
e-Tax eTax
e-Stat eStat
B-CAS BCAS
CD-ROM CDROM
DVD-ROM DVDROM
M-NET MNET
k-means kmeans
on-line online
off-line offline
web-site website
start-up startup
cyber-security cybersecurity
我が国 わが国
私たち 私達 わたしたち
友達 友だち
"""


class Form(NamedTuple):
    """A word as the dictionary writes it."""

    surface: str
    speech: tuple[str, ...]
    normal: str
    reading: str


def main() -> None:
    entries = [
        Form(entry.surface(), entry.part_of_speech(), entry.normalized_form(), entry.reading_form())
        for entry in Dictionary(dict="small").entries()
    ]
    forms = tuple(each for each in entries if each.speech[1] != "固有名詞")
    uninflected = list(nouns(forms))
    groups = {line for group in (*by_hand(), *uninflected) if (line := joined(group))}
    of_nouns = forms_of_nouns(uninflected)
    stems = {
        line
        for group in without_shared_stems(list(verbs(forms)))
        if (line := joined(without_other_nouns(group, of_nouns)))
    }
    inflected = {line for line in stems if not line.startswith(STEM)}
    lines = sorted(groups | inflected) + sorted(stems - inflected)
    header = HEADER.format(version=version("sudachidict-small"))
    Path(PATH).write_text(header + "\n".join(lines) + "\n", encoding="utf-8")


def joined(group: Iterable[str]) -> str:
    """Return a line; empty for a group of one."""
    unique = dict.fromkeys(group)
    return " ".join(unique) if len({each.strip(STEM) for each in unique}) > 1 else ""


def by_hand() -> Iterator[list[str]]:
    for line in BY_HAND.strip().splitlines():
        yield list(map(fold, line.split()))


def nouns(forms: tuple[Form, ...]) -> Iterator[list[str]]:
    """Group the words that are not inflected."""
    owners = owners_of_kana(forms)
    groups: dict[tuple[str, str], set[str]] = defaultdict(set)
    for form in forms:
        if form.speech[0] in NOUNS and is_common(form.surface):
            groups[form.normal, form.reading].add(fold(form.surface))
    for (normal, _), group in groups.items():
        kept = [each for each in group if is_distinct(each, normal, owners)]
        yield sorted(kept, key=lambda each: (-len(each), each))


@lru_cache
def owners_of_kana(forms: tuple[Form, ...]) -> Mapping[str, set[str]]:
    """Return the words that are written by each string of kana."""
    owners: dict[str, set[str]] = defaultdict(set)
    for form in forms:
        folded = fold(form.surface)
        if form.speech[0] not in LEFT_OUT and KANA.fullmatch(folded):
            owners[folded].add(form.normal)
    return owners


def is_common(surface: str) -> bool:
    if not JAPANESE.fullmatch(surface):
        return False
    try:
        codes = [sign.encode("shift_jis") for sign in surface if KANJI.match(sign) and sign != "々"]
    except UnicodeEncodeError:
        return False
    return all(tuple(code) <= COMMON for code in codes)


def is_distinct(folded: str, normal: str, owners: Mapping[str, set[str]]) -> bool:
    """Leave out the kana of words without kana, which nobody writes: each costs a look-up."""
    if not KANJI.search(folded):
        return len(folded) >= KANA_LENGTH and owners[folded] <= {normal} and has_kana(normal)
    if folded in PARTS_OF_OTHERS:
        return False
    return len(folded) > 1 and (has_kana(normal) or not has_kana(folded))


def has_kana(text: str) -> bool:
    return not all(map(KANJI.match, text))


def verbs(forms: tuple[Form, ...]) -> Iterator[list[str]]:
    """Group the stems of verbs, and where one is a single character, each inflection."""
    owners = owners_of_kana(forms)
    owned = {folded: len(normal) == 1 for folded, normal in owners.items()}
    groups: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for form in forms:
        if form.speech[0] not in {"動詞", "形容詞"} or form.speech[5] != "終止形-一般":
            continue
        folded = fold(form.surface)
        is_written = KANJI.search(folded) or (len(folded) > KANA_LENGTH and owned.get(folded))
        if is_common(form.surface) and is_written and same_ending(form):
            groups[form.normal, form.reading, form.speech[4]].add(folded)
    for (_, _, conjugation), group in groups.items():
        yield from stems_of(sorted(group), conjugation)


def without_shared_stems(groups: list[list[str]]) -> Iterator[list[str]]:
    """Leave out what several verbs begin with: 引下 of 引き下がる and 引き下ろす."""
    times = Counter(stem for group in groups for stem in set(group))
    for group in groups:
        yield [stem for stem in group if times[stem] == 1]


def forms_of_nouns(nouns_in_groups: list[list[str]]) -> Mapping[str, set[str]]:
    forms: dict[str, set[str]] = defaultdict(set)
    for group in nouns_in_groups:
        for form in group:
            forms[form] |= set(group)
    return forms


def without_other_nouns(group: list[str], forms: Mapping[str, set[str]]) -> Iterator[str]:
    """Leave out stems in kanji alone that are another noun: 引退 of 引き退く."""
    for stem in group:
        same = forms.get(stem.strip(STEM), set())
        others = tuple(each.strip(STEM) for each in group if each != stem)
        is_noun = any(each.startswith(others) for each in same)
        if has_kana(stem.strip(STEM)) or is_noun:
            yield stem


def same_ending(form: Form) -> bool:
    return form.surface[-1] == form.normal[-1] and "文語" not in form.speech[4]


def stems_of(group: list[str], conjugation: str) -> Iterator[list[str]]:
    if conjugation == ADJECTIVE:
        yield [each for each in group if len(each) > 2]
        return
    stems = [each[:-1] for each in group]
    if all(len(stem) > 1 for stem in stems):
        yield [STEM + stem for stem in stems]
    elif conjugation.startswith("五段"):
        for sign in ROWS.get(group[0][-1], ""):
            yield [stem + sign for stem in stems]


if __name__ == "__main__":
    main()
