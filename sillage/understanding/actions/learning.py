"""Learning: a candidate is trained and measured, reads in shadow, and a person promotes it, refuses it, or rolls back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, ActorKind, Right, require
from sillage.lib.errors import NotFound, Refusal
from sillage.lib.sentences import Sentence
from sillage.understanding.engine import learning as engine
from sillage.understanding.engine.labelled_file import LabelledText
from sillage.understanding.engine.learning import LEARNERS, Labelled, Learner, Measured, is_held_back, measured, verdict
from sillage.understanding.models import Head
from sillage.understanding.queries.corrections import Read
from sillage.understanding.queries.examples import (
    Corrected,
    corrected,
    from_file,
    gold,
    learner_of,
    posts_of_reads,
    recent_reads,
)
from sillage.understanding.queries.learning import (
    CURRENT,
    REFUSED,
    RETIRED,
    SHADOW,
    STATE_WORDS,
    find_current_head,
    get_head,
)

MOST_DIFFERENCES = 40


class NoLearner(NotFound):
    """The enricher learns from nothing, or is no tag of the workspace."""

    title = "Nothing learns"


class TooFewExamples(Refusal):
    """There is too little to learn from."""


class NothingNew(Refusal):
    """The examples give a head that is there already."""


class NotInShadow(Refusal):
    """Only a candidate is promoted or refused."""


class OnlyPeopleDecide(Refusal):
    """Which model reads is a person's decision."""

    status = 403
    title = "Only people decide"


class MeasuresWorse(Refusal):
    """The candidate measures worse than what reads today, and no reason was given to promote it all the same."""


class NothingToRollBack(Refusal):
    """No learnt head reads."""


def _learner(workspace_id: int, enricher: str) -> Learner:
    learner = learner_of(workspace_id, enricher)
    if learner is None:
        raise NoLearner(
            Sentence("“%(enricher)s” learns from nothing.", enricher=enricher),
            Sentence("There are %(learners)s and tag:KEY.", learners=", ".join(LEARNERS)),
        )
    return learner


@transaction.atomic
def learn(
    *, enricher: str, actor: Actor, now: datetime, labelled: Sequence[LabelledText] = (), source: str = ""
) -> Head:
    """Train a candidate from corrections and, if given, a file's lines (`source` names it); measure it; run it in shadow.

    One line in five of a file is held back for measuring, always the same ones. An older candidate makes room.
    """
    require(actor, Right.CATALOGUE)
    learner = _learner(actor.workspace_id, enricher)
    said, lines = corrected(actor.workspace_id, learner), from_file(learner, labelled)
    held = [i for i, text in enumerate(lines.texts) if is_held_back(text)]
    taught = said.labelled.with_more(lines.part([i for i, text in enumerate(lines.texts) if not is_held_back(text)]))
    head = _trained(learner, taught)
    _refuse_known(actor.workspace_id, enricher, head.version)
    current = find_current_head(actor.workspace_id, enricher)
    figures = _figures(learner, head, current, said, lines, held)
    differences, read = _differences(actor.workspace_id, learner, head, current)
    came = {"corrections": len(said.labelled), "lines": len(lines), "source": source}
    _make_room(actor.workspace_id, enricher, head.version)
    candidate = Head.objects.create(
        workspace_id=actor.workspace_id,
        enricher=enricher,
        version=head.version,
        state=SHADOW,
        body=head.to_bytes(),
        examples=len(taught),
        figures=_told(figures, learner, current, len(differences), read) | came,
        differences=differences[:MOST_DIFFERENCES],
        trained_at=now,
    )
    _record(
        candidate, actor, now, {"examples": len(taught), "verdict": verdict(figures)}, verb="understanding.head_trained"
    )
    return candidate


def _told(
    figures: Sequence[Measured], learner: Learner, current: Head | None, differ: int, read: int
) -> dict[str, Any]:
    return {
        "measured": [figure.as_json() for figure in figures],
        "verdict": verdict(figures),
        "embedder": learner.embedder if learner.reads_meaning else "",
        "against": current.version if current else "",
        "shadow": {"read": read, "differ": differ},
    }


