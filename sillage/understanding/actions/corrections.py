"""What a person says in place of a machine, kept as a labelled example with who and when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from sillage.catalogue import queries as catalogue
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, ActorKind, Right, require
from sillage.lib.errors import Malformed, NotFound, Refusal
from sillage.lib.sentences import Sentence, either
from sillage.understanding.engine.corrections import (
    SUBJECT_WORDS,
    TAG_PREFIX,
    Allowed,
    Form,
    allowed_of,
    as_value,
    correctable,
)
from sillage.understanding.models import Correction
from sillage.understanding.queries.corrections import find_machine, find_tag, get_correction, get_read

MOST_NOTE = 2_000


class OnlyPeopleCorrect(Refusal):
    """A correction is a person's word; a machine has none to give."""

    status = 403
    title = "Only people correct"


class NotCorrectable(Malformed):
    """People do not correct this enricher, or not on this kind of thing."""

    title = "Not correctable"


class CorrectionMalformed(Malformed):
    """The value is none that this enricher could give."""

    title = "Malformed correction"


class NotYours(Refusal):
    """One takes back what one said oneself."""

    status = 403
    title = "Not yours"


@transaction.atomic
def correct(
    *,
    enricher: str,
    account_id: int,
    subject_kind: str,
    subject_id: int,
    value: Any,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> Correction:
    """Keep what a person says of a post, comment or account (its own id as `subject_id`) in place of an enricher.

    `value` has the enricher's shape without confidences, e.g. {"tone": "negative"}; `engine/corrections.py` lists them.
    """
    require(actor, Right.BRIEF)
    if actor.kind is not ActorKind.PERSON or actor.member_id is None:
        raise OnlyPeopleCorrect(
            Sentence("%(actor)s is no person.", actor=actor.name), Sentence("Sign in, or use a member's token.")
        )
    kept = _kept(actor.workspace_id, enricher, subject_kind, value)
    read = get_read(actor.workspace_id, account_id, subject_kind, subject_id)
    machine = find_machine(read, enricher)
    correction = Correction.objects.create(
        workspace_id=actor.workspace_id,
        enricher=enricher,
        account_id=account_id,
        subject_kind=subject_kind,
        subject_id=subject_id,
        content_hash=read.content_hash,
        value=kept,
        machine_value=machine.value if machine else None,
        machine_version=machine.version if machine else "",
        note=note.strip()[:MOST_NOTE],
        member_id=actor.member_id,
        made_at=now,
    )
    facts = {"enricher": enricher, "value": kept, "machine": correction.machine_value}
    _record(correction, actor, now, facts, verb="understanding.corrected")
    return correction


def _record(said: Correction, actor: Actor, now: datetime, facts: dict[str, Any], *, verb: str) -> None:
    governance.record(
        verb=verb,
        subject_kind=said.subject_kind,
        subject_id=f"{said.account_id}:{said.subject_id}",
        actor=actor,
        now=now,
        facts=facts,
    )


def _kept(workspace_id: int, enricher: str, subject_kind: str, value: Any) -> dict[str, Any]:
    """The value in the enricher's shape; what does not fit is refused."""
    allowed = _allowed(workspace_id, enricher, subject_kind)
    kept = as_value(allowed, value)
    if kept is None:
        raise CorrectionMalformed(
            Sentence("This is no value of “%(enricher)s”: %(value)s.", enricher=enricher, value=f"{value!r}"),
            _wanted(allowed),
        )
    _refuse_unknown_brands(workspace_id, allowed, kept)
    return kept


def _allowed(workspace_id: int, enricher: str, subject_kind: str) -> Allowed:
    allowed = allowed_of(enricher)
    if allowed is None:
        raise NotCorrectable(
            Sentence("Nobody corrects “%(enricher)s”.", enricher=enricher),
            Sentence("There are %(correctable)s and tags.", correctable=", ".join(correctable())),
        )
    if subject_kind not in allowed.subjects:
        kinds = either(SUBJECT_WORDS[kind] for kind in sorted(allowed.subjects))
        raise NotCorrectable(
            Sentence(
                "“%(enricher)s” is not said of a %(subject_kind)s.",
                enricher=enricher,
                subject_kind=SUBJECT_WORDS.get(subject_kind, subject_kind),
            ),
            Sentence("It is said of a %(kinds)s.", kinds=kinds),
        )
    if enricher.startswith(TAG_PREFIX):
        tag = find_tag(workspace_id, enricher.removeprefix(TAG_PREFIX))
        if tag is None or tag.archived_at is not None:
            raise NotFound(
                Sentence("No tag “%(removeprefix)s” in use.", removeprefix=enricher.removeprefix(TAG_PREFIX)),
                Sentence("Create it first."),
            )
    return allowed


def _refuse_unknown_brands(workspace_id: int, allowed: Allowed, value: dict[str, Any]) -> None:
    if allowed.form is not Form.EACH:
        return
    unknown = set(value[allowed.key]) - {brand.key for brand in catalogue.list_brands(workspace_id)}
    if unknown:
        raise CorrectionMalformed(
            Sentence("This workspace knows no brand “%(unknown)s”.", unknown=sorted(unknown)[0]),
            Sentence("Add the brand to the workspace first."),
        )


def _wanted(allowed: Allowed) -> str:
    """What a value should look like, in one sentence."""
    some = ", ".join(allowed.choices[:6]) + (", …" if len(allowed.choices) > 6 else "")
    match allowed.form:
        case Form.YES_NO:
            return Sentence("Give {“%(allowed)s”: true} or {“%(allowed)s”: false}.", allowed=allowed.key)
        case Form.ONE:
            return Sentence("Give {“%(allowed)s”: one of %(some)s}.", allowed=allowed.key, some=some)
        case Form.MANY:
            return Sentence("Give {“%(allowed)s”: a list, also empty, of %(some)s}.", allowed=allowed.key, some=some)
        case Form.EACH:
            return Sentence("Give {“%(allowed)s”: a brand's key with one of %(some)s}.", allowed=allowed.key, some=some)


@transaction.atomic
def withdraw_correction(*, correction_id: int, actor: Actor, now: datetime) -> None:
    """Take back all that the correction's author said of the same thing in place of the same enricher.

    One's own; those of others only by who may administrate.
    """
    require(actor, Right.BRIEF)
    found = get_correction(actor.workspace_id, correction_id)
    if found.member_id != actor.member_id and Right.ADMIN not in actor.rights:
        raise NotYours(Sentence("Another member said this."), Sentence("Say what you think yourself: both are shown."))
    Correction.objects.filter(
        workspace_id=actor.workspace_id,
        enricher=found.enricher,
        account_id=found.account_id,
        subject_kind=found.subject_kind,
        subject_id=found.subject_id,
        member=found.member,
    ).delete()
    facts = {"enricher": found.enricher, "value": found.value}
    _record(found, actor, now, facts, verb="understanding.correction_withdrawn")
