"""The stages of an interview's words. Each is a new row with who made it; none is ever changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.lib.errors import Refusal
from sillage.lib.sentences import Sentence
from sillage.lib.text import without_controls
from sillage.studio.engine import cleaning, interview_summary
from sillage.studio.engine.interview_stages import StageKind, edited_turns
from sillage.studio.engine.interview_summary import NotSaid, quote_of, summary_of
from sillage.studio.engine.transcripts import Turn, read_transcript
from sillage.studio.models import Interview, InterviewStage
from sillage.studio.queries.interviews import (
    get_interview,
    get_stage,
    labels_that_ask,
    newest_stage,
    quotes_in,
    turns_in,
    words_of,
)

LONGEST_TURN_TEXT = 20_000
RULE = "rule"


class StageNewer(Refusal):
    """Somebody made another stage since this person looked."""


class StageUnchanged(Refusal):
    """The words are those of the stage before."""


@transaction.atomic
def add_transcript(*, interview_id: int, name: str, data: bytes, actor: Actor, now: datetime) -> InterviewStage:
    """Bring in a transcript: text, SRT, WebVTT, JSON. Raises TranscriptMalformed with the file's line."""
    require(actor, Right.CAMPAIGN)
    row = get_interview(actor.workspace_id, interview_id, lock=True)
    read = read_transcript(name[:80], data)
    facts = {"file": name[:80], "format": read.format, "turns": len(read.turns)}
    stage = add_stage(row, StageKind.TRANSCRIPT, _kept(read.turns), _by_person(actor), now, facts=facts)
    governance.record(
        verb="studio.transcript_added",
        subject_kind="interview",
        subject_id=row.pk,
        actor=actor,
        now=now,
        facts={"stage": stage.number, **facts},
    )
    return stage


def _by_person(actor: Actor) -> dict[str, Any]:
    """Who made a stage."""
    return {"actor": actor.kind.value, "actor_name": actor.name[:200], "member_id": actor.member_id}


def _by_rule(name: str, version: str, actor: Actor) -> dict[str, Any]:
    """A rule that a member set to work."""
    return {"actor": RULE, "actor_name": name, "actor_version": version, "member_id": actor.member_id}


def _kept(turns: Sequence[Turn]) -> list[dict[str, Any]]:
    return [turn.kept() for turn in turns]


def add_stage(
    interview: Interview, kind: StageKind, content: Any, made_by: Mapping[str, Any], now: datetime, **more: Any
) -> InterviewStage:
    """Append a stage, as part of what makes it; the interview's row is held."""
    last = newest_stage(interview)
    stage = InterviewStage.objects.create(
        interview=interview,
        number=last.number + 1 if last else 1,
        kind=kind.value,
        content=content,
        made_at=now,
        **made_by,
        **more,
    )
    interview.changed_at = now
    interview.save(update_fields=["changed_at"])
    return stage


def _refuse_older(interview: Interview, seen: int | None) -> None:
    last = newest_stage(interview)
    if seen is not None and last is not None and seen != last.number:
        raise StageNewer(
            Sentence(
                "“%(interview)s” has stage %(number)s since you looked at stage %(seen)s.",
                interview=interview.title,
                number=last.number,
                seen=seen,
            ),
            Sentence("Look at it, then do this again."),
        )


@transaction.atomic
def clean_interview(*, interview_id: int, actor: Actor, now: datetime, seen: int | None = None) -> InterviewStage:
    """Take fillers, words said twice and false starts out of the newest words, by rule. The stage before stays as it is."""
    require(actor, Right.CAMPAIGN)
    row = get_interview(actor.workspace_id, interview_id, lock=True)
    _refuse_older(row, seen)
    before = words_of(row)
    cleaned = cleaning.cleaned_turns(turns_in(before), row.language)
    gone: dict[str, int] = {}
    for one in cleaned:
        for reason, n in one.gone.items():
            gone[reason] = gone.get(reason, 0) + n
    if not gone:
        raise StageUnchanged(Sentence("Nothing in these words needs cleaning."), Sentence("Edit them, or sum them up."))
    made_by = _by_rule("cleaning", cleaning.VERSION, actor)
    stage = add_stage(
        row,
        StageKind.CLEANED,
        _kept([one.turn for one in cleaned]),
        made_by,
        now,
        of=before.number,
        facts={"gone": gone},
    )
    governance.record(
        verb="studio.interview_cleaned",
        subject_kind="interview",
        subject_id=row.pk,
        actor=actor,
        now=now,
        facts={"stage": stage.number, "of": before.number, "gone": gone},
    )
    return stage


