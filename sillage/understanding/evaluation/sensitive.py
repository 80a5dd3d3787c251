"""How much of what sorts people the gate of words refuses, and how much of what it should let pass (`gold/sensitive.toml`)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sillage.governance.engine.sensitive import sorting_in
from sillage.understanding.engine.gold import GoldPhrase, sensitive_phrases
from sillage.understanding.evaluation.report import Evaluation, Figure, Report, costing, interval

HELD = {  # what each half was for
    "tune": "tune: chosen on it",
    "test": "test: written with tune, never looked at while choosing",
    "fresh": "fresh: harder; chosen on it afterwards",
    "last": "last: harder, written last, changed nothing",
}
SYSTEM = "gate of words"


def _figures(phrases: Sequence[GoldPhrase], language: str, half: str, seed: int) -> list[Figure]:
    figures = []
    for is_refused, metric in ((True, "recall"), (False, "false refusals")):
        asked = [p for p in phrases if p.is_refused == is_refused]
        said = np.array([sorting_in(p.text) is not None for p in asked], dtype=float)
        low, high = interval(lambda rows, said=said: float(said[rows].mean()), len(asked), seed=seed)  # type: ignore[misc]
        figures.append(Figure(language, HELD[half], len(asked), metric, SYSTEM, float(said.mean()), low, high))
    return figures


def run(_folder: Path, seed: int) -> Report:
    phrases = sensitive_phrases()
    figures: list[Figure] = []
    with costing() as cost:
        for half in HELD:
            own = [p for p in phrases if p.half == half]
            figures += _figures(own, "all five", half, seed)
            if half in ("test", "last"):
                for language in sorted({p.language for p in own}):
                    figures += _figures([p for p in own if p.language == language], language, half, seed)
    return Report(
        name="sensitive",
        title="Phrases that sort people",
        data=f"{len(phrases)} invented phrases in German, English, Spanish, French and Italian, half of which sort people.",
        licence="the repository's own",
        figures=tuple(figures),
        remarks=(
            "Only “last” says what to expect of phrases that nobody thought of: indirect ones (“mums trying to get pregnant”,"
            " “people who go to church”, parties and numbers written as words) come through.",
            "The same hands wrote the phrases and the lists, minutes apart: “test” shows that the grammar holds, not more.",
            "The gate stops what is said plainly and leaves the rest to the people who write and approve: the ledger has"
            " their words.",
        ),
        cost=cost,
    )


EVALUATION = Evaluation("sensitive", "Phrases that sort people, in five languages.", run)
