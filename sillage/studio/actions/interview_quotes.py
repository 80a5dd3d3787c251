"""Quotes of an interview on their way: to the board of ideas, to the facts of a writing brief; and out again with it.

Only what a summary holds is sent on, only with consent written down, and never what was set aside or flagged as sensitive.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from sillage.campaigns.queries.campaigns import get_campaign
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, ActorKind, Right, require
from sillage.lib.canonical import digest
from sillage.lib.errors import NotFound, Refusal
from sillage.lib.sentences import Sentence
from sillage.studio.actions.briefs import IdeaOfMachine, add_fact
from sillage.studio.actions.ideas import keep_once
from sillage.studio.actions.interview_sound import ConsentMissing
from sillage.studio.actions.interview_stages import StageNewer
from sillage.studio.engine.brief import Fact
from sillage.studio.engine.ideas import words_of_idea
from sillage.studio.engine.interview_quotes import source_told
from sillage.studio.engine.interview_stages import StageKind
from sillage.studio.engine.interview_summary import Quote
from sillage.studio.models import Idea, Interview, InterviewStage, QuotedFact, StoredBrief, VariantRun
from sillage.studio.queries.briefs import get_brief
from sillage.studio.queries.interviews import (
    StageMissing,
    get_interview,
    labels_that_ask,
    newest_stage,
    quotes_in,
)


class QuoteSensitive(Refusal):
    """A quote may touch on what nobody should use lightly: it stays in the interview."""

    status = 422


class QuoteInOtherLanguage(Refusal):
    """A quote stands in a brief in the words that were said, so both have one language."""

    status = 422


@transaction.atomic
def send_quote_to_ideas(
    *,
    interview_id: int,
    place: int,
    actor: Actor,
    now: datetime,
    seen: int | None = None,
    campaign_id: int | None = None,
) -> Idea:
    """Put the quote at `place` of the newest summary on the board, as a quote, with where it comes from.

    Of the interview's campaign unless another is named. Raises ConsentMissing, QuoteSensitive, StageNewer, FoundAlready.
    """
    require(actor, Right.CAMPAIGN)
    row = get_interview(actor.workspace_id, interview_id, lock=True)
    summary, quote = _quote(row, place, seen)
    text = words_of_idea(quote.text)
    idea = Idea(
        workspace_id=row.workspace_id,
        campaign=row.campaign if campaign_id is None else get_campaign(row.workspace_id, campaign_id),
        interview=row,
        text=text,
        figures={"stage": summary.of, "turn": quote.turn, "speaker": quote.speaker, "starts": quote.starts},
        digest=digest({"interview": row.pk, "turn": quote.turn, "text": text}).hex(),
        member_id=actor.member_id,
        who=actor.name,
        placed_at=now,
        created_at=now,
        changed_at=now,
    )
    keep_once(idea)
    governance.record(
        verb="studio.quote_sent_to_ideas",
        subject_kind="interview",
        subject_id=row.pk,
        actor=actor,
        now=now,
        facts={"idea": idea.pk, "stage": summary.number, "turn": quote.turn, "campaign": idea.campaign_id},
    )
    return idea


@transaction.atomic
def send_quote_to_brief(
    *, interview_id: int, place: int, brief_id: int, actor: Actor, now: datetime, seen: int | None = None
) -> StoredBrief:
    """Make the quote at `place` of the newest summary a fact of a writing brief; its source says interview, role and time.

    Raises ConsentMissing, QuoteSensitive, QuoteInOtherLanguage, StageNewer, FactThere, BriefArchived.
    """
    require(actor, Right.CAMPAIGN)
    _refuse_machine(actor)
    row = get_interview(actor.workspace_id, interview_id, lock=True)
    summary, quote = _quote(row, place, seen)
    brief = get_brief(actor.workspace_id, brief_id, lock=True)
    _refuse_other_language(row, brief)
    asks = quote.speaker in labels_that_ask(row.names)
    add_fact(brief, Fact(quote.text, source_told(row.pk, row.title, quote, asks, row.language)), now)
    kept = brief.content["facts"][-1]
    QuotedFact.objects.create(
        brief=brief,
        interview=row,
        number=summary.of or summary.number,
        turn=quote.turn,
        text=kept["text"],
        source=kept["source"],
        member_id=actor.member_id,
        sent_at=now,
    )
    governance.record(
        verb="studio.quote_sent_to_brief",
        subject_kind="interview",
        subject_id=row.pk,
        actor=actor,
        now=now,
        facts={"brief": brief.pk, "version": brief.version, "stage": summary.number, "turn": quote.turn},
    )
    return brief


def _refuse_machine(actor: Actor) -> None:
    if actor.kind is not ActorKind.PERSON:
        raise IdeaOfMachine(
            Sentence("%(actor)s is no person: what a brief may say is a person's to decide.", actor=actor.name),
            Sentence("Have somebody send the quote."),
        )


def _refuse_other_language(row: Interview, brief: StoredBrief) -> None:
    if brief.language != row.language:
        raise QuoteInOtherLanguage(
            Sentence(
                "“%(interview)s” and “%(brief)s” are not in the same language.", interview=row.title, brief=brief.title
            ),
            Sentence("Choose a brief in the language of the interview."),
        )


def _quote(row: Interview, place: int, seen: int | None) -> tuple[InterviewStage, Quote]:
    """A quote of the newest summary that may be used outside of its interview."""
    summary = newest_stage(row, StageKind.SUMMARY)
    if summary is None:
        raise StageMissing(
            Sentence("“%(interview)s” has no summary yet.", interview=row.title), Sentence("Sum it up first.")
        )
    if seen is not None and seen != summary.number:
        raise StageNewer(
            Sentence(
                "The newest summary of “%(interview)s” is stage %(number)s.",
                interview=row.title,
                number=summary.number,
            ),
            Sentence("Look at it, then do this again."),
        )
    quotes, _aside = quotes_in(summary)
    if not 0 <= place < len(quotes):
        raise NotFound(
            Sentence("The summary of “%(interview)s” has no quote %(n)s.", interview=row.title, n=place + 1),
            Sentence("Load the page again."),
        )
    _refuse_guarded(row, quotes[place])
    return summary, quotes[place]


def _refuse_guarded(row: Interview, quote: Quote) -> None:
    if row.consent_on is None:
        raise ConsentMissing(
            Sentence("Nobody has written down what was agreed to for “%(interview)s”.", interview=row.title),
            Sentence("Say who agreed, on which day and for what; then use its quotes within that."),
        )
    if quote.flag:
        raise QuoteSensitive(
            Sentence("This quote may touch on what nobody should use lightly: it stays in the interview."),
            Sentence("Choose another one."),
        )


# -- out again -------------------------------------------------------------------------------------------------------


def take_quotes_out(row: Interview) -> Counter[str]:
    """Take an interview's quotes out of briefs and of variants made from them, as part of its erasure.

    Quotes on the board go with the interview's row; they are counted here. A brief that has no other fact goes too; its
    idea, a member's, stays on the board.
    """
    links = list(QuotedFact.objects.filter(interview=row).values_list("text", "source"))
    texts, sources = {text for text, _ in links}, {source for _, source in links}
    counts = Counter(idea=row.ideas.count())
    if not links:
        return counts
    has_one = Q()
    for name, values in (("text", texts), ("source", sources)):
        for value in values:
            has_one |= Q(content__facts__contains=[{name: value}])
    runs = VariantRun.objects.filter(has_one, brief__workspace_id=row.workspace_id)
    counts["variantrun"] += runs.count()
    runs.delete()
    for brief in StoredBrief.objects.select_for_update().filter(has_one, workspace_id=row.workspace_id).order_by("pk"):
        facts = brief.content["facts"]
        left = [one for one in facts if one["text"] not in texts and one.get("source", "") not in sources]
        counts["quotedfact"] += len(facts) - len(left)
        counts["writingbrief"] += not left
        _leave(brief, left)
    return counts


def _leave(brief: StoredBrief, facts: Collection[dict[str, Any]]) -> None:
    if facts:
        brief.content, brief.version = {**brief.content, "facts": list(facts)}, brief.version + 1
        brief.save(update_fields=["content", "version"])
        return
    author = brief.created_by
    Idea.objects.create(
        workspace_id=brief.workspace_id,
        campaign_id=brief.campaign_id,
        text=brief.content["idea"],
        member=author,
        who=str(author.person)[:200] if author else "-",
        placed_at=brief.changed_at,
        created_at=brief.created_at,
        changed_at=brief.changed_at,
    )
    brief.delete()
