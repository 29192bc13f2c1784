"""Everything by keyboard alone: in order, in view, with a focus that can be seen, and no trap."""

from typing import Any

from playwright.sync_api import Page

from tests.browser.conftest import Opened
from tests.browser.page_kinds import PAGES

FOCUSABLE = """
window.focusable = () => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
  .filter(element => element.checkVisibility({visibilityProperty: true}) && !element.disabled)
  .filter(element => element.type !== 'radio' || element.checked);  // one stop a group
window.look = element => {
  const {outlineStyle, outlineWidth, outlineColor} = getComputedStyle(element);
  return {outlineStyle, outlineWidth: parseFloat(outlineWidth), outlineColor};
};
window.unfocused = () => { window.before = focusable().map(look); return before.length; };
"""
# Of a link over several lines the first line counts, of a tall box what the window shows.
FOCUSED = """
() => {
  const element = document.activeElement;
  const {left, top, right, bottom} = element.getClientRects()[0] ?? {};
  const middle = (from, to, end) => (Math.max(from, 0) + Math.min(to, end)) / 2;
  const [x, y] = [middle(left, right, innerWidth), middle(top, bottom, innerHeight)];
  const seen = document.elementFromPoint(x, y);
  const number = focusable().indexOf(element);
  return {
    number,
    name: `${element.outerHTML.slice(0, 150)} at ${x},${y}`,
    isSeen: seen !== null && (element.contains(seen) || seen.contains(element)),
    covering: seen?.outerHTML.slice(0, 100),
    look: look(element),
    before: before[number],
  };
}
"""


# Looked at in the page as the key goes up: to ask for it from here takes as long again.
LOOK_AT_EACH = f"""
window.reached = [];
window.onkeyup = event => {{ if (event.key === "Tab") reached.push(({FOCUSED})()); }};
"""


def walk(page: Page) -> None:
    """Press Tab once for every element that can take the focus, and hold each against the rules."""
    count = page.evaluate("unfocused()")
    assert count > 3
    page.evaluate(f"() => {{ {LOOK_AT_EACH} }}")
    for _ in range(count):
        page.keyboard.press("Tab")
    reached: list[dict[str, Any]] = page.evaluate("reached")
    assert len(reached) == count
    for expected, focused in enumerate(reached):
        assert focused["number"] == expected, f"order: {focused['name']}"
        assert focused["isSeen"], f"hidden: {focused['name']} by {focused['covering']}"
        look = focused["look"]
        assert look["outlineStyle"] == "solid", f"no outline: {focused['name']}"
        assert look["outlineWidth"] >= 2, f"thin outline: {focused['name']}"
        assert look != focused["before"], f"the same without focus: {focused['name']}"
    page.keyboard.press("Tab")
    assert page.evaluate("focusable().indexOf(document.activeElement)") != count - 1, "a trap"


def test_every_control_is_reached_in_order_and_seen_on_a_desktop(
    opened: Opened, address: str
) -> None:
    with opened(address, script=FOCUSABLE) as page:
        walk(page)


def test_every_control_is_reached_in_order_and_seen_on_a_telephone(
    opened: Opened, address: str
) -> None:
    with opened(address, script=FOCUSABLE, width=360, height=640) as page:
        walk(page)


def test_what_is_folded_away_is_reached_when_unfolded(opened: Opened, official: str) -> None:
    with opened(official, script=FOCUSABLE, width=360, height=640) as page:
        summaries = page.locator("summary").all()
        assert summaries
        for summary in summaries:
            summary.press("Enter")
        assert page.locator("details[open]").count() == len(summaries)
        page.goto(f"{official}#top")  # from where the next Tab starts
        walk(page)


def test_the_skip_link_is_first_and_leads_to_the_text(opened: Opened) -> None:
    for address in PAGES.values():
        with opened(address, script=FOCUSABLE) as page:
            page.keyboard.press("Tab")
            assert page.evaluate("focusable().indexOf(document.activeElement)") == 0
            assert page.evaluate("document.activeElement.textContent.trim()") == "本文へ移動"
            page.keyboard.press("Enter")
            assert page.evaluate("document.activeElement.id") == "main"
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.closest('main') !== null"), address
