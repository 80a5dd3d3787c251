"""What a person says of a campaign, read and checked. Pure: the same words give the same campaign."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence
from sillage.lib.text import folded, without_controls

FIELDS = (
    *("name", "objective", "brand", "text", "countries", "starts_on", "ends_on", "budget", "currency"),
    *("hashtags", "mentions", "codes", "landing_url", "utm", "competitors", "law_packs"),
)
LONGEST_TEXT = 10_000
MOST_WORDS = 30  # hashtags, handles, codes, competitors, countries
UTM = ("source", "medium", "campaign", "content", "term")
_LINES = {"name": 200, "objective": 300, "brand": 100}


class CampaignMalformed(Malformed):
    """A field of the campaign cannot be read; `place` names it."""

    title = "Malformed campaign"


@dataclass(frozen=True, slots=True)
class CampaignSaid:
    """A campaign as a person wants it. `brand_key` and `competitors` are keys of brands: small letters and hyphens."""

    name: str
    objective: str
    brand: str
    brand_key: str
    text: str
    countries: tuple[str, ...]
    starts_on: date | None
    ends_on: date | None
    budget: Decimal | None
    currency: str
    hashtags: tuple[str, ...]
    mentions: tuple[str, ...]
    codes: tuple[str, ...]
    landing_url: str
    utm: Mapping[str, str]
    competitors: tuple[str, ...]
    law_packs: tuple[str, ...]


def campaign_said(
    given: Mapping[str, Any], known_packs: Sequence[str] = (), brand_keys: Mapping[str, str] | None = None
) -> CampaignSaid:
    """Read what was given. `brand_keys` has the key of each known brand by its folded names.

    Raises CampaignMalformed at the first field that cannot be read.
    """
    for field in given:
        if field not in FIELDS:
            raise _malformed(
                field,
                Sentence("A campaign has no field “%(field)s”.", field=field),
                Sentence("Fields are %(fields)s.", fields=", ".join(sorted(FIELDS))),
            )
    lines = {field: _line(given, field, most) for field, most in _LINES.items()}
    starts_on, ends_on = _day(given, "starts_on"), _day(given, "ends_on")
    if starts_on and ends_on and ends_on < starts_on:
        raise _malformed(
            "ends_on", Sentence("The campaign ends before it starts."), Sentence("Swap starts_on and ends_on.")
        )
    return CampaignSaid(
        **lines,
        brand_key=brand_key(lines["brand"], brand_keys),
        text=_text(given),
        countries=_countries(given),
        starts_on=starts_on,
        ends_on=ends_on,
        budget=_budget(given),
        currency=_currency(given),
        hashtags=_words(given, "hashtags", "#"),
        mentions=_words(given, "mentions", "@"),
        codes=_words(given, "codes", ""),
        landing_url=_address(given),
        utm=_utm(given),
        competitors=tuple(dict.fromkeys(brand_key(word, brand_keys) for word in _words(given, "competitors", "@"))),
        law_packs=_packs(given, known_packs),
    )


def brand_key(brand: str, known: Mapping[str, str] | None = None) -> str:
    """The key of a brand as it is written: the one it is known by, else made of its letters: “Crème & Co” is creme-co."""
    key = (known or {}).get(folded(brand)) or re.sub(r"[^a-z0-9]+", "-", folded(brand)).strip("-")[:100]
    if not key:
        raise _malformed(
            "brand",
            Sentence("“%(brand)s” names no brand.", brand=brand),
            Sentence("Write the brand's name with letters or digits."),
        )
    return key


def _malformed(field: str, message: str, hint: str) -> CampaignMalformed:
    return CampaignMalformed(message, hint, place=field)


def _string(given: Mapping[str, Any], field: str) -> str:
    value = given.get(field) or ""
    if not isinstance(value, str):
        raise _malformed(
            field, Sentence("%(field)s is not text.", field=field), Sentence('Write %(field)s = "…".', field=field)
        )
    return without_controls(value).strip()


def _line(given: Mapping[str, Any], field: str, most: int) -> str:
    value = " ".join(_string(given, field).split())
    if not value:
        raise _malformed(
            field, Sentence("The campaign has no %(field)s.", field=field), Sentence("Say it in a few words.")
        )
    if len(value) > most:
        raise _malformed(
            field,
            Sentence("%(field)s has %(value_count)s characters.", field=field, value_count=len(value)),
            Sentence("Keep it under %(most)s.", most=most),
        )
    return value


def _text(given: Mapping[str, Any]) -> str:
    text = _string(given, "text")
    if len(text) > LONGEST_TEXT:
        raise _malformed(
            "text",
            Sentence("The text has %(text_count)s characters.", text_count=len(text)),
            Sentence("Keep it under %(longest_text)s.", longest_text=LONGEST_TEXT),
        )
    return text


def _words(given: Mapping[str, Any], field: str, sign: str) -> tuple[str, ...]:
    """A list of words without the sign that they may begin with, each once."""
    value = given.get(field) or ()
    if isinstance(value, str) or not isinstance(value, Sequence) or not all(isinstance(word, str) for word in value):
        raise _malformed(
            field,
            Sentence("%(field)s is not a list of words.", field=field),
            Sentence('Write %(field)s = ["…", "…"].', field=field),
        )
    words = tuple(dict.fromkeys(filter(None, (without_controls(word).strip().lstrip(sign or " ") for word in value))))
    if len(words) > MOST_WORDS or any(len(word) > 100 for word in words):
        raise _malformed(
            field,
            Sentence("%(field)s is too long.", field=field),
            Sentence("Up to %(most_words)s, each of up to 100 characters.", most_words=MOST_WORDS),
        )
    return words


def _countries(given: Mapping[str, Any]) -> tuple[str, ...]:
    countries = tuple(word.upper() for word in _words(given, "countries", ""))
    for country in countries:
        if re.fullmatch(r"[A-Z]{2}", country) is None:
            raise _malformed(
                "countries",
                Sentence("“%(country)s” is no country code.", country=country),
                Sentence("Write two letters, such as FR."),
            )
    return countries


def _packs(given: Mapping[str, Any], known: Sequence[str]) -> tuple[str, ...]:
    packs = _words(given, "law_packs", "")
    for pack in packs:
        if pack not in known:
            raise _malformed(
                "law_packs",
                Sentence("There is no law pack “%(pack)s”.", pack=pack),
                Sentence("There are %(known)s.", known=", ".join(sorted(known))),
            )
    return packs


def _currency(given: Mapping[str, Any]) -> str:
    currency = (_string(given, "currency") or "EUR").upper()
    if re.fullmatch(r"[A-Z]{3}", currency) is None:
        raise _malformed(
            "currency",
            Sentence("“%(currency)s” is no currency.", currency=currency),
            Sentence("Write three letters, such as EUR."),
        )
    return currency


def _budget(given: Mapping[str, Any]) -> Decimal | None:
    value = given.get("budget")
    if value in (None, ""):
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation as error:
        raise _malformed(
            "budget", Sentence("budget is “%(value)s”, not an amount.", value=value), Sentence("Write budget = 5000.")
        ) from error
    if not amount.is_finite() or not 0 <= amount < Decimal(10) ** 10:
        raise _malformed(
            "budget",
            Sentence("budget is %(amount)s.", amount=amount),
            Sentence("Give an amount from 0 to 9,999,999,999."),
        )
    return amount.quantize(Decimal("0.01"))


def _day(given: Mapping[str, Any], field: str) -> date | None:
    value = given.get(field)
    if value in (None, ""):
        return None
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise _malformed(
            field,
            Sentence("%(field)s is “%(value)s”, not a day.", field=field, value=value),
            Sentence("Write it as 2026-09-01."),
        ) from error


def _address(given: Mapping[str, Any]) -> str:
    address = _string(given, "landing_url")
    if not address:
        return ""
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise _malformed(
            "landing_url",
            Sentence("“%(address)s” is no web address.", address=address[:80]),
            Sentence("Write https://…"),
        ) from error
    if parts.scheme not in ("http", "https") or not parts.hostname or len(address) > 500 or " " in address:
        raise _malformed(
            "landing_url",
            Sentence("“%(address)s” is no web address.", address=address[:80]),
            Sentence("Write https://…"),
        )
    return address


def _utm(given: Mapping[str, Any]) -> dict[str, str]:
    value = given.get("utm") or {}
    if not isinstance(value, Mapping) or not all(isinstance(word, str) for word in value.values()):
        raise _malformed(
            "utm", Sentence("utm is not a table of names and words."), Sentence('Write utm = {"source": "instagram"}.')
        )
    for name in value:
        if name not in UTM:
            raise _malformed(
                "utm",
                Sentence("There is no utm_%(name)s.", name=name),
                Sentence("There are %(utm)s.", utm=", ".join(UTM)),
            )
    return {name: value[name].strip()[:100] for name in UTM if value.get(name, "").strip()}
