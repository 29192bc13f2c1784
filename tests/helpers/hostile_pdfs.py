"""PDF files that reach out or start something as soon as they are opened or clicked."""

import io
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from tests.helpers.uploads import pdf, written

Change = Callable[[pikepdf.Pdf], object]
UNC = "\\\\203.0.113.5\\share\\a.pdf"


def uri(address: str) -> pikepdf.Object:
    return Dictionary(S=Name.URI, URI=String(address))


def go_to_file(**entries: Any) -> pikepdf.Object:
    return Dictionary(S=Name.GoToR, F=String(UNC), D=Array([0, Name.Fit]), **entries)


def next_page(**entries: Any) -> pikepdf.Object:
    return Dictionary(S=Name.Named, N=Name.NextPage, **entries)


def on_open(action: pikepdf.Object) -> Change:
    return lambda made: setattr(made.Root, "OpenAction", action)


def on_click(action: pikepdf.Object) -> Change:
    """A link on the second page."""

    def change(made: pikepdf.Pdf) -> None:
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)
        made.pages[1].Annots = Array([made.make_indirect(link)])

    return change


def in_a_page(**entries: Any) -> Change:
    return lambda made: made.pages[0].obj.update(Dictionary(**entries))


def in_the_catalog(**entries: Any) -> Change:
    return lambda made: made.Root.update(Dictionary(**entries))


def in_the_outline(made: pikepdf.Pdf) -> None:
    item = made.make_indirect(Dictionary(Title=String("目次"), A=go_to_file()))
    made.Root.Outlines = Dictionary(Type=Name.Outlines, First=item, Last=item, Count=1)


def external_stream(made: pikepdf.Pdf) -> None:
    stream = made.make_stream(b"")
    stream.stream_dict["/F"] = String(UNC)
    made.pages[0].Contents = stream


def foreign_page(made: pikepdf.Pdf) -> None:
    """A reference XObject: a page of another file, shown in the place of a drawing."""
    form = made.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    form.stream_dict["/Ref"] = Dictionary(
        F=Dictionary(Type=Name.Filespec, FS=Name.URL, F=String("https://example.jp/a.pdf")), Page=0
    )
    made.pages[0].Resources.XObject = Dictionary(X=form)


def button(made: pikepdf.Pdf) -> None:
    send = Dictionary(S=Name.SubmitForm, F=Dictionary(FS=Name.URL, F=String("https://example.jp/")))
    field = Dictionary(Subtype=Name.Widget, FT=Name.Btn, T=String("送信"), A=send)
    made.Root.AcroForm = Dictionary(Fields=Array([made.make_indirect(field)]))


def annotation(kind: str) -> Change:
    return in_a_page(Annots=Array([Dictionary(Subtype=Name(f"/{kind}"))]))


