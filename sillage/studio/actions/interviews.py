"""Interviews: added, consented to, named, confirmed, erased. Their words are made in interview_stages.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from sillage.adapters import blobs
from sillage.campaigns.queries.campaigns import get_campaign
from sillage.catalogue.queries import get_creator
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.engine.sensitive import refuse_sorting
from sillage.lib.errors import Malformed, Refusal
from sillage.lib.sentences import Grouped, Sentence, either
from sillage.lib.text import folded, without_controls
from sillage.studio.actions.interview_quotes import take_quotes_out
from sillage.studio.engine.brief import LANGUAGES
from sillage.studio.engine.interview_stages import StageKind
from sillage.studio.engine.transcripts import LONGEST_SPEAKER
from sillage.studio.models import Interview
from sillage.studio.queries.interviews import get_interview, get_stage, list_speakers

FIELDS = frozenset({"title", "person", "language", "held_on", "creator", "campaign_id"})


class InterviewMalformed(Malformed):
    """A field of the interview cannot be read."""

    title = "Malformed interview"


class ConsentMalformed(Malformed):
    """A consent says who, when and for what."""

    title = "Malformed consent"


class SpeakerUnknown(Refusal):
    """Nobody of this name speaks in the interview."""

    status = 422


@transaction.atomic
def add_interview(*, given: Mapping[str, Any], actor: Actor, now: datetime) -> Interview:
    """Open an interview: title, person, language, held_on, creator (a key of the catalogue), campaign_id.

    Its words and its sound come afterwards. Raises InterviewMalformed, SortsPeople, NotFound.
    """
    require(actor, Right.CAMPAIGN)
    row = Interview(workspace_id=actor.workspace_id, created_by_id=actor.member_id, created_at=now, language="fr")
    _fill(row, given, now)
    if not row.title:
        raise InterviewMalformed(Sentence("The interview has no title."), Sentence("Say what it is about."), "title")
    row.save()
    governance.record(
        verb="studio.interview_added",
        subject_kind="interview",
        subject_id=row.pk,
        actor=actor,
        now=now,
        facts={"language": row.language, "creator": row.creator_id, "campaign": row.campaign_id},
    )
    return row


@transaction.atomic
def change_interview(*, interview_id: int, given: Mapping[str, Any], actor: Actor, now: datetime) -> Interview:
    """Change the named fields of `add_interview`."""
    require(actor, Right.CAMPAIGN)
    row = get_interview(actor.workspace_id, interview_id, lock=True)
    _fill(row, given, now)
    row.save(update_fields=["title", "person", "language", "held_on", "creator_id", "campaign", "changed_at"])
    governance.record(
        verb="studio.interview_changed",
        subject_kind="interview",
        subject_id=row.pk,
        actor=actor,
        now=now,
        facts={"fields": sorted(given)},
    )
    return row


def _fill(row: Interview, given: Mapping[str, Any], now: datetime) -> None:
    for name in given:
        if name not in FIELDS:
            raise InterviewMalformed(
                Sentence("An interview has no “%(name)s”.", name=name),
                Sentence("It has %(fields)s.", fields=", ".join(sorted(FIELDS))),
                name,
            )
    row.title = _line("title", given.get("title", row.title)) or row.title
    row.person = _line("person", given.get("person", row.person))
    refuse_sorting(row.title)
    row.language = given.get("language", row.language)
    if row.language not in LANGUAGES:
        raise InterviewMalformed(
            Sentence("Interviews in “%(language)s” are not read.", language=row.language),
            Sentence("Choose %(languages)s.", languages=either(LANGUAGES)),
            "language",
        )
    row.held_on = _day("held_on", given.get("held_on", row.held_on))
    if given.get("creator"):
        creator = get_creator(row.workspace_id, str(given["creator"]))
        row.creator_id, row.person = creator.pk, row.person or creator.name
    if given.get("campaign_id"):
        row.campaign = get_campaign(row.workspace_id, int(given["campaign_id"]))
    row.changed_at = now


def _line(name: str, value: Any, most: int = 200) -> str:
    if not isinstance(value, str):
        raise InterviewMalformed(Sentence("“%(name)s” is not text.", name=name), Sentence("Write it in quotes."), name)
    line = " ".join(without_controls(value).split())
    if len(line) > most:
        raise InterviewMalformed(
            Sentence("“%(name)s” has %(line_count)s characters.", name=name, line_count=Grouped(len(line))),
            Sentence("Say it in %(most)s.", most=most),
            name,
        )
    return line


def _day(name: str, value: Any) -> date | None:
    if value in (None, ""):
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise InterviewMalformed(
            Sentence("“%(value)s” is no day.", value=str(value)[:40]), Sentence("Write one like 2026-06-15."), name
        ) from error


@transaction.atomic
def keep_consent(
    *, interview_id: int, who: str, on: date | str, purpose: str, actor: Actor, now: datetime
) -> Interview:
    """Write down who agreed to be recorded, on which day and for what: without it no sound is kept (GDPR, article 7(1))."""
    require(actor, Right.CAMPAIGN)
    row = get_interview(actor.workspace_id, interview_id, lock=True)
    row.consent_who, row.consent_for = _line("who", who), _line("purpose", purpose, 500)
    row.consent_on = _day("on", on)
    if not row.consent_who or not row.consent_for or row.consent_on is None:
        raise ConsentMalformed(
            Sentence("The consent is not whole."), Sentence("Say who agreed, on which day, and for what."), "who"
        )
    if row.consent_on > now.date():
        raise ConsentMalformed(
            Sentence("This day has not come yet."), Sentence("Write down what was agreed, not what will be."), "on"
        )
    row.consent_kept_by_id, row.consent_kept_at = actor.member_id, now
    row.changed_at = now
    row.save(
        update_fields=["consent_who", "consent_on", "consent_for", "consent_kept_by", "consent_kept_at", "changed_at"]
    )
    governance.record(
        verb="studio.consent_kept",
        subject_kind="interview",
        subject_id=row.pk,
        actor=actor,
        now=now,
        facts={"on": row.consent_on.isoformat()},
    )
    return row


@transaction.atomic
def name_speakers(
    *, interview_id: int, names: Mapping[str, tuple[str, bool]], actor: Actor, now: datetime
) -> Interview:
    """Say who the speakers are: {label of the file: (name, whether they ask the questions)}. The words stay as they are."""
    require(actor, Right.CAMPAIGN)
    row = get_interview(actor.workspace_id, interview_id, lock=True)
    known = {speaker.label for speaker in list_speakers(row)}
    for label in names:
        if label not in known:
            raise SpeakerUnknown(
                Sentence("Nobody called “%(label)s” speaks in “%(row)s”.", label=label[:40], row=row.title),
                Sentence("Look at its speakers."),
            )
    said = {
        label: {"name": _line("name", name, LONGEST_SPEAKER), "asks": asks} for label, (name, asks) in names.items()
    }
    row.names, row.changed_at = {**row.names, **said}, now
    row.save(update_fields=["names", "changed_at"])
    governance.record(
        verb="studio.speakers_named",
        subject_kind="interview",
        subject_id=row.pk,
        actor=actor,
        now=now,
        facts={"speakers": len(said)},
    )
    return row


@transaction.atomic
def confirm_transcript(*, interview_id: int, number: int, actor: Actor, now: datetime) -> Interview:
    """A person says that the words of a stage are what was said. A month later the sound is deleted."""
    require(actor, Right.CAMPAIGN)
    row = get_interview(actor.workspace_id, interview_id, lock=True)
    stage = get_stage(row, number)
    if not StageKind(stage.kind).has_turns:
        raise InterviewMalformed(
            Sentence("A summary is no transcript."), Sentence("Confirm the stage that has the turns."), "number"
        )
    row.confirmed_number, row.confirmed_by_id, row.confirmed_at = number, actor.member_id, now
    row.changed_at = now
    row.save(update_fields=["confirmed_number", "confirmed_by", "confirmed_at", "changed_at"])
    governance.record(
        verb="studio.transcript_confirmed",
        subject_kind="interview",
        subject_id=row.pk,
        actor=actor,
        now=now,
        facts={"stage": number},
    )
    return row


@transaction.atomic
def erase_interview(*, interview_id: int, actor: Actor, now: datetime) -> None:
    """Delete an interview whole, sound, every stage and what was quoted: a mistake, or the consent was taken back."""
    require(actor, Right.CAMPAIGN)
    row = get_interview(actor.workspace_id, interview_id, lock=True)
    facts = {"stages": row.stages.count(), "audio": row.has_audio}
    facts |= _remove([row])
    governance.record(
        verb="studio.interview_erased",
        subject_kind="interview",
        subject_id=interview_id,
        actor=actor,
        now=now,
        facts=facts,
    )


def forget_interviews(workspace_id: int, creator_id: int, names: Sequence[str]) -> dict[str, int]:
    """Delete the interviews with a person, by number or by name, as part of their erasure."""
    called = {folded(name).strip(" @") for name in names}
    rows = [
        row
        for row in Interview.objects.select_for_update().filter(workspace_id=workspace_id)
        if (creator_id and row.creator_id == creator_id) or (row.person and folded(row.person).strip(" @") in called)
    ]
    return {"interview": len(rows), **_remove(rows)}


def _remove(rows: Sequence[Interview]) -> dict[str, int]:
    """The sound goes before the row does: a process that dies in between leaves no sound that nothing names.

    What was quoted goes too, and is counted.
    """
    counts: Counter[str] = Counter()
    for row in rows:
        counts.update(take_quotes_out(row))
        if row.audio_sha256:
            blobs.forget(row.workspace_id, row.audio_sha256)
        row.delete()
    return dict(+counts)
