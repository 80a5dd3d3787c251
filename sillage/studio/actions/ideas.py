"""Ideas on the board: written by people, or found by a rule and put there by a person; moved, pinned, rewritten, put away."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction

from sillage.campaigns.queries.campaigns import get_campaign
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, ActorKind, Right, require
from sillage.lib.canonical import digest
from sillage.lib.errors import Refusal
from sillage.lib.sentences import Sentence
from sillage.lib.text import folded
from sillage.studio.engine.ideas import Column, FoundIdea, column_named, words_of_idea
from sillage.studio.models import Idea, IdeaComment
from sillage.studio.queries.ideas import get_idea
from sillage.understanding.engine.topic_result import parts_of


class NobodysIdea(Refusal):
    """What a rule, an automation or a model writes is not a person's idea."""


class FoundAlready(Refusal):
    """The same thing stands on the board."""


class IdeaMoved(Refusal):
    """Somebody changed the idea since this person looked at it."""


class IdeaNotAPersons(Refusal):
    """What a rule found, or an interview said, is chosen for a brief only in a member's own words."""


class StillTheirWords(Refusal):
    """A quote is said anew in a member's own words, not repeated: it goes with its interview, these words stay."""

    status = 422


@transaction.atomic
def write_idea(*, text: str, actor: Actor, now: datetime, campaign_id: int | None = None) -> Idea:
    """Put a person's idea on the board. Raises IdeaMalformed, NobodysIdea."""
    require(actor, Right.CAMPAIGN)
    _refuse_machines(actor)
    idea = _new(actor, now, campaign_id)
    idea.text = words_of_idea(text)
    idea.save()
    _enter_kept(idea, actor, now)
    return idea


def _refuse_machines(actor: Actor) -> None:
    if actor.kind is not ActorKind.PERSON or actor.member_id is None:
        raise NobodysIdea(
            Sentence("%(actor)s is no person, and an idea is a person's.", actor=actor.name),
            Sentence("Sign in as a member to write it."),
        )


def _new(actor: Actor, now: datetime, campaign_id: int | None) -> Idea:
    campaign = get_campaign(actor.workspace_id, campaign_id) if campaign_id is not None else None
    return Idea(
        workspace_id=actor.workspace_id,
        campaign=campaign,
        member_id=actor.member_id,
        who=actor.name,
        placed_at=now,
        created_at=now,
        changed_at=now,
    )


def _enter_kept(idea: Idea, actor: Actor, now: datetime) -> None:
    governance.record(
        verb="studio.idea_kept",
        subject_kind="idea",
        subject_id=idea.pk,
        actor=actor,
        now=now,
        facts={"rule": idea.rule, "campaign": idea.campaign_id, "rewritten_from": idea.rewritten_from_id},
    )


@transaction.atomic
def keep_found(*, found: FoundIdea, actor: Actor, now: datetime, campaign_id: int | None = None) -> Idea:
    """Put on the board what a rule found, marked as the rule's. The same thing stands there once per campaign."""
    require(actor, Right.CAMPAIGN)
    idea = _new(actor, now, campaign_id)
    idea.rule, idea.rule_version, idea.subject = found.rule.value, found.version, found.subject[:300]
    idea.figures, idea.refs = dict(found.figures), list(found.refs)
    idea.digest = digest({"rule": found.rule.value, "subject": found.subject, "ref": _first(found)}).hex()
    keep_once(idea)
    _enter_kept(idea, actor, now)
    return idea


def keep_once(idea: Idea) -> None:
    """Save an idea with a digest, as part of what puts it on the board: once per campaign. Raises FoundAlready."""
    try:
        with transaction.atomic():
            idea.save()
    except IntegrityError as error:
        raise FoundAlready(
            Sentence("This is on the board already."), Sentence("Look for it there; it can be moved and rewritten.")
        ) from error


def _first(found: FoundIdea) -> str:
    """What a question is known by, since it has no subject."""
    return found.refs[0] if found.refs and not found.subject else ""


@transaction.atomic
def move_idea(*, idea_id: int, to: str, actor: Actor, now: datetime, version: int | None = None) -> Idea:
    """Move an idea to a column. Raises IdeaMoved when `version` is not today's, IdeaNotAPersons."""
    require(actor, Right.CAMPAIGN)
    idea, column = _seen(actor, idea_id, version), column_named(to)
    if column is Column.CHOSEN:
        _refuse_not_own(idea)
    before = idea.place
    idea.place, idea.placed_at = column.value, now
    _change(idea, now)
    governance.record(
        verb="studio.idea_moved",
        subject_kind="idea",
        subject_id=idea.pk,
        actor=actor,
        now=now,
        facts={"from": before, "to": column.value},
    )
    return idea


