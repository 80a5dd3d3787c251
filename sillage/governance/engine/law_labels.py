"""Finding labels in a caption: compatibility form, no zero-width characters, lower case, no accents, whole tokens.

A label is found with or without “#”, as words of its own or joined in one hashtag; where one label stands inside a longer
one (“Werbung” in “unbezahlte Werbung”) the longer one counts.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from sillage.governance.engine.law import Label, LawPack

BRAND, TAG = "{brand}", "@{brand}"
_WORD = re.compile(r"[#@]?[^\W_]\w*|[#@]?_+[^\W_]\w*")


@dataclass(frozen=True, slots=True)
class Token:
    """A word as it is compared; `mark` is "#", "@" or nothing; start and end are places in the text as written."""

    word: str
    mark: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found:
    """A label in a text. `nth_hashtag` counts from 1 and is None for a label in plain words."""

    label: Label
    start: int
    end: int
    first: int  # token
    last: int
    nth_hashtag: int | None

    @property
    def declares(self) -> bool:
        """Whoever writes this says that something is behind the post; a tag of a brand or a code says less."""
        return self.label.worth != "fail" or self.nth_hashtag is not None


@cache
def _compared(char: str) -> str:
    """What a character counts as: nothing for invisible ones and accents."""
    if unicodedata.category(char) == "Cf":
        return ""
    parts = unicodedata.normalize("NFKD", char)
    return "".join(part.casefold() for part in parts if not unicodedata.combining(part))


def normal(text: str) -> tuple[str, Sequence[int]]:
    """The text as it is compared, and for each of its characters the place it has in the text as written."""
    if text.isascii():
        return text.lower(), range(len(text))
    parts = [_compared(char) for char in text]
    places = [place for place, part in enumerate(parts) for _ in part]
    return "".join(parts), places


def tokens_of(text: str) -> list[Token]:
    """The words of a text with their marks."""
    compared, places = normal(text)
    found = []
    for match in _WORD.finditer(compared):
        word = match[0]
        mark = word[0] if word[0] in "#@" else ""
        found.append(
            Token(word.lstrip("#@").replace("_", ""), mark, places[match.start()], places[match.end() - 1] + 1)
        )
    return found


def contains(tokens: Sequence[Token], phrase: str) -> bool:
    """Whether the words of a phrase follow each other in a text."""
    wanted = [t.word for t in tokens_of(phrase)]
    words = [t.word for t in tokens]
    return any(words[i : i + len(wanted)] == wanted for i in range(len(words) - len(wanted) + 1))


@cache
def _parts(text: str) -> tuple[str, ...]:
    """The label's words, with its places for a brand left as they are: "sponsored by {brand}" has three parts."""
    parts: list[str] = []
    for piece in text.split():
        if BRAND in piece:
            parts.append(piece if piece == TAG else piece.casefold())
        else:
            parts.extend(token.word for token in tokens_of(piece))
    return tuple(parts)


@dataclass(frozen=True, slots=True, eq=False)
class LabelIndex:
    """Labels by the word that they begin with (“@” for a tag of a brand), by themselves joined as a hashtag, and those
    that begin with a brand."""

    by_word: Mapping[str, Sequence[Label]]
    by_tag: Mapping[str, Sequence[Label]]
    open: Sequence[Label]


def index_of(labels: Iterable[Label]) -> LabelIndex:
    """Labels made ready to be found."""
    by_word: defaultdict[str, list[Label]] = defaultdict(list)
    by_tag: defaultdict[str, list[Label]] = defaultdict(list)
    brandish: list[Label] = []
    for label in labels:
        parts = _parts(label.text)
        if parts[0] == TAG:
            by_word["@"].append(label)
        elif BRAND in parts[0]:
            brandish.append(label)
        else:
            by_word[parts[0]].append(label)
        if len(parts) > 1:
            by_tag["".join(p for p in parts if p != BRAND)].append(label)
    return LabelIndex(dict(by_word), dict(by_tag), brandish)


@cache
def index_of_pack(pack: LawPack) -> LabelIndex:
    return index_of(pack.labels)


def found_labels(tokens: Sequence[Token], index: LabelIndex) -> list[Found]:
    """The labels among the words of a text in its order, none inside another."""
    hits: list[Found] = []
    tags = 0
    for first, token in enumerate(tokens):
        tags += token.mark == "#"
        nth = tags if token.mark == "#" else None
        begun = index.by_word.get("@" if token.mark == "@" else token.word, ())
        for label in (*begun, *index.open):
            last = _matched(tokens, first, _parts(label.text))
            if last is not None:
                hits.append(Found(label, token.start, tokens[last].end, first, last, nth))
        if token.mark == "#":
            hits += [Found(x, token.start, token.end, first, first, nth) for x in index.by_tag.get(token.word, ())]
    return sorted(_outermost(hits), key=lambda h: (h.start, -h.end))


def _outermost(hits: Sequence[Found]) -> Iterator[Found]:
    """Those inside no other; of several labels over the same words the longest. One pass: captions may be hostile."""
    reach = -1
    ordered = sorted(hits, key=lambda h: (h.first, -h.last))
    for (_, last), same in groupby(ordered, key=lambda h: (h.first, h.last)):
        if last <= reach:
            continue
        reach = last
        over = list(same)
        longest = max(len(h.label.text) for h in over)
        yield from (h for h in over if len(h.label.text) == longest)


def _matched(tokens: Sequence[Token], first: int, parts: tuple[str, ...]) -> int | None:
    """The last token of a label that begins at `first`, or None."""
    last = first + len(parts) - 1
    if last >= len(tokens):
        return None
    return last if all(_fits(t, p) for t, p in zip(tokens[first : last + 1], parts, strict=True)) else None


def _fits(token: Token, part: str) -> bool:
    if part == BRAND:
        return True
    if part == TAG:
        return token.mark == "@"
    if BRAND in part:
        before, _, after = part.partition(BRAND)
        return (
            len(token.word) > len(before) + len(after) and token.word.startswith(before) and token.word.endswith(after)
        )
    return token.word == part and token.mark != "@"
