"""
Checks of alternative texts after the rules of miChecker, with sentences for officers.

Its engine (Eclipse ACTF) counts words; Japanese has no spaces, so characters are counted here.
"""

import re
import unicodedata
from dataclasses import dataclass

LENGTH = 150  # characters: longer, and it is a text
MEANINGLESS = frozenset(
    "spacer,space,blank,null,void,click here,banner,line,image,gif,jpeg,photo,bullet,icon,button,"
    "no image,noimage,untitled,screenshot,alt,ボタン,図,図表,表,グラフ,地図,イラスト,挿絵,ロゴ,"
    "サムネイル,イメージ,イメージ図,イメージ画像,イメージ写真,無題,名称未設定,代替テキスト,"
    "スクリーンショット".split(",")
)
NUMBERED = re.compile(
    r"(?:第|添付)?(?:画像|写真|図表?|表|グラフ|地図|イラスト|イメージ|ロゴ|image|img|photo|dscn?|pxl|scan)"
    r"[ _-]*(?:その)?\d+(?:枚目|点目)?|第\d+[図表]|p?\d{6,}(?:[ _-]\d+)*"
    r"|(?:スクリーンショット|screenshot)[ \d._():-]+",
    re.IGNORECASE,
)
FILE_NAME = re.compile(r".*\.(?:jpe?g|gif|png|bmp|tiff?|webp|avif|heic|svg)", re.IGNORECASE)
KINDS = re.compile("画像|写真|バナー|アイコン|背景|線|点|影|空白")
SUSPICIOUS, WRONG = 0.3, 0.6  # of the characters
JAPANESE = "ぁ-ゖァ-ヺー々一-鿿"
LONE = rf"(?<![{JAPANESE}])[{JAPANESE}](?![{JAPANESE}])"
# 総 務 省: single characters between spaces; one wide space is enough, as in 日　時と場所.
APART = re.compile(
    rf"{LONE}(?: +{LONE})+|{LONE}[\u3000\u00a0]+[{JAPANESE}]|[{JAPANESE}][\u3000\u00a0]+{LONE}"
)
SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of an alternative text; `is_error`: it must be corrected."""

    code: str
    sentence: str
    is_error: bool = True

    def __str__(self) -> str:
        return self.sentence


def faults_of_alt(
    alt: str, *, is_decorative: bool, caption: str = "", file_names: tuple[str, ...] = ()
) -> list[Fault]:
    """
    Return the faults of `alt` for an image whose file has one of `file_names`.

    A decorative image has none: its alternative text is not read out.
    """
    if is_decorative:
        return []
    words = " ".join(unicodedata.normalize("NFKC", alt).split())
    if not SIGNS.sub("", words):
        return [
            Fault(
                "empty",
                "代替テキストがありません。図が伝えることを書くか、"
                "伝えることがなければ「装飾の画像」に印を付けてください。",
            )
        ]
    checks = (
        fault_of_name(words, file_names) or fault_of_kind(words),
        fault_of_length(alt),
        fault_of_spaces(alt),
        fault_of_caption(words, caption),
    )
    return [fault for fault in checks if fault is not None]


def fault_of_name(words: str, file_names: tuple[str, ...]) -> Fault | None:
    folded = words.casefold()
    names = {unicodedata.normalize("NFKC", name).casefold() for name in file_names if name}
    names |= {name.rpartition(".")[0] for name in names}
    if folded in MEANINGLESS or NUMBERED.fullmatch(words):
        return Fault(
            "says_nothing",
            f"代替テキスト「{words}」は、図の中身を伝えていません。"
            "何が写っているか、それで何が分かるかを書いてください。",
        )
    if FILE_NAME.fullmatch(words) or folded in names:
        return Fault(
            "file_name",
            f"代替テキスト「{words}」は、ファイルの名前です。図が伝えることを書いてください。",
        )
    return None


def fault_of_kind(words: str) -> Fault | None:
    """Return a fault where over 30 % only say that it is an image; over 60 % is an error."""
    whole = SIGNS.sub("", words)
    share = sum(map(len, KINDS.findall(whole))) / len(whole)
    if share <= SUSPICIOUS:
        return None
    return Fault(
        "kind",
        f"代替テキスト「{words}」のほとんどが、「写真」や「画像」という言葉です。"
        "読み上げソフトは画像であることを伝えるので、何が写っているかだけを書いてください。",
        is_error=share > WRONG,
    )


def fault_of_length(alt: str) -> Fault | None:
    if len(alt) <= LENGTH:
        return None
    return Fault(
        "long",
        f"代替テキストが{len(alt)}文字あります。{LENGTH}文字以内にし、"
        "詳しい説明は本文か図の説明文に書いてください。",
    )


def fault_of_spaces(alt: str) -> Fault | None:
    found = APART.search(alt)
    if found is None:
        return None
    return Fault(
        "spaces",
        f"「{found[0]}」のように、言葉の途中に空白があります。読み上げソフトが言葉として"
        "読めないので、空白を取ってください。",
    )


def fault_of_caption(words: str, caption: str) -> Fault | None:
    if SIGNS.sub("", words) != SIGNS.sub("", unicodedata.normalize("NFKC", caption)):
        return None
    return Fault(
        "same_as_caption",
        "代替テキストと図の説明文が同じです。読み上げソフトが2回読むので、代替テキストには、"
        "見れば分かることを書いてください。",
        is_error=False,
    )