def _trained(learner: Learner, taught: Labelled) -> engine.Head:
    try:
        return learner.train(taught)
    except ValueError as error:
        raise TooFewExamples(
            Sentence(
                "%(taught_count)s labelled texts are too few for “%(enricher)s”: %(error)s.",
                taught_count=len(taught),
                enricher=learner.enricher,
                error=error.args[0],
            ),
            Sentence("Correct more on the pages, or give a file with --from."),
        ) from error


def _make_room(workspace_id: int, enricher: str, version: str) -> None:
    """An older candidate is put away; the same head, put away before, is a candidate again."""
    heads = Head.objects.filter(workspace_id=workspace_id, enricher=enricher)
    heads.filter(state=SHADOW).update(state=RETIRED)
    heads.filter(version=version).delete()


def _refuse_known(workspace_id: int, enricher: str, version: str) -> None:
    known = Head.objects.filter(
        workspace_id=workspace_id, enricher=enricher, version=version, state__in=[CURRENT, SHADOW]
    )
    if known.exists():
        raise NothingNew(
            Sentence("The examples give the head %(version)s, which is there already.", version=version),
            Sentence("Correct more, or promote the candidate."),
        )


def _figures(
    learner: Learner, head: engine.Head, current: Head | None, said: Corrected, lines: Labelled, held: list[int]
) -> list[Measured]:
    """On corrections, on the held-back lines of a file, and on the gold set."""
    reading = learner.head_from(bytes(current.body)) if current else None
    since = current.trained_at if current else None
    of_corrections = [
        labels if since is None or at > since else None
        for labels, at in zip(learner.said(reading, said.labelled), said.last_at, strict=True)
    ]
    figures = measured("corrections", learner, said.labelled, learner.unseen(said.labelled), of_corrections)
    for name, asked in (("file", lines.part(held)), ("gold", gold(learner))):
        figures += measured(name, learner, asked, learner.said(head, asked), learner.said(reading, asked))
    return figures


def _differences(
    workspace_id: int, learner: Learner, head: engine.Head, current: Head | None
) -> tuple[list[dict[str, Any]], int]:
    """Where candidate and current say different things of the newest texts, the surest first; and how many were read.

    No text is kept: only what it was said of.
    """
    reads: list[Read] = recent_reads(workspace_id, learner.enricher)
    posts = posts_of_reads(learner, reads)
    reading = learner.head_from(bytes(current.body)) if current else None
    said, before = learner.said_with_confidence(head, posts), learner.said_with_confidence(reading, posts)
    found = [
        {
            "kind": read.kind,
            "account_id": str(read.account_id),
            "subject_id": str(read.subject_id),
            "candidate": sorted(labels),
            "current": sorted(old),
            "confidence": round(sure, 4),
        }
        for read, (labels, sure), (old, _) in zip(reads, said, before, strict=True)
        if labels != old
    ]
    return sorted(found, key=lambda d: -d["confidence"]), len(reads)


@transaction.atomic
def shadow(*, head_id: int, actor: Actor, now: datetime) -> Head:
    """Run a candidate over the newest texts again, beside what reads today, and keep where they differ."""
    require(actor, Right.CATALOGUE)
    head = _candidate(actor.workspace_id, head_id)
    learner = _learner(actor.workspace_id, head.enricher)
    current = find_current_head(actor.workspace_id, head.enricher)
    differences, read = _differences(actor.workspace_id, learner, learner.head_from(bytes(head.body)), current)
    head.differences = differences[:MOST_DIFFERENCES]
    head.figures = head.figures | {"shadow": {"read": read, "differ": len(differences)}}
    head.save(update_fields=["differences", "figures"])
    _record(head, actor, now, head.figures["shadow"], verb="understanding.head_compared")
    return head


