"""Finding a quoted passage again in a text that has changed around it: pure functions."""

from dataclasses import dataclass

CONTEXT = 40  # characters that are kept before and after a quote


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage with the words around it."""

    text: str
    before: str = ""
    after: str = ""


def quote_at(text: str, start: int, length: int) -> Quote:
    """Return the passage at a place of `text` with its context."""
    end = start + length
    return Quote(text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT])


def place_of(quote: Quote, text: str) -> int | None:
    """Return where the quote stands in `text`: of several places the one with most context."""
    best, most = None, -1
    start = text.find(quote.text) if quote.text else -1
    while start >= 0:
        end = start + len(quote.text)
        shared = shared_end(quote.before, text[:start]) + shared_start(quote.after, text[end:])
        if shared > most:
            best, most = start, shared
        start = text.find(quote.text, start + 1)
    return best


def shared_start(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def shared_end(one: str, other: str) -> int:
    return shared_start(one[::-1], other[::-1][: len(one)])
