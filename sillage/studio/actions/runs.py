"""Making thousands of variants of a brief, and writing on with one of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.lib.errors import Malformed, Refusal
from sillage.lib.sentences import Grouped, Sentence
from sillage.studio.actions.briefs import BriefArchived
from sillage.studio.actions.texts import start_text
from sillage.studio.engine.fragments import VERSION
from sillage.studio.engine.making import Batch, put_together
from sillage.studio.engine.origins import MadeBy, Origin
from sillage.studio.engine.variants import Made
from sillage.studio.models import StoredBrief, Text, VariantRun
from sillage.studio.queries.briefs import content_of, get_brief
from sillage.studio.queries.runs import brief_of_run, gallery_of, get_run, refuse_stranger_row
from sillage.studio.queries.voices import voice_in_use

MOST_WANTED = 20_000
MADE_BY = MadeBy(Origin.TEMPLATE, "fragments", VERSION)
_BECAUSE: dict[str, Callable[[str], Sentence]] = {
    "law": lambda rule: Sentence("mostly, the rule %(rule)s stops it", rule=rule),
    "never": lambda word: Sentence("mostly, it says “%(word)s”, which is never said", word=word),
    "spelling": lambda word: Sentence("mostly, “%(word)s” is not spelt right", word=word),
    "fact_twice": lambda _: Sentence("mostly, it tells one fact twice"),
    "too_long": lambda _: Sentence("mostly, it is too long"),
    "too_short": lambda _: Sentence("mostly, it is too short"),
    "lacks": lambda word: Sentence("mostly, it does not say “%(word)s”", word=word),
}
_HINTS = {
    "law": Sentence(
        "Write the label that the law wants first, say what is given in return, or take the law pack away."
    ),
    "never": Sentence("Take words off those that are never said, or change the brand, the product or the facts."),
    "spelling": Sentence("Look at the spelling of the brief."),
    "fact_twice": Sentence("Give a second fact: each text tells two."),
    "too_long": Sentence("Allow more characters, or shorten the idea and the facts."),
    "too_short": Sentence("Allow fewer characters, or say more in the facts."),
    "lacks": Sentence("Say the word in the idea, in a fact, in the brand or the product; or do not ask for it."),
}


class RunTooLarge(Malformed):
    """A run has at least one variant and not more than a process can compare with one another."""


class NothingPossible(Refusal):
    """The brief leaves no text. `made` says what was in its way."""

    status = 422

    def __init__(self, title: str, made: Made) -> None:
        reasons = made.parts_left_out if any(not found for found in made.options) else made.left_out
        counted = {reason: n for reason, n in reasons.items() if not reason.startswith("slot:")}
        worst = max(counted, key=lambda reason: counted[reason], default="")
        kind, _, about = worst.partition(":")
        said = Sentence("Nothing can be put together from “%(title)s”.", title=title)
        if worst:
            because = _BECAUSE[kind](about)
            said = Sentence("Nothing can be put together from “%(title)s”: %(because)s.", title=title, because=because)
        hint = Sentence("Fill in the brand, the product or the audience: fragments need them.")
        super().__init__(said, _HINTS.get(kind, hint))
        self.made = made


@transaction.atomic
def make_run(*, brief_id: int, wanted: int, seed: int, actor: Actor, now: datetime) -> VariantRun:
    """Put up to `wanted` variants together and keep them. One second per ten thousand, two with a voice.

    Raises RunTooLarge, BriefArchived, FragmentsMissing, NothingPossible.
    """
    require(actor, Right.CAMPAIGN)
    if not 1 <= wanted <= MOST_WANTED:
        raise RunTooLarge(
            Sentence("%(wanted)s variants cannot be made at once.", wanted=Grouped(wanted)),
            Sentence("Ask for 1 to %(most_wanted)s.", most_wanted=Grouped(MOST_WANTED)),
            "n",
        )
    if not 0 <= seed < 2**31:
        raise RunTooLarge(
            Sentence("%(seed)s is no seed.", seed=seed),
            Sentence("Give a whole number from 0 to 2,147,483,647."),
            "seed",
        )
    stored = get_brief(actor.workspace_id, brief_id)
    if stored.archived_at is not None:
        raise BriefArchived(
            Sentence("“%(stored)s” is put away.", stored=stored.title),
            Sentence("Bring it back to make variants of it."),
        )
    began = time.perf_counter()
    batch = _batch(stored, wanted, seed, now)
    if not batch.made.variants:
        raise NothingPossible(stored.title, batch.made)
    kept = _kept(stored, batch, wanted, seed, actor, now)
    kept.seconds = round(time.perf_counter() - began, 3)
    kept.save()
    governance.record(
        verb="studio.variants_made",
        subject_kind="variant_run",
        subject_id=kept.pk,
        actor=actor,
        now=now,
        facts={"brief": stored.pk, "version": stored.version, "made": kept.made, "made_by": VERSION},
    )
    return kept


def _batch(stored: StoredBrief, wanted: int, seed: int, now: datetime) -> Batch:
    brief, voice = content_of(stored), stored.voice
    fits = None
    if voice is not None:
        brief = replace(brief, never=tuple(dict.fromkeys((*brief.never, *voice.banned))))
        in_use = voice_in_use(voice)
        fits = in_use.fits if in_use is not None else None
    return put_together(brief, wanted, seed, now.date(), voice_fits=fits)


def _kept(stored: StoredBrief, batch: Batch, wanted: int, seed: int, actor: Actor, now: datetime) -> VariantRun:
    run, made = batch.run, batch.made
    return VariantRun(
        brief=stored,
        brief_version=stored.version,
        content=stored.content,
        seed=seed,
        wanted=wanted,
        made=len(run),
        possible=made.possible,
        left_out={"texts": made.left_out, "parts": made.parts_left_out},
        options=run.kept_parts(),
        frame=list(run.frame),
        places=run.kept_places(),
        fits=run.kept_fits(),
        shown=list(batch.shown.rows),
        most_alike=batch.shown.most_alike,
        made_by=MADE_BY.kept(),
        member_id=actor.member_id,
        made_at=now,
    )


@transaction.atomic
def write_on(*, run_id: int, row: int, actor: Actor, now: datetime) -> Text:
    """Begin a text with a variant: its first version is marked as assembled from templates, with its fragments."""
    require(actor, Right.CAMPAIGN)
    stored = get_run(actor.workspace_id, run_id)
    refuse_stranger_row(stored, row)
    run, brief = gallery_of(stored).run, brief_of_run(stored)
    parts = tuple(part.id for part in run.parts_of(row))
    return start_text(
        title=stored.brief.title,
        kind=brief.kind.value,
        language=brief.language,
        body=run.texts([row])[0],
        made_by=replace(MadeBy.of(stored.made_by), parts=parts),
        actor=actor,
        now=now,
        brief_id=stored.brief_id,
        voice_id=stored.brief.voice_id,
        campaign_id=stored.brief.campaign_id,
        run_id=stored.pk,
        row=row,
    )
