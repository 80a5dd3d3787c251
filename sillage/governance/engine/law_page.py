"""A law pack as a page that a lawyer can read, in English or French; pages and the reference are made from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sillage.governance.engine.law import PRODUCT, LawPack, Rule
from sillage.governance.engine.law_facts import STATED
from sillage.governance.engine.law_reading import law_texts

LANGUAGES = ("en", "fr")
_MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
}
_WORDINGS = ("pass", "review", "all_of", "any_of", "superseded", "signs")


@dataclass(frozen=True, slots=True)
class RulePage:
    """A rule in words. Texts may hold any characters: whoever shows them escapes."""

    id: str
    title: str
    severity: str
    severity_words: str
    confidence: str
    confidence_words: str
    binds: str
    applies: str
    requirement: str
    source: str
    looks_at: Sequence[str]
    when: Sequence[str]
    needs: Sequence[str]
    wordings: Sequence[str]
    clauses: Sequence[str]
    note: str


@dataclass(frozen=True, slots=True)
class LabelRow:
    """A wording and what it is worth, in words."""

    text: str
    worth: str
    worth_words: str
    language: str
    confidence: str


@dataclass(frozen=True, slots=True)
class PackPage:
    """`words` are the page's own, by name."""

    id: str
    name: str
    version: str
    countries: str
    words: Mapping[str, str]
    marks: Sequence[tuple[str, str]]
    severities: Sequence[tuple[str, str]]
    rules: Sequence[RulePage]
    labels: Sequence[LabelRow]
    not_covered: Sequence[str]


def page_of(pack: LawPack, language: str) -> PackPage:
    """The pack in that language; English where there is no other."""
    speak = _Words(pack, language if language in LANGUAGES else "en")
    return PackPage(
        id=pack.id,
        name=speak.of(pack.name),
        version=pack.version,
        countries=", ".join(pack.countries) or speak.page("everywhere"),
        words={name: speak.of(said) for name, said in law_texts()["page"].items()},
        marks=[(mark, speak.of(said)) for mark, said in law_texts()["marks"].items()],
        severities=[(name, speak.of(said)) for name, said in law_texts()["severities"].items()],
        rules=[_rule(rule, speak) for rule in pack.rules],
        labels=[_label(pack, n, speak) for n in range(len(pack.labels))],
        not_covered=list(pack.not_covered.get(speak.language, pack.not_covered.get("en", ()))),
    )


@dataclass(frozen=True, slots=True)
class _Words:
    pack: LawPack
    language: str

    def of(self, said: Mapping[str, str]) -> str:
        return said.get(self.language, said.get("en", ""))

    def page(self, name: str) -> str:
        return self.of(law_texts()["page"][name])

    def named(self, kind: str, key: str) -> str:
        said = law_texts()[kind].get(key)
        return self.of(said) if said else key

    def question(self, fact: str) -> str:
        group, _, key = fact.partition(".")
        said = self.pack.questions.get(key) if group == STATED else law_texts()["facts"].get(fact)
        return self.of(said) if said else fact

    def quoted(self, text: str) -> str:
        return f"«\u202f{text}\u202f»" if self.language == "fr" else f"“{text}”"

    def day(self, day: date) -> str:
        month = _MONTHS[self.language][day.month - 1]
        first = "1er" if self.language == "fr" and day.day == 1 else str(day.day)
        return f"{first} {month} {day.year}"


def _label(pack: LawPack, number: int, speak: _Words) -> LabelRow:
    label = pack.labels[number]
    worth = speak.named("worths", label.worth)
    if label.only_for:
        given = ", ".join(speak.named("considerations", c.value) for c in label.only_for)
        worth = f"{worth} ({speak.page('only_for')} {given})"
    return LabelRow(label.text, label.worth, worth, label.language, label.confidence)


def _rule(rule: Rule, speak: _Words) -> RulePage:
    return RulePage(
        id=rule.id,
        title=speak.of(rule.title),
        severity=rule.severity.value,
        severity_words=speak.named("severities", rule.severity.value),
        confidence=rule.confidence,
        confidence_words=confidence_in_words(rule.confidence, rule.text_from, speak.language),
        binds=", ".join(speak.named("parties", party) for party in rule.binds),
        applies=_applies(rule, speak),
        requirement=rule.summed_up.get(speak.language, rule.requirement),
        source=rule.source,
        looks_at=[speak.named("checks", check) for check in rule.checks],
        when=[f"{speak.question(fact)} {_values(values, speak)}" for fact, values in rule.when.items()],
        needs=[speak.question(fact) for fact in rule.needs],
        wordings=_wordings(rule, speak),
        clauses=[speak.of(name) for name in rule.given.get("clauses", {}).values()],
        note=speak.of(rule.note) if rule.note else "",
    )


