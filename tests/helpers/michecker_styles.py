"""What miChecker finds in a style sheet."""

import re
from collections.abc import Callable
from dataclasses import dataclass

StyleRule = Callable[["list[Block]"], list[str]]
FIXED = re.compile(r"(?<![\w-])[\d.]+(px|pt|pc|mm|cm|in)\b")
SMALL = re.compile(r"(?<![\d.])(0?\.\d+)(r?em)")
ALPHA = re.compile(r"\b(rgba|hsla)\(|\brgb\([^)]*/|#(?:[0-9a-f]{8}|[0-9a-f]{4})\b", re.IGNORECASE)
WORDS = re.compile(r'"([^"]*)"(\s*/\s*"")?')
DECORATION = re.compile(r"[\s：；、。，．／（）()「」・›»>|/\\\-–—]*|\\[0-9a-f]+", re.IGNORECASE)
AGAINST = {"color", "background-color"}


@dataclass(frozen=True)
class Block:
    media: str
    selector: str
    declarations: dict[str, str]


def blocks(css: str, media: str = "") -> "list[Block]":
    """The rules of a style sheet, those within @media and @supports too."""
    found = []
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    start = 0
    while (opening := css.find("{", start)) != -1:
        closing = end_of_block(css, opening)
        head, inside = css[start:opening].split(";")[-1].strip(), css[opening + 1 : closing]
        if head.startswith(("@media", "@supports", "@layer", "@container")):
            found += blocks(inside, f"{media} {head}")
        else:
            found.append(Block(media, " ".join(head.split()), declarations(inside)))
        start = closing + 1
    return found


def end_of_block(css: str, opening: int) -> int:
    depth = 0
    for position in range(opening, len(css)):
        depth += {"{": 1, "}": -1}.get(css[position], 0)
        if not depth:
            return position
    raise ValueError(f"a block is not closed: {css[opening : opening + 60]}")


def declarations(text: str) -> dict[str, str]:
    pairs = [
        part.split(":", 1)
        for part in re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', text)
        if ":" in part
    ]
    return {name.strip().lower(): value.strip() for name, value in pairs}


def fixed_sizes(sheet: list[Block]) -> list[str]:
    """C_500.19, C_500.20, L_4, L_11: text grows with the reader's setting."""
    return [
        f"{block.selector}: {value}"
        for block in sheet
        for name in ("font-size", "font")
        if (value := block.declarations.get(name)) and FIXED.search(value)
    ]


def small_text(sheet: list[Block]) -> list[str]:
    """L_2, L_5: no text below 0.75 rem, but the readings of ruby, which browsers halve anyway."""
    sizes = [(block.selector, block.declarations.get("font-size", "")) for block in sheet]
    return [
        f"{selector}: {size}"
        for selector, size in sizes
        for number, _ in SMALL.findall(size)
        if float(number) < 0.75 and selector != "rt"
    ]


def unpaired_colours(sheet: list[Block]) -> list[str]:
    """C_500.17, C_500.18: who sets the colour of text sets what is behind it, and the reverse."""
    unpaired = []
    for block in sheet:
        names = set(block.declarations)
        if "background" in names:
            names |= {"background-color"}
        if len(names & AGAINST) == 1 and "@font-face" not in block.selector:
            unpaired.append(block.selector)
    return unpaired


def transparent_colours(sheet: list[Block]) -> list[str]:
    """L_13.x: the contrast of a colour that lets another through cannot be told."""
    return [
        f"{block.selector}: {value}"
        for block in sheet
        for name, value in block.declarations.items()
        if ("color" in name or name.startswith(("background", "--"))) and ALPHA.search(value)
    ]


def inserted_words(sheet: list[Block]) -> list[str]:
    """C_90.x: what a style sheet inserts on screen is decoration, or is not read."""
    return [
        f"{block.selector}: {block.declarations['content']}"
        for block in sheet
        if "content" in block.declarations and "print" not in block.media
        for words, silent in WORDS.findall(block.declarations["content"])
        if not silent and not DECORATION.fullmatch(words)
    ]


def blinking(sheet: list[Block]) -> list[str]:
    """C_33: nothing blinks."""
    return [
        block.selector for block in sheet if block.declarations.get("text-decoration") == "blink"
    ]


STYLE_RULES: tuple[StyleRule, ...] = (
    fixed_sizes,
    small_text,
    unpaired_colours,
    transparent_colours,
    inserted_words,
    blinking,
)
