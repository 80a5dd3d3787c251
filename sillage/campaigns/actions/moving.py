"""Moving collaborations through the pipeline. Every move is appended; taking one back is a move of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from sillage.campaigns.engine.pipeline import (
    AT_WORK,
    IN_TALKS,
    STAGE_WORDS,
    Facts,
    Objection,
    Stage,
    Wish,
    refusal_of,
    undo_refusal_of,
    way_forward,
)
from sillage.campaigns.models import Collaboration, Move
from sillage.campaigns.queries.campaigns import get_campaign, get_collaboration
from sillage.campaigns.queries.gates import facts_of
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.lib.errors import NotFound, Refusal
from sillage.lib.sentences import Sentence


class MoveRefused(Refusal):
    """A gate of the pipeline says no; `objection` has its words."""

    def __init__(self, objection: Objection) -> None:
        self.objection = objection
        super().__init__(objection.message, objection.hint)


class MovedMeanwhile(Refusal):
    """Somebody moved the collaboration since it was looked at: who, and where to."""

    def __init__(self, collaboration: Collaboration) -> None:
        self.collaboration = collaboration
        self.last = collaboration.moves.select_related("member__person").order_by("-pk").first()
        super().__init__(
            Sentence(
                "%(who)s moved %(collaboration)s to %(stage)s meanwhile.",
                who=self.last.who,
                collaboration=collaboration.name,
                stage=STAGE_WORDS[Stage(collaboration.stage)],
            )
            if self.last
            else Sentence("%(collaboration)s was changed meanwhile.", collaboration=collaboration.name),
            Sentence("Look at it as it is now, then decide again."),
        )


@transaction.atomic
def move_collaboration(
    *, collaboration_id: int, to: Stage, actor: Actor, now: datetime, version: int | None = None, reason: str = ""
) -> Collaboration:
    """Move one collaboration. `version` is the one that was looked at; without it whatever stands is moved.

    Raises MoveRefused with a gate's words, MovedMeanwhile when somebody was faster.
    """
    require(actor, Right.CAMPAIGN)
    row = get_collaboration(actor.workspace_id, collaboration_id, lock=True)
    if version is not None and row.version != version:
        raise MovedMeanwhile(row)
    source = Stage(row.stage)
    objection = refusal_of(Wish(row.name, source, to, reason), facts_of([row], now)[row.pk])
    if objection is not None:
        raise MoveRefused(objection)
    _moved(row, to, actor.name, actor.member_id, reason, now)
    governance.record(
        verb="campaigns.collaboration_moved",
        subject_kind="collaboration",
        subject_id=row.pk,
        actor=actor,
        now=now,
        facts={"from": source.value, "to": to.value, "campaign": row.campaign_id},
    )
    return row


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one collaboration of a bulk move: moved, or not and why."""

    collaboration: Collaboration
    refusal: Refusal | None = None


