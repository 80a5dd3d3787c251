"""Where the quotes of an interview were sent, and what of it would go with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from django.db.models import Q

from sillage.studio.engine.brief import WritingBrief
from sillage.studio.engine.interview_stages import StageKind
from sillage.studio.engine.interview_summary import Quote
from sillage.studio.models import Idea, Interview, QuotedFact, StoredBrief, Text
from sillage.studio.queries.interviews import newest_stage, quotes_in

MOST_SHOWN = 20


@dataclass(slots=True)
class QuoteUse:
    """Where one quote stands besides its interview."""

    ideas: list[Idea] = field(default_factory=list)
    facts: list[QuotedFact] = field(default_factory=list)


def use_of(uses: Mapping[tuple[int, str], QuoteUse], quote: Quote) -> QuoteUse | None:
    return uses.get((quote.turn, " ".join(quote.text.split())))


def uses_of(interview: Interview) -> Mapping[tuple[int, str], QuoteUse]:
    """By turn and words: ideas on the board, facts of briefs."""
    uses: dict[tuple[int, str], QuoteUse] = {}
    for idea in interview.ideas.filter(archived_at=None).order_by("pk"):
        uses.setdefault((idea.figures.get("turn", 0), idea.text), QuoteUse()).ideas.append(idea)
    for fact in interview.quoted_facts.select_related("brief").order_by("pk"):
        uses.setdefault((fact.turn, fact.text), QuoteUse()).facts.append(fact)
    return uses


@dataclass(frozen=True, slots=True)
class Leaving:
    """What goes with an interview, and the texts that hold words of it and stay: a person changes those."""

    ideas: int
    briefs: Sequence[StoredBrief]
    texts: Sequence[Text]


def leaving_with(interview: Interview) -> Leaving:
    facts = list(interview.quoted_facts.select_related("brief"))
    summary = newest_stage(interview, StageKind.SUMMARY)
    words = {fact.text for fact in facts} | {quote.text for quote in (quotes_in(summary)[0] if summary else ())}
    texts: list[Text] = []
    if words:
        holding = reduce(or_, (Q(body__contains=one) for one in words))
        texts = list(Text.objects.filter(holding, workspace_id=interview.workspace_id).order_by("pk")[:MOST_SHOWN])
    briefs = {fact.brief_id: fact.brief for fact in facts}
    return Leaving(interview.ideas.count(), list(briefs.values()), texts)


def quoted_in(brief: StoredBrief, said: WritingBrief) -> list[QuotedFact | None]:
    """For each fact of the brief the interview that said it; None for what a person gave."""
    rows = list(brief.quoted_facts.select_related("interview").order_by("pk"))
    by_text, by_source = {row.text: row for row in rows}, {row.source: row for row in rows}
    return [by_text.get(fact.text) or by_source.get(fact.source) for fact in said.facts]
