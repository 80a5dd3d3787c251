"""Opening and changing briefs. What the machine read out of the text is kept beside it, for a person to correct."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from sillage.discovery.actions.deciding import NotAPerson
from sillage.discovery.engine.brief import brief_given, weights_given
from sillage.discovery.engine.learning import VERSION
from sillage.discovery.models import Brief
from sillage.discovery.queries.briefs import get_brief
from sillage.discovery.queries.learning import weight_suggestion
from sillage.discovery.queries.reading import as_given, fill, known_in
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, ActorKind, Right, require
from sillage.lib.errors import Refusal
from sillage.lib.sentences import Sentence
from sillage.understanding.engine.themes import theme_set

_READ = ("themes", "unwanted_themes", "terms", "unwanted_terms")  # read out of the text, unless a person says them


@transaction.atomic
def open_brief(*, given: Mapping[str, Any], actor: Actor, now: datetime) -> Brief:
    """Read a brief and keep it. Raises BriefMalformed naming the field, or the filters' own refusals."""
    require(actor, Right.BRIEF)
    said = brief_given(given, known_in(actor.workspace_id, given))
    brief = Brief(workspace_id=actor.workspace_id, created_by_id=actor.member_id, created_at=now)
    fill(brief, said, now)
    brief.is_edited = any(getattr(said, name) is not None for name in _READ)
    brief.save()
    governance.record(
        verb="discovery.brief_opened",
        subject_kind="brief",
        subject_id=brief.pk,
        actor=actor,
        now=now,
        facts={"themes": brief.themes, "themes_version": theme_set().version},
    )
    return brief


@transaction.atomic
def change_brief(*, brief_id: int, given: Mapping[str, Any], actor: Actor, now: datetime) -> Brief:
    """Change the named fields. A new text is read again, but for what is given exactly."""
    require(actor, Right.BRIEF)
    brief = get_brief(actor.workspace_id, brief_id)
    before = as_given(brief)
    kept = dict(before)
    was_edited = brief.is_edited
    if given.get("text", brief.text) != brief.text:
        was_edited = False
        for name in ("themes", "unwanted_themes", "terms", "unwanted_terms", "language", "filters"):
            kept.pop(name)
    said = brief_given({**kept, **given}, known_in(actor.workspace_id, given).and_those_of(before))
    fill(brief, said, now)
    if brief.weights != before["weights"]:
        brief.former_weights = before["weights"]
    said_anew = all(name in given for name in _READ)
    brief.is_edited = any(given.get(name) is not None for name in _READ) or (was_edited and not said_anew)
    brief.save()
    governance.record(
        verb="discovery.brief_changed",
        subject_kind="brief",
        subject_id=brief.pk,
        actor=actor,
        now=now,
        facts={"fields": sorted(given)},
    )
    return brief


class NothingSuggested(Refusal):
    """The decisions suggest no other weights."""


class SuggestionOutdated(Refusal):
    """What is accepted is not what would be suggested now."""


@transaction.atomic
def weigh(
    *,
    brief_id: int,
    weights: Mapping[str, Any],
    diversity: float,
    actor: Actor,
    now: datetime,
    suggestion: str = "",
) -> Brief:
    """Keep the weights that the sliders were moved to, or, given its key, those of a suggestion: a person accepts it.

    The former weights are kept beside. Raises NothingSuggested, SuggestionOutdated, NotAPerson.
    """
    require(actor, Right.BRIEF)
    brief = _locked(actor, brief_id)
    wanted = weights_given(weights)
    facts = {"suggestion": _accepted(brief, wanted, suggestion, actor)} if suggestion else {}
    if wanted != brief.weights:
        brief.weights, brief.former_weights = wanted, brief.weights
    brief.diversity = min(1.0, max(0.0, diversity))
    brief.changed_at = now
    brief.save(update_fields=["weights", "former_weights", "diversity", "changed_at"])
    governance.record(
        verb="discovery.brief_weighed",
        subject_kind="brief",
        subject_id=brief.pk,
        actor=actor,
        now=now,
        facts={"weights": brief.weights, "diversity": brief.diversity, **facts},
    )
    return brief


def _locked(actor: Actor, brief_id: int) -> Brief:
    get_brief(actor.workspace_id, brief_id)
    return Brief.objects.select_for_update().get(pk=brief_id)


def _accepted(brief: Brief, weights: Mapping[str, float], key: str, actor: Actor) -> dict[str, Any]:
    """What the ledger says of the suggestion that a person accepts."""
    if actor.kind is not ActorKind.PERSON or actor.member_id is None:
        raise NotAPerson(
            Sentence("%(actor)s is not a person.", actor=actor.name),
            Sentence("A machine may suggest weights; a person accepts them."),
        )
    found = weight_suggestion(brief)
    if not found.is_offered:
        raise NothingSuggested(
            Sentence("The decisions on “%(brief)s” suggest no other weights.", brief=brief.title),
            Sentence("Pin and dismiss more creators, or move the sliders yourself."),
        )
    if found.key != key or found.lesson.weights != weights:
        raise SuggestionOutdated(
            Sentence("These weights are not what the decisions on “%(brief)s” suggest now.", brief=brief.title),
            Sentence("Decisions or weights changed meanwhile: look at the new suggestion."),
        )
    told = {"by": f"automation {VERSION}", "key": key, "taught_by": found.taught_by.value}
    return {**told, "decisions": found.lesson.choices, "pairs": found.lesson.pairs}


@transaction.atomic
def archive_brief(*, brief_id: int, actor: Actor, now: datetime) -> Brief:
    """Put a brief away; its shortlists stay."""
    require(actor, Right.BRIEF)
    brief = get_brief(actor.workspace_id, brief_id)
    brief.archived_at = brief.archived_at or now
    brief.save(update_fields=["archived_at"])
    governance.record(verb="discovery.brief_archived", subject_kind="brief", subject_id=brief.pk, actor=actor, now=now)
    return brief


class BriefInUse(Refusal):
    """Only a brief that was put away can be brought back."""


@transaction.atomic
def restore_brief(*, brief_id: int, actor: Actor, now: datetime) -> Brief:
    """Bring back a brief that was put away. Raises BriefInUse."""
    require(actor, Right.BRIEF)
    brief = _locked(actor, brief_id)
    if brief.archived_at is None:
        raise BriefInUse(
            Sentence("“%(brief)s” is not put away.", brief=brief.title), Sentence("There is nothing to bring back.")
        )
    brief.archived_at = None
    brief.save(update_fields=["archived_at"])
    governance.record(verb="discovery.brief_restored", subject_kind="brief", subject_id=brief.pk, actor=actor, now=now)
    return brief