@transaction.atomic
def edit_interview(
    *,
    interview_id: int,
    texts: Mapping[int, str],
    actor: Actor,
    now: datetime,
    seen: int | None = None,
    speakers: Mapping[int, str] | None = None,
    put_back: Sequence[int] = (),
    note: str = "",
) -> InterviewStage:
    """A person's words: `texts` and `speakers` by turn; `put_back` are turns that are to be as the stage before had them.

    An empty turn goes. Raises StageUnchanged, StageNewer.
    """
    require(actor, Right.CAMPAIGN)
    row = get_interview(actor.workspace_id, interview_id, lock=True)
    _refuse_older(row, seen)
    before = words_of(row)
    turns = turns_in(before)
    said = {place: without_controls(text)[:LONGEST_TURN_TEXT] for place, text in texts.items()}
    said |= {place: turn.text for place, turn in _earlier(row, before, turns, put_back).items()}
    edited = edited_turns(turns, said, speakers or {})
    if edited == turns:
        raise StageUnchanged(Sentence("These are the words as they stand."), Sentence("Change something first."))
    stage = add_stage(row, StageKind.EDITED, _kept(edited), _by_person(actor), now, of=before.number, note=_note(note))
    governance.record(
        verb="studio.interview_edited",
        subject_kind="interview",
        subject_id=row.pk,
        actor=actor,
        now=now,
        facts={"stage": stage.number, "of": before.number, "put_back": len(put_back)},
    )
    return stage


def _earlier(row: Interview, stage: InterviewStage, turns: Sequence[Turn], places: Sequence[int]) -> dict[int, Turn]:
    """The turns at `places` as the stage had them that this one was made from, where both have as many turns."""
    if not places or stage.of is None:
        return {}
    earlier = turns_in(get_stage(row, stage.of))
    return {place: earlier[place] for place in places if len(earlier) == len(turns) and 0 <= place < len(turns)}


def _note(note: str) -> str:
    return " ".join(without_controls(note).split())[:300]


@transaction.atomic
def summarise_interview(
    *,
    interview_id: int,
    actor: Actor,
    now: datetime,
    seen: int | None = None,
    most: int = interview_summary.MOST_QUOTES,
) -> InterviewStage:
    """Pick the sentences that say most of the newest words, each with its time. What is sensitive is set aside for a person."""
    require(actor, Right.CAMPAIGN)
    row = get_interview(actor.workspace_id, interview_id, lock=True)
    _refuse_older(row, seen)
    before = words_of(row)
    summed = summary_of(turns_in(before), labels_that_ask(row.names), max(1, min(most, 30)))
    if not summed.quotes and not summed.aside:
        raise StageUnchanged(
            Sentence("No sentence stands for the others."), Sentence("The interview is too short to be summed up.")
        )
    content = {"quotes": [q.kept() for q in summed.quotes], "aside": [q.kept() for q in summed.aside]}
    made_by = _by_rule("interview summary", interview_summary.VERSION, actor)
    stage = add_stage(row, StageKind.SUMMARY, content, made_by, now, of=before.number)
    governance.record(
        verb="studio.interview_summarised",
        subject_kind="interview",
        subject_id=row.pk,
        actor=actor,
        now=now,
        facts={"stage": stage.number, "of": before.number, "quotes": len(summed.quotes), "aside": len(summed.aside)},
    )
    return stage


@transaction.atomic
def edit_summary(
    *,
    interview_id: int,
    keep: Sequence[int],
    actor: Actor,
    now: datetime,
    seen: int | None = None,
    take: Sequence[int] = (),
    add: Sequence[tuple[int, str]] = (),
) -> InterviewStage:
    """A person's summary: quotes kept by their place, some taken from those set aside, others added word for word.

    Raises NotSaid for words that nobody said, StageMissing where there is no summary.
    """
    require(actor, Right.CAMPAIGN)
    row = get_interview(actor.workspace_id, interview_id, lock=True)
    _refuse_older(row, seen)
    before = newest_stage(row, StageKind.SUMMARY)
    if before is None or before.of is None:
        raise NotSaid(Sentence("“%(row)s” has no summary yet.", row=row.title), Sentence("Sum it up first."))
    quotes, aside = quotes_in(before)
    turns = turns_in(get_stage(row, before.of))
    chosen = [quotes[i] for i in sorted(set(keep)) if 0 <= i < len(quotes)]
    chosen += [aside[i] for i in sorted(set(take)) if 0 <= i < len(aside)]
    chosen += [quote_of(turns, place, text) for place, text in add]
    ordered = sorted(dict.fromkeys(chosen), key=lambda quote: quote.turn)
    left = [quote for i, quote in enumerate(aside) if i not in set(take)]
    if tuple(ordered) == quotes:
        raise StageUnchanged(Sentence("This is the summary as it stands."), Sentence("Change something first."))
    content = {"quotes": [q.kept() for q in ordered], "aside": [q.kept() for q in left]}
    stage = add_stage(row, StageKind.SUMMARY, content, _by_person(actor), now, of=before.of)
    governance.record(
        verb="studio.summary_edited",
        subject_kind="interview",
        subject_id=row.pk,
        actor=actor,
        now=now,
        facts={"stage": stage.number, "quotes": len(ordered)},
    )
    return stage
