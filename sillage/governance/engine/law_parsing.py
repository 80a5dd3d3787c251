"""Reads a law pack. Nothing is guessed: what it does not know it refuses, at its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sillage.governance.engine.law import (
    COPIES,
    PRODUCT,
    VERIFIED,
    Consideration,
    Label,
    LawPack,
    Placing,
    Rule,
    RuleSeverity,
    Verdict,
)
from sillage.governance.engine.law_fact_checks import CHECKS
from sillage.governance.engine.law_facts import DEPICTED, FACTS, FLAGS, STATED
from sillage.governance.engine.law_given import fit_checks
from sillage.governance.engine.law_text import LawText
from sillage.lib.toml_places import Path

_PACK = (
    *("pack", "version", "name", "countries", "languages", "alone", "presumes", "placing", "labels", "rule"),
    *("questions", "not_covered"),
)
_PACK_NEEDS = ("pack", "version", "name", "languages", "alone", "rule")
_PLACING = ("most_before", "first_hashtags", "later", "end", "cluster", "part")
_LABEL = ("text", "worth", "language", "confidence", "only_for")
_RULE_NEEDS = ("id", "title", "binds", "checks", "requirement", "severity", "confidence", "source", "effective_on")
_RULE = (*_RULE_NEEDS, "until", "when", "needs", "only_for", "doubtful", "advised_before", "text_from", "note", "given")
_ID = re.compile(r"[A-Z]{2}(-[A-Za-z0-9]+)+")
_VERSION = re.compile(r"\d+(\.\d+)*")
_WEB = re.compile(r"https?://\S+")
_COUNTRY = re.compile(r"[A-Z]{2}")
_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_MARK = re.compile(rf"[{''.join(VERIFIED)}](/[{''.join(VERIFIED)}])?|{PRODUCT}")
_MARKS = "Valid: P, S or U; two with a slash where the two parts of a rule differ, such as S/U; “product” for your own."
_VERDICTS = tuple(v.value for v in (Verdict.PASS, Verdict.REVIEW, Verdict.BLOCK))


def pack_from(text: str, file_name: str) -> LawPack:
    """A pack from TOML. Raises LawPackMalformed, with the place."""
    of = LawText(text, file_name)
    data = of.data
    of.only((), data, _PACK, _PACK_NEEDS, "a law pack")
    questions = _questions(of)
    labels = tuple(_label(of, n, raw) for n, raw in enumerate(of.tables(("labels",), data)))
    rules = tuple(_rule(of, n, raw, questions) for n, raw in enumerate(of.tables(("rule",), data)))
    of.once("rule", [rule.id for rule in rules], "id", "rule")
    of.once("labels", [label.text.casefold() for label in labels], "text", "label")
    return LawPack(
        id=_matching(of, ("pack",), data, _NAME, "id of a pack", 'Lower-case letters and digits, such as "fr".'),
        version=_matching(of, ("version",), data, _VERSION, "version", 'Numbers with dots, such as "2026.1".'),
        name=of.both(("name",), data),
        countries=_countries(of),
        languages=of.many(("languages",), data),
        alone=Verdict(of.one_of(("alone",), data["alone"], _VERDICTS, "worth")),
        presumes=of.flag(("presumes",), data),
        placing=_placing(of),
        labels=labels,
        rules=rules,
        questions=questions,
        not_covered=_not_covered(of),
    )


def _matching(of: LawText, path: Path, data: Mapping[str, Any], form: re.Pattern[str], what: str, hint: str) -> str:
    value = of.words(path, data)
    if form.fullmatch(value) is None:
        raise of.error(path, f"“{value}” is no {what}.", hint, of_value=True)
    return value


def _countries(of: LawText) -> tuple[str, ...]:
    countries = of.many(("countries",), of.data)
    for number, country in enumerate(countries):
        if _COUNTRY.fullmatch(country) is None:
            hint = 'Two capital letters of ISO 3166-1, such as "FR" or "GB".'
            raise of.error(("countries", number), f"“{country}” is no country.", hint, of_value=True)
    return countries


def _placing(of: LawText) -> Placing:
    raw = of.table(("placing",), of.data)
    of.only(("placing",), raw, _PLACING, (), "[placing]")
    for key in ("most_before", "first_hashtags"):
        if not isinstance(raw.get(key, 0), int) or isinstance(raw.get(key), bool):
            raise of.error(("placing", key), f"“{key}” is not a whole number.", f"Write {key} = 3.", of_value=True)
    verdicts = {
        key: Verdict(of.one_of(("placing", key), raw[key], _VERDICTS, "verdict"))
        for key in ("later", "end", "cluster", "part")
        if key in raw
    }
    return Placing(most_before=raw.get("most_before", 0), first_hashtags=raw.get("first_hashtags"), **verdicts)


def _questions(of: LawText) -> Mapping[str, Mapping[str, str]]:
    raw = of.table(("questions",), of.data)
    return {key: of.both(("questions", key), raw) for key in raw}


def _not_covered(of: LawText) -> Mapping[str, tuple[str, ...]]:
    raw = of.table(("not_covered",), of.data)
    of.only(("not_covered",), raw, ("en", "fr"), (), "[not_covered]")
    return {language: of.many(("not_covered", language), raw) for language in raw}


def _label(of: LawText, number: int, raw: Mapping[str, Any]) -> Label:
    path: Path = ("labels", number)
    of.only(path, raw, _LABEL, ("text", "worth", "language", "confidence"), "a label")
    text = of.words((*path, "text"), raw)
    worth = of.one_of((*path, "worth"), raw["worth"], ("pass", "review", "fail"), "worth of a label")
    mark = of.one_of((*path, "confidence"), raw["confidence"], VERIFIED, "confidence of a label")
    if worth == "pass" and mark == "U":
        hint = 'Write worth = "review", or verify it and write its confidence.'
        raise of.error(
            (*path, "worth"), f"“{text}” cannot pass: nobody verified that it is enough.", hint, of_value=True
        )
    return Label(text, worth, of.words((*path, "language"), raw), mark, _considerations(of, (*path, "only_for"), raw))


def _considerations(of: LawText, path: Path, raw: Mapping[str, Any]) -> tuple[Consideration, ...]:
    return tuple(Consideration(c) for c in of.each_of(path, raw, [c.value for c in Consideration], "consideration"))


def _rule(of: LawText, number: int, raw: Mapping[str, Any], questions: Mapping[str, Any]) -> Rule:
    path: Path = ("rule", number)
    of.only(path, raw, _RULE, _RULE_NEEDS, "a rule")
    hint = 'Capital letters and digits with hyphens, such as "FR-DISC-01".'
    checks = of.each_of((*path, "checks"), raw, CHECKS, "check")
    given = of.table((*path, "given"), raw)
    fit_checks(of, path, checks, given, questions)
    when, needs = _wanted(of, path, raw, questions)
    is_quoted = not isinstance(raw["requirement"], dict)
    summed_up = {} if is_quoted else of.both((*path, "requirement"), raw)
    return Rule(
        id=_matching(of, (*path, "id"), raw, _ID, "id of a rule", hint),
        title=of.both((*path, "title"), raw),
        binds=of.many((*path, "binds"), raw),
        checks=checks,
        requirement=summed_up["en"] if summed_up else of.words((*path, "requirement"), raw),
        summed_up=summed_up,
        severity=RuleSeverity(
            of.one_of((*path, "severity"), raw["severity"], [s.value for s in RuleSeverity], "severity")
        ),
        confidence=_matching(of, (*path, "confidence"), raw, _MARK, "confidence", _MARKS),
        source=_matching(of, (*path, "source"), raw, _WEB, "address", "Begin with https://."),
        only_for=_considerations(of, (*path, "only_for"), raw),
        doubtful=_considerations(of, (*path, "doubtful"), raw),
        advised_before=of.flag((*path, "advised_before"), raw),
        text_from=of.one_of((*path, "text_from"), raw.get("text_from", ""), ("", *COPIES), "kind of copy"),
        note=of.both((*path, "note"), raw) if "note" in raw else {},
        when=when,
        needs=needs,
        given=given,
        **_days(of, path, raw),
    )


def _days(of: LawText, path: Path, raw: Mapping[str, Any]) -> dict[str, Any]:
    begins, ends = of.day((*path, "effective_on"), raw), of.day((*path, "until"), raw)
    if begins is not None and ends is not None and ends < begins:
        raise of.error(
            (*path, "until"), f"The rule ends before it begins, on {begins}.", "Swap the days.", of_value=True
        )
    return {"effective_on": begins, "until": ends}


def _wanted(
    of: LawText, path: Path, raw: Mapping[str, Any], questions: Mapping[str, Any]
) -> tuple[dict[str, tuple[Any, ...]], tuple[str, ...]]:
    """`when` as {fact: values} and `needs`. Whatever `when` looks at is needed, and must be named."""
    known = (*FACTS, *(f"{STATED}.{key}" for key in questions))
    needs = of.each_of((*path, "needs"), raw, known, "fact")
    when: dict[str, tuple[Any, ...]] = {}
    for group, keys in of.table((*path, "when"), raw).items():
        for key, value in of.table((*path, "when", group), {group: keys}).items():
            fact, place = f"{group}.{key}", (*path, "when", group, key)
            if fact not in known:
                of.one_of(place, fact, known, "fact")
            if fact not in needs:
                hint = f'Add "{fact}" to needs, so that it is asked where it is not known.'
                raise of.error(place, f"The rule looks at {fact} and does not need it.", hint)
            when[fact] = tuple(value) if isinstance(value, list) else (value,)
            for one in when[fact]:
                _fit_value(of, place, fact, one)
    return when, needs


def _fit_value(of: LawText, place: Path, fact: str, value: Any) -> None:
    """A fact that is yes or no is compared with true or false, any other with words."""
    if fact == "image.depicts":
        of.one_of(place, value, DEPICTED, "depicted thing")
    is_flag = fact in FLAGS or fact.startswith(f"{STATED}.")
    if isinstance(value, bool) != is_flag or not isinstance(value, bool | str):
        hint = "Write true or false, without quotes." if is_flag else 'Write words in quotes, such as ["gambling"].'
        raise of.error(place, f"{fact} is never “{value}”.", hint, of_value=True)
