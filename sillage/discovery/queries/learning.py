"""What the pins and dismissals of a brief propose for its weights. A suggestion: nothing is kept until a person accepts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Case, Q, When

from sillage.discovery.engine import score as s
from sillage.discovery.engine.learning import VERSION, Choice, Lesson, Verdict, learnt, turned
from sillage.discovery.models import Brief, Decision
from sillage.understanding.queries import unproposed_accounts

MOST_CHOICES = 60  # the newest count: people change their minds, and a page must not wait


class Taught(StrEnum):
    """Whose decisions a suggestion stands on."""

    BRIEF = "brief"
    WORKSPACE = "workspace"  # those of all briefs, where this one's are too few


@dataclass(frozen=True, slots=True)
class TurnedPair:
    """Two decisions whose accounts change places under the proposed weights."""

    pinned: Decision
    dismissed: Decision
    is_mended: bool


@dataclass(frozen=True, slots=True)
class WeightSuggestion:
    """What an automation makes of decisions. `key` names exactly this: the present weights, the decisions, the proposal."""

    lesson: Lesson
    taught_by: Taught
    briefs: int
    key: str
    turned: Sequence[TurnedPair] = ()

    @property
    def is_offered(self) -> bool:
        return self.lesson.verdict is Verdict.BETTER


def weight_suggestion(brief: Brief) -> WeightSuggestion:
    """Learn from the brief's own decisions; where they are too few, from those of all the workspace's briefs."""
    everybodys = _decisions(brief)
    own = [decision for decision in everybodys if decision.brief_id == brief.pk]
    lesson = learnt([_choice(d) for d in own], brief.weights)
    if lesson.verdict is Verdict.TOO_FEW and len(everybodys) > len(own):
        wider = learnt([_choice(d) for d in everybodys], brief.weights)
        if wider.verdict is not Verdict.TOO_FEW:
            return _suggestion(brief, wider, Taught.WORKSPACE, everybodys)
    return _suggestion(brief, lesson, Taught.BRIEF, own)


def _decisions(brief: Brief) -> list[Decision]:
    """The workspace's decisions that count, with the parts they were made on by today's score: the brief's own first.

    At most MOST_CHOICES, the newest. Who objected to being proposed teaches nothing.
    """
    newest = Decision.objects.filter(brief__workspace_id=brief.workspace_id)
    newest = newest.order_by("brief_id", "account_id", "-decided_at", "-pk").distinct("brief_id", "account_id")
    counting = Decision.objects.filter(pk__in=newest.values("pk"), kind__in=("pinned", "dismissed"))
    of_today = Q(shortlist=None) | Q(shortlist__versions__score=s.VERSION)
    counting = counting.filter(of_today).exclude(parts={})
    counting = counting.exclude(account_id__in=unproposed_accounts(brief.workspace_id))
    own_first = counting.order_by(Case(When(brief=brief, then=0), default=1), "-decided_at", "-pk")
    return list(own_first.select_related("account")[:MOST_CHOICES])


def _choice(decision: Decision) -> Choice:
    return Choice(decision.brief_id, decision.account_id, decision.kind == "pinned", decision.parts)


def _suggestion(brief: Brief, lesson: Lesson, taught_by: Taught, decisions: Sequence[Decision]) -> WeightSuggestion:
    return WeightSuggestion(
        lesson,
        taught_by,
        len({d.brief_id for d in decisions}),
        _key(brief.weights, lesson, decisions),
        _turned(brief, lesson, decisions),
    )


def _key(present: Mapping[str, float], lesson: Lesson, decisions: Sequence[Decision]) -> str:
    said = [VERSION, sorted(present.items()), sorted(lesson.weights.items()), sorted(d.pk for d in decisions)]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def _turned(brief: Brief, lesson: Lesson, decisions: Sequence[Decision]) -> list[TurnedPair]:
    if lesson.verdict is not Verdict.BETTER:
        return []
    of = {(d.brief_id, d.account_id): d for d in decisions}
    return [
        TurnedPair(
            of[one.pinned.brief_id, one.pinned.account_id],
            of[one.dismissed.brief_id, one.dismissed.account_id],
            one.is_mended,
        )
        for one in turned([_choice(d) for d in decisions], brief.weights, lesson.weights)
    ]
