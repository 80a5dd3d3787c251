"""Grammar: slips that a rule can name. Rules are data (`grammar_rules/`) or small functions; each has a reason and examples.

Precision first: a rule that would often be wrong is left out. What it finds is proposed, one by one, and a person decides.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from sillage.studio.engine import grammar_en, grammar_fr, grammar_fr_words, inflection
from sillage.studio.engine.slips import Slip
from sillage.studio.engine.tokens import tokens_of

RULES = "sillage.studio.grammar_rules"
LANGUAGES = ("fr", "en")
_BLANK = "[ \u00a0\u202f]"
_SPACES = re.compile(r"\[[^\]]*\]| ")
_NAMES = re.compile(r"\b[A-Z]{2,}\b")
_SHOWN = re.compile(r"\{(\w+)\}")
_DIGITS = "0123456789"
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\w+|[@#][\w.]+")


@dataclass(frozen=True, slots=True)
class Rule:
    """`why` by language of the reader; `wrong` pairs of a text and what the first proposals make of it; `right` texts."""

    id: str
    why: Mapping[str, str]
    soft: bool
    seek: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]
    wrong: tuple[tuple[str, str], ...]
    right: tuple[str, ...]


@cache
def rules_of(language: str) -> Mapping[str, Rule]:
    """The rules of a language by their names; none where Sillage has none."""
    if language not in LANGUAGES:
        return {}
    read = tomllib.loads(resources.files(RULES).joinpath(f"{language}.toml").read_text(encoding="utf8"))
    lists: dict[str, str] = read["lists"]
    return {row["id"]: _rule(row, lists) for row in read["rule"]}


def _rule(row: Mapping[str, Any], lists: Mapping[str, str]) -> Rule:
    return Rule(
        id=row["id"],
        why=row["why"],
        soft=row.get("soft", False),
        seek=tuple((_compiled(pattern, lists), tuple(fix.split("|"))) for pattern, fix in row.get("seek", ())),
        wrong=tuple((text, mended) for text, mended in row["wrong"]),
        right=tuple(row["right"]),
    )


def _compiled(pattern: str, lists: Mapping[str, str]) -> re.Pattern[str]:
    """Whole words; a space stands for any blank, a name in capitals for its list."""
    named = _NAMES.sub(lambda found: lists.get(found.group(), found.group()), pattern)
    spaced = _SPACES.sub(lambda found: _BLANK if found.group() == " " else found.group(), named)
    whole = rf"(?:(?!\w)|(?<![\w-]))(?:{spaced})(?:(?<!\w)|(?![\w-]))"
    return re.compile(whole, re.IGNORECASE | re.MULTILINE)


def slips_of(text: str, language: str) -> list[Slip]:
    """What the rules of the language remark, in the order of the text; of two on the same words, the first rule's."""
    curly = text.replace("'", "’")
    kept = [found.span() for found in _ADDRESS.finditer(curly)]
    found = [*_sought(curly, language), *_thought(text, language)]
    taken: list[Slip] = []
    for slip in sorted(found, key=lambda s: (s.soft, s.start, -s.end)):
        if any(slip.start < end and start < slip.end for start, end in kept):
            continue
        if slip.rule.startswith("determiner") and any(other.end == slip.start - 1 for other in taken):
            continue  # the determiner itself is in doubt
        if not any(slip.start < other.end and other.start < slip.end for other in taken):
            taken.append(slip)
    return sorted(taken, key=lambda slip: slip.start)


def _thought(text: str, language: str) -> Iterator[Slip]:
    if language == "fr":
        yield from grammar_fr.slips(tokens_of(text, language))


def _sought(text: str, language: str) -> Iterator[Slip]:
    asked = grammar_fr_words.CONDITIONS if language == "fr" else grammar_en.CONDITIONS
    for rule in rules_of(language).values():
        for pattern, fixes in rule.seek:
            for found in pattern.finditer(text):
                if _holds(found, asked):
                    slip = _slip(rule, found, fixes)
                    if slip.fixes:
                        yield slip


_MAKERS = {**grammar_en.MAKERS, **inflection.MAKERS}


def _holds(found: re.Match[str], asked: Mapping[str, Callable[[str], bool]]) -> bool:
    for name, word in found.groupdict().items():
        ask = asked.get(name.rstrip(_DIGITS))
        if ask is not None and word is not None and not ask(word):
            return False
    return True


def _slip(rule: Rule, found: re.Match[str], fixes: tuple[str, ...]) -> Slip:
    groups = found.groupdict()
    start, end = found.span("w") if groups.get("w") is not None else found.span()
    words = found.string[start:end]
    if "{elided}" in fixes:
        while end < len(found.string) and found.string[end].isspace():
            end += 1
    made: list[str] = []
    for fix in fixes:
        shown = _SHOWN.fullmatch(fix)
        if shown and shown[1] in _MAKERS:
            made += _MAKERS[shown[1]](words, groups)
        elif shown and groups.get(shown[1]):
            made.append(str(groups[shown[1]]))
        else:
            made.append(fix.replace("{w}", words))
    cased = [fix for fix in (_in_case(fix, words) for fix in made) if fix != words]
    return Slip(rule.id, start, end, tuple(dict.fromkeys(cased)), rule.soft)


def _in_case(fix: str, words: str) -> str:
    return fix[:1].upper() + fix[1:] if words[:1].isupper() else fix
