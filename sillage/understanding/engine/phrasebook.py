"""Listed words and phrases found in texts, quickly: what tone, intents and cultural checks are made of.

Words are compared in the form of `theme_words.py` (no capitals, no accents, no lightest ending). Emoji, emoticons and
marks of punctuation are words too. The longest phrase wins at each place. A letter written three times or more also
counts as two and as one: “sooo”, “goood”.
"""

from __future__ import annotations

import html
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from hashlib import sha256
from importlib import resources
from typing import NamedTuple

from sillage.understanding.engine.theme_words import LANGUAGES, forms_of

ANY = "any"
LINK = "\x00link"  # the form of any link
MENTION = "\x00mention"
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe0e\ufe0f\ufeff\u00ad\U0001f3fb-\U0001f3ff]")
_MARKUP = re.compile(r"<[a-zA-Z/!][^<>]{0,200}>")
_EMOTICON = r"<3|[:;=]['’]?-?[)(dDpP/|oO*]+(?!\w)|\^\^|-_-"
_TOKEN = re.compile(
    rf"(?:https?://|www\.)\S+|@[\w.]+|{_EMOTICON}|[^\W_]+(?:['’]t\b)?"
    r"|!+|\?+|\.{2,}|[^\s\w]|_"
)
_RUN = re.compile(r"([^\W\d_])\1{2,}")
_KEPT, _LONG = 1 << 16, 64  # words that a book remembers, and the characters of the longest of them
_READ = 2048  # texts whose words are kept while one enricher after another asks for them


class Hit(NamedTuple):
    """A listed phrase in a text: its label and weight, and its first word and the one after its last."""

    label: str
    weight: float
    start: int
    end: int


@dataclass(frozen=True)
class Words:
    """The words of a text in order: `forms` as they are compared, `spans` where they stand in `text`."""

    text: str
    forms: tuple[str, ...]

    @cached_property
    def spans(self) -> tuple[tuple[int, int], ...]:
        return tuple([match.span() for match in _TOKEN.finditer(self.text)])

    def written(self, start: int, end: int) -> str:
        """What stands from one word up to another, as it was written."""
        return self.text[self.spans[start][0] : self.spans[end - 1][1]]


@lru_cache(maxsize=_READ)
def words_of(text: str, language: str | None) -> Words:
    """The words of a text, without marks that nobody sees and without HTML."""
    seen = text if text.isascii() else _UNSEEN.sub("", text)
    if "&" in seen:
        seen = html.unescape(seen)
    if "<" in seen:
        seen = _MARKUP.sub(" ", seen)
    tokens, known = _TOKEN.findall(seen), forms_of(language)
    forms = [known[token] for token in tokens]
    if "@" in seen or "://" in seen or "www." in seen:
        forms = [_special(token) or form for token, form in zip(tokens, forms, strict=True)]
    return Words(seen, tuple(forms))


def _special(token: str) -> str:
    """The form of a link or a mention; "" for any other word."""
    if token.startswith(("http://", "https://", "www.")):
        return LINK
    return MENTION if len(token) > 1 and token[0] == "@" else ""


@lru_cache(maxsize=1 << 15)
def _variants(word: str) -> tuple[str, ...]:
    """“sooo” as “soo” and “so”; nothing for a word without such a run."""
    if not _RUN.search(word):
        return ()
    return _RUN.sub(r"\1\1", word), _RUN.sub(r"\1", word)


class _Start:
    """The phrases that begin with a word: what it is alone, and the longer ones by their second word, longest first."""

    __slots__ = ("alone", "longer")

    def __init__(self) -> None:
        self.alone: list[tuple[str, float]] = []
        self.longer: dict[str, list[tuple[tuple[str, ...], str, float]]] = {}


class _Starts(dict[str, _Start | None]):
    """Where phrases begin: at a word as it is written or, where none do, squeezed; each word is looked up once."""

    def __init__(self, listed: Mapping[str, _Start]) -> None:
        super().__init__(listed)
        self._listed = listed

    def __missing__(self, word: str) -> _Start | None:
        start = next((self._listed[v] for v in _variants(word) if v in self._listed), None)
        if len(self) < _KEPT and len(word) <= _LONG:
            self[word] = start
        return start


class Phrasebook:
    """Phrases of one language with a label and a weight each."""

    def __init__(self, phrases: Iterable[tuple[str, str, float]], language: str | None) -> None:
        listed: dict[str, _Start] = {}
        for phrase, label, weight in phrases:
            forms = words_of(phrase, language).forms
            if not forms:
                continue
            rest, start = forms[1:], listed.setdefault(forms[0], _Start())
            if rest:
                start.longer.setdefault(rest[0], []).append((rest, label, weight))
            else:
                start.alone.append((label, weight))
        for start in listed.values():
            for longer in start.longer.values():
                longer.sort(key=lambda entry: -len(entry[0]))
        self._starts = _Starts(listed)

    def hits(self, words: Words) -> list[Hit]:
        """What is listed, in order; a phrase that has several labels gives a hit for each."""
        found: list[Hit] = []
        forms, starts = words.forms, self._starts
        last, free = len(forms) - 1, 0
        for at, word in enumerate(forms):
            start = starts[word]
            if start is None or at < free:
                continue
            length = 1
            if start.longer and at < last:
                for rest, label, weight in start.longer.get(forms[at + 1], ()):
                    if length > 1 + len(rest):
                        break
                    if forms[at + 1 : at + 1 + len(rest)] == rest:
                        length = 1 + len(rest)
                        found.append(Hit(label, weight, at, at + length))
            if length == 1:
                found += [Hit(label, weight, at, at + 1) for label, weight in start.alone]
            free = at + length
        return found


def split(block: str) -> list[str]:
    """The phrases of a list as people write it: separated by commas, on as many lines as they like."""
    return [phrase for part in block.split(",") if (phrase := " ".join(part.split()))]


@cache
def word_lists(package: str) -> Mapping[str, Mapping[str, str]]:
    """{language or “any”: {list name: its phrases}} of the TOML files in a package of data."""
    found = {}
    for name in (ANY, *LANGUAGES):
        file = resources.files(package).joinpath(f"{name}.toml")
        if file.is_file():
            found[name] = tomllib.loads(file.read_text(encoding="utf-8"))
    return found


@cache
def version_of(package: str, scorer: str) -> str:
    """The scorer's version, and the first ten digits of a SHA-256 over the word lists."""
    contents = "\0".join(f"{name}\0{block}" for lists in word_lists(package).values() for name, block in lists.items())
    return f"{scorer}.{sha256(contents.encode()).hexdigest()[:10]}"
