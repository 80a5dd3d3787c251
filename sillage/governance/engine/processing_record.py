"""The record of processing (GDPR, article 30), made from what the tables hold: it cannot say less than there is. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sillage.governance.engine.personal_data import Data, Table, Whose, Why
from sillage.governance.engine.retention import RetentionRule


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of data in one table."""

    table: str
    data: Data
    rule: RetentionRule | None

    def kept(self, language: str) -> str:
        """For how long, in words; a rule says how many months."""
        if self.rule is None:
            return self.data.until.value.told(language)
        return f"{self.rule.months} {'mois' if language.startswith('fr') else 'months'}"


@dataclass(frozen=True, slots=True)
class Processing:
    """One purpose: whose data, which, on which basis, for how long."""

    why: Why
    lines: tuple[Line, ...]

    @property
    def people(self) -> tuple[Whose, ...]:
        return tuple(dict.fromkeys(line.data.whose for line in self.lines))


def processings(tables: Iterable[Table], rules: Sequence[RetentionRule]) -> tuple[Processing, ...]:
    """Every purpose with what is stored for it, in the order of `Why`."""
    known = {rule.id: rule for rule in rules}
    lines: dict[Why, list[Line]] = {why: [] for why in Why}
    for table in tables:
        for data in table.personal:
            lines[data.why].append(Line(table.name, data, known.get(data.rule)))
    return tuple(Processing(why, tuple(found)) for why, found in lines.items() if found)


def as_markdown(found: Sequence[Processing], rules: Sequence[RetentionRule], language: str = "en") -> str:
    """The record without its controller, as a page: what every installation does."""
    text = ["# Record of processing", ""]
    text += [
        "What Sillage stores about people, per purpose. Who is responsible, who receives data and where it goes is each",
        "",
    ]
    text[-2] += " workspace's own: `sillage privacy record` prints both together."
    for processing in found:
        reason = processing.why.value
        people = ", ".join(whose.value.told(language) for whose in processing.people)
        text += [f"## {_sentence(reason.purpose.told(language))}", ""]
        text += [f"Basis: {reason.basis.value.told(language)}. Whose: {people}.", ""]
        text += ["| data | whose | from where | kept | table |", "|---|---|---|---|---|"]
        text += [
            f"| {line.data.what.told(language)} | {line.data.whose.value.told(language)} |"
            f" {line.data.origin.value.told(language)} | {line.kept(language)} | `{line.table}` |"
            for line in processing.lines
        ]
        text.append("")
    text += ["## Retention rules", "", "Applied by `sillage privacy retain`.", ""]
    text += ["| rule | what | months | counted from | why so long |", "|---|---|---:|---|---|"]
    text += [
        f"| `{r.id}` | {r.what.told(language)} | {r.months} | `{r.table}.{r.since}` | {r.source.told(language)} |"
        for r in rules
    ]
    return "\n".join(text) + "\n"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
