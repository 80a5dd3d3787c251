"""Learning from what people chose, edited and refused: how much each part of a fit weighs, measured on choices held back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sillage.lib.late import optimize, special
from sillage.lib.sentences import Sentence
from sillage.studio.engine.voice import PARTS, Floats, Voice, fits, parts_of, rescaled, train_voice

FEWEST_CHOICES = 10
FEWEST_PAIRS = 3  # on either side of the line
HELD_BACK = 0.3  # of the choices, the newest
MOST_PAIRS = 2_000
PULL = 1.0  # how strongly weights are drawn to those before, beside the mean loss of a pair

Pair = tuple[str, str]  # (the text that a person preferred, the other)


@dataclass(frozen=True, slots=True)
class Decided:
    """A person's word on a proposal; `final` is empty where it was refused."""

    proposed: str
    final: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Learnt:
    """A voice with what was learnt. `before` and `after` are shares of `held_pairs` in which the preferred text fits better."""

    voice: Voice
    before: float
    after: float
    n_choices: int
    held_choices: int
    pairs: int
    held_pairs: int


def pairs_of(decided: Sequence[Decided]) -> list[Pair]:
    """What was made of a proposal before the proposal; everything chosen before everything refused."""
    chosen = [d.final for d in decided if d.is_chosen]
    refused = [d.proposed for d in decided if not d.is_chosen]
    found = [(d.final, d.proposed) for d in decided if d.is_chosen and d.final != d.proposed]
    found += [(final, other) for final in chosen for other in refused if final != other]
    step = max(1, -(-len(found) // MOST_PAIRS))
    return found[::step]


def learnt_weights(closer: Floats, before: Mapping[str, float]) -> dict[str, float]:
    """Logistic regression on pairs. `closer`, shape (pairs, len(PARTS)): parts of the preferred text less those of the other.

    Drawn to the weights before (ridge), and never below 0: being nearer in a part is never held against a text.
    """
    start = np.array([before[part] for part in PARTS])

    def loss(weights: Floats) -> tuple[float, Floats]:
        margins = closer @ weights
        slope = -(closer * special.expit(-margins)[:, None]).mean(axis=0) + 2 * PULL * (weights - start)
        value = np.logaddexp(0, -margins).mean() + PULL * float(((weights - start) ** 2).sum())
        return float(value), slope

    found = optimize.minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0.0, None)] * len(PARTS)).x
    if not found.any():
        return dict(before)
    return {part: round(float(weight), 4) for part, weight in zip(PARTS, found, strict=True)}


def preferred(voice: Voice, pairs: Sequence[Pair]) -> float:
    """Share of pairs in which the preferred text fits better; half of a draw."""
    values = fits([text for pair in pairs for text in pair], voice).reshape(-1, 2)
    return float(((values[:, 0] > values[:, 1]) + 0.5 * (values[:, 0] == values[:, 1])).mean())


def learn(
    texts: Sequence[str], others: Sequence[str], decided: Sequence[Decided], weights: Mapping[str, float]
) -> Learnt:
    """Train anew with what was chosen. `decided` in the order of time; raises ValueError where there is too little of it.

    Measured: the voice as it is and the voice with the older choices, both without the texts of the newest ones. The voice
    that comes out was then trained with all of them.
    """
    if len(decided) < FEWEST_CHOICES:
        raise ValueError(Sentence("%(count)s choices, at least %(fewest)s", count=len(decided), fewest=FEWEST_CHOICES))
    line = len(decided) - max(1, round(HELD_BACK * len(decided)))
    older, newest = decided[:line], decided[line:]
    taught, asked = pairs_of(older), pairs_of(newest)
    if min(len(taught), len(asked)) < FEWEST_PAIRS:
        raise ValueError(
            Sentence(
                "%(taught)s pairs to learn from and %(asked)s to measure on, at least %(fewest)s each",
                taught=len(taught),
                asked=len(asked),
                fewest=FEWEST_PAIRS,
            )
        )
    hidden = {text for one in newest for text in (one.final, one.proposed) if text}
    known = [text for text in texts if text not in hidden]
    before = train_voice(known, others, weights=weights)
    after = _with_choices(known, others, older, taught, weights)
    return Learnt(
        voice=_with_choices(texts, others, decided, pairs_of(decided), weights),
        before=preferred(before, asked),
        after=preferred(after, asked),
        n_choices=len(decided),
        held_choices=len(newest),
        pairs=len(taught),
        held_pairs=len(asked),
    )


def _with_choices(
    texts: Sequence[str],
    others: Sequence[str],
    decided: Iterable[Decided],
    pairs: Sequence[Pair],
    weights: Mapping[str, float],
) -> Voice:
    together = list(dict.fromkeys([*texts, *(d.final for d in decided if d.is_chosen)]))
    voice = train_voice(together, others, weights=weights)
    closer = parts_of([better for better, _ in pairs], voice) - parts_of([other for _, other in pairs], voice)
    return rescaled(voice, learnt_weights(closer, weights), together, others)
