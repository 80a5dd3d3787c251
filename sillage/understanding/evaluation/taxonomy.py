"""The cross-walk that is proposed between two versions of the IAB Content Taxonomy, against the published one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sillage.understanding.engine.taxonomy import Category, crosswalk_of, spelled, targets_of, taxonomy_of
from sillage.understanding.engine.taxonomy_mapping import Meanings, proposals
from sillage.understanding.evaluation.report import Evaluation, Figure, Report, costing, interval
from sillage.understanding.queries.taxonomy import meanings_of

SOURCE, WALK, NEWER = "Content_Taxonomy_1.0.tsv", "Content_1.0_to_Content_2.0.tsv", "Content_Taxonomy_3.1.tsv"


def is_asked(code: str) -> bool:
    """The half of the top categories of 1.0 on which nothing was chosen."""
    return blake2b(code.partition("-")[0].encode(), digest_size=4).digest()[0] % 2 == 1


def read(folder: Path) -> tuple[list[Category], list[Category], list[Category], dict[str, str]]:
    """Categories of 1.0, those of 2.0 that the walk names, those of 3.1 beside them, and the walk. Raises ValueError."""
    texts = {}
    for name in (SOURCE, WALK, NEWER):
        if not (folder / name).is_file():
            raise ValueError(f"{folder / name} is missing")
        texts[name] = (folder / name).read_text(encoding="utf-8-sig")
    targets = targets_of(WALK, texts[WALK])
    names = {spelled(c.name) for c in targets}
    codes = {c.code for c in targets}
    beside = [c for c in taxonomy_of(NEWER, texts[NEWER]) if c.code not in codes and spelled(c.name) not in names]
    return taxonomy_of(SOURCE, texts[SOURCE]), targets, beside, dict(crosswalk_of(WALK, texts[WALK]))


def right(
    asked: Sequence[Category], others: Sequence[Category], walk: dict[str, str], *, with_meaning: bool
) -> NDArray[np.bool_]:
    """Whether the proposal of each category is the published one."""
    meanings: tuple[Meanings | None, Meanings | None] = (None, None)
    if with_meaning:
        meanings = meanings_of(asked), meanings_of(others)
    return np.array([p.to_code == walk[p.code] for p in proposals(asked, others, *meanings)])


def by_name(asked: Sequence[Category], others: Sequence[Category], walk: dict[str, str]) -> NDArray[np.bool_]:
    """The baseline: the category of the same name, joining words apart."""
    named = {spelled(other.name): other.code for other in others}
    return np.array([named.get(spelled(category.name)) == walk[category.code] for category in asked])


def run(folder: Path, seed: int) -> Report:
    source, targets, beside, walk = read(folder)
    asked = [c for c in source if c.code in walk and is_asked(c.code)]
    with costing() as cost:
        systems = {
            "same name": by_name(asked, targets, walk),
            "words": right(asked, targets, walk, with_meaning=False),
            "words + meaning": right(asked, targets, walk, with_meaning=True),
            f"words + meaning, {len(beside)} categories of 3.1 beside": right(
                asked, [*targets, *beside], walk, with_meaning=True
            ),
        }
    figures = [_figure(name, hits, seed) for name, hits in systems.items()]
    return Report(
        name="taxonomy",
        title="Taxonomy",
        data=(
            "IAB Tech Lab, Content Taxonomy 1.0 and its published mapping to 2.0; the half of the top categories on which"
            f" nothing was chosen, {len(asked)} categories that map to something, among {len(targets)} of 2.0."
        ),
        licence="CC BY 3.0",
        figures=tuple(replace(f, baseline="same name") if i else f for i, f in enumerate(figures)),
        remarks=(
            "Proposals are marked as such: about the share above is right, so a person has to look.",
            "The 2.0 file itself is not in the folder: only its categories that the mapping names can be proposed, which"
            " flatters; the last row puts categories of 3.1 beside them.",
        ),
        cost=cost,
    )


def _figure(system: str, hits: NDArray[np.bool_], seed: int) -> Figure:
    low, high = interval(lambda rows: float(hits[rows].mean()), len(hits), seed=seed)
    return Figure(
        "Content 1.0 to 2.0", "half held back", len(hits), "top-1 accuracy", system, float(hits.mean()), low, high
    )


EVALUATION = Evaluation("taxonomy", "The cross-walk between versions of the IAB Content Taxonomy.", run)
