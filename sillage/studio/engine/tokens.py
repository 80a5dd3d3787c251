"""A text cut into words with their places. Addresses, hashtags, handles and codes are no words: nothing is said of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LEFT_ALONE = re.compile(
    r"https?://\S+|www\.\S+|\S+@\S+\.\w+|[@#][\w.]+|\{\{?[^}]*\}?\}|\b[\w-]+(?:\.[\w-]+)+(?:/\S*)?|\b\w*\d\w*(?:[-/.:]\w+)*"
)
_FRENCH_CUT = "jusqu’|lorsqu’|puisqu’|quoiqu’|presqu’(?!île)|quelqu’(?!un)|qu’|l’|d’|j’|m’|t’|s’|n’|c’"
_FRENCH = re.compile(rf"(?:{_FRENCH_CUT})|[^\W\d_]+(?:-[^\W\d_]+)*(?:’[^\W\d_]+(?:-[^\W\d_]+)*)*", re.IGNORECASE)
_ENGLISH = re.compile(r"[^\W\d_]+(?:[’-][^\W\d_]+)*")
_ENDS = frozenset('.!?…\n«“"(:•–—*>|')


@dataclass(frozen=True, slots=True)
class Token:
    """`word` is text[start:end] with curly apostrophes; `low` in small letters; `opens` at the beginning of a sentence.

    `gap` is what stands between this word and the one before: " " for neighbours, "" after an elision.
    """

    start: int
    end: int
    word: str
    low: str
    opens: bool
    gap: str


def tokens_of(text: str, language: str) -> list[Token]:
    """The words of a text. French elisions (l’, qu’) are words of their own; aujourd’hui and quelqu’un are one."""
    curly = text.replace("'", "’")
    blank = _LEFT_ALONE.sub(lambda found: "\x00" * len(found.group()), curly)
    found: list[Token] = []
    last = 0
    for match in (_FRENCH if language == "fr" else _ENGLISH).finditer(blank):
        start, end = match.span()
        gap = blank[last:start]
        before = gap.rstrip(" \t\u00a0\u202f")
        opens = (not found and "\x00" not in gap) or bool(before and (before[-1] in _ENDS or ord(before[-1]) > 0x2100))
        found.append(Token(start, end, curly[start:end], curly[start:end].lower(), opens, gap))
        last = end
    return found
