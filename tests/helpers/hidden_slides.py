"""PowerPoint files that hold more than they show, and honest ones: plain XML."""

import io
import zipfile
from collections.abc import Callable

from tests.helpers.hidden_office import NO_NAMES, NO_TYPES, SLIDES, Parts, R
from tests.helpers.hidden_pdfs import SECRET_NAME, Made
from tests.helpers.uploads import OFFICE, office, relationship, relationships

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
    hidden_slide,
    speaker_notes,
    beside_slide,
    hidden_shape,
    covered_shape,
    white_on_slide,
    white_on_white_shape,
)


def honest_slides() -> bytes:
    """A coloured ground behind the title."""
    behind = shape("", "0,0,1000,700", fill="<a:solidFill/>")
    return presentation(behind + TITLE)


def honest_white_letters() -> bytes:
    """White letters on a blue shape, and on the band of the master."""
    slide = TITLE + coloured("見出し", "FFFFFF", in_colour("00234B")) + coloured("題", "FFFFFF")
    return presentation(slide, parts=master(shape("", fill=in_colour("00234B"))))


HONEST = (honest_slides, honest_white_letters)