def confidence_in_words(confidence: str, text_from: str, language: str) -> str:
    """“P/S” as two sentences, and where the official words were read."""
    texts = law_texts()
    marks = [PRODUCT] if confidence == PRODUCT else confidence.split("/")
    words = [texts["marks"].get(mark, {}).get(language, mark) for mark in marks]
    copied = texts["copies"].get(text_from, {}).get(language, "")
    return " / ".join(words) + (f" ({copied})" if copied else "")


def _applies(rule: Rule, speak: _Words) -> str:
    words = speak.page("from").replace("{day}", speak.day(rule.effective_on))
    if rule.until is not None:
        words += " " + speak.page("until").replace("{day}", speak.day(rule.until))
    return f"{words} ({speak.page('advised')})" if rule.advised_before else words


def _values(values: Iterable[Any], speak: _Words) -> str:
    said = [speak.page("yes" if v else "no") if isinstance(v, bool) else speak.named("values", str(v)) for v in values]
    return ", ".join(said)


def _wordings(rule: Rule, speak: _Words) -> list[str]:
    worth = {"pass": "pass", "all_of": "pass", "any_of": "pass", "review": "review"}
    return [
        f"{speak.quoted(text)}{speak.page('colon')}{speak.named('worths', worth.get(kind, 'fail'))}"
        for kind in _WORDINGS
        for text in rule.given.get(kind, ())
    ]


# -- Markdown --------------------------------------------------------------------------------------------------------


def markdown_of(pack: LawPack, language: str) -> str:
    """The page as Markdown."""
    shown = page_of(pack, language)
    words = shown.words
    marks = "\n".join(f"| {mark} | {_cell(said)} |" for mark, said in [*shown.marks, *shown.severities])
    return f"""# {words["law_pack"]}{words["colon"]}{shown.name}

`{shown.id}`, {words["version"]} {shown.version}. {words["countries"]}{words["colon"]}{shown.countries}.

**{words["advice"]}**

## {words["how_to_read"]}

| {words["mark"]} | {words["meaning"]} |
| --- | --- |
{marks}

{words["two_marks"]} {words["unknown"]}

## {words["rules"]}

{chr(10).join(_rule_in_markdown(rule, words) for rule in shown.rules)}
{_labels_in_markdown(shown)}{_section(words["not_covered"], shown.not_covered)}"""


def _rule_in_markdown(rule: RulePage, words: Mapping[str, str]) -> str:
    lines = [
        (words["binds"], rule.binds),
        (words["severity"], f"`{rule.severity}`. {rule.severity_words}"),
        (words["verified"], f"{rule.confidence}. {rule.confidence_words}"),
        (words["applies"], rule.applies),
        (words["source"], f"<{rule.source}>"),
        (words["looks_at"], " ".join(rule.looks_at)),
        (words["speaks_when"], "; ".join(rule.when)),
        (words["remark"], rule.note),
    ]
    told = "\n".join(f"- {name}{words['colon']}{said}" for name, said in lines if said)
    lists = [(words["needs"], rule.needs), (words["clauses"], rule.clauses), (words["wordings"], rule.wordings)]
    more = "".join(
        f"\n{name}{words['colon'].rstrip()}\n\n" + "".join(f"- {item}\n" for item in items)
        for name, items in lists
        if items
    )
    return f"### {rule.id}{words['colon']}{rule.title}\n\n> {rule.requirement}\n\n{told}\n{more}"


def _labels_in_markdown(shown: PackPage) -> str:
    words = shown.words
    rows = "".join(
        f"| {_cell(row.text)} | {_cell(row.worth_words)} | {row.language} | {row.confidence} |\n"
        for row in shown.labels
    )
    head = (
        f"| {words['wording']} | {words['worth']} | {words['language']} | {words['mark']} |\n| --- | --- | --- | --- |"
    )
    return f"## {words['labels']}\n\n{head}\n{rows}\n" if rows else ""


def _section(title: str, items: Sequence[str]) -> str:
    return f"## {title}\n\n" + "".join(f"- {item}\n" for item in items) if items else ""


def _cell(text: str) -> str:
    return text.replace("|", r"\|")
