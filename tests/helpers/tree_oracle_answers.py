"""What the naive oracle says that an address answers."""

from collections.abc import Sequence
from datetime import datetime

from tests.helpers.tree_oracle import Holding, Oracle, Then

IN_LISTS = {"page", "organisation", "policy_section"}
NEWEST = 5
FOLLOWED = 4  # pages that have moved, one after the other


class Answers(Then):
    """The site at the moment `at`; `today`: at that of its reader, where they ask for the past."""

    def __init__(self, oracle: Oracle, at: datetime, today: Then | None = None) -> None:
        super().__init__(oracle, at)
        self.today = today

    def answer(self, address: str) -> tuple[object, ...]:
        page = self.page_at(address)
        text = None if page is None else self.text(page)
        if page is None or text is None:
            return self.answer_elsewhere(address)
        if text.answer == "moved":
            return "moved", self.end_of_moves(page)
        if text.answer == "gone":
            return "gone", text.title, self.breadcrumb(page)
        return ("page", text.title, address, text.answer == "archived", *self.links(page))

    def answer_elsewhere(self, address: str) -> tuple[object, ...]:
        """Where no public page has the address: that which had it, or, in the past, will."""
        page = self.holder(address)
        if page is not None and self.text(page) is not None and self.address(page) != address:
            return "moved", self.end_of_moves(page)
        above = [self.page_at(prefix) for prefix in prefixes(address)]
        crumbs = [self.crumb(page) for page in above if page is not None and self.is_readable(page)]
        return "missing", tuple(crumbs), self.exists_today(address)

    def exists_today(self, address: str) -> bool:
        page = self.today.page_at(address) if self.today else None
        return self.today is not None and page is not None and self.today.text(page) is not None

    def holder(self, address: str) -> int | None:
        """Return the page that last had the address while it was public."""
        holdings = self.oracle.holdings.get(address, ())
        had = [each for each in holdings if self.was_public(each, self.at)]
        if had:
            return had[-1].page
        if address in self.oracle.former:
            return self.oracle.former[address]
        if self.today is None:
            return None
        will = [each for each in holdings if self.was_public(each, self.today.at)]
        return next((each.page for each in will if self.text(each.page) is not None), None)

    def was_public(self, holding: Holding, until: datetime) -> bool:
        """Whether the page was public at the address at some moment up to `until`."""
        start, end, page = holding
        texts = self.oracle.texts[page]
        if not texts:
            return False
        first = max(texts[0].moment, start)
        return first <= until and (end is None or first < end)

    def end_of_moves(self, page: int) -> str | None:
        """Follow the pages that say they have moved."""
        for _ in range(FOLLOWED):
            text = self.text(page)
            if text is None or text.answer != "moved" or text.target is None:
                break
            page = text.target
        return self.address(page)

    def crumb(self, page: int) -> tuple[str, str | None]:
        text = self.text(page)
        assert text is not None
        suffix = "トップ" if self.parent(page) is None else ""
        return f"{text.title}{suffix}", self.address(page)

    def breadcrumb(self, page: int) -> tuple[tuple[str, str | None], ...]:
        return tuple(self.crumb(each) for each in self.ancestors(page) if self.is_readable(each))

    def links(self, page: int) -> tuple[object, ...]:
        kind = self.oracle.kinds[page]
        sections = self.listed(page, "policy_section")
        organisations = self.listed(page, "organisation")
        pages = self.listed(page, "page")
        is_organisation = kind == "organisation"
        if kind == "news_item":
            sections = organisations = pages = []
        return (
            self.breadcrumb(page),
            self.all_of(sections if is_organisation else []),
            self.all_of(organisations),
            self.all_of(pages if is_organisation else [*sections, *pages]),
            self.neighbours(page) if kind == "policy_section" else (None, None),
            self.navigation(),
            self.news(page) if is_organisation else (),
        )

    def all_of(self, pages: Sequence[int]) -> tuple[str | None, ...]:
        return tuple(self.address(page) for page in pages)

    def neighbours(self, page: int) -> tuple[str | None, str | None]:
        parent = self.parent(page)
        sections = [] if parent is None else self.listed(parent, "policy_section")
        if page not in sections:
            return None, None
        at = sections.index(page)
        before = self.address(sections[at - 1]) if at else None
        after = self.address(sections[at + 1]) if at + 1 < len(sections) else None
        return before, after

    def news(self, page: int) -> tuple[str | None, ...]:
        """Return the newest items of an organisation; of the root, those of the whole site."""
        is_root = self.parent(page) is None
        found = []
        for item in self.oracle.kinds if is_root else self.standing_below(page):
            text = self.text(item) if self.oracle.kinds[item] == "news_item" else None
            if text is not None and text.answer == "current" and text.issued is not None:
                found.append((text.issued, item))
        return self.all_of([item for _, item in sorted(found, reverse=True)[:NEWEST]])

    def navigation(self) -> tuple[str | None, ...]:
        return self.all_of(self.listed(self.oracle.root, "page", "organisation"))


def prefixes(address: str) -> list[str]:
    """Return the addresses above, from the root down."""
    return [address[: at + 1] for at, sign in enumerate(address[:-1]) if sign == "/"]
