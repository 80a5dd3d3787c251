"""The theme set, and which themes a post is about, with the words that give it away.

Confidence. Each word or phrase of a theme that stands in the text counts once, with the weight

    w = base * reach * ln(1 + T/n) / ln(1 + T)

base is 0.5, or 1 for an unmistakable word; reach is 1 for words of the text's language and words used in every
language, 0.6 for English words in other languages; T is the number of themes and n how many of them share the word
(Spärck Jones, 1972, over themes instead of documents). The confidence of a theme is 1 - exp(-sum of w): 0.39 for one
ordinary word of its own, 0.63 for one unmistakable word, 0.86 for two. The longest phrase wins: “clean beauty” is not
also “beauty”, and no phrase reaches over a comma or the end of a sentence. A parent theme is listed only where its
own words outweigh each of its children's.
"""

from __future__ import annotations

import hashlib
import math
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Any

from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence
from sillage.understanding.engine.theme_words import LANGUAGES, Words, composed, joined, tokens

SCORER = "1"  # part of the version: raise it when the same words would give other confidences
MAX_THEMES = 96
MAX_ID = 40
PLAIN, SURE = 0.5, 1.0
FOREIGN = 0.6
MIN_CONFIDENCE = 0.25  # below it a theme is not listed
MIN_OF_BEST = 0.5  # nor is one that weighs less than this share of the heaviest theme of the text
PARENT_DAMPING = 0.5
MIN_JOINED = 5  # letters of a phrase written as one hashtag

ANY = "any"
MIXED = "mixed"  # the lexicon for text in another language than the five, or in an unknown one
_KEYS = frozenset({"id", "iab", "names", "words"})
_BREAK = re.compile(r"[,;!?|\n]|\.\s")
_ID = re.compile(r"[a-z]+(\.[a-z]+)?")


class ThemeMalformed(Malformed):
    """A file of the theme set cannot be used: it names the file and the theme."""


@dataclass(frozen=True, slots=True)
class Theme:
    """`words` holds, per language and under `any`, the seed words with their base weight."""

    id: str
    parent: str | None
    names: Mapping[str, str]
    iab: str
    words: Mapping[str, tuple[tuple[str, float], ...]]


