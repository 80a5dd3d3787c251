"""How far people who labelled the same things agree, chance taken away.

Cohen's kappa for a pair of people: (po - pe) / (1 - pe), with po the share of things on which they agree and pe what
their own habits would give (Cohen, 1960). Krippendorff's alpha for any number of people, each having labelled any of
the things: 1 - Do / De, the disagreement observed over the disagreement expected, nominal (Krippendorff, 2011). Where
a thing may have several labels, each label that anybody used is asked of each thing: was it given or not?
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

Labels = frozenset[str]


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two people (their ids, the lower first), the things both labelled, and their kappa; None where chance is all."""

    people: tuple[int, int]
    n: int
    kappa: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """`n` things were labelled by two people or more; `alpha` over all of them, None where there is nothing to tell."""

    n: int
    people: int
    same: int  # of those things, how many got the same labels from everybody
    alpha: float | None
    pairs: tuple[PairAgreement, ...]


def agreement_of(things: Sequence[Mapping[int, Labels]]) -> Agreement:
    """`things` holds, for each thing, the labels that each person (by id) gave it."""
    shared = [thing for thing in things if len(thing) > 1]
    labels = sorted({label for thing in shared for given in thing.values() for label in given})
    units = [{person: label in given for person, given in thing.items()} for thing in shared for label in labels]
    people = {person for thing in shared for person in thing}
    pairs = [_pair(shared, labels, one, other) for one, other in combinations(sorted(people), 2)]
    return Agreement(
        n=len(shared),
        people=len(people),
        same=sum(len(set(thing.values())) == 1 for thing in shared),
        alpha=krippendorff_alpha([list(unit.values()) for unit in units]),
        pairs=tuple(pair for pair in pairs if pair.n),
    )


def _pair(things: Sequence[Mapping[int, Labels]], labels: Sequence[str], one: int, other: int) -> PairAgreement:
    both = [thing for thing in things if one in thing and other in thing]
    of_one = [label in thing[one] for thing in both for label in labels]
    of_other = [label in thing[other] for thing in both for label in labels]
    return PairAgreement((one, other), len(both), cohen_kappa(of_one, of_other))


def cohen_kappa(one: Sequence[Hashable], other: Sequence[Hashable]) -> float | None:
    """Of two people's labels of the same things, in order; None where their habits leave nothing to chance.

    Raises ValueError when the sequences differ in length.
    """
    n = len(one)
    agreed = sum(a == b for a, b in zip(one, other, strict=True))
    habits, others = Counter(one), Counter(other)
    by_chance = sum(habits[label] * others[label] for label in habits)
    if n == 0 or by_chance == n * n:
        return None
    expected = by_chance / (n * n)
    return (agreed / n - expected) / (1 - expected)


def krippendorff_alpha(units: Sequence[Sequence[Hashable]]) -> float | None:
    """Of the labels that each thing got; things with one label are left out. None where all labels are the same."""
    paired = [unit for unit in units if len(unit) > 1]
    totals: Counter[Hashable] = Counter(label for unit in paired for label in unit)
    n = sum(totals.values())
    expected = n * n - sum(count * count for count in totals.values())
    if expected == 0:
        return None
    observed = 0.0
    for unit in paired:
        counts = Counter(unit)
        observed += (len(unit) ** 2 - sum(c * c for c in counts.values())) / (len(unit) - 1)
    return 1 - (n - 1) * observed / expected
