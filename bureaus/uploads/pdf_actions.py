"""Allow lists for PDF: actions, addresses and annotations."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pikepdf

from bureaus.uploads.invalid_upload import InvalidUpload
from bureaus.uploads.link_addresses import REMEDY, is_allowed_address, quoted

Number = tuple[int, int]  # of an object
# Actions that may follow a click. Those that run on opening may not lead to an address.
ALLOWED = frozenset({"/GoTo", "/Named", "/ResetForm", "/SetOCGState", "/URI"})
ALLOWED_AUTOMATICALLY = ALLOWED - {"/URI"}
ALLOWED_NAMES = frozenset({"/FirstPage", "/LastPage", "/NextPage", "/PrevPage"})
ALLOWED_ANNOTATIONS = frozenset(
    f"/{name}"
    for name in (
        "Caret Circle FreeText Highlight Ink Line Link Polygon PolyLine Popup PrinterMark"
        " Projection Redact Square Squiggly Stamp StrikeOut Text TrapNet Underline Watermark Widget"
    ).split()
)
# The labels of other actions, which are searched for in every dictionary.
SCRIPT = "JavaScript（スクリプト）"
EMBEDDED = "埋め込まれたファイル"
PLAYING = "動画や音声を動かす指示"
OTHERS = {
    "/GoTo3DView": PLAYING,
    "/GoToDp": "別の文書を開く指示",
    "/GoToE": "埋め込まれたファイルへのリンク",
    "/GoToR": "ほかのファイルを開くリンク",
    "/Hide": "表示を切り替える指示",
    "/ImportData": "ほかのファイルを読み込む指示",
    "/JavaScript": SCRIPT,
    "/Launch": "ほかのプログラムを起動する指示",
    "/Movie": PLAYING,
    "/Rendition": PLAYING,
    "/RichMediaExecute": PLAYING,
    "/Sound": PLAYING,
    "/SubmitForm": "入力した内容を送る指示",
    "/Thread": "ほかの文書の記事へのリンク",
    "/Trans": "画面の切り替え",
    "/URI": "ウェブサイトを開く指示",
}
FORBIDDEN_KEYS = {
    "/JS": SCRIPT,
    "/EF": EMBEDDED,
    "/EmbeddedFiles": EMBEDDED,
    "/XFA": "XFAフォーム",
    "/OnInstantiate": SCRIPT,  # of a drawing in three dimensions
}
FILE_KEYS = frozenset({"/F", "/UF", "/DOS", "/Mac", "/Unix"})
ON_CLICK = frozenset({"/A", "/PA"})
EXAMINED_KEYS = FILE_KEYS | ON_CLICK | {"/AA", "/Annots", "/OpenAction", "/S", "/URI"}
ELSEWHERE = "文書の中"
OUTSIDE = "ほかのファイルへの参照"
DANGERS_SHOWN = 3  # dangers in one sentence
CHAIN_LIMIT = 1_000  # actions that follow one another


class Danger(NamedTuple):
    words: str
    place: str
    number: Number  # of the object, which may belong to a page
    is_address: bool = False


def dangers_in(dictionary: Any, number: Number) -> Iterator[Danger]:
    """Yield the dangers in this dictionary, which lies in the object `number`."""
    keys = dictionary.keys()
    for key in FORBIDDEN_KEYS.keys() & keys:
        yield Danger(FORBIDDEN_KEYS[key], ELSEWHERE, number)
    if isinstance(dictionary, pikepdf.Stream) and "/F" in keys:
        yield Danger(OUTSIDE, ELSEWHERE, number)
    if EXAMINED_KEYS.isdisjoint(keys):
        return
    place = place_of(dictionary)
    for key in ON_CLICK & keys:
        yield from dangers_of(dictionary[key], ALLOWED, place, number)
    if "/OpenAction" in keys:
        yield from dangers_of(
            dictionary["/OpenAction"], ALLOWED_AUTOMATICALLY, "開いたとき", number
        )
    yield from dangers_when_shown(dictionary.get("/AA"), place, number)
    yield from dangers_anywhere(dictionary, number)
    yield from dangers_of_annotations(dictionary.get("/Annots"), number)


def dangers_when_shown(actions: Any, place: str, number: Number) -> Iterator[Danger]:
    """Yield the dangers in actions that run when a page or field is shown, entered or left."""
    if isinstance(actions, pikepdf.Dictionary):
        for action in dict(actions.items()).values():
            yield from dangers_of(action, ALLOWED_AUTOMATICALLY, place, number)


def dangers_of(
    action: Any, allowed: frozenset[str], place: str, number: Number
) -> Iterator[Danger]:
    """Yield the dangers in an action and all that follow it."""
    for each in chained_actions(action):
        kind = each.get("/S")
        if kind is None and each.get("/Type") != "/Action":
            continue  # the attributes of a structure element
        name = str(kind) if isinstance(kind, pikepdf.Name) else ""
        if name not in allowed:
            yield Danger(action_label(name), place, number)
        else:
            yield from dangers_allowed(each, name, place, number)


def chained_actions(action: Any) -> Iterator[Any]:
    """Yield an action and those that follow it, each once."""
    waiting, seen, count = [action], set(), 0
    while waiting and count < CHAIN_LIMIT:
        found = waiting.pop()
        if isinstance(found, pikepdf.Array) and count:
            waiting += list(found)
        if not isinstance(found, pikepdf.Dictionary) or found.objgen in seen:
            continue
        if found.is_indirect:
            seen.add(found.objgen)
        count += 1
        yield found
        if "/Next" in found:
            waiting.append(found["/Next"])


def action_label(name: str) -> str:
    words = OTHERS.get(name, "登録できる文書では使えない指示")
    return f"{words}（{name[1:]}）" if name[1:] and name[1:] not in words else words


def dangers_allowed(action: Any, name: str, place: str, number: Number) -> Iterator[Danger]:
    """Yield the dangers in an action of an allowed kind; each kind has its own list."""
    if name == "/Named" and str(action.get("/N")) not in ALLOWED_NAMES:
        yield Danger(f"{quoted(str(action.get('/N'))[1:])}を行う指示", place, number)
    if name == "/URI":
        yield from dangers_of_address(action.get("/URI"), place, number)


def dangers_of_address(address: Any, place: str, number: Number) -> Iterator[Danger]:
    if not isinstance(address, pikepdf.String):
        yield Danger("読み取れないリンク先", place, number, is_address=True)
    elif not is_allowed_address(str(address)):
        yield Danger(f"リンク先{quoted(str(address))}", place, number, is_address=True)


def dangers_anywhere(dictionary: Any, number: Number) -> Iterator[Danger]:
    """Yield actions, base addresses and names of files that are not allowed anywhere."""
    kind = dictionary.get("/S")
    name = str(kind) if isinstance(kind, pikepdf.Name) and not is_structure(dictionary) else ""
    if name in ALLOWED:
        yield from dangers_allowed(dictionary, name, ELSEWHERE, number)
    elif name in OTHERS:
        yield Danger(action_label(name), ELSEWHERE, number)
    elif any(isinstance(dictionary.get(key), pikepdf.String) for key in FILE_KEYS):
        yield Danger(OUTSIDE, ELSEWHERE, number)
    base = dictionary.get("/URI")
    if isinstance(base, pikepdf.Dictionary) and "/Base" in base:
        yield from dangers_of_address(base["/Base"], "リンクの基準のアドレス", number)


def is_structure(dictionary: Any) -> bool:
    """Return whether it is an element of the structure tree, whose /S may be any word."""
    return dictionary.get("/Type") == "/StructElem" or ("/P" in dictionary and "/K" in dictionary)


def dangers_of_annotations(annotations: Any, number: Number) -> Iterator[Danger]:
    if not isinstance(annotations, pikepdf.Array):
        return
    for each in annotations:
        kind = str(each.get("/Subtype")) if isinstance(each, pikepdf.Dictionary) else ""
        if kind not in ALLOWED_ANNOTATIONS and isinstance(each, pikepdf.Dictionary):
            words = f"登録できる文書では使えない注釈（{kind[1:]}）"
            yield Danger(words, ELSEWHERE, number)


def place_of(dictionary: Any) -> str:
    """Return the Japanese name of the place where the dictionary stands."""
    if "/FT" in dictionary or dictionary.get("/Subtype") == "/Widget":
        return "入力欄"
    if dictionary.get("/Subtype") == "/Link":
        return "リンク"
    return "しおり" if "/Title" in dictionary else ELSEWHERE


def refuse(pdf: pikepdf.Pdf, dangers: list[Danger]) -> None:
    """Raise InvalidUpload with places and remedy; of two places of one danger, the nearer."""
    pages = numbers_of_pages(pdf)
    found: dict[str, str] = {}
    for danger in sorted(dangers, key=lambda each: (each.place == ELSEWHERE, each.words)):
        page = pages.get(danger.number)
        place = danger.place if page is None else f"{page}ページ"
        if page is not None and danger.place != ELSEWHERE:
            place = f"{page}ページの{danger.place}"
        found.setdefault(danger.words, place)
    named = [f"{words}（{place}）" for words, place in list(found.items())[:DANGERS_SHOWN]]
    others = f"など{len(found)}件" if len(found) > DANGERS_SHOWN else ""
    remedy = REMEDY if any(danger.is_address for danger in dangers) else ""
    raise InvalidUpload(
        "dangerous",
        f"には、{'、'.join(named)}{others}が含まれています。読む人のパソコンに害を与える"
        f"おそれがあるため登録できません。{remedy}取り除いて書き出すか、「PDFに印刷」で"
        "作り直してください。",
    )


def numbers_of_pages(pdf: pikepdf.Pdf) -> dict[Number, int]:
    """Return the page of every object that is a page or an annotation of one."""
    found: dict[Number, int] = {}
    for number, page in enumerate(pdf.pages, 1):
        annotations = page.obj.get("/Annots")
        inner = list(annotations) if isinstance(annotations, pikepdf.Array) else []
        for each in (page.obj, annotations, *inner):
            if isinstance(each, pikepdf.Object) and each.is_indirect:
                found.setdefault(each.objgen, number)
    return found
