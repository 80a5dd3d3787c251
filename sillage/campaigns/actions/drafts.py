"""Drafts: sent by a creator through their link, or entered by a member. A version is never changed: the next one is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from sillage.campaigns.actions.deliverables import refuse_approved
from sillage.campaigns.actions.moving import follow_from_work
from sillage.campaigns.actions.uploads import MOST_FILES, KeptFile
from sillage.campaigns.engine.checking import Checked
from sillage.campaigns.engine.deliverables import MOST_TEXT, STATE_WORDS, DeliverableState, facts_said
from sillage.campaigns.engine.pipeline import Stage
from sillage.campaigns.models import Deliverable, Draft, DraftCheck, DraftFile
from sillage.campaigns.queries.checking import check_of_draft, packs_of
from sillage.campaigns.queries.deliverables import get_deliverable
from sillage.campaigns.queries.drafts import get_draft, newest_draft, opened_deliverable, who_speaks
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.engine.law_kept import as_kept
from sillage.governance.engine.law_reading import law_book, version_of
from sillage.governance.engine.links import Purpose
from sillage.governance.models import Link
from sillage.lib.canonical import digest
from sillage.lib.errors import Malformed, NotFound, Refusal
from sillage.lib.sentences import Sentence, to_stored
from sillage.lib.text import without_controls

MOST_NOTE = 2_000


class DraftMalformed(Malformed):
    """A draft has words or a file, and not more than a network takes."""

    title = "Malformed draft"


class DraftNotAwaited(Refusal):
    """No draft of this deliverable is awaited."""


class DraftUnchanged(Refusal):
    """The same words and files came a second time."""


@transaction.atomic
def submit_draft(
    *,
    deliverable_id: int,
    text: str,
    actor: Actor,
    now: datetime,
    title: str = "",
    note: str = "",
    facts: Mapping[str, Any] | None = None,
    files: Sequence[KeptFile] = (),
    again: Sequence[int] = (),
    link: Link | None = None,
) -> Draft:
    """Keep the next version and hold it against the campaign's rules and law packs.

    `files` were stored by `uploads.keep_files`; `again` are ids of files of the version before, which need not be sent a
    second time; they come first. `link` is the creator's, where there is no member.
    """
    deliverable = opened_deliverable(actor, link, deliverable_id, lock=True)
    _refuse_unwanted(deliverable)
    before, who = newest_draft(deliverable), who_speaks(actor, link)
    said = {
        name: _said(name, given, most)
        for name, given, most in (("title", title, 300), ("text", text, MOST_TEXT), ("note", note, MOST_NOTE))
    }
    draft = Draft(deliverable=deliverable, **said, facts=facts_said(facts or {}, law_book().categories), link=link)
    draft.member_id, draft.who, draft.came_at, draft.note_said = actor.member_id, who, now, to_stored(note)
    rows = [*_again(before, again), *(_row(file) for file in files)]
    _number(draft, rows, before)
    _keep(draft, rows, now)
    follow_deliverable(deliverable, draft.who, Stage.IN_REVIEW, "draft", now)
    governance.record(
        verb="campaigns.draft_submitted",
        subject_kind="deliverable",
        subject_id=deliverable.pk,
        actor=actor,
        now=now,
        facts={"draft": draft.pk, "version": draft.number, "digest": draft.digest.hex(), "files": len(rows)},
    )
    return draft


def follow_deliverable(deliverable: Deliverable, who: str, to: Stage, because: str, now: datetime) -> None:
    """The collaboration goes on with its deliverable, as part of what happened to it."""
    if deliverable.collaboration_id is not None:
        follow_from_work(
            collaboration_id=deliverable.collaboration_id,
            workspace_id=deliverable.workspace_id,
            to=to,
            who=who,
            because=because,
            now=now,
        )


def _number(draft: Draft, rows: Sequence[DraftFile], before: Draft | None) -> None:
    """Its place after the version before, which must say something else. Raises DraftMalformed and DraftUnchanged."""
    _refuse_empty(draft, rows)
    draft.number = before.number + 1 if before else 1
    draft.digest = digest_of(draft, rows)
    if before is not None and bytes(before.digest) == draft.digest:
        raise DraftUnchanged(
            Sentence("Version %(number)s has the same words and files.", number=before.number),
            Sentence("Change something first."),
        )


def _refuse_unwanted(deliverable: Deliverable) -> None:
    state = DeliverableState(deliverable.state)
    if deliverable.collaboration is None:
        raise DraftNotAwaited(
            Sentence("“%(deliverable)s” is a template.", deliverable=deliverable.name),
            Sentence("Apply it to a collaboration first."),
        )
    if not state.takes_drafts:
        raise DraftNotAwaited(
            Sentence(
                "No draft of “%(deliverable)s” is awaited: it is %(state)s.",
                deliverable=deliverable.name,
                state=STATE_WORDS[state],
            ),
            Sentence("Ask the team to ask for changes."),
        )


def _said(field: str, given: str, most: int) -> str:
    said = without_controls(given).replace("\r\n", "\n").strip()
    if len(said) > most:
        raise DraftMalformed(
            Sentence("The %(field)s has %(said_count)s characters.", field=field, said_count=len(said)),
            Sentence("Keep it under %(most)s.", most=most),
            place=field,
        )
    return said


def _again(before: Draft | None, ids: Sequence[int]) -> list[DraftFile]:
    """Copies of rows of files of the version before, in its order."""
    if not ids:
        return []
    rows = list(before.files.filter(pk__in=ids).order_by("position")) if before else []
    if len(rows) < len(set(ids)):
        raise NotFound(Sentence("Some of these files are not of the version before."), Sentence("Load the page again."))
    for row in rows:
        row.pk = None
    return rows


def _row(file: KeptFile) -> DraftFile:
    fields = {name: getattr(file, name) for name in KeptFile.__slots__}
    return DraftFile(**fields | {"removed": list(file.removed)})


def _refuse_empty(draft: Draft, rows: Sequence[DraftFile]) -> None:
    if not draft.text and not draft.title and not rows:
        raise DraftMalformed(
            Sentence("The draft is empty."), Sentence("Write its words, or add a picture or a film."), place="text"
        )
    if len(rows) > MOST_FILES:
        raise DraftMalformed(
            Sentence("The draft has %(rows_count)s files.", rows_count=len(rows)),
            Sentence("Up to %(most_files)s are taken.", most_files=MOST_FILES),
            place="files",
        )


def digest_of(draft: Draft, rows: Sequence[DraftFile]) -> bytes:
    """SHA-256 over the words and the files' hashes, in order."""
    return digest({"title": draft.title, "text": draft.text, "files": [[r.sha256, r.media_type] for r in rows]})


