"""What people say of single variants: a favourite, more like this, less like that, not this one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.lib.errors import Malformed, NotFound, Refusal
from sillage.lib.sentences import Grouped, Sentence, Term
from sillage.lib.text import without_controls
from sillage.studio.models import VariantMark, VariantRun
from sillage.studio.queries.runs import WORDS, get_run, refuse_stranger_row

LONGEST_REASON = 300
_AGAINST = {"favourite": ("no",), "no": ("favourite", "more"), "more": ("less", "no"), "less": ("more",)}


_SAID: Mapping[str, Sentence] = {
    "favourite": Term("said of a variant", "favourite"),
    "more": Term("said of a variant", "more"),
    "less": Term("said of a variant", "less"),
    "no": Term("said of a variant", "no"),
}


class MarkMalformed(Malformed):
    """There is no such word for a variant, or its reason is too long."""


class DismissedUnexplained(Refusal):
    """A variant is dismissed with a reason: others learn from it."""

    status = 422


@transaction.atomic
def mark_variant(*, run_id: int, row: int, word: str, actor: Actor, now: datetime, reason: str = "") -> VariantMark:
    """Say a word of one variant. What contradicts it is taken back: more and less, favourite and no."""
    require(actor, Right.CAMPAIGN)
    said = " ".join(without_controls(reason).split())
    if word not in WORDS:
        raise MarkMalformed(
            Sentence("“%(word)s” is no word for a variant.", word=word),
            Sentence("Choose one of %(words)s.", words=", ".join(WORDS)),
            "word",
        )
    if len(said) > LONGEST_REASON:
        raise MarkMalformed(
            Sentence("The reason has %(said_count)s characters.", said_count=len(said)),
            Sentence("Say it in %(longest_reason)s.", longest_reason=LONGEST_REASON),
            "reason",
        )
    if word == "no" and not said:
        raise DismissedUnexplained(
            Sentence("A variant is dismissed with a reason."), Sentence("Say in a few words what is wrong with it.")
        )
    run = _run(actor, run_id, row)
    VariantMark.objects.filter(run=run, row=row, word__in=_AGAINST[word]).delete()
    mark, _ = VariantMark.objects.update_or_create(
        run=run, row=row, word=word, defaults={"reason": said, "member_id": actor.member_id, "marked_at": now}
    )
    governance.record(
        verb="studio.variant_marked",
        subject_kind="variant_run",
        subject_id=run.pk,
        actor=actor,
        now=now,
        facts={"row": row, "word": word, "reason": said},
    )
    return mark


class MarkMissing(NotFound):
    """Nobody said this of the variant."""


@transaction.atomic
def unmark_variant(*, run_id: int, row: int, word: str, actor: Actor, now: datetime) -> None:
    """Take a word back."""
    require(actor, Right.CAMPAIGN)
    run = _run(actor, run_id, row)
    gone, _ = VariantMark.objects.filter(run=run, row=row, word=word).delete()
    if not gone:
        raise MarkMissing(
            Sentence("Nobody said “%(word)s” of variant %(row)s.", word=_SAID.get(word, word), row=Grouped(row)),
            Sentence("See its marks on the run’s page."),
        )
    governance.record(
        verb="studio.variant_unmarked",
        subject_kind="variant_run",
        subject_id=run.pk,
        actor=actor,
        now=now,
        facts={"row": row, "word": word},
    )


def _run(actor: Actor, run_id: int, row: int) -> VariantRun:
    """The run, locked: two people's words about one variant come one after the other."""
    run = get_run(actor.workspace_id, run_id, lock=True)
    refuse_stranger_row(run, row)
    return run