def _refuse_not_own(idea: Idea) -> None:
    if idea.is_own:
        return
    found = (
        Sentence("A rule found this, and a brief needs a person's idea.")
        if idea.rule
        else Sentence("An interview said this, and a brief needs an idea of your own.")
    )
    raise IdeaNotAPersons(found, Sentence("Rewrite it in your own words, then choose that."))


def _seen(actor: Actor, idea_id: int, version: int | None) -> Idea:
    idea = get_idea(actor.workspace_id, idea_id, lock=True)
    if version is not None and version != idea.version:
        raise IdeaMoved(
            Sentence("Somebody changed this idea in the meantime."),
            Sentence("Look at it as it is now, then do it again."),
        )
    return idea


def _change(idea: Idea, now: datetime) -> None:
    idea.version += 1
    idea.changed_at = now
    idea.save()


@transaction.atomic
def pin_idea(*, idea_id: int, is_pinned: bool, actor: Actor, now: datetime) -> Idea:
    """Keep an idea at the top of its column, or let it go."""
    require(actor, Right.CAMPAIGN)
    idea = _seen(actor, idea_id, None)
    idea.pinned_at = now if is_pinned else None
    _change(idea, now)
    governance.record(
        verb="studio.idea_pinned",
        subject_kind="idea",
        subject_id=idea.pk,
        actor=actor,
        now=now,
        facts={"pinned": is_pinned},
    )
    return idea


@transaction.atomic
def rewrite_idea(*, idea_id: int, text: str, actor: Actor, now: datetime, version: int | None = None) -> Idea:
    """Say an idea in a member's own words. A member's changes; a rule's or a quote stays as it was, off the board, and the
    words become an idea of their own, with the comments. Raises StillTheirWords.
    """
    require(actor, Right.CAMPAIGN)
    _refuse_machines(actor)
    idea = _seen(actor, idea_id, version)
    said = words_of_idea(text)
    found = None if idea.is_own else idea
    if found is not None:
        _refuse_repeated(found, said)
        idea = _rewritten(found, actor, now)
    idea.text = said
    _change(idea, now)
    if found is not None:
        IdeaComment.objects.filter(idea=found).update(idea=idea)
    governance.record(
        verb="studio.idea_rewritten",
        subject_kind="idea",
        subject_id=idea.pk,
        actor=actor,
        now=now,
        facts={"rewritten_from": idea.rewritten_from_id},
    )
    return idea


def _refuse_repeated(found: Idea, said: str) -> None:
    if found.text and folded(found.text).strip(" .!?…") in folded(said):
        raise StillTheirWords(
            Sentence("These are still the words of the interview."),
            Sentence("Say in your own what you take from them."),
        )


def _rewritten(found: Idea, actor: Actor, now: datetime) -> Idea:
    """A member's idea in the same column, with what it rests on; what it was made from goes away from the board."""
    idea = _new(actor, now, found.campaign_id)
    idea.place, idea.pinned_at, idea.rewritten_from = found.place, found.pinned_at, found
    idea.refs, idea.version = found.refs, 0
    found.archived_at = now
    _change(found, now)
    return idea


@transaction.atomic
def put_away_idea(*, idea_id: int, actor: Actor, now: datetime, version: int | None = None) -> Idea:
    """Take an idea off the board."""
    require(actor, Right.CAMPAIGN)
    idea = _seen(actor, idea_id, version)
    idea.archived_at = now
    _change(idea, now)
    governance.record(verb="studio.idea_put_away", subject_kind="idea", subject_id=idea.pk, actor=actor, now=now)
    return idea


def forget_in_ideas(workspace_id: int, account_ids: Collection[int]) -> dict[str, int]:
    """Take an erased creator's posts out of what ideas rest on, as part of an erasure; a rule's that has no other goes."""
    gone = set(account_ids)
    removed = 0
    for idea in Idea.objects.select_for_update().filter(workspace_id=workspace_id).exclude(refs=[]):
        kept = [ref for ref in idea.refs if parts_of(ref)[1] not in gone]
        if len(kept) == len(idea.refs):
            continue
        if idea.rule and (not kept or (not idea.subject and kept[0] != idea.refs[0])):
            idea.delete()
            removed += 1
        else:
            idea.refs = kept
            idea.save(update_fields=["refs"])
    return {"idea": removed} if removed else {}
