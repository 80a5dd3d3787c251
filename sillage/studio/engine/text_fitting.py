"""Words set into a box: as large as they may be, then on more lines, then cut with an ellipsis, and what happened is said.

Widths come from the font itself (`Letters`), shaped as they will be drawn, so that what fits here fits in the picture.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

LEADING = 1.2  # of the size, from one baseline to the next
ELLIPSIS = "…"
_JOINS = "\u200d\ufe0f\ufe0e\u20e3"
_SPACES = re.compile(r"[ \t\r\f\v]+")  # not those that keep a sign with its word
_LINES = re.compile(r"[^\S\n]*\n\s*")
_ISOLATE, _END_ISOLATE = "\u2067", "\u2069"
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # a value must not turn what stands around it
_SLACK = 1e-6


class Letters(Protocol):
    """A font, or several that stand in for one another. Everything is in parts of the size (em)."""

    ascent: float
    descent: float  # below the baseline, positive

    def width(self, text: str) -> float:
        """How far a line reaches."""
        ...


@dataclass(frozen=True, slots=True)
class Box:
    """Where words may stand: pixels of the template; `least` is the smallest size in which they may be set."""

    x: float
    y: float
    width: float
    height: float
    size: float
    least: float
    lines: int = 1
    spacing: float = 0.0  # pixels between letters


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines in reading order with the size and the baseline of each. `was_cut`: not all words are there."""

    lines: tuple[str, ...]
    size: float
    baselines: tuple[float, ...]
    was_cut: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.lines


def fitted(text: str, box: Box, letters: Letters, across: str = "middle") -> Fitted:
    """The text in its box. `across` says where it stands from top to bottom: top, middle or bottom."""
    said = _plain(text)
    if not said:
        return Fitted((), box.size, ())
    paragraphs = said.split("\n") if box.lines > 1 else [said.replace("\n", " ")]
    size, lines = _largest(paragraphs, box, letters)
    was_cut = False
    if lines is None:
        size = box.least
        lines, was_cut = _cut(paragraphs, box, letters)
    return Fitted(tuple(lines), size, _baselines(len(lines), size, box, letters, across), was_cut)


def without_turns(text: str) -> str:
    """Text without marks of direction."""
    return _TURNS.sub("", text)


def _plain(text: str) -> str:
    lines = _LINES.sub("\n", unicodedata.normalize("NFC", without_turns(text)).strip())
    return "\n".join(_SPACES.sub(" ", line).strip(" ") for line in lines.split("\n"))


def _largest(paragraphs: Sequence[str], box: Box, letters: Letters) -> tuple[float, list[str] | None]:
    """The largest whole size at which all words fit, with the lines; (least, None) where there is none."""
    low, high = 0, max(0, round(box.size - box.least))  # steps below the wanted size
    found: tuple[float, list[str] | None] = (box.least, None)
    while low <= high:
        step = (low + high) // 2
        size = max(box.least, box.size - step)
        lines = _wrapped(paragraphs, size, box, letters)
        if lines is not None and _fits_down(len(lines), size, box):
            found, high = (size, lines), step - 1
        else:
            low = step + 1
    return found


def _fits_down(lines: int, size: float, box: Box) -> bool:
    return lines <= box.lines and size * (1 + (lines - 1) * LEADING) <= box.height + _SLACK


def _reach(text: str, size: float, box: Box, letters: Letters) -> float:
    return letters.width(text) * size + box.spacing * len(text)


def _wrapped(paragraphs: Sequence[str], size: float, box: Box, letters: Letters) -> list[str] | None:
    """Lines with whole words; None where a word alone is too wide."""
    lines: list[str] = []
    for paragraph in paragraphs:
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if _reach(longer, size, box, letters) <= box.width + _SLACK:
                line = longer
                continue
            if not line or _reach(word, size, box, letters) > box.width + _SLACK:
                return None
            lines.append(line)
            line = word
        lines.append(line)
    return lines