def _keep(draft: Draft, rows: Sequence[DraftFile], now: datetime) -> None:
    draft.save()
    for position, row in enumerate(rows, 1):
        row.draft, row.position = draft, position
    DraftFile.objects.bulk_create(rows)
    keep_check(draft, check_of_draft(draft, rows, day_of(draft.deliverable, now)), now)
    deliverable = draft.deliverable
    deliverable.state = DeliverableState.IN_REVIEW.value
    deliverable.changed_at = now
    deliverable.save(update_fields=["state", "changed_at"])


def day_of(deliverable: Deliverable, now: datetime) -> date:
    """The day on which the law is looked at: the first on which it may be published, today once that is past."""
    return max(deliverable.publish_from or now.date(), now.date())


def keep_check(draft: Draft, found: Checked, now: datetime) -> DraftCheck:
    """Keep what packs and rules said, as part of sending, checking or approving a draft."""
    return DraftCheck.objects.create(
        draft=draft,
        packs=version_of(packs_of(draft.deliverable.campaign))[:200],
        findings=[as_kept(finding) for finding in found.findings],
        rules=[rule.as_kept() for rule in found.rules],
        verdict=found.verdict.value if found.verdict else "",
        checked_at=now,
    )


@transaction.atomic
def check_draft(*, draft_id: int, actor: Actor, now: datetime) -> DraftCheck:
    """Hold a draft against packs and rules again: facts were answered, or the packs are newer."""
    require(actor, Right.CAMPAIGN)
    draft = get_draft(actor.workspace_id, draft_id)
    found = check_of_draft(draft, list(draft.files.all()), day_of(draft.deliverable, now))
    kept = keep_check(draft, found, now)
    governance.record(
        verb="campaigns.draft_checked",
        subject_kind="deliverable",
        subject_id=draft.deliverable_id,
        actor=actor,
        now=now,
        facts={"draft": draft.pk, "verdict": kept.verdict, "packs": kept.packs},
    )
    return kept


@transaction.atomic
def answer_facts(*, deliverable_id: int, facts: Mapping[str, Any], actor: Actor, now: datetime) -> Deliverable:
    """Say what is known of the medium, so that law packs need not ask: {"image.retouched": False}. None takes it back.

    The newest draft is held against the packs again.
    """
    require(actor, Right.CAMPAIGN)
    deliverable = get_deliverable(actor.workspace_id, deliverable_id, lock=True)
    refuse_approved(deliverable)
    said = facts_said(facts, law_book().categories)
    kept = {name: value for name, value in deliverable.facts.items() if name not in facts}
    deliverable.facts = kept | said
    deliverable.version += 1
    deliverable.changed_at = now
    deliverable.save(update_fields=["facts", "version", "changed_at"])
    newest = newest_draft(deliverable)
    if newest is not None:
        newest.deliverable = deliverable
        keep_check(newest, check_of_draft(newest, list(newest.files.all()), day_of(deliverable, now)), now)
    governance.record(
        verb="campaigns.deliverable_answered",
        subject_kind="deliverable",
        subject_id=deliverable.pk,
        actor=actor,
        now=now,
        facts={"answers": sorted(facts)},
    )
    return deliverable


def side_of(link: Link | None) -> str:
    """Who speaks: team, creator, client."""
    if link is None:
        return "team"
    return "client" if link.purpose == Purpose.REVIEW.value else "creator"
