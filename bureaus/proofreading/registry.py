"""The rules by their names, and the reading of a manuscript by all of them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from bureaus.proofreading.findings import Finding, Fix, Level, Remark
from bureaus.proofreading.manuscript import Manuscript

Look = Callable[[Manuscript], Iterable[Remark]]
MOST = 1_000  # findings of one rule in one text; who has mended these is told of more
ROUNDS = 10  # of mending: a fix may lay bare what another rule mends


@dataclass(frozen=True, slots=True)
class Rule:
    """A function that looks at a manuscript, with what is the same for all that it finds."""

    id: str
    name: str
    level: Level
    hint: str
    source: str
    look: Look

    def __call__(self, manuscript: Manuscript) -> Iterator[Finding]:
        for remark in islice(self.look(manuscript), MOST):
            yield Finding(
                self.id,
                self.level,
                remark.sentence,
                self.hint,
                self.source,
                remark.place,
                remark.words,
                remark.quote,
                remark.fix,
                remark.replacement,
            )


RULES: dict[str, Rule] = {}


def rule(name: str, title: str, level: Level, *, hint: str, source: str) -> Callable[[Look], Rule]:
    """Enter a function into the registry. Raises ValueError where its id is taken."""

    def enter(look: Look) -> Rule:
        if name in RULES:
            raise ValueError(name)
        RULES[name] = Rule(name, title, level, hint, source, look)
        return RULES[name]

    return enter


def proofread(manuscript: Manuscript) -> list[Finding]:
    """All there is to say, in the order of the form. No query; ≤ 50 ms for 20,000 characters."""
    order = {field: number for number, field in enumerate(manuscript.fields())}
    found = [finding for each in RULES.values() for finding in each(manuscript)]
    found.sort(key=lambda each: (order.get(each.place.field, len(order)), each.place.start))
    return found


def autofix(manuscript: Manuscript) -> Manuscript:
    """The manuscript with every safe fix in it. Pure; done twice it is done once."""
    for _ in range(ROUNDS):
        fixes = [finding.fix for finding in proofread(manuscript) if finding.fix is not None]
        if not fixes:
            break
        manuscript = together(manuscript, fixes)
    return manuscript


def together(manuscript: Manuscript, fixes: Iterable[Fix]) -> Manuscript:
    """Those that do not overlap, from the last to the first, so that places stay true."""
    reached: dict[str, int] = {}
    for fix in sorted(fixes, key=lambda fix: (fix.start, fix.end), reverse=True):
        if fix.end > reached.get(fix.field, fix.end):
            continue
        value = manuscript.value_of(fix.field)
        changed = value[: fix.start] + fix.new + value[fix.end :]
        manuscript = manuscript.with_value(fix.field, changed)
        reached[fix.field] = fix.start
    return manuscript
