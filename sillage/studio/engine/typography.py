"""French typography (Lexique des règles typographiques en usage à l’Imprimerie nationale): spaces, quotes, apostrophes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

THIN, HARD = "\u202f", "\u00a0"  # no-break spaces: narrow before ; ! ?, wide before : and inside « »
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\S+|\d{1,2}:\d{2}|[@#]\w+")


@dataclass(frozen=True, slots=True)
class Fix:
    """What stands at [start, end) of the text and what should; `rule` names why."""

    start: int
    end: int
    instead: str
    rule: str


_RULES: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("apostrophe", re.compile(r"(?<=\w)'(?=\w)"), "’"),
    ("ellipsis", re.compile(r"(?<!\.)\.{3}(?!\.)"), "…"),
    ("space_before_colon", re.compile(r"(?<=[\w»)%€…])[ \t\u202f]*(?=:(?:\s|$))"), HARD),
    ("space_before_mark", re.compile(r"(?<=[\w»)%€…])[ \t\u00a0]*(?=[;!?](?:[\s!?»)]|$))"), THIN),
    ("quote_opens", re.compile(r"«[ \t\u202f]*(?=[^\s])"), "«" + HARD),
    ("quote_closes", re.compile(r"(?<=[^\s])[ \t\u202f]*»"), HARD + "»"),
    ("straight_quotes", re.compile(r"\"([^\"\n]{1,300})\""), f"«{HARD}\\1{HARD}»"),
    ("space_before_comma", re.compile(r"(?<=\w)[ \t\u00a0]+(?=,(?:\s|$))"), ""),
    ("space_before_stop", re.compile(r"(?<=\w)[ \t\u00a0]+(?=\.(?:\s|$))"), ""),
    ("space_after_comma", re.compile(r"(?<=[^\W\d]),(?=[^\W\d])"), ", "),
    ("space_in_brackets", re.compile(r"\([ \t]+(?=\w)"), "("),
    ("space_in_brackets", re.compile(r"(?<=\w)[ \t]+\)"), ")"),
    ("hour", re.compile(r"\b(\d{1,2}) ?[hH] ?(\d{2})\b"), f"\\1{HARD}h{HARD}\\2"),
    ("ordinal", re.compile(r"\b(\d+|[IVX]+)[eè]mes?\b"), "\\1ᵉ"),
    ("ordinal", re.compile(r"\b1er\b"), "1ᵉʳ"),
    ("ordinal", re.compile(r"\b1[eè]re\b"), "1ʳᵉ"),
    ("euro_behind", re.compile(r"€ ?(\d+(?:[,.]\d+)?)\b"), f"\\1{HARD}€"),
    ("euro_word", re.compile(r"(?<=\d)[ \u00a0]?(?:EUR|[Ee]uros?)\b"), f"{HARD}€"),
    ("etc", re.compile(r"\betc(?:\.{2,}|…)"), "etc."),
    ("space_before_unit", re.compile(r"(?<=\d)[ \t]*(?=[%€](?!\w))"), HARD),
)


def fixes_of(text: str) -> Iterator[Fix]:
    """What French typography would change, rule by rule. Addresses, hours and hashtags are left alone."""
    kept = [found.span() for found in _ADDRESS.finditer(text)]
    for rule, pattern, instead in _RULES:
        for found in pattern.finditer(text):
            start, end = found.span()
            written = found.expand(instead)
            is_kept = any(
                (start < last and end > first) or (start == end and first < start < last) for first, last in kept
            )
            if found.group() != written and not is_kept:
                yield Fix(start, end, written, rule)


_VOWEL = re.compile(r"[aeiouyàâäéèêëîïôöûùüœæ]", re.IGNORECASE)  # an h may be aspirated: it is left as it is
_CONTRACTED = {"de le ": "du ", "de les ": "des ", "à le ": "au ", "à les ": "aux "}


def contracted(text: str, names: Sequence[str]) -> str:
    """“de” and “à” before names that were put in: “d’Aube”, “du sérum”, “aux lecteurs”."""
    for name in names:
        after = re.escape(name)
        for small, short in _CONTRACTED.items():
            before, article = small.split(" ", 1)
            if name.startswith(article):
                text = re.sub(rf"\b{before} {after}", (short + name[len(article) :]).replace("\\", r"\\"), text)
        if _VOWEL.match(name):
            text = re.sub(rf"\b([Dd])e (?={after})", r"\1’", text)
    return text


def typeset_french(text: str) -> str:
    """The text with every fix made: for Sillage's own fragments; a person's text is only proposed to."""
    for fix in sorted(fixes_of(text), key=lambda fix: -fix.start):
        text = text[: fix.start] + fix.instead + text[fix.end :]
    return text
