"""What a person changes of a brief's reading, kept apart from what the machine reads.

The editor shows what was read as chips. A person adds, removes and weighs some, and goes on writing. Then the text is
read again, and what they changed is carried over:

    shown = read now, plus what they had added, minus what they had removed

where added and removed are told by comparing the chips with what was read of the text they stood under. So nothing
that was typed is lost, and nothing that was removed comes back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields

Words = tuple[str, ...]
SAME_WEIGHT = 0.006  # two weights that a slider in hundredths cannot tell apart


@dataclass(frozen=True, slots=True)
class Understood:
    """The part of a brief that is read out of its text, and that a person may change."""

    themes: Mapping[str, float] = field(default_factory=dict)  # {theme id: weight 0..1}
    unwanted_themes: Words = ()
    terms: Words = ()
    unwanted_terms: Words = ()
    networks: Words = ()
    countries: Words = ()
    languages: Words = ()
    min_followers: int | None = None
    max_followers: int | None = None


FILTERS = ("networks", "countries", "languages", "min_followers", "max_followers")
LISTS = tuple(f.name for f in fields(Understood) if f.name not in ("themes", "min_followers", "max_followers"))


def carried(shown: Understood, before: Understood, now: Understood) -> Understood:
    """What to show after the text was read again: `before` is what was read where `shown` stood, `now` what is read."""
    lists = {name: _words(getattr(shown, name), getattr(before, name), getattr(now, name)) for name in LISTS}
    return Understood(
        themes=_weights(shown.themes, before.themes, now.themes),
        min_followers=_number(shown.min_followers, before.min_followers, now.min_followers),
        max_followers=_number(shown.max_followers, before.max_followers, now.max_followers),
        **lists,
    )


def _words(shown: Sequence[str], before: Sequence[str], now: Sequence[str]) -> Words:
    removed = set(before) - set(shown)
    added = [value for value in shown if value not in before]
    return tuple(dict.fromkeys([*(value for value in now if value not in removed), *added]))


def _weights(shown: Mapping[str, float], before: Mapping[str, float], now: Mapping[str, float]) -> dict[str, float]:
    found: dict[str, float] = {}
    for theme in _words(list(shown), list(before), list(now)):
        moved = theme in shown and (theme not in before or abs(shown[theme] - before[theme]) > SAME_WEIGHT)
        found[theme] = shown[theme] if moved or theme not in now else now[theme]
    return found


def _number(shown: int | None, before: int | None, now: int | None) -> int | None:
    return now if shown == before else shown


def is_same(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    """Whether two sets of weights are the same as far as a slider can tell."""
    return one.keys() == other.keys() and all(abs(one[t] - other[t]) <= SAME_WEIGHT for t in one)
