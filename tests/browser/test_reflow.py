"""Narrow screens, enlarged text and wide spacing: no sideways scroll, nothing cut, nothing lost."""

from typing import Any

from playwright.sync_api import Page

from tests.browser.conftest import Opened

# WCAG 1.4.12. A sheet that a script makes is no inline style: the policy lets it pass.
SPACING = """
const sheet = new CSSStyleSheet();
sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }`);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
"""
MEASURE = """
() => {
  const name = element => `${element.tagName}.${element.className}: ` +
    element.textContent.trim().replace(/\\s+/g, " ").slice(0, 40);
  const style = element => getComputedStyle(element);
  const onlyHeard = element => element.closest(".skip-link") || (() => {
    for (let e = element; e; e = e.parentElement)
      if (e.offsetWidth <= 1 && style(e).position === "absolute") return true;
    return false;
  })();
  const all = [...document.body.querySelectorAll("*")]
    .filter(e => e.checkVisibility({visibilityProperty: true}) && !onlyHeard(e));

  const cut = all.filter(e => e.textContent.trim()).filter(e => {
    const {overflowX, overflowY} = style(e);
    const hides = overflow => overflow === "hidden" || overflow === "clip";
    return (hides(overflowY) && e.scrollHeight > e.clientHeight + 1)
        || (hides(overflowX) && e.scrollWidth > e.clientWidth + 1);
  }).map(name);

  const isInline = e => /^(inline|ruby)/.test(style(e).display);
  const hasWords = e => [...e.childNodes].some(node =>
    node.nodeType === 3 && node.textContent.trim() ||
    node.nodeType === 1 && isInline(node) && node.textContent.trim());
  const shown = element => {  // of a cell in a box that scrolls, what the box shows of it
    const [{left, right, top, bottom}, frame] = [element, element.closest("[role=region]")]
      .map(e => e?.getBoundingClientRect());
    return {left, top, bottom, right: frame ? Math.min(right, frame.right) : right};
  };
  const blocks = all.filter(e => !isInline(e) && hasWords(e))
    .map(element => ({element, box: shown(element)}));
  const overlapping = [];
  blocks.forEach((one, position) => blocks.slice(position + 1).forEach(other => {
    if (one.element.contains(other.element)) return;
    const [a, b] = [one.box, other.box];
    if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2
        && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2)
      overlapping.push(`${name(one.element)} | ${name(other.element)}`);
  }));

  const {scrollWidth, clientWidth} = document.documentElement;
  const beyond = all.filter(e => e.getBoundingClientRect().right > clientWidth + 1
      && !e.parentElement.closest("[role=region]")).map(name);
  const sideways = scrollWidth > clientWidth ? [`${scrollWidth}`, ...beyond] : [];
  return {sideways, cut, overlapping};
}
"""
# 640 is a window of 1280 at 200 %, 320 the same at 400 %.
NARROWER = (1440, 1024, 768, 640, 360, 320)
SIZE = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
# The table of contents is left out: beside a local navigation it is not shown.
WORDS = """
() => {
  const main = document.querySelector("main");
  const contents = main.querySelector(".contents")?.innerText ?? "";
  return main.innerText.replace(contents, "").replace(/\\s+/g, "");
}
"""
WHOLE: dict[str, Any] = {"sideways": [], "cut": [], "overlapping": []}


def enlarge_text(page: Page) -> None:
    """Twice the size of text that the reader's browser is set to, and nothing else."""
    session = page.context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})


def test_nothing_is_cut_or_lost_at_any_width(opened: Opened, address: str) -> None:
    with opened(address) as page:
        words = page.evaluate(WORDS)
        for width in NARROWER:
            page.set_viewport_size({"width": width, "height": 450})
            assert page.evaluate(MEASURE) == WHOLE, width
            assert page.evaluate(WORDS) == words, width


def test_nothing_is_cut_when_only_the_text_is_twice_as_large(opened: Opened, address: str) -> None:
    with opened(address, fresh=True) as page:
        size = page.evaluate(SIZE)
        enlarge_text(page)
        assert page.evaluate(SIZE) == 2 * size
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(MEASURE) == WHOLE, width


def test_nothing_is_cut_with_the_spacing_of_wcag(opened: Opened, address: str) -> None:
    with opened(address) as page:
        page.evaluate(SPACING)
        assert page.evaluate("getComputedStyle(document.querySelector('h1')).wordSpacing") != "0px"
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(MEASURE) == WHOLE, width


def test_what_is_cut_lost_or_overlaps_would_be_seen(opened: Opened) -> None:
    bad = """document.querySelector("main").innerHTML =
        '<div id=a><p>あああああああああああああ</p></div><p id=b>いい</p><p id=c>うう</p>';
      document.styleSheets[0].insertRule("#a { height: 5px; overflow: hidden }");
      document.styleSheets[0].insertRule("#b { width: 3000px; margin-bottom: -1.5em }");"""
    with opened("/", width=320) as page:
        page.evaluate(bad)
        measured = page.evaluate(MEASURE)
    assert [finding[:3] for finding in measured["cut"]] == ["DIV"]
    assert "P.: いい | P.: うう" in measured["overlapping"]
    assert measured["sideways"]
