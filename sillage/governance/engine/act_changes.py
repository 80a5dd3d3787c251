"""What one act says that another one did not: shown to those who approve, and told to those whose approval is stale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sillage.governance.engine.act_words import field_named
from sillage.governance.engine.acts import Act
from sillage.lib.money import Money
from sillage.lib.sentences import Listed, Sentence
from sillage.lib.word_diff import Piece, word_diff

AMOUNT, RECIPIENTS = "amount", "recipients"
_FIRST = (
    "what",
    "title",
    "subject",
    "text",
    "caption",
    "message",
    "campaign",
    "deliverable",
    "version",
)  # then by name
MOST_NAMED = 5  # fields that a sentence names


@dataclass(frozen=True, slots=True)
class Change:
    """A field of which the two acts say something else. None: the one does not have it."""

    field: str
    before: str | None
    after: str | None

    @property
    def pieces(self) -> list[Piece]:
        """The difference by words."""
        return word_diff(self.before or "", self.after or "")


def lines_of(act: Act) -> dict[str, str]:
    """All that an act says, a line per field: nested content is named by its path, as `deliverable.caption`."""
    lines = {}
    if act.amount is not None:
        lines[AMOUNT] = f"{act.amount:.2f} {act.currency}"
    if act.recipients:
        lines[RECIPIENTS] = "\n".join(sorted(act.recipients))
    flat = _flat(act.content, "")
    return lines | {name: flat[name] for name in sorted(flat, key=_place)}


def _place(name: str) -> tuple[int, str]:
    """JSON in a database keeps no order: what a person reads first comes first."""
    return (_FIRST.index(name) if name in _FIRST else len(_FIRST), name)


def _flat(value: Any, path: str) -> dict[str, str]:
    if isinstance(value, Mapping):
        return {
            k: v for name, inner in value.items() for k, v in _flat(inner, f"{path}.{name}" if path else name).items()
        }
    if isinstance(value, list | tuple) and any(isinstance(inner, Mapping | list | tuple) for inner in value):
        return {k: v for n, inner in enumerate(value, 1) for k, v in _flat(inner, f"{path}.{n}").items()}
    return {path: _written(value)}


def _written(value: Any) -> str:
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return "\n".join(map(_written, value))
    return str(value)


def changes(before: Act, after: Act) -> list[Change]:
    """The fields that differ, in the order in which the later act has them, and then those that are gone."""
    old, new = lines_of(before), lines_of(after)
    names = [*new, *(name for name in old if name not in new)]
    return [Change(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)]


def told_changes(found: list[Change]) -> Listed:
    """The changed fields in a few words, for a sentence: `amount (900.00 EUR, now 950.00 EUR), caption`."""
    named = [
        Sentence("amount (%(before)s, now %(after)s)", before=_money(c.before), after=_money(c.after))
        if c.field == AMOUNT
        else field_named(c.field)
        for c in found[:MOST_NAMED]
    ]
    more = len(found) - MOST_NAMED
    return Listed([*named, Sentence("%(count)s more", count=more)] if more > 0 else named)


def _money(line: str | None) -> Money | str:
    amount, _, currency = (line or "").partition(" ")
    return Money(Decimal(amount), currency) if currency else line or "-"
