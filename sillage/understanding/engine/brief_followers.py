"""How many followers a brief asks for: “5k to 200k followers”, “moins de 50k”, “entre 10 et 50k”, “micro-influencers”.

A number counts when it stands by a word for followers, or is a bound in thousands or millions (k, M, mille) that is
neither money nor views (“a 10k in Paris” is a race). “About 20k” is read as half to double. Nano, micro, macro and
mega creators are those of 1-10k, 10-100k, 100k-1M and more than 1M followers, the bounds most used in the trade;
they count only where no number is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_NUMBER = (
    r"(?<![\d.,])(?:\d{1,3}(?:[ .,'’\u00a0\u202f]\d{3}){1,3}|\d{1,9}(?:[.,]\d{1,2})?)(?!\d)|\b(?:un|one|a)(?=\smillion)"
)
_UNIT = r"(?:\s?(?:k|m|mio|mille|thousand|millions?)\b)?\+?"
_AUDIENCE = r"(?:followers?|abonn[ée]e?s?|abos?|subscribers?|subs|fans?|suiveurs?)"
_LESS = (
    r"less than|fewer than|under|below|up to|at most|no more than|not more than|not over|max(?:imum)?\.?(?: of| de)?|"
    r"pas plus de|moins d(?:e\b|['’])|jusqu['’]à|au plus|en dessous de|en-dessous de|sous|inférieur à|[<≤]=?"
)
_MORE = (
    r"no less than|not less than|no fewer than|"
    r"not under|not below|more than|over|above|at least|min(?:imum)?\.?(?: of| de)?|"
    r"starting (?:at|from)|pas moins de|plus d(?:e\b|['’])|au moins|"
    r"à partir de|dès|au-dessus de|supérieur à|from|[>≥]=?"
)
_ABOUT = r"around|about|approximately|roughly|circa|environ|autour de|à peu près|~"
_AFTER_LESS = r"max(?:imum)?\b|at most|or (?:less|fewer)|(?:ou|et) moins|au plus"
_AFTER_MORE = r"min(?:imum)?\b|or more|and (?:up|more|above)|at least|(?:ou|et) plus"
_NOT_FOLLOWERS = re.compile(
    r"\s?(?:€|\$|£|%|euros?|eur\b|usd|dollars?|views?|vues?|likes?|posts?|publications?|ans\b|years?|mots\b|words\b|runs?\b|km\b|impressions?)",
    re.IGNORECASE,
)
_MONEY_BEFORE = re.compile(
    r"(?:[€$£]|\b(?:budget|fees?|prix|price|tarifs?|views|vues)\b[^,;\d]{0,20})\s?$", re.IGNORECASE
)
_AUDIENCE_BEFORE = re.compile(
    rf"\b(?:{_AUDIENCE}|audience|communauté|community|following)\b[^,;\d]{{0,20}}$", re.IGNORECASE
)
_OF = r"(?:\s?(?:d['’]\s?|de\s|of\s)?"
_ASKED = re.compile(
    rf"(?:\b(?P<between>between|entre|from|de|d['’])\s?|(?P<less>{_LESS})\s?|(?P<more>{_MORE})\s?|(?P<about>{_ABOUT})\s?)?"
    rf"(?P<low>{_NUMBER})(?P<low_unit>{_UNIT})"
    rf"(?:\s?(?:to|à|a|and|et|-|–|—|jusqu['’]à|until)\s?(?P<high>{_NUMBER})(?P<high_unit>{_UNIT}))?"
    rf"{_OF}(?P<audience>{_AUDIENCE})\b)?"
    rf"(?:\s?(?:(?P<after_less>{_AFTER_LESS})|(?P<after_more>{_AFTER_MORE})))?",
    re.IGNORECASE,
)
_TIERS = {"nano": (1_000, 10_000), "micro": (10_000, 100_000), "macro": (100_000, 1_000_000), "mega": (1_000_000, None)}
_TIER = re.compile(r"\b(nano|micro|macro|m[eé]ga)[- ]?(?=influen|cr[eé]at|comptes|accounts|profil)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FollowerRange:
    """Bounds, None where open, and where in the text they stand."""

    low: int | None
    high: int | None
    start: int
    end: int


def follower_ranges(text: str) -> list[FollowerRange]:
    """All of them in reading order; those of a tier word only where there is no number."""
    return list(_numbers(text)) or list(_tiers(text))


def _numbers(text: str) -> Iterator[FollowerRange]:
    for match in _ASKED.finditer(text):
        found = _range(match)
        if found is not None and _is_about_followers(match):
            yield FollowerRange(*found, match.start(), match.end())


def _tiers(text: str) -> Iterator[FollowerRange]:
    for match in _TIER.finditer(text):
        low, high = _TIERS[match[1].lower().replace("é", "e")]
        yield FollowerRange(low, high, match.start(), match.end())


def _is_about_followers(match: re.Match[str]) -> bool:
    text = match.string
    if match["audience"]:
        return True
    before = text[max(0, match.start() - 40) : match.start()]
    if _NOT_FOLLOWERS.match(text, match.end()) or _MONEY_BEFORE.search(before):
        return False
    if _AUDIENCE_BEFORE.search(before):
        return True
    in_thousands = bool(match["low_unit"].strip(" +") or (match["high_unit"] or "").strip(" +"))
    bounded = any(match[name] for name in ("high", "less", "more", "about", "after_less", "after_more"))
    stands_alone = not before.strip() or before.rstrip()[-1] in ",;:(\n"
    return in_thousands and (bounded or "+" in match["low_unit"] or stands_alone)


def _range(match: re.Match[str]) -> tuple[int | None, int | None] | None:
    low, high = _value(match["low"], match["low_unit"]), None
    if match["high"]:
        high = _value(match["high"], match["high_unit"])
        shared = _value(match["low"], match["high_unit"])
        if not match["low_unit"].strip() and shared < high:
            low = shared
        return (low, high) if low <= high else (high, low)
    if match["less"] or match["after_less"]:
        return None, low
    if match["about"]:
        return low // 2, low * 2
    return low, None


def _value(number: str, unit: str) -> int:
    unit = unit.strip().rstrip("+").strip().lower()
    if re.fullmatch(r"\d{1,3}(?:[ .,'’\u00a0\u202f]\d{3})+", number):
        value = float(re.sub(r"\D", "", number))
    else:
        value = float(number.replace(",", ".")) if number[0].isdigit() else 1.0
    scale = 1_000 if unit in ("k", "mille", "thousand") else 1_000_000 if unit else 1
    return round(value * scale)
