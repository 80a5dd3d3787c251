"""Writing, changing, copying and putting away writing briefs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from sillage.campaigns.queries.campaigns import get_campaign
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, ActorKind, Right, require
from sillage.lib.errors import Refusal
from sillage.lib.sentences import Sentence
from sillage.lib.text import folded
from sillage.studio.engine.brief import Fact, WritingBrief, writing_brief
from sillage.studio.engine.lawful import packs_of
from sillage.studio.models import StoredBrief
from sillage.studio.queries.briefs import content_of, get_brief
from sillage.studio.queries.voices import get_voice

LINKS = ("campaign_id", "voice_id")  # what a stored brief has besides its content
TITLE = 200


class IdeaOfMachine(Refusal):
    """The idea of a brief is a person's: a machine writes none."""

    status = 403


@transaction.atomic
def write_brief(*, given: Mapping[str, Any], actor: Actor, now: datetime) -> StoredBrief:
    """Keep a writing brief. `given` has the fields of engine/brief.py, and `campaign_id`, `voice_id` where it has them.

    Raises IdeaMissing, FactMissing, WritingBriefMalformed, SortsPeople, NoLawPack, NotFound for what is not ours.
    """
    _refuse_machine(actor)
    stored = StoredBrief(workspace_id=actor.workspace_id, created_by_id=actor.member_id, created_at=now)
    _fill(stored, given, now)
    governance.record(
        verb="studio.brief_written",
        subject_kind="writing_brief",
        subject_id=stored.pk,
        actor=actor,
        now=now,
        facts={"kind": stored.kind, "language": stored.language},
    )
    return stored


class BriefNewer(Refusal):
    """Somebody changed the brief since it was looked at."""


@transaction.atomic
def change_brief(
    *, brief_id: int, given: Mapping[str, Any], actor: Actor, now: datetime, seen: int | None = None
) -> StoredBrief:
    """Change the named fields; what is given as None is taken away. `seen` is the version that was looked at."""
    _refuse_machine(actor)
    stored = get_brief(actor.workspace_id, brief_id, lock=True)
    _refuse_archived(stored)
    if seen is not None and seen != stored.version:
        raise BriefNewer(
            Sentence(
                "“%(stored)s” was changed meanwhile: it is version %(stored_version)s, you saw %(seen)s.",
                stored=stored.title,
                stored_version=stored.version,
                seen=seen,
            ),
            Sentence("Look at it as it is now, then change it again."),
        )
    before = content_of(stored).kept()
    linked = {name: getattr(stored, name) for name in LINKS}
    merged = {**before, **linked, **given}
    stored.version += 1
    _fill(stored, merged, now)
    after = stored.content
    fields = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    fields += [name for name in LINKS if linked[name] != getattr(stored, name)]
    governance.record(
        verb="studio.brief_changed",
        subject_kind="writing_brief",
        subject_id=stored.pk,
        actor=actor,
        now=now,
        facts={"version": stored.version, "fields": fields},
    )
    return stored


class FactThere(Refusal):
    """The brief says this already."""


def add_fact(stored: StoredBrief, fact: Fact, now: datetime) -> None:
    """Put a fact behind the others, as part of what brings it; the brief's row is held. Raises FactThere, BriefArchived."""
    _refuse_archived(stored)
    content = content_of(stored)
    if any(folded(one.text) == folded(fact.text) for one in content.facts):
        raise FactThere(
            Sentence("“%(stored)s” has this fact already.", stored=stored.title), Sentence("Look at its facts.")
        )
    stored.version += 1
    linked = {name: getattr(stored, name) for name in LINKS}
    facts = [asdict(one) for one in (*content.facts, fact)]
    _fill(stored, {**content.kept(), **linked, "facts": facts}, now)


@transaction.atomic
def duplicate_brief(*, brief_id: int, title: str, actor: Actor, now: datetime) -> StoredBrief:
    """Another brief with the same words, under its own title."""
    _refuse_machine(actor)
    source = get_brief(actor.workspace_id, brief_id)
    stored = StoredBrief(workspace_id=actor.workspace_id, created_by_id=actor.member_id, created_at=now)
    links = {name: value for name in LINKS if (value := getattr(source, name)) is not None}
    _fill(stored, {**content_of(source).kept(), **links, "title": title}, now)
    governance.record(
        verb="studio.brief_duplicated",
        subject_kind="writing_brief",
        subject_id=stored.pk,
        actor=actor,
        now=now,
        facts={"from": source.pk},
    )
    return stored


class BriefArchived(Refusal):
    """A brief that was put away stays as it is."""


class BriefAlreadySo(Refusal):
    """The brief is put away already, or was not."""


@transaction.atomic
def archive_brief(*, brief_id: int, actor: Actor, now: datetime) -> StoredBrief:
    """Put a brief away: its runs and texts stay, nothing new is made from it."""
    require(actor, Right.CAMPAIGN)
    stored = get_brief(actor.workspace_id, brief_id, lock=True)
    if stored.archived_at is not None:
        raise BriefAlreadySo(
            Sentence("“%(stored)s” is put away already.", stored=stored.title),
            Sentence("Bring it back to write from it."),
        )
    stored.archived_at = stored.changed_at = now
    stored.save(update_fields=["archived_at", "changed_at"])
    governance.record(
        verb="studio.brief_archived",
        subject_kind="writing_brief",
        subject_id=stored.pk,
        actor=actor,
        now=now,
    )
    return stored


@transaction.atomic
def restore_brief(*, brief_id: int, actor: Actor, now: datetime) -> StoredBrief:
    """Bring back a brief that was put away."""
    require(actor, Right.CAMPAIGN)
    stored = get_brief(actor.workspace_id, brief_id, lock=True)
    if stored.archived_at is None:
        raise BriefAlreadySo(
            Sentence("“%(stored)s” is not put away.", stored=stored.title), Sentence("There is nothing to bring back.")
        )
    stored.archived_at, stored.changed_at = None, now
    stored.save(update_fields=["archived_at", "changed_at"])
    governance.record(
        verb="studio.brief_restored",
        subject_kind="writing_brief",
        subject_id=stored.pk,
        actor=actor,
        now=now,
    )
    return stored


def _refuse_machine(actor: Actor) -> None:
    require(actor, Right.CAMPAIGN)
    if actor.kind is not ActorKind.PERSON:
        raise IdeaOfMachine(
            Sentence("%(actor)s is no person: the idea of a brief is a person's.", actor=actor.name),
            Sentence("Have somebody write the brief."),
        )


def _refuse_archived(stored: StoredBrief) -> None:
    if stored.archived_at is not None:
        raise BriefArchived(
            Sentence("“%(stored)s” is put away.", stored=stored.title),
            Sentence("Bring it back to change it, or copy it."),
        )


def _fill(stored: StoredBrief, given: Mapping[str, Any], now: datetime) -> None:
    said = writing_brief({name: value for name, value in given.items() if name not in LINKS and value is not None})
    packs_of(said)  # refuses packs that do not exist
    campaign, voice = given.get("campaign_id"), given.get("voice_id")
    stored.campaign = get_campaign(stored.workspace_id, campaign) if campaign is not None else None
    stored.voice = get_voice(stored.workspace_id, voice) if voice is not None else None
    stored.title, stored.kind, stored.language = _title(said), said.kind.value, said.language
    stored.content = said.kept()
    stored.changed_at = now
    stored.save()


def _title(said: WritingBrief) -> str:
    return said.title if len(said.title) <= TITLE else f"{said.title[: TITLE - 1]}…"