def _candidate(workspace_id: int, head_id: int) -> Head:
    head = get_head(workspace_id, head_id)
    if head.state != SHADOW:
        raise NotInShadow(
            Sentence(
                "The head %(head_version)s of “%(enricher)s” is %(head_state)s.",
                head_version=head.version,
                enricher=head.enricher,
                head_state=STATE_WORDS[head.state],
            ),
            Sentence("Train a candidate with `sillage learn`."),
        )
    return head


def _require_person(actor: Actor) -> None:
    require(actor, Right.CATALOGUE)
    if actor.kind is not ActorKind.PERSON or actor.member_id is None:
        raise OnlyPeopleDecide(
            Sentence("%(actor)s is no person.", actor=actor.name),
            Sentence("Somebody has to look at the figures and decide."),
        )


@transaction.atomic
def promote(*, head_id: int, actor: Actor, now: datetime, reason: str = "") -> Head:
    """Let a candidate read. Where it measures worse than what reads today, only with a reason.

    Posts and comments are read again with it at the next run of `enrich`.
    """
    _require_person(actor)
    head = _candidate(actor.workspace_id, head_id)
    judged = head.figures.get("verdict", "unknown")
    if judged == "worse" and not reason.strip():
        raise MeasuresWorse(
            Sentence(
                "The head %(head_version)s measures worse than what reads “%(enricher)s” today.",
                head_version=head.version,
                enricher=head.enricher,
            ),
            Sentence("Give a reason to promote it all the same, or refuse it."),
        )
    current = Head.objects.filter(workspace_id=actor.workspace_id, enricher=head.enricher, state=CURRENT)
    replaced = current.values_list("version", flat=True).first() or ""
    current.update(state=RETIRED)
    _decided(head, CURRENT, actor, now)
    facts = {"verdict": judged, "measured": head.figures.get("measured", []), "reason": reason.strip()}
    _record(head, actor, now, {**facts, "replaced": replaced}, verb="understanding.head_promoted")
    return head


@transaction.atomic
def refuse_head(*, head_id: int, actor: Actor, now: datetime, reason: str = "") -> Head:
    """Decide against a candidate."""
    _require_person(actor)
    head = _candidate(actor.workspace_id, head_id)
    _decided(head, REFUSED, actor, now)
    _record(head, actor, now, {"reason": reason.strip()}, verb="understanding.head_refused")
    return head


@transaction.atomic
def roll_back(*, enricher: str, actor: Actor, now: datetime) -> Head | None:
    """Let the head read that read before; None when that was what ships. What it had found stands in the catalogue still."""
    _require_person(actor)
    _learner(actor.workspace_id, enricher)
    current = find_current_head(actor.workspace_id, enricher)
    if current is None:
        raise NothingToRollBack(
            Sentence("“%(enricher)s” reads as it ships.", enricher=enricher),
            Sentence("There is nothing to go back to."),
        )
    earlier = Head.objects.filter(
        workspace_id=actor.workspace_id, enricher=enricher, state=RETIRED, decided_at__lt=current.decided_at
    )
    before = earlier.order_by("-decided_at").first()
    current.state = RETIRED
    current.save(update_fields=["state"])
    if before is not None:
        before.state = CURRENT
        before.save(update_fields=["state"])
    _record(current, actor, now, {"to": before.version if before else ""}, verb="understanding.head_rolled_back")
    return before


def _decided(head: Head, state: str, actor: Actor, now: datetime) -> None:
    head.state, head.decided_by_id, head.decided_at = state, actor.member_id, now
    head.save(update_fields=["state", "decided_by", "decided_at"])


def _record(head: Head, actor: Actor, now: datetime, facts: dict[str, Any], *, verb: str) -> None:
    governance.record(
        verb=verb,
        subject_kind="head",
        subject_id=head.pk,
        actor=actor,
        now=now,
        facts={"enricher": head.enricher, "version": head.version, **facts},
    )
