"""Word, Excel and PowerPoint files that hold more than they show, and honest ones: plain XML."""

import io
import zipfile
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


# PowerPoint

PPTX = f"{OFFICE}presentationml"


def shape(text: str, at: str = "100,100,400,100", name: str = "", fill: str = "") -> str:
    x, y, width, height = at.split(",")
    place = f'<a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
    properties = f"<p:nvSpPr><p:cNvPr {name}/></p:nvSpPr><p:spPr>{place}{fill}</p:spPr>"
    return f"<p:sp>{properties}<a:t>{text}</a:t></p:sp>"


def presentation(slide: str, attributes: str = "", parts: Parts = NO_TYPES) -> bytes:
    root = "xmlns:p='p' xmlns:a='a'"
    folder = "ppt/slides"
    held: dict[str, str | bytes] = {
        "ppt/presentation.xml": f'<p:presentation {root} {R}><p:sldIdLst><p:sldId r:id="rId1"/>'
        '</p:sldIdLst><p:sldSz cx="1000" cy="700"/></p:presentation>',
        "ppt/_rels/presentation.xml.rels": relationships(
            relationship("slide", "slides/slide1.xml", "")
        ),
        f"{folder}/slide1.xml": f"<p:sld {root} {attributes}>{slide}</p:sld>",
        **NO_NAMES,
    }
    types = {
        "/word/document.xml": "",
        "/ppt/presentation.xml": SLIDES,
        f"/{folder}/slide1.xml": f"{PPTX}.slide+xml",
        "/ppt/notesSlides/notesSlide1.xml": f"{PPTX}.notesslide+xml",
        "/ppt/slideLayouts/slideLayout1.xml": f"{PPTX}.slideLayout+xml",
        "/ppt/slideMasters/slideMaster1.xml": f"{PPTX}.slideMaster+xml",
        "/ppt/theme/theme1.xml": f"{OFFICE}theme+xml",
    }
    made = office(SLIDES, types, **held, **parts)
    return without_workbook(made)


def without_workbook(content: bytes) -> bytes:
    """Leave out the workbook that `office` puts into every file that is not of Word."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(written, "w") as new:
        for name in old.namelist():
            if not name.startswith("xl/"):
                new.writestr(name, old.read(name))
    return written.getvalue()


TITLE = shape("公開する題", "100,500,400,100")


def hidden_slide() -> Made:
    return presentation(shape(SECRET_NAME), 'show="0"'), "hidden-slide", "スライド1"


def speaker_notes() -> Made:
    notes = f"<p:notes xmlns:p='p' xmlns:a='a'>{shape(SECRET_NAME)}</p:notes>"
    parts = {
        "ppt/slides/_rels/slide1.xml.rels": relationships(
            relationship("notesSlide", "../notesSlides/notesSlide1.xml", "")
        ),
        "ppt/notesSlides/notesSlide1.xml": notes,
    }
    return presentation(TITLE, parts=parts), "speaker-notes", "スライド1"


def beside_slide() -> Made:
    return presentation(TITLE + shape(SECRET_NAME, "1100,0,300,50")), "outside", "スライド1"


def hidden_shape() -> Made:
    return presentation(TITLE + shape(SECRET_NAME, name='hidden="1"')), "hidden-text", "スライド1"


def covered_shape() -> Made:
    over = shape("", "90,90,420,120", fill="<a:solidFill/>")
    return presentation(TITLE + shape(SECRET_NAME) + over), "covered", "スライド1"


def coloured(text: str, colour: str, fill: str = "") -> str:
    """A shape whose text names its colour."""
    look = f'<a:rPr><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill></a:rPr>'
    return shape("", fill=fill).replace("<a:t></a:t>", f"<a:r>{look}<a:t>{text}</a:t></a:r>")


def in_colour(colour: str) -> str:
    return f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'


def master(more: str = "") -> Parts:
    """What gives every slide the white ground of the window, and `more` on it."""
    root = "xmlns:p='p' xmlns:a='a'"
    ground = '<p:bg><p:bgRef idx="1001"><a:schemeClr val="bg1"/></p:bgRef></p:bg>'
    white = '<a:clrScheme><a:lt1><a:sysClr val="window" lastClr="FFFFFF"/></a:lt1></a:clrScheme>'
    folders = (
        "slides/_rels/slide",
        "slideLayouts/_rels/slideLayout",
        "slideMasters/_rels/slideMaster",
    )
    targets = ("slideLayouts/slideLayout", "slideMasters/slideMaster", "theme/theme")
    kinds = ("slideLayout", "slideMaster", "theme")
    relations = {
        f"ppt/{folder}1.xml.rels": relationships(relationship(kind, f"../{target}1.xml", ""))
        for folder, kind, target in zip(folders, kinds, targets, strict=True)
    }
    return {
        **relations,
        "ppt/slideLayouts/slideLayout1.xml": f"<p:sldLayout {root}><p:cSld/></p:sldLayout>",
        "ppt/slideMasters/slideMaster1.xml": f"<p:sldMaster {root}><p:cSld>{ground}{more}</p:cSld>"
        '<p:clrMap bg1="lt1"/></p:sldMaster>',
        "ppt/theme/theme1.xml": f"<a:theme {root}>{white}</a:theme>",
    }


def white_on_slide() -> Made:
    slide = TITLE + coloured(SECRET_NAME, "FFFFFF")
    return presentation(slide, parts=master()), "faint-text", "スライド1"


def white_on_white_shape() -> Made:
    slide = TITLE + coloured(SECRET_NAME, "FFFFFF", in_colour("FFFFFF"))
    return presentation(slide), "faint-text", "スライド1"


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
    hidden_slide,
    speaker_notes,
    beside_slide,
    hidden_shape,
    covered_shape,
    white_on_slide,
    white_on_white_shape,
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


def honest_slides() -> bytes:
    """A coloured ground behind the title."""
    behind = shape("", "0,0,1000,700", fill="<a:solidFill/>")
    return presentation(behind + TITLE)


def honest_white_letters() -> bytes:
    """White letters on a blue shape, and on the band of the master."""
    slide = TITLE + coloured("見出し", "FFFFFF", in_colour("00234B")) + coloured("題", "FFFFFF")
    return presentation(slide, parts=master(shape("", fill=in_colour("00234B"))))


HONEST = (
    honest_word,
    honest_shapes_in_word,
    honest_workbook,
    honest_shape_on_cells,
    honest_button_on_cells,
    honest_slides,
    honest_white_letters,
)