@transaction.atomic
def move_collaborations(
    *,
    campaign_id: int,
    versions: Mapping[int, int | None],
    to: Stage,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> list[Outcome]:
    """Move many collaborations of a campaign ({id: version looked at}): each by itself, in the order of their names.

    What is refused stays where it is and says why; the others move.
    """
    require(actor, Right.CAMPAIGN)
    campaign = get_campaign(actor.workspace_id, campaign_id)
    found = Collaboration.objects.select_for_update(of=("self",)).select_related("campaign")
    rows = list(found.filter(campaign=campaign, pk__in=list(versions)).order_by("pk"))
    if len(rows) < len(versions):
        raise NotFound(
            Sentence("Some of these collaborations are not in this campaign."), Sentence("Look at the campaign again.")
        )
    facts = facts_of(rows, now)
    outcomes = [
        _one_of_many(row, versions[row.pk], Wish(row.name, Stage(row.stage), to, reason), facts[row.pk], actor, now)
        for row in rows
    ]
    governance.record(
        verb="campaigns.collaborations_moved",
        subject_kind="campaign",
        subject_id=campaign.pk,
        actor=actor,
        now=now,
        facts={
            "to": to.value,
            "moved": [o.collaboration.pk for o in outcomes if o.refusal is None],
            "refused": [o.collaboration.pk for o in outcomes if o.refusal is not None],
        },
    )
    return sorted(outcomes, key=lambda o: o.collaboration.name.casefold())


def _one_of_many(
    row: Collaboration, version: int | None, wish: Wish, facts: Facts, actor: Actor, now: datetime
) -> Outcome:
    if version is not None and row.version != version:
        return Outcome(row, MovedMeanwhile(row))
    objection = refusal_of(wish, facts)
    if objection is not None:
        return Outcome(row, MoveRefused(objection))
    _moved(row, wish.target, actor.name, actor.member_id, wish.reason, now)
    return Outcome(row)


class NothingToUndo(Refusal):
    """There is no move that could be taken back."""


@transaction.atomic
def undo_move(*, collaboration_id: int, actor: Actor, now: datetime, version: int | None = None) -> Collaboration:
    """Take the last move back, by a move of its own. A move that took one back is not taken back again."""
    require(actor, Right.CAMPAIGN)
    row = get_collaboration(actor.workspace_id, collaboration_id, lock=True)
    if version is not None and row.version != version:
        raise MovedMeanwhile(row)
    last = row.moves.order_by("-pk").first()
    if last is None or last.undoes_id is not None:
        raise NothingToUndo(
            Sentence("The last move of %(row)s cannot be taken back.", row=row.name),
            Sentence("Move it to the stage you want."),
        )
    objection = undo_refusal_of(facts_of([row], now)[row.pk])
    if objection is not None:
        raise MoveRefused(objection)
    _moved(row, Stage(last.from_stage), actor.name, actor.member_id, "", now, undoes=last)
    governance.record(
        verb="campaigns.move_undone",
        subject_kind="collaboration",
        subject_id=row.pk,
        actor=actor,
        now=now,
        facts={"from": last.to_stage, "to": last.from_stage, "campaign": row.campaign_id},
    )
    return row


def follow(*, collaboration: Collaboration, to: Stage, who: str, because: str, now: datetime) -> bool:
    """Move a collaboration that something else brought further (a signature, a live post), as part of that action.

    The row must be locked. Gates are asked as for a person; what they refuse stays, and False is returned.
    """
    wish = Wish(collaboration.name, Stage(collaboration.stage), to)
    if refusal_of(wish, facts_of([collaboration], now)[collaboration.pk]) is not None:
        return False
    _moved(collaboration, to, who, None, because, now)
    return True


def follow_from_work(
    *, collaboration_id: int, workspace_id: int, to: Stage, who: str, because: str, now: datetime
) -> None:
    """Bring a collaboration that was talked with, or is at work, as far as its gates let, as part of what brought it further.

    Signing and sending are not held up by the board: what a gate refuses stays where it is.
    """
    row = get_collaboration(workspace_id, collaboration_id, lock=True)
    if Stage(row.stage) not in (*IN_TALKS, *AT_WORK):
        return
    for stage in way_forward(Stage(row.stage), to):
        if not follow(collaboration=row, to=stage, who=who, because=because, now=now):
            return


def _moved(
    row: Collaboration,
    to: Stage,
    who: str,
    member_id: int | None,
    reason: str,
    now: datetime,
    undoes: Move | None = None,
) -> None:
    said = " ".join(reason.split())[:300]
    Move.objects.create(
        collaboration=row,
        from_stage=row.stage,
        to_stage=to.value,
        member_id=member_id,
        who=who[:200],
        reason=said,
        moved_at=now,
        undoes=undoes,
    )
    row.stage = to.value
    row.stage_since = now
    row.closed_because = said if to is Stage.CLOSED else ""
    row.version += 1
    row.changed_at = now
    row.save(update_fields=["stage", "stage_since", "closed_because", "version", "changed_at"])
