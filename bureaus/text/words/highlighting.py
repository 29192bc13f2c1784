"""Highlighted words and snippets of texts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bureaus.text.words.folding import fold, fold_with_offsets

SNIPPET = 120  # characters
BEFORE = 40  # of them before the first word
SLACK = 40  # folding may shift the position of a word by so much
BORDER = "|"  # folding leaves it as it is
AT_ONCE = 2_000  # characters
FOLDED = 40_000  # characters of a text that are folded; white papers are longer


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text; `is_found`: it is a word of the query."""

    text: str
    is_found: bool


Pieces = tuple[Piece, ...]


def highlight(text: str, parts: Iterable[str]) -> Pieces:
    """Return `text` in pieces, with every occurrence of the folded `parts` marked."""
    folded = fold_with_offsets(text)
    spans = merged(folded.ranges_of(part) for part in parts if part)
    pieces: list[Piece] = []
    done = 0
    for start, end in spans:
        pieces += [Piece(text[done:start], is_found=False), Piece(text[start:end], is_found=True)]
        done = end
    pieces.append(Piece(text[done:], is_found=False))
    return tuple(piece for piece in pieces if piece.text)


def merged(found: Iterable[Iterable[tuple[int, int]]]) -> list[tuple[int, int]]:
    """Return all spans in order; those that overlap or touch are one."""
    spans: list[tuple[int, int]] = []
    for start, end in sorted(span for spans_of_part in found for span in spans_of_part):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def snippet(paragraphs: Sequence[str], parts: Sequence[str]) -> Pieces:
    """Return the passage with most of `parts`; the beginning where there is none."""
    paragraph, place = best_of(paragraphs, parts)
    start, end = max(0, place - BEFORE - SLACK), place + SNIPPET + SLACK
    pieces = highlight(paragraph[start:end], parts)
    if start:
        pieces = (Piece("…", is_found=False), *pieces)
    if end < len(paragraph):
        pieces = (*pieces, Piece("…", is_found=False))
    return cut(pieces, max(0, first_found(pieces) - BEFORE))


def first_found(pieces: Pieces) -> int:
    """Return where the first found piece begins; 0 where there is none."""
    place = 0
    for piece in pieces:
        if piece.is_found:
            return place
        place += len(piece.text)
    return 0


def best_of(paragraphs: Sequence[str], parts: Sequence[str]) -> tuple[str, int]:
    """
    Return the paragraph that holds most of `parts`, and about where the first of them stands.

    The end of a long text is searched without folding, which would take as long as all the rest
    of the response.
    """
    best, place, most = next(iter(paragraphs), ""), 0, 0
    for paragraph, folded in with_folded(paragraphs):
        places = [found for part in parts if (found := folded.find(part)) >= 0]
        if len(places) > most:
            best, place = paragraph, min(places) * len(paragraph) // len(folded)
            most = len(places)
        if most == len(parts):
            break
    return best, place


def with_folded(paragraphs: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each paragraph folded; several at once, for a call costs more than a short one."""
    left, place = FOLDED, 0
    while place < len(paragraphs):
        several = several_from(paragraphs, place)
        left -= sum(map(len, several))
        text = BORDER.join(several)
        folded = fold(text) if left >= 0 else text.lower()
        parts = folded.split(BORDER)
        if len(parts) != len(several):  # a paragraph has the sign itself
            parts = [fold(each) for each in several]
        yield from zip(several, parts, strict=True)
        place += len(several)


def several_from(paragraphs: Sequence[str], place: int) -> Sequence[str]:
    """Return the paragraphs from `place` on that have AT_ONCE characters together; at least one."""
    size, end = len(paragraphs[place]), place + 1
    while end < len(paragraphs) and size + len(paragraphs[end]) <= AT_ONCE:
        size += len(paragraphs[end])
        end += 1
    return paragraphs[place:end]


def cut(pieces: Pieces, start: int) -> Pieces:
    """Return `SNIPPET` characters from `start`, with an ellipsis where text is left out."""
    whole = sum(len(piece.text) for piece in pieces)
    end = min(whole, start + SNIPPET)
    cut_pieces: list[Piece] = []
    place = 0
    for piece in pieces:
        text = piece.text[max(0, start - place) : max(0, end - place)]
        if text:
            cut_pieces.append(Piece(text, piece.is_found))
        place += len(piece.text)
    before = [Piece("…", is_found=False)] if start else []
    after = [Piece("…", is_found=False)] if end < whole else []
    return (*before, *cut_pieces, *after)
