"""What a person fills in for a contract, read strictly, and the values that it gives the clause blocks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sillage.campaigns.engine.campaign import brand_key
from sillage.campaigns.engine.clauses import LANGUAGES, Values
from sillage.campaigns.engine.considerations import Kind
from sillage.campaigns.engine.contract_text import amount_written, day_written, percent_written
from sillage.lib.errors import Malformed
from sillage.lib.money import Money, total
from sillage.lib.sentences import Sentence
from sillage.lib.text import folded, without_controls

TEXTS = (
    *("brand_name", "brand_registration", "brand_address", "brand_email", "brand_country", "brand_signatory"),
    *("creator_name", "creator_registration", "creator_address", "creator_email", "creator_country"),
    *("agent_name", "agent_address", "agent_email", "payment_terms", "rights_uses", "rights_territory", "law", "court"),
)
LISTS = ("missions", "special_terms", "exclusive_brands", "exclusive_categories")
DAYS = ("publish_from", "publish_until", "rights_until", "exclusive_from", "exclusive_until")
NUMBERS = ("online_days",)
FIELDS = ("language", *TEXTS, *LISTS, *DAYS, *NUMBERS)
EMAILS = ("brand_email", "creator_email", "agent_email")
LONGEST = 2_000
MOST_ITEMS = 30
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class TermsMalformed(Malformed):
    """What was filled in cannot be read. `place` is the field."""

    title = "Malformed contract terms"


@dataclass(frozen=True, slots=True)
class Granting:
    """A consideration as the contract writes it."""

    kind: Kind
    text: str
    money: Money | None
    percent: Decimal | None = None
    is_estimate: bool = False


def terms_said(given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as JSON keeps them: text, lists of text, days as YYYY-MM-DD, whole numbers. What is empty is left out.

    Raises TermsMalformed naming the field.
    """
    unknown = sorted(set(given) - set(FIELDS))
    if unknown:
        raise TermsMalformed(
            Sentence("A contract has no “%(unknown)s”.", unknown=unknown[0]),
            Sentence("It has %(fields)s.", fields=", ".join(FIELDS)),
            unknown[0],
        )
    if given.get("language") not in LANGUAGES:
        raise TermsMalformed(
            Sentence("The contract’s language is not known."), Sentence("Write it in French or English."), "language"
        )
    said: dict[str, Any] = {"language": given["language"]}
    said |= {name: _text(name, given[name]) for name in TEXTS if given.get(name)}
    said |= {name: _list(name, given[name]) for name in LISTS if given.get(name)}
    said |= {name: _day(name, given[name]).isoformat() for name in DAYS if given.get(name)}
    said |= {name: _number(name, given[name]) for name in NUMBERS if given.get(name) not in (None, "")}
    _refuse_crossed(said, "publish_from", "publish_until")
    _refuse_crossed(said, "exclusive_from", "exclusive_until")
    return {name: value for name, value in said.items() if value not in ("", [])}


def _text(name: str, value: Any) -> str:
    text = without_controls(str(value)).strip()
    if len(text) > LONGEST:
        raise TermsMalformed(
            Sentence("This is longer than %(longest)s characters.", longest=LONGEST), Sentence("Say it shorter."), name
        )
    if name in EMAILS and text and _EMAIL.fullmatch(text) is None:
        raise TermsMalformed(
            Sentence("“%(text)s” is no e-mail address.", text=text), Sentence("Write it as name@example.org."), name
        )
    return text


def _list(name: str, value: Any) -> list[str]:
    lines = value.splitlines() if isinstance(value, str) else list(value)
    items = [text for line in lines if (text := _text(name, line))]
    if len(items) > MOST_ITEMS:
        raise TermsMalformed(
            Sentence("These are more than %(most_items)s lines.", most_items=MOST_ITEMS),
            Sentence("Put some of them together."),
            name,
        )
    return items


def _day(name: str, value: Any) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise TermsMalformed(
            Sentence("“%(value)s” is not a day.", value=value), Sentence("Write it as 2026-11-22."), name
        ) from error


def _number(name: str, value: Any) -> int:
    if not str(value).isdecimal() or not 1 <= int(str(value)[:6]) <= 3650:
        raise TermsMalformed(
            Sentence("“%(value)s” is no number of days.", value=value),
            Sentence("Write a whole number, up to 3650."),
            name,
        )
    return int(value)


def _refuse_crossed(said: Mapping[str, Any], first: str, last: str) -> None:
    if said.get(first) and said.get(last) and said[last] < said[first]:
        raise TermsMalformed(Sentence("The last day is before the first."), Sentence("Swap the two days."), last)
    if said.get(first) and not said.get(last):
        raise TermsMalformed(
            Sentence("A first day needs a last one."), Sentence("Say until when, or leave both out."), last
        )


