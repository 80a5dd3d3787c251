"""From a brief to a run and the twelve to begin with, in one step: what the action, the command and the bench do alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sillage.lib.text import folded
from sillage.studio.engine.brief import WritingBrief
from sillage.studio.engine.gallery import SHOWN, Gallery, Shown
from sillage.studio.engine.lawful import packs_of, stopping
from sillage.studio.engine.remarks import words_of_brief
from sillage.studio.engine.runs import Run, run_of
from sillage.studio.engine.spelling import Unknown, unknown_words
from sillage.studio.engine.tokens import tokens_of
from sillage.studio.engine.variants import Made, make_variants

VoiceFits = Callable[[Sequence[str]], NDArray[np.floating]]


@dataclass(frozen=True, eq=False)
class Batch:
    """What came of it. `run` and `shown` are empty when nothing is possible; `made` says why."""

    made: Made
    run: Run
    shown: Shown


def put_together(
    brief: WritingBrief,
    wanted: int,
    seed: int,
    on: date,
    *,
    voice_fits: VoiceFits | None = None,
    shown: int = SHOWN,
) -> Batch:
    """Lawful on the day `on`, within the brief, spelt, distinct, fitted and ranked. Raises FragmentsMissing, NoLawPack."""
    lawful = partial(stopping, brief, packs=packs_of(brief), on=on)
    made = make_variants(brief, wanted, seed, lawful, partial(misspelt, brief, accepted=words_said(brief)))
    if not made.variants:
        return Batch(made, run_of(brief, made), Shown((), 0.0))
    fits = voice_fits([variant.text for variant in made.variants]) if voice_fits else None
    run = run_of(brief, made, None if fits is None else np.asarray(fits, dtype=np.float64))
    return Batch(made, run, Gallery(run).shown(n=shown))


def words_said(brief: WritingBrief) -> frozenset[str]:
    """All that the brief says, folded: names, facts, sources. How it is spelt is a person's matter (`unknown_in`)."""
    lines = [brief.link, brief.aim, *brief.never, *(fact.source for fact in brief.facts)]
    more = (folded(token.word) for line in lines for token in tokens_of(line, brief.language))
    return words_of_brief(brief) | frozenset(more)


def misspelt(brief: WritingBrief, text: str, accepted: frozenset[str]) -> str:
    """The first word of a part that no dictionary has and the brief does not say; nothing where there is none."""
    return next((unknown.word for unknown in unknown_words(text, brief.language, accepted)), "")


def unknown_in(brief: WritingBrief, accepted: frozenset[str] = frozenset()) -> list[Unknown]:
    """Words of the idea and the facts that no dictionary has: for a person to look at before they stand in every text.

    `accepted` are the workspace's own, folded.
    """
    names = frozenset(folded(t.word) for line in (brief.brand, brief.product) for t in tokens_of(line, brief.language))
    lines = [brief.idea, *(fact.text for fact in brief.facts)]
    return [unknown for line in lines for unknown in unknown_words(line, brief.language, names | accepted)]
