"""Do decisions teach the weights? A simulated person decides about accounts of the first 20 places of an evaluation brief.

They pin who is relevant by the world's own truth and dismiss who is not, `k` of them, from the top down or drawn from the
20. Then weights are learnt as the product learns them, and the accounts that were not decided on are ranked under the
weights from before and under those proposed (the same ones where nothing is proposed). Nobody decides so evenly: this
shows whether the mechanism can learn, not how much it will.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from sillage.catalogue.queries import list_accounts
from sillage.catalogue.sample.world import World
from sillage.discovery.engine.learning import NAMES, Choice, Lesson, Verdict, Weights, learnt
from sillage.discovery.engine.score import DEFAULT_WEIGHTS, scored
from sillage.discovery.evaluation.briefs import AT, SEED, measured
from sillage.discovery.evaluation.ranking_quality import Mean, bootstrap_mean, ndcg
from sillage.discovery.evaluation.relevance import EvaluationBrief, graded_relevance, load_briefs
from sillage.discovery.queries.pool import Pool

SHOWN = 20
DECISIONS = (5, 10, 15, SHOWN)
DRAWS = 5  # draws of the persons who decide about accounts here and there


@dataclass(frozen=True, slots=True)
class Asked:
    """A brief whose relevant creators are known, with its pool. `creators` are the pool's, by place."""

    number: int
    brief: EvaluationBrief
    pool: Pool
    creators: Sequence[str]
    grades: dict[str, int]

    def ranked(self, weights: Weights) -> list[int]:
        return [int(i) for i in (-scored(self.pool.parts, weights).score).argsort(kind="stable")]

    def chosen(self, places: Iterable[int]) -> list[Choice]:
        columns = self.pool.parts
        return [
            Choice(
                self.number,
                self.pool.account_ids[i],
                self.creators[i] in self.grades,
                {n: None if np.isnan(columns[n][i]) else float(columns[n][i]) for n in NAMES},
            )
            for i in places
        ]

    def quality(self, weights: Weights, decided: frozenset[str]) -> float:
        """nDCG@10 over the creators whom nobody decided about."""
        left = [self.creators[i] for i in self.ranked(weights) if self.creators[i] not in decided]
        grades = {key: grade for key, grade in self.grades.items() if key not in decided}
        return ndcg(list(dict.fromkeys(left)), grades, AT)


@dataclass(frozen=True, slots=True)
class Taught:
    """One simulated person and brief. `before` and `after` are nDCG@10 on the accounts that were not decided on."""

    asked: Asked
    lesson: Lesson
    before: float
    after: float

    @property
    def is_offered(self) -> bool:
        return self.lesson.verdict is Verdict.BETTER


@dataclass(frozen=True, slots=True)
class ChoicesRow:
    """What `decisions` decisions did in one split: means over briefs, each brief the mean of its persons."""

    split: str
    how: str
    decisions: int
    briefs: int
    offered: float
    before: Mean
    after: Mean
    gain: Mean
    gain_if_offered: Mean | None


Places = Callable[[Asked, int], list[list[int]]]


def _from_the_top(asked: Asked, decisions: int) -> list[list[int]]:
    return [asked.ranked(DEFAULT_WEIGHTS)[:SHOWN][:decisions]]


def _here_and_there(asked: Asked, decisions: int) -> list[list[int]]:
    shown = asked.ranked(DEFAULT_WEIGHTS)[:SHOWN]
    n = min(decisions, len(shown))
    drawn = (np.random.default_rng([SEED, asked.number, draw]).choice(shown, n, replace=False) for draw in range(DRAWS))
    return [[int(i) for i in places] for places in drawn]


PERSONS: dict[str, Places] = {"from the top down": _from_the_top, "here and there": _here_and_there}


def evaluate_choices(workspace_id: int, world: World, now: datetime) -> list[ChoicesRow]:
    """Let simulated persons decide over a workspace that holds the world; constants were chosen on "tune"."""
    return rows_of([_asked(workspace_id, world, now, number, brief) for number, brief in enumerate(load_briefs())])


def rows_of(asked: Sequence[Asked]) -> list[ChoicesRow]:
    """A row per split, kind of person and number of decisions; who decides about all of the places decides from the top."""
    return [
        _row(split, how, decisions, [one for one in asked if one.brief.split == split])
        for split in ("tune", "test")
        for how, places in PERSONS.items()
        for decisions in DECISIONS
        if decisions < SHOWN or places is _from_the_top
    ]


def _asked(workspace_id: int, world: World, now: datetime, number: int, brief: EvaluationBrief) -> Asked:
    pool, _ = measured(workspace_id, brief, now)
    accounts = list_accounts(workspace_id, pool.account_ids)
    creators = [accounts[a].creator.key for a in pool.account_ids]
    return Asked(number, brief, pool, creators, graded_relevance(brief, world))


def _row(split: str, how: str, decisions: int, asked: Sequence[Asked]) -> ChoicesRow:
    of_briefs = [found for one in asked if (found := _taught(one, PERSONS[how](one, decisions)))]
    before = [float(np.mean([t.before for t in found])) for found in of_briefs]
    after = [float(np.mean([t.after for t in found])) for found in of_briefs]
    offered = [[t.after - t.before for t in found if t.is_offered] for found in of_briefs]
    gains = [float(np.mean(found)) for found in offered if found]
    return ChoicesRow(
        split,
        how,
        decisions,
        len(of_briefs),
        float(np.mean([t.is_offered for found in of_briefs for t in found])),
        bootstrap_mean(before, SEED),
        bootstrap_mean(after, SEED),
        bootstrap_mean([b - a for a, b in zip(before, after, strict=True)], SEED),
        bootstrap_mean(gains, SEED) if gains else None,
    )


def _taught(asked: Asked, persons: Sequence[Sequence[int]]) -> list[Taught]:
    """One per person; a person who has already decided about every relevant creator leaves nothing to rank."""
    found = []
    for places in persons:
        decided = frozenset(asked.creators[i] for i in places)
        if decided >= asked.grades.keys():
            continue
        lesson = learnt(asked.chosen(places), DEFAULT_WEIGHTS)
        before, after = (asked.quality(weights, decided) for weights in (DEFAULT_WEIGHTS, lesson.weights))
        found.append(Taught(asked, lesson, before, after))
    return found


def as_markdown(rows: Sequence[ChoicesRow]) -> str:
    lines = [
        "| briefs | decided | decisions | n | proposed | before | after | gain | gain where proposed |",
        "|---|---|---:|---:|---:|---|---|---|---|",
    ]
    for row in rows:
        figures = f"{row.briefs} | {row.offered:.0%} | {row.before} | {row.after} | {_signed(row.gain)}"
        lines.append(f"| {row.split} | {row.how} | {row.decisions} | {figures} | {_signed(row.gain_if_offered)} |")
    return "\n".join(lines) + "\n"


def _signed(mean: Mean | None) -> str:
    return "-" if mean is None else f"{mean.value:+.3f} [{mean.low:+.3f}, {mean.high:+.3f}]"
