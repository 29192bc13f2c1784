"""Word, Excel and PowerPoint files that hold more than they show, and honest ones: plain XML."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from PIL import Image as Picture

from tests.helpers.hidden_pdfs import PATH, SECRET_NAME, Made
from tests.helpers.uploads import (
    EXCEL,
    OFFICE,
    RELATIONSHIPS,
    WORD,
    encoded,
    office,
    relationship,
    relationships,
)

SLIDES = f"{OFFICE}presentationml.presentation.main+xml"
Types = Mapping[str, str]
Parts = Mapping[str, str | bytes]
NO_TYPES: Types = MappingProxyType({})
NO_NAMES: dict[str, str | bytes] = {"docProps/core.xml": "<coreProperties/>"}
R = f'xmlns:r="{RELATIONSHIPS}"'
PARAGRAPHS = "<w:p><w:r><w:t>公開する文章</w:t></w:r></w:p>"


# Word


def word(body: str, further: Types = NO_TYPES, parts: Parts = NO_TYPES) -> bytes:
    document = f"<w:document xmlns:w='w' {R}><w:body>{PARAGRAPHS}{body}</w:body></w:document>"
    return office(WORD, further, **{"word/document.xml": document, **NO_NAMES, **parts})


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


SECOND = "本文の2番目の段落"
WHITE = '<w:color w:val="FFFFFF"/>'


def deletion() -> Made:
    deleted = f'<w:del w:author="係長"><w:r><w:delText>{SECRET_NAME}</w:delText></w:r></w:del>'
    return word(f"<w:p>{deleted}</w:p>"), "tracked-change", SECOND


def insertion() -> Made:
    inserted = f'<w:ins w:author="係長">{run(SECRET_NAME)}</w:ins>'
    return word(f"<w:p>{inserted}</w:p>"), "tracked-change", SECOND


def comment() -> Made:
    said = f'<w:comment w:id="3"><w:t>{SECRET_NAME}</w:t></w:comment>'
    part = f'<w:comments xmlns:w="w">{said}</w:comments>'
    types = {"/word/comments.xml": f"{OFFICE}wordprocessingml.comments+xml"}
    return word("", types, parts={"word/comments.xml": part}), "comment", "コメント3"


def vanishing() -> Made:
    return word(f"<w:p>{run(SECRET_NAME, '<w:vanish/>')}</w:p>"), "hidden-text", SECOND


def white() -> Made:
    return word(f"<w:p>{run(SECRET_NAME, WHITE)}</w:p>"), "faint-text", SECOND


def bar(*, behind: str = "0", offset: int = 20_000, height: int = 250_000, words: str = "") -> str:
    """A filled rectangle that floats at the start of its paragraph."""
    place = f'<wp:positionV relativeFrom="paragraph"><wp:posOffset>{offset}</wp:posOffset>'
    fill = '<wps:spPr><a:solidFill><a:srgbClr val="000000"/></a:solidFill></wps:spPr>'
    box = f"<wps:txbx><w:txbxContent><w:p>{run(words)}</w:p></w:txbxContent></wps:txbx>"
    return (
        '<w:r><w:drawing><wp:anchor xmlns:wp="wp" xmlns:wps="wps" xmlns:a="a" '
        f'behindDoc="{behind}">'
        f'{place}</wp:positionV><wp:extent cx="2000000" cy="{height}"/><wp:wrapNone/>'
        f"<wps:wsp>{fill}{box if words else ''}</wps:wsp></wp:anchor></w:drawing></w:r>"
    )


def under_bar() -> Made:
    return word(f"<w:p>{bar()}{run(SECRET_NAME)}</w:p>"), "covered", SECOND


def cropped() -> Made:
    body = '<w:p><docPr name="図 1"/><srcRect l="25000"/></w:p>'
    return word(body), "cropped-picture", "画像「図 1」"


def in_photograph(exif: Picture.Exif) -> bytes:
    content = encoded(Picture.new("RGB", (64, 48), "green"), "JPEG", exif=exif)
    return word("", {"jpg": "image/jpeg"}, parts={"word/media/image1.jpg": content})


def position() -> Made:
    exif = Picture.Exif()
    exif.get_ifd(0x8825)[2] = (35.0, 40.0, 30.0)
    return in_photograph(exif), "photograph-place", "文書の中の「image1.jpg」"


def creator() -> Made:
    core = f"<c><lastModifiedBy>{SECRET_NAME}</lastModifiedBy></c>"
    made = word("", parts={"docProps/core.xml": core})
    return made, "person", "文書のプロパティーの「最後に保存した人」"


def template() -> Made:
    app = f"<p><Template>{PATH}</Template></p>"
    return word("", parts={"docProps/app.xml": app}), "path", "文書のプロパティーの「ひな形」"


# Excel


def workbook(
    sheet: str, states: str = "", further: Types = NO_TYPES, parts: Parts = NO_TYPES
) -> bytes:
    book = f'<workbook {R}><sheets><sheet name="名簿" {states} r:id="rId1"/></sheets></workbook>'
    held: dict[str, str | bytes] = {
        "xl/workbook.xml": book,
        "xl/worksheets/sheet1.xml": f"<worksheet>{sheet}</worksheet>",
        **NO_NAMES,
        **parts,
    }
    return office(EXCEL, further, **held)


def cell(address: str, text: str, style: int = 0) -> str:
    return f'<c r="{address}" s="{style}" t="inlineStr"><is><t>{text}</t></is></c>'


def row(number: int, cells: str, more: str = "") -> str:
    return f'<row r="{number}" {more}>{cells}</row>'


def rows(second: str, more: str = "") -> str:
    return f"<sheetData>{row(1, cell('A1', '局'))}{row(2, second, more)}</sheetData>"


STYLES = (
    '<styleSheet><numFmts><numFmt numFmtId="170" formatCode=";;;"/></numFmts>'
    '<fonts><font/><font><color rgb="FFFFFFFF"/></font></fonts>'
    '<fills><fill/><fill><patternFill patternType="solid"><fgColor rgb="FF000080"/></patternFill>'
    '</fill></fills><cellXfs><xf/><xf fontId="1" fillId="0"/><xf numFmtId="170"/>'
    '<xf fontId="1" fillId="1"/></cellXfs></styleSheet>'
)
STYLE_TYPE = {"/xl/styles.xml": f"{OFFICE}spreadsheetml.styles+xml"}


def hidden_sheet() -> Made:
    made = workbook(rows(cell("A2", SECRET_NAME)), 'state="veryHidden"')
    return made, "hidden-sheet", "シート「名簿」"


def hidden_row() -> Made:
    made = workbook(rows(cell("A2", SECRET_NAME), 'hidden="1"'))
    return made, "hidden-row", "シート「名簿」の2行目"


def hidden_column() -> Made:
    columns = '<cols><col min="2" max="3" hidden="1"/></cols>'
    made = workbook(columns + rows(cell("C2", SECRET_NAME)))
    return made, "hidden-column", "シート「名簿」のC列"


def styled(style: int) -> bytes:
    return workbook(
        rows(cell("A2", SECRET_NAME, style)), "", STYLE_TYPE, parts={"xl/styles.xml": STYLES}
    )


def white_cell() -> Made:
    return styled(1), "faint-text", "シート「名簿」のA2"


def unseen_format() -> Made:
    return styled(2), "faint-text", "シート「名簿」のA2"


def note() -> Made:
    types = {"/xl/comments1.xml": f"{OFFICE}spreadsheetml.comments+xml"}
    said = f'<comment ref="B2"><t>{SECRET_NAME}</t></comment>'
    part = f"<comments><commentList>{said}</commentList></comments>"
    relations = relationships(relationship("comments", "../comments1.xml", ""))
    made = workbook(
        rows(""),
        "",
        types,
        parts={"xl/comments1.xml": part, "xl/worksheets/_rels/sheet1.xml.rels": relations},
    )
    return made, "comment", "シート「名簿」のB2"


def drawn_on(sheet: str, first_row: int, last_row: int, words: str = "") -> bytes:
    """A workbook with a filled shape from the first cell of one row to that of another."""
    corners = "".join(
        f"<x:{name}><x:col>{column}</x:col><x:colOff>0</x:colOff><x:row>{at}</x:row>"
        f"<x:rowOff>0</x:rowOff></x:{name}>"
        for name, column, at in (("from", 0, first_row - 1), ("to", 3, last_row))
    )
    fill = '<x:spPr><a:solidFill><a:srgbClr val="000000"/></a:solidFill></x:spPr>'
    shape = f"<x:sp>{fill}<x:txBody><a:t>{words}</a:t></x:txBody></x:sp>"
    drawing = f"<x:wsDr xmlns:x='x' xmlns:a='a'><x:twoCellAnchor>{corners}{shape}</x:twoCellAnchor>"
    relations = relationships(relationship("drawing", "../drawings/drawing1.xml", ""))
    return workbook(
        sheet,
        "",
        {"/xl/drawings/drawing1.xml": f"{OFFICE}drawing+xml"},
        parts={
            "xl/drawings/drawing1.xml": f"{drawing}</x:wsDr>",
            "xl/worksheets/_rels/sheet1.xml.rels": relations,
        },
    )


def under_shape() -> Made:
    made = drawn_on(rows(cell("B2", SECRET_NAME)), 2, 3)
    return made, "covered", "シート「名簿」の2行目"


def pivot() -> Made:
    kind = f"{OFFICE}spreadsheetml.pivotcache"
    folder = "xl/pivotCache"
    types = {
        f"/{folder}/pivotCacheDefinition1.xml": f"{kind}definition+xml",
        f"/{folder}/pivotCacheRecords1.xml": f"{kind}records+xml",
    }
    source = f'<cacheSource><worksheetSource sheet="元"/></cacheSource><s v="{SECRET_NAME}"/>'
    parts = {
        f"{folder}/pivotCacheDefinition1.xml": f"<definition>{source}</definition>",
        f"{folder}/pivotCacheRecords1.xml": "<records/>",
    }
    return (
        workbook(rows(""), "", types, parts=parts),
        "pivot-cache",
        "ピボットテーブルの元の表「元」",
    )


def saved_in_folder() -> Made:
    book = f'<workbook {R}><absPath url="C:\\Users\\himitsu\\"/><sheets/></workbook>'
    return workbook("", parts={"xl/workbook.xml": book}), "path", "ブックの設定"


WAYS: tuple[Callable[[], Made], ...] = (
    deletion,
    insertion,
    comment,
    vanishing,
    white,
    under_bar,
    cropped,
    position,
    creator,
    template,
    hidden_sheet,
    hidden_row,
    hidden_column,
    white_cell,
    unseen_format,
    note,
    pivot,
    under_shape,
    saved_in_folder,
)


# Honest files


def honest_word() -> bytes:
    """White letters on dark cells, a hidden mark of an index, and a program as the creator."""
    ground = '<w:tcPr><w:shd w:fill="000080"/></w:tcPr>'
    shaded = f"<w:tbl><w:tc>{ground}<w:p>{run('見出し', WHITE)}</w:p></w:tc></w:tbl>"
    mark = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:instrText>XE 局</w:instrText></w:r></w:p>"
    core = "<c><creator>python-docx</creator><lastModifiedBy>総務省</lastModifiedBy></c>"
    return word(shaded + mark, parts={"docProps/core.xml": core})


def honest_workbook() -> bytes:
    """White letters on a dark ground; an empty row and an empty column are hidden."""
    columns = '<cols><col min="4" max="4" hidden="1"/></cols>'
    sheet = columns + rows(cell("A2", "見出し", 3)) + row(9, "", 'hidden="1"')
    return workbook(sheet, "", STYLE_TYPE, parts={"xl/styles.xml": STYLES})


def honest_shapes_in_word() -> bytes:
    """A shape with text, one behind the text, a rule above it, and one elsewhere on the page."""
    shapes = (bar(words="図の文字"), bar(behind="1"), bar(height=20_000), bar(offset=3_000_000))
    return word("".join(f"<w:p>{shape}{run('公開する文章')}</w:p>" for shape in shapes))


def honest_shape_on_cells() -> bytes:
    """A filled shape over empty cells; that over the table has words of its own."""
    return drawn_on(rows(cell("A2", "局")), 5, 8)


def honest_button_on_cells() -> bytes:
    return drawn_on(rows(cell("A2", "局")), 1, 3, words="集計する")


HONEST = (
    honest_word,
    honest_shapes_in_word,
    honest_workbook,
    honest_shape_on_cells,
    honest_button_on_cells,
)