# By what is wrong: how the file comes to be so, and what its refusal has to say.
CHANGES: dict[str, tuple[Change, str]] = {
    "GoToR to a UNC path": (on_click(go_to_file()), "2ページ"),
    "GoToR on opening": (on_open(go_to_file()), "開いたとき"),
    "GoToR in the outline": (in_the_outline, "しおり"),
    "GoToR behind a Next": (
        on_click(next_page(Next=Array([next_page(), next_page(Next=go_to_file())]))),
        "2ページ",
    ),
    "GoToE": (on_click(Dictionary(S=Name.GoToE)), "2ページ"),
    "file: address": (on_click(uri("file:///C:/Windows/System32/calc.exe")), "file:///C:"),
    "file: address in capitals": (on_click(uri("FILE://203.0.113.5/a")), "FILE://"),
    "address with a control character": (on_click(uri("\x01file://203.0.113.5/a")), "file://"),
    "address with a line in its scheme": (on_click(uri("java\nscript:alert(1)")), "java"),
    "percent-encoded scheme": (on_click(uri("%66ile://203.0.113.5/a")), "%66ile"),
    "UNC path as an address": (on_click(uri(UNC)), "203.0.113.5"),
    "address without a scheme": (on_click(uri("//203.0.113.5/a")), "//203.0.113.5"),
    "relative address": (on_click(uri("../a.exe")), "../a.exe"),
    "ms-msdt: address": (on_click(uri("ms-msdt:/id PCWDiagnostic")), "ms-msdt:"),
    "address that is no text": (on_click(Dictionary(S=Name.URI, URI=Name("/file://a"))), "2ページ"),
    "base address": (in_the_catalog(URI=Dictionary(Base=String(UNC))), "203.0.113.5"),
    "address on opening": (on_open(uri("https://example.jp/?opened")), "開いたとき"),
    "address behind a Next on opening": (
        on_open(Dictionary(S=Name.GoTo, D=Array([]), Next=uri("https://example.jp/"))),
        "開いたとき",
    ),
    "address when a page is shown": (
        in_a_page(AA=Dictionary(O=uri("https://example.jp/"))),
        "1ページ",
    ),
    "printing on opening": (on_open(Dictionary(S=Name.Named, N=Name.Print)), "開いたとき"),
    "form that is sent": (button, "入力欄"),
    "external stream": (external_stream, "ほかのファイル"),
    "page of another file": (foreign_page, "ほかのファイル"),
    "thread of another file": (
        on_click(Dictionary(S=Name.Thread, F=String(UNC), D=0)),
        "2ページ",
    ),
    "sound": (on_click(Dictionary(S=Name.Sound)), "2ページ"),
    "action of an unknown kind": (on_click(Dictionary(S=Name("/Sing"))), "Sing"),
    "action without a kind": (on_click(Dictionary(Type=Name.Action, S=String("URI"))), "2ページ"),
    "action in a name tree": (
        in_the_catalog(Names=Dictionary(Renditions=Dictionary(Names=[String("a"), go_to_file()]))),
        "GoToR",
    ),
    "action disguised as structure": (
        on_click(go_to_file(Type=Name.StructElem)),
        "2ページ",
    ),
    "movie": (annotation("Movie"), "1ページ"),
    "drawing in three dimensions": (annotation("3D"), "1ページ"),
}


def hostile_pdf(name: str) -> bytes:
    """In object streams, where no program that looks for bytes finds it."""
    made = pikepdf.open(io.BytesIO(pdf(2)))
    CHANGES[name][0](made)
    return written(made, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def harmless_pdf() -> bytes:
    """With every action that a document of a ministry has use for."""
    made = pikepdf.open(io.BytesIO(pdf(2)))
    first = Dictionary(S=Name.GoTo, D=Array([made.pages[0].obj, Name.Fit]))
    actions = [
        *map(uri, ("https://example.jp/?a=b#c", "HTTP://EXAMPLE.JP/", "mailto:a@example.jp")),
        *map(uri, ("tel:03-5253-5111", " https://example.jp/", "#page=2")),
        *(
            Dictionary(S=Name.Named, N=Name(f"/{way}Page"))
            for way in "First Prev Next Last".split()
        ),
        first,
        Dictionary(S=Name.GoTo, D=String("第1章"), Next=uri("https://example.jp/")),
        Dictionary(S=Name.ResetForm),
    ]
    name = made.make_indirect(Dictionary(Subtype=Name.Widget, FT=Name.Tx, T=String("氏名"), F=4))
    made.pages[1].Annots = Array(
        [Dictionary(Subtype=Name.Link, F=4, A=made.make_indirect(action)) for action in actions]
        + [name]
    )
    made.Root.AcroForm = Dictionary(Fields=Array([name]))
    made.Root.OpenAction = first
    made.Root.Outlines = Dictionary(First=Dictionary(Title=String("第1章"), A=first))
    # Other things that are called like an action: a structure element, a way to turn a page.
    made.Root.StructTreeRoot.K = Dictionary(Type=Name.StructElem, S=Name.Sound, A=Dictionary(O=1))
    made.pages[0].Trans = Dictionary(S=Name.Dissolve)
    made.pages[0].Group = Dictionary(S=Name.Transparency)
    made.pages[0].Resources.Font.F = made.pages[0].Resources.Font.F1
    return written(made)
