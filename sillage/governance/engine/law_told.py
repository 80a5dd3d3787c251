"""Facts from plain data, as a case, a program or a file tells them: read strictly, refused with what would be valid."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from sillage.governance.engine.law import FORMATS, PLACES, Consideration, Publication
from sillage.governance.engine.law_facts import (
    DEPICTED,
    STATED,
    AiFacts,
    ContractFacts,
    CreatorFacts,
    Facts,
    ImageFacts,
    SectorFacts,
)
from sillage.lib.errors import Malformed
from sillage.lib.sentences import Listed, Sentence, Term

_DAY = Sentence("a day such as 2026-11-22")
FACT_WORDS: Mapping[str, Sentence] = {  # those that a form can get wrong; others have the names of the API
    "in_kind": Term("fact for the law check", "value in kind"),
    "payments": Term("fact for the law check", "payments"),
    "year": Term("fact for the law check", "year"),
}
FIGURES = ("followers", "followers_total", "monthly_views", "gross_income", "videos_last_year")


class FactMalformed(Malformed):
    """A fact for the law check is not of its kind. `path` is where it stands in what was told."""

    title = "Malformed fact"

    def __init__(self, message: str, hint: str, path: tuple[str, ...]) -> None:
        super().__init__(message, hint, place=".".join(path))
        self.path = path


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(Sentence("a text in quotes"))
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(Sentence("true or false"))
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(Sentence("a whole number"))
    return value


def _day(value: Any) -> date:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise TypeError(_DAY) from None
    if type(value) is not date:
        raise TypeError(_DAY)
    return value


def _words(value: Any) -> tuple[str, ...]:
    return tuple(_text(item) for item in _list(value))


def _wholes(value: Any) -> tuple[int, ...]:
    return tuple(_whole(item) for item in _list(value))


def _list(value: Any) -> Sequence[Any]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise TypeError(Sentence("a list"))
    return value


def _money(value: Any) -> Decimal:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        amount = Decimal(-1)
    if isinstance(value, bool) or not amount.is_finite() or amount < 0:
        raise TypeError(Sentence('an amount in euros such as "399.99"'))
    return amount


def _amounts(value: Any) -> tuple[Decimal, ...]:
    return tuple(_money(item) for item in _list(value))


def _values(value: Any) -> tuple[Decimal | None, ...]:
    """What nobody put a value to is "?" in TOML and null in JSON."""
    return tuple(None if item in (None, "?") else _money(item) for item in _list(value))


def _one_of(valid: Sequence[str]) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in valid:
            raise TypeError(Sentence("one of %(valid)s", valid=Listed(valid)))
        return str(value)

    return read


def _depicts(value: Any) -> frozenset[str]:
    return frozenset(_one_of(DEPICTED)(item) for item in _list(value))


def _figures(value: Any) -> dict[str, float]:
    if not isinstance(value, Mapping) or not all(
        isinstance(n, int | float) and not isinstance(n, bool) for n in value.values()
    ):
        raise TypeError(Sentence("a table of numbers"))
    return {_one_of(FIGURES)(name): float(number) for name, number in value.items()}


_PUBLICATION: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("caption", "title", "language", "network", "overlay"), _text),
    **dict.fromkeys(("hashtags", "brands"), _words),
    **dict.fromkeys(("fold", "slides"), _whole),
    "consideration": lambda value: Consideration(_one_of([c.value for c in Consideration])(value)),
    "format": _one_of(FORMATS),
    "labelled_slides": _wholes,
    "platform_flag": _flag,
    "published_on": _day,
    "disclosure_place": _one_of(PLACES),
}
_GROUPS: Mapping[str, tuple[Callable[..., Any], Mapping[str, Callable[[Any], Any]]]] = {
    "contract": (
        ContractFacts,
        {
            "year": _whole,
            "payments": _amounts,
            "in_kind": _values,
            "clauses": lambda value: frozenset(_words(value)),
            **dict.fromkeys(("contract", "brand", "objective"), _text),
        },
    ),
    "image": (
        ImageFacts,
        {"retouched": _flag, "synthetic": _flag, "depicts": _depicts, "digital_source_type": _text},
    ),
    "ai": (
        AiFacts,
        {
            **dict.fromkeys(("generated", "marked", "c2pa_in", "c2pa_out", "deepfake"), _flag),
            **dict.fromkeys(("is_evidently_art", "labelled", "public_interest_text"), _flag),
            "system_on_market": _day,
            "reviewer": _text,
        },
    ),
    "sector": (SectorFacts, {"category": _text, "registration": _text}),
    "creator": (
        CreatorFacts,
        {
            **dict.fromkeys(("under_16", "outside_eea", "is_registered", "claims_certificate"), _flag),
            **dict.fromkeys(("authorisation", "representative", "insurance", "certificate"), _text),
            "figures": _figures,
        },
    ),
}
KEYS = (*_PUBLICATION, *_GROUPS, STATED)


def facts_from(told: Mapping[str, Any]) -> Facts:
    """The facts. What is said of the publication stands at the top, the rest in groups; null is not known.

    A publication is a subject where anything is said of it. Raises FactMalformed.
    """
    for key in told:
        if key not in KEYS:
            raise FactMalformed(
                Sentence("“%(key)s” is no fact of a publication.", key=key),
                Sentence("Valid: %(keys)s.", keys=", ".join(KEYS)),
                (key,),
            )
    words = {key: told[key] for key in _PUBLICATION if told.get(key) is not None}
    publication = Publication(**_read(words, _PUBLICATION, ())) if words else None
    groups = {name: _group(name, told[name]) for name in _GROUPS if told.get(name) is not None}
    stated = told.get(STATED)
    if stated is not None:
        groups[STATED] = {key: _each(_flag, value, (STATED, key)) for key, value in _table(stated, (STATED,)).items()}
    return Facts(publication=publication, **groups)


def _group(name: str, given: Any) -> Any:
    kind, readers = _GROUPS[name]
    values = _table(given, (name,))
    for key in values:
        if key not in readers:
            raise FactMalformed(
                Sentence("“%(key)s” is no fact of “%(name)s”.", key=key, name=name),
                Sentence("Valid: %(readers)s.", readers=", ".join(readers)),
                (name, key),
            )
    if name == "contract" and values.get("year") is None:
        raise FactMalformed(
            Sentence("The contract has no year."), Sentence("Write its calendar year, such as 2026."), (name,)
        )
    return kind(**_read(values, readers, (name,)))


def _table(given: Any, path: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise FactMalformed(
            Sentence("“%(path)s” is not a table.", path=path[-1]),
            Sentence("Write %(path)s = { … }.", path=path[-1]),
            path,
        )
    return given


def _read(values: Mapping[str, Any], readers: Mapping[str, Callable[[Any], Any]], path: tuple[str, ...]) -> Any:
    return {key: _each(readers[key], value, (*path, key)) for key, value in values.items() if value is not None}


def _each(read: Callable[[Any], Any], value: Any, path: tuple[str, ...]) -> Any:
    try:
        return read(value)
    except TypeError as slip:
        raise FactMalformed(
            Sentence("“%(path)s” cannot be “%(value)s”.", path=FACT_WORDS.get(path[-1], path[-1]), value=value),
            Sentence("Write %(slip)s.", slip=slip.args[0]),
            path,
        ) from slip