@dataclass(frozen=True)
class ThemeSet:
    """All themes in the order of their ids, so that a parent stands before its children and positions are stable."""

    version: str
    themes: tuple[Theme, ...]

    @cached_property
    def ids(self) -> tuple[str, ...]:
        return tuple(theme.id for theme in self.themes)

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Theme id to position."""
        return {theme.id: place for place, theme in enumerate(self.themes)}

    def __getitem__(self, theme: str) -> Theme:
        return self.themes[self.index[theme]]

    def name(self, theme: str, language: str) -> str:
        """The name in that language, in English where there is none."""
        names = self[theme].names
        return names.get(language, names["en"])

    def children(self, theme: str) -> tuple[str, ...]:
        return tuple(child.id for child in self.themes if child.parent == theme)


@dataclass(frozen=True, slots=True)
class ThemeHit:
    """A theme of a text: confidence 0..1, and the words of the text that carry it, as written."""

    theme: str
    confidence: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ThemeMatch:
    """A seed word or phrase found in a composed text: where, its form, and {position of theme: weight}."""

    start: int
    end: int
    form: str
    weights: Mapping[int, float]


@cache
def theme_set() -> ThemeSet:
    """The set that Sillage ships."""
    folder = resources.files("sillage.understanding.themes")
    files = {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir() if file.name.endswith(".toml")}
    return parse_theme_set(files)


def parse_theme_set(files: Mapping[str, str]) -> ThemeSet:
    """Read files {name: TOML text}; Malformed names the file and the theme that cannot be used."""
    themes: dict[str, Theme] = {}
    for file in sorted(files):
        for table in _tables(file, files[file]):
            theme = _theme(file, table)
            if theme.id in themes:
                raise ThemeMalformed(
                    Sentence("%(file)s: the theme “%(theme)s” is there twice.", file=file, theme=theme.id),
                    Sentence("Keep one of the two."),
                    file,
                )
            themes[theme.id] = theme
    for theme in themes.values():
        if theme.parent is not None and theme.parent not in themes:
            raise ThemeMalformed(
                Sentence("The theme “%(theme)s” has no parent “%(parent)s”.", theme=theme.id, parent=theme.parent),
                Sentence("Add “%(parent)s” to its file.", parent=theme.parent),
            )
    if len(themes) > MAX_THEMES:
        raise ThemeMalformed(
            Sentence(
                "There are %(themes_count)s themes; a search card holds %(max_themes)s.",
                themes_count=len(themes),
                max_themes=MAX_THEMES,
            ),
            Sentence("Merge some."),
        )
    contents = "\0".join([SCORER, *(files[file] for file in sorted(files))])
    version = f"{SCORER}.{hashlib.sha256(contents.encode()).hexdigest()[:12]}"
    return ThemeSet(version, tuple(themes[theme] for theme in sorted(themes)))


def theme_scores(texts: Sequence[str], languages: Sequence[str | None]) -> list[list[ThemeHit]]:
    """For each text, its themes by falling confidence. `languages` are ISO 639-1 codes, None where unknown."""
    scorer = shipped_scorer()
    return [scorer.hits(text, language) for text, language in zip(texts, languages, strict=True)]


@cache
def shipped_scorer() -> ThemeScorer:
    return ThemeScorer(theme_set())


def rolled_up(shares: Mapping[str, float], damping: float = PARENT_DAMPING) -> dict[str, float]:
    """The shares with those of parents added: a parent's own share plus `damping` times its children's, at most 1."""
    rolled = dict(shares)
    for theme, share in shares.items():
        parent = parent_of(theme)
        if parent is not None:
            rolled[parent] = min(1.0, rolled.get(parent, 0.0) + damping * share)
    return rolled


def parent_of(theme: str) -> str | None:
    """“beauty” for “beauty.skincare”, None for “beauty”."""
    parent, dot, _ = theme.partition(".")
    return parent if dot else None


Weights = Mapping[int, float]
# By the first form of a phrase and the one after it (None where it is the only one), longest first: the forms after
# the first, and the weights. Many phrases begin with an article.
_Phrases = dict[str, dict[str | None, list[tuple[list[str], Weights]]]]


class ThemeScorer:
    """Finds the words of a theme set in texts, in time that grows with the number of words only."""

    def __init__(self, themes: ThemeSet) -> None:
        self.themes = themes
        self._parents = [themes.index[t.parent] if t.parent is not None else None for t in themes.themes]
        self._lexicons: dict[str, tuple[_Phrases, Words]] = {}

    def hits(self, text: str, language: str | None) -> list[ThemeHit]:
        text = composed(text)
        weights: defaultdict[int, float] = defaultdict(float)
        words: defaultdict[int, list[str]] = defaultdict(list)
        seen: set[str] = set()
        for match in self.matches(text, language):
            if match.form in seen:
                continue
            seen.add(match.form)
            for theme, weight in match.weights.items():
                weights[theme] += weight
                words[theme].append(text[match.start : match.end])
        found = [
            ThemeHit(self.themes.ids[theme], confidence(weights[theme]), tuple(words[theme]))
            for theme in self._listed(weights)
        ]
        return sorted(found, key=lambda hit: (-hit.confidence, hit.theme))

    def matches(self, text: str, language: str | None) -> Iterator[ThemeMatch]:
        """The seed words and phrases in a composed text, in order, the longest at each place."""
        lexicon, words = self._lexicon(language if language in LANGUAGES else MIXED)
        read = words.read(text)
        forms, after = read.forms, 0
        for at, (begins, following) in enumerate(zip(forms, [*forms[1:], None], strict=False)):
            begun = lexicon.get(begins)
            if begun is None or at < after:
                continue
            for rest, weights in (*begun.get(following, ()), *begun.get(None, ())):
                after = at + 1 + len(rest)
                if forms[at + 1 : after] == rest:
                    start, end = read.span(at, after - 1)
                    if not rest or not _BREAK.search(text, start, end):
                        yield ThemeMatch(start, end, " ".join(forms[at:after]), weights)
                        break
                after = at + 1

    def _listed(self, weights: Mapping[int, float]) -> Iterator[int]:
        least = MIN_OF_BEST * max(weights.values(), default=0.0)
        best_child: defaultdict[int, float] = defaultdict(float)
        for theme, weight in weights.items():
            parent = self._parents[theme]
            if parent is not None:
                best_child[parent] = max(best_child[parent], weight)
        for theme, weight in weights.items():
            if weight >= least and weight > best_child[theme] and confidence(weight) >= MIN_CONFIDENCE:
                yield theme

    def _lexicon(self, language: str) -> tuple[_Phrases, Words]:
        if language not in self._lexicons:
            lexicon = _lexicon(self.themes, language)
            self._lexicons[language] = lexicon, Words(language, lexicon)
        return self._lexicons[language]


def confidence(weight: float) -> float:
    """1 - exp(-weight)."""
    return 1.0 - math.exp(-weight)


def _lexicon(themes: ThemeSet, language: str) -> _Phrases:
    """The phrases with their weight for each theme."""
    raw: defaultdict[tuple[str, ...], dict[int, float]] = defaultdict(dict)
    for place, theme in enumerate(themes.themes):
        for phrase, weight in _seeds(theme, language):
            known = raw[phrase]
            known[place] = max(known.get(place, 0.0), weight)
    starts: _Phrases = {}
    for phrase in sorted(raw, key=lambda words: (-len(words), words)):
        shared = math.log(1 + len(themes.themes) / len(raw[phrase])) / math.log(1 + len(themes.themes))
        weights = {theme: weight * shared for theme, weight in raw[phrase].items()}
        second = phrase[1] if len(phrase) > 1 else None
        starts.setdefault(phrase[0], {}).setdefault(second, []).append((list(phrase[1:]), weights))
    return starts


def _seeds(theme: Theme, language: str) -> Iterator[tuple[tuple[str, ...], float]]:
    """The phrases of a theme as a text in `language` may write them, with their weights."""
    for source, words in theme.words.items():
        reach = 1.0 if source in (ANY, language) else FOREIGN
        if language != MIXED and source not in (ANY, language, "en"):
            continue
        for word, base in words:
            phrase = tuple(token.form for token in tokens(word, language))
            if not phrase:
                continue
            yield phrase, base * reach
            hashtag = joined(word, language)
            if len(phrase) > 1 and len(hashtag) >= MIN_JOINED:
                yield (hashtag,), base * reach


def _tables(file: str, text: str) -> list[dict[str, Any]]:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ThemeMalformed(
            Sentence("%(file)s is not TOML: %(error)s.", file=file, error=error),
            Sentence("Correct the file there."),
            file,
        ) from error
    tables = document.get("theme")
    if set(document) != {"theme"} or not isinstance(tables, list):
        raise ThemeMalformed(
            Sentence("%(file)s holds something else than [[theme]] tables.", file=file),
            Sentence("See themes/__init__.py."),
            file,
        )
    return tables


def _theme(file: str, table: dict[str, Any]) -> Theme:
    identity = str(table.get("id", ""))

    def refuse(what: Sentence, hint: Sentence) -> ThemeMalformed:
        return ThemeMalformed(
            Sentence("%(file)s: the theme “%(identity)s” %(what)s.", file=file, identity=identity, what=what),
            hint,
            file,
        )

    if set(table) != _KEYS:
        odd = ", ".join(sorted(set(table) ^ _KEYS))
        raise refuse(
            Sentence("lacks or should not have: %(odd)s", odd=odd),
            Sentence("A theme has exactly %(keys)s.", keys=", ".join(sorted(_KEYS))),
        )
    if not _ID.fullmatch(identity) or len(identity) > MAX_ID:
        raise refuse(
            Sentence("has no usable id"),
            Sentence("Write “parent” or “parent.child”, at most %(most)s small letters.", most=MAX_ID),
        )
    for key, allowed in (("names", set(LANGUAGES)), ("words", {*LANGUAGES, ANY})):
        texts = table[key]
        if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
            raise refuse(
                Sentence("has %(key)s that are not texts by language", key=key),
                Sentence('Write fr = "...", en = "..." and so on.'),
            )
        missing = [code for code in LANGUAGES if not texts.get(code, "").strip()]
        if missing:
            raise refuse(
                Sentence("has no %(key)s in %(missing)s", key=key, missing=", ".join(missing)),
                Sentence("All five languages are needed."),
            )
        if set(texts) - allowed:
            odd = ", ".join(sorted(set(texts) - allowed))
            raise refuse(Sentence("has unknown %(key)s: %(odd)s", key=key, odd=odd), Sentence("Correct the key."))
    words = {language: tuple(_weighted(text)) for language, text in sorted(table["words"].items())}
    return Theme(identity, parent_of(identity), dict(table["names"]), str(table["iab"]), words)


def _weighted(words: str) -> Iterable[tuple[str, float]]:
    for word in words.split(","):
        plain = " ".join(word.split())
        if plain.strip("* "):
            yield composed(plain.rstrip("* ")), SURE if plain.endswith("*") else PLAIN


def said_in(themes: Iterable[str], language: str, words_each: int = 25) -> str:
    """Themes in the words of a language: their names and seed words, the unmistakable ones first.

    It stands for a brief where the brief's own words are in another language: vectors do not cross languages,
    themes do.
    """
    said: list[str] = []
    for theme in themes:
        known = theme_set()[theme]
        seeds = sorted(known.words.get(language, ()), key=lambda seed: -seed[1])
        said += [theme_set().name(theme, language), *(word for word, _ in seeds[:words_each])]
    return ", ".join(said)