def _cut(paragraphs: Sequence[str], box: Box, letters: Letters) -> tuple[list[str], bool]:
    """What fits at the smallest size: words broken where they must be, the last line with an ellipsis."""
    size, most = box.least, max(1, min(box.lines, int((box.height / box.least - 1) / LEADING + _SLACK) + 1))
    lines: list[str] = []
    rest = "\n".join(paragraphs)
    while rest and len(lines) < most - 1:
        line, rest = _taken(rest, size, box, letters)
        lines.append(line)
    line, beyond = _taken(rest, size, box, letters)
    if not beyond:
        return [*lines, line], False
    narrower = Box(
        box.x, box.y, box.width - _reach(ELLIPSIS, size, box, letters), box.height, size, size, 1, box.spacing
    )
    line, _ = _taken(rest, size, narrower, letters, whole=False)
    return [*lines, line.rstrip(" ,;:-") + ELLIPSIS], True


def _taken(text: str, size: float, box: Box, letters: Letters, whole: bool = True) -> tuple[str, str]:
    """(the longest beginning that fits on a line, what is left); whole words where there are such."""
    paragraph, _, after = text.partition("\n")
    signs = clusters(paragraph)
    low, high = 0, len(signs)
    while low < high:
        middle = (low + high + 1) // 2
        if _reach("".join(signs[:middle]), size, box, letters) <= box.width + _SLACK:
            low = middle
        else:
            high = middle - 1
    if low == len(signs):
        return paragraph, after
    taken = "".join(signs[: max(low, 1 if whole else 0)])
    if whole and not paragraph[len(taken)].isspace() and " " in taken:
        taken = taken[: taken.rindex(" ")]
    left = paragraph[len(taken) :].lstrip()
    return taken.rstrip(), f"{left}\n{after}" if after else left


def _baselines(lines: int, size: float, box: Box, letters: Letters, across: str) -> tuple[float, ...]:
    block = size * (letters.ascent + letters.descent + (lines - 1) * LEADING)
    free = box.height - block
    top = box.y + (0 if across == "top" else free if across == "bottom" else free / 2)
    return tuple(round(top + size * (letters.ascent + n * LEADING), 2) for n in range(lines))


def clusters(text: str) -> list[str]:
    """Signs as a reader counts them: an accent, a joined emoji or a flag stays whole (the main rules of UAX 29)."""
    found: list[str] = []
    for sign in text:
        before = found[-1] if found else ""
        if before and (_continues(sign, before) or before[-1] == "\u200d"):
            found[-1] += sign
        else:
            found.append(sign)
    return found


def _continues(sign: str, before: str) -> bool:
    if sign in _JOINS or unicodedata.category(sign) in ("Mn", "Mc", "Me") or "\U0001f3fb" <= sign <= "\U0001f3ff":
        return True
    return _is_flag(sign) and _is_flag(before[-1]) and len(before) % 2 == 1


def _is_flag(sign: str) -> bool:
    return "\U0001f1e6" <= sign <= "\U0001f1ff"


def reads_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction is of a script that runs to the left (rule P2 of UAX 9)."""
    for sign in text:
        kind = unicodedata.bidirectional(sign)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return False


def directed(line: str, *, to_the_left: bool) -> str:
    """The line as it is drawn: isolated where it runs to the left, so that numbers and signs stand on its proper side."""
    return f"{_ISOLATE}{line}{_END_ISOLATE}" if to_the_left else line


def runs(text: str) -> list[tuple[str, bool]]:
    """(run, whether it runs to the left): what is shaped together. Signs without a direction stay with what is before."""
    found: list[tuple[str, bool]] = []
    for sign in text:
        kind = unicodedata.bidirectional(sign)
        left = kind in ("R", "AL") or (bool(found) and kind not in ("L", "EN") and found[-1][1])
        if found and found[-1][1] == left:
            found[-1] = (found[-1][0] + sign, left)
        else:
            found.append((sign, left))
    return found
