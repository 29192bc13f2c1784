"""axe-core on every kind of page at every width: WCAG 2.2 A and AA, best practice, target size."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Frame, Page

from tests.browser.conftest import Opened
from tests.browser.page_kinds import WIDTHS
from tests.helpers.storms import sample

TAGS = "wcag2a wcag2aa wcag21a wcag21aa wcag22aa best-practice".split()
OPTIONS = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},  # axe leaves it out by itself
    "resultTypes": ["violations", "incomplete"],
}
# What axe leaves open counts as found, but for two things of which it sees others of the same
# colours: cells that a scrolling box hides, and cells of a single letter. The shadow at the edge of
# such a box is a gradient, on which axe tells no contrast: the cells are judged without it. What
# sticks to the window covers other text at each place of scrolling: it is judged where it belongs.
RUN = """
options => {
  document.querySelectorAll("[role=region]").forEach(box => box.style.backgroundImage = "none");
  const sticky = [...document.querySelectorAll("*")]
    .filter(element => getComputedStyle(element).position === "sticky");
  sticky.forEach(element => element.style.position = "static");
  const isExplained = node => document.querySelector(node.target[0]).closest("[role=region] table")
    && node.any.some(check =>
      ["elmPartiallyObscured", "shortTextContent"].includes(check.data?.messageKey));
  return axe.run(options).then(({violations, incomplete, passes}) => {
    sticky.forEach(element => {
      element.style.position = "";
      if (!element.getAttribute("style")) element.removeAttribute("style");
    });
    const ran = [...violations, ...incomplete, ...passes].map(rule => rule.id);
    const open = incomplete.map(({id, nodes}) =>
      ({id, nodes: nodes.filter(node => !isExplained(node))}));
    return {ran, found: [...violations, ...open]};
  });
}
"""


def bring_axe(page: Page | Frame, *, into_frames: bool) -> None:
    """Into this document and those in its frames: most pages on the way to one do not need it."""
    top = page.main_frame if isinstance(page, Page) else page
    for frame in (top, *(top.child_frames if into_frames else ())):
        if not frame.evaluate("'axe' in window"):
            frame.evaluate(f"() => {{ {AXE_SCRIPT} }}")


def findings(page: Page | Frame, **options: object) -> list[str]:
    """What axe reports, and what it leaves open: the rule, the place and what is wrong there."""
    bring_axe(page, into_frames=options.get("iframes") is not False)
    results: dict[str, Any] = page.evaluate(RUN, OPTIONS | options)
    assert {"color-contrast", "target-size"} <= set(results["ran"])
    return [
        f"{rule['id']} {node['target']}: {node.get('failureSummary')}\n  {node['html'][:200]}"
        for rule in results["found"]
        for node in rule["nodes"]
    ]


def test_axe_finds_nothing_at_any_width(opened: Opened, address: str) -> None:
    with opened(address) as page:
        for width in sample(WIDTHS, 2):
            page.set_viewport_size({"width": width, "height": 900})
            assert findings(page) == [], width


def test_axe_finds_nothing_on_the_page_that_refuses_a_method(opened: Opened) -> None:
    with opened("about:blank", fresh=True) as page:
        page.route("**/terms/", lambda route: route.continue_(method="POST"))
        page.goto("/terms/")
        assert page.inner_text("h1") == "この方法では受け付けられません"
        assert findings(page) == []


def test_axe_finds_nothing_where_it_is_no_sample(opened: Opened, official: str) -> None:
    with opened(official) as page:
        for summary in page.locator("summary:visible").all():
            summary.click()
        assert findings(page) == []


def test_axe_would_find_what_is_wrong(opened: Opened) -> None:
    with opened("/terms/") as page:
        page.evaluate("document.querySelector('main').innerHTML = '<img src=/x.png><h3>x</h3>'")
        found = {finding.split()[0] for finding in findings(page)}
    assert {"image-alt", "page-has-heading-one"} <= found
