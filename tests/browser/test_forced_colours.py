"""With colours of the reader's own choice, nothing is told by a background or a shadow alone."""

from tests.browser.conftest import Opened
from tests.browser.page_kinds import KINDS

# What is left of a look when colours, backgrounds and shadows are the reader's. A border in the
# colour of the paper is none.
SHAPE = """
window.shape = element => {
  const style = getComputedStyle(element);
  const paper = getComputedStyle(document.body).backgroundColor;
  const border = ["Top", "Right", "Bottom", "Left"].map(side =>
    style[`border${side}Style`] === "none" || style[`border${side}Color`] === paper ? "0px"
      : style[`border${side}Width`]);
  const {fontWeight, textDecorationLine, outlineStyle} = style;
  return [border.join(" "), fontWeight, textDecorationLine, outlineStyle].join("|");
};
window.isBordered = element => !shape(element).startsWith("0px 0px 0px 0px");
"""
UNMARKED = """
() => [...document.querySelectorAll("[aria-current]")].filter(current => {
  const list = current.closest("ul, ol");
  const others = [...list?.querySelectorAll("a:not([aria-current])") ?? []];
  return others.some(other => shape(other) === shape(current));
}).map(current => current.outerHTML)
"""
UNBORDERED = """
selector => [...document.querySelectorAll(selector)].filter(e => e.checkVisibility())
  .filter(element => !isBordered(element)).map(element => element.outerHTML)
"""
CONTROLS = "input:not([type=hidden], [type=radio], [type=checkbox]), select, button"


def test_controls_keep_a_border(opened: Opened) -> None:
    seen = 0
    for address in KINDS.values():
        with opened(address, script=SHAPE, forced_colors="active") as page:
            seen += page.locator(CONTROLS).count()
            assert page.evaluate(UNBORDERED, CONTROLS) == [], address
    assert seen


def test_what_is_current_differs_by_more_than_colour(opened: Opened) -> None:
    seen = 0
    for address in KINDS.values():
        with opened(address, script=SHAPE, forced_colors="active") as page:
            seen += page.locator("[aria-current]").count()
            assert page.evaluate(UNMARKED) == [], address
    assert seen


def test_chips_and_boxes_keep_a_border(opened: Opened) -> None:
    for address in ("/news/", KINDS["bureau"], KINDS["bureau-in-the-past"]):
        with opened(address, script=SHAPE, forced_colors="active") as page:
            boxes = page.locator("[class*=category], .notice")
            assert boxes.count(), address
            assert page.evaluate(UNBORDERED, "[class*=category], .notice") == [], address


def test_the_focus_keeps_its_outline(opened: Opened) -> None:
    with opened(KINDS["news-of-the-site"], forced_colors="active") as page:
        controls = page.locator("a, input, button, summary").filter(visible=True)
        for _ in range(controls.count()):
            page.keyboard.press("Tab")
            style = page.evaluate(
                "(s => [s.outlineStyle, parseFloat(s.outlineWidth) >= 2])"
                "(getComputedStyle(document.activeElement))"
            )
            assert style == ["solid", True], page.evaluate("document.activeElement.outerHTML")