def exclusivities_said(terms: Mapping[str, Any], on: date) -> list[tuple[str, str, str, date, date]]:
    """(kind, key, name, from, until) for every brand and category; without a first day from `on` on.

    Raises CampaignMalformed for a brand without a letter or digit.
    """
    if not terms.get("exclusive_until"):
        return []
    first = date.fromisoformat(terms.get("exclusive_from") or on.isoformat())
    last = date.fromisoformat(terms["exclusive_until"])
    named = [("brand", brand_key(name), name) for name in terms.get("exclusive_brands", ())]
    named += [("category", folded(name), name) for name in terms.get("exclusive_categories", ())]
    return [(kind, key[:100], name[:100], first, last) for kind, key, name in named]


# -- values ----------------------------------------------------------------------------------------------------------

_WORDS = {
    "fr": {
        "gift": "avantage en nature, valeur",
        "trip": "voyage ou invitation, valeur",
        "sales": "des ventes hors taxes",
        "cap": "dans la limite de",
        "estimate": "estimation",
        "net": "hors taxes",
        "unknown": "valeur à préciser",
        "category": "toute marque de la catégorie",
    },
    "en": {
        "gift": "in kind, value",
        "trip": "trip or invitation, value",
        "sales": "of sales before tax",
        "cap": "up to",
        "estimate": "estimate",
        "net": "before tax",
        "unknown": "value to be stated",
        "category": "any brand of the category",
    },
}


def values_of(
    terms: Mapping[str, Any], granted: Sequence[Granting], facts: Mapping[str, str], on: date
) -> dict[str, str | tuple[str, ...]]:
    """Every value that the blocks know. `facts` are campaign, brand, objective and account; `on` is the day of drafting."""
    language = terms["language"]
    values: dict[str, str | tuple[str, ...]] = dict(facts)
    values |= {name: terms[name] for name in TEXTS if terms.get(name)}
    values |= {name: tuple(terms[name]) for name in ("missions", "special_terms") if terms.get(name)}
    values |= {name: day_written(date.fromisoformat(terms[name]), language) for name in DAYS if terms.get(name)}
    values |= {name: str(terms[name]) for name in NUMBERS if terms.get(name)}
    return {**values, **_exclusive(terms, language, on), **_granted(granted, language)}


def _exclusive(terms: Mapping[str, Any], language: str, on: date) -> Values:
    said = exclusivities_said(terms, on)
    if not said:
        return {"exclusive_until": ""}
    words = _WORDS[language]
    names = [name if kind == "brand" else f"{words['category']} {name}" for kind, _, name, _, _ in said]
    return {"exclusive_for": tuple(names), "exclusive_from": day_written(said[0][3], language)}


def _granted(granted: Sequence[Granting], language: str) -> Values:
    known = [one.money for one in granted if one.money is not None]
    in_kind = [one for one in granted if one.kind.is_in_kind]
    currencies = {money.currency for money in known}
    values: dict[str, str | tuple[str, ...]] = {
        "considerations": tuple(grant_written(one, language) for one in granted),
        "has_estimate": "yes" if any(one.is_estimate for one in granted) else "",
        "in_kind_known": "yes" if all(one.money is not None for one in in_kind) else "",
    }
    if len(known) == len(granted) and len(currencies) == 1 and len(granted) > 1:
        currency = currencies.pop()
        values["total"] = amount_written(total(known, currency), language)
        kinds = total((one.money for one in in_kind if one.money is not None), currency)
        values["in_kind_total"] = amount_written(kinds, language)
    return values


def grant_written(one: Granting, language: str) -> str:
    """“Trois vidéos : 1 200,00 EUR hors taxes”."""
    words = _WORDS[language]
    colon = f"{chr(0xA0)}: " if language == "fr" else ": "
    amount = f"{amount_written(one.money, language)} {words['net']}" if one.money else ""
    if one.kind is Kind.MONEY:
        return f"{one.text}{colon}{amount or words['unknown']}"
    if one.kind.is_in_kind:
        return (
            f"{one.text}{colon}{words[one.kind.value]} {amount}" if amount else f"{one.text}{colon}{words['unknown']}"
        )
    share = f"{percent_written(one.percent or Decimal(0), language)} {words['sales']}"
    if not amount:
        return f"{one.text}{colon}{share}"
    bound = f"({words['estimate']}{colon}{amount})" if one.is_estimate else f"{words['cap']} {amount}"
    return f"{one.text}{colon}{share}, {bound}" if not one.is_estimate else f"{one.text}{colon}{share} {bound}"
